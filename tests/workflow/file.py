"""A plan that is saved, and the apply of its file, as two commands make them: each with a client of its own."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from msgspec import convert
from msgspec.structs import replace
from requests.adapters import BaseAdapter

from reconciler.approval.comparing import approved
from reconciler.approval.saved import SavedPlan, load_plan, save_plan
from reconciler.cli.saved import narrowed
from reconciler.kinds import kinds
from reconciler.mist.budget import Rules
from reconciler.mist.client import MistClient, connect
from reconciler.model.change import Outcome, Plan
from reconciler.model.inventory import Inventory
from reconciler.model.options import HERE, Options
from reconciler.model.project import Project
from reconciler.model.resource import Resource
from reconciler.report.json_report import plan_document
from tests.world import World

KEY = b"a key of this test"


def process(cloud: World, *, threads: int, adapter: BaseAdapter | None = None) -> MistClient:
    """A client as each command makes one: with a budget, which asks how many calls the hour has left."""
    connection = replace(cloud.client.connection, threads=threads, budget=Rules())
    return connect(connection, adapter=adapter or cloud.adapter)


def saved_and_loaded(plan: Plan) -> SavedPlan:
    with TemporaryDirectory() as directory:
        file = Path(directory) / "p.plan"
        document = plan_document(plan, options=Options())
        save_plan(plan, file, document=document, key=KEY, kinds=kinds(), inventory="inventory")
        return load_plan(file)


def apply_file(
    cloud: World, saved: SavedPlan, declared: Sequence[Resource], *, options: Options, **project: Any
) -> tuple[Outcome, ...]:
    """Applies a file that changed nothing since: who the token is, what the changes need, and the writes."""
    inventory = Inventory(project=convert({"version": 1, **project}, Project), resources=tuple(declared))
    cloud.client.self_()
    chosen = replace(narrowed(options, saved, inventory, proven=True), forecast=HERE)
    again = cloud.plan(*declared, options=chosen, **project)
    addresses = frozenset(item.address.text for item in declared)
    approval = approved(saved, again, declared=addresses, key=KEY, kinds=kinds())
    assert not approval.settled
    return cloud.carry_out(approval.plan, options)
