"""Steps that several commands share: from a path to a checked inventory, from there to a client and a plan."""

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import click
from msgspec.structs import replace

from reconciler.cli.failures import FAILED, OK, REFUSED
from reconciler.cli.inventory import environment
from reconciler.cli.options import flags_of, remembered
from reconciler.cli.progress import Listeners, shown_progress
from reconciler.cli.screen import Screen
from reconciler.cli.snapshots import remembering
from reconciler.diagnostics import in_order
from reconciler.kinds import kinds
from reconciler.mist.client import MistClient, connect
from reconciler.model.change import Plan
from reconciler.model.inventory import Inventory
from reconciler.model.options import Options
from reconciler.pipeline.online import make_plan
from reconciler.policies.checking import check_plan
from reconciler.runs.ledger import FileLedger
from reconciler.runs.lock import state_directory
from reconciler.settings import Settings, settings


@contextmanager
def connected(context: click.Context, inventory: Inventory) -> Iterator[tuple["Settings", "MistClient"]]:
    """The settings and a client; its connections are closed at the end."""
    chosen = settings(inventory.project, environment(context), flags_of(context))
    with opened(context, chosen) as client:
        yield chosen, client


@contextmanager
def opened(context: click.Context, chosen: Settings) -> Iterator[MistClient]:
    """A client of these settings, whose connections are closed at the end."""
    heard: Listeners = context.obj.listeners
    told = replace(
        chosen.connection(),
        on_request=heard.request,
        on_wait=heard.wait,
        on_hold=heard.hold,
        on_note=heard.note,
    )
    client = connect(told, ledger=FileLedger(state_directory(environment(context)).parent / "budget"))
    try:
        with logged_requests(wanted=bool(remembered(context, "debug_http"))):
            yield client
    finally:
        client.close()


def planned(
    context: click.Context, inventory: Inventory, options: Options, *, bases: tuple[Inventory, ...] = ()
) -> tuple[Plan, Options]:
    """Reads the organisation and plans, with progress on stderr; with `bases`, each change gets its cause. The options
    come back as they were in the end: with a snapshot, less was read."""
    screen = Screen.of(context)
    inventories = [inventory, *bases]
    with connected(context, inventory) as (chosen, client), shown_progress(screen.output, context.obj) as progress:
        known = remembering(context, inventories, client, chosen, options=options)
        plan = make_plan(inventory, client, org_id=chosen.org_id, options=known.options, progress=progress, bases=bases)
        known.keep()
        return known.told(plan), known.options


def with_findings(plan: Plan, inventory: Inventory) -> Plan:
    """The plan with the inventory's own warnings beside its findings: a reviewer sees them in one place."""
    surer = {(item.address, item.detail) for item in plan.diagnostics}  # what live has confirmed is told once
    offline = (item for item in inventory.diagnostics if (item.address, item.detail) not in surer)
    return replace(plan, diagnostics=in_order([*offline, *plan.diagnostics]))


def with_policies(plan: Plan, inventory: Inventory, *, applying: bool) -> Plan:
    """The plan with what the inventory's own policies find in it."""
    return check_plan(plan, inventory, kinds=kinds(), now=datetime.now(UTC), applying=applying)


def refusal(plan: Plan) -> int:
    """The exit code of a plan that is refused whole: 5 when a guard refused it, 1 for other errors, 0 when it may
    go on, be it without the objects that are left out of it."""
    if not plan.refusals:
        return OK
    return REFUSED if plan.refused_by_guard else FAILED


@contextmanager
def logged_requests(*, wanted: bool) -> Iterator[None]:
    """While it lasts, the HTTP edge's own log, which holds no secret, goes to stderr."""
    logger = logging.getLogger("reconciler.mist")
    handler, level = logging.StreamHandler(sys.stderr), logger.level
    handler.setFormatter(logging.Formatter("http: %(message)s"))
    if wanted:
        logger.addHandler(handler)
        logger.setLevel(logging.DEBUG)
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)
