"""An organisation on the emulator, exported, proved, and applied to an empty one."""

import re
from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from reconciler.export.items import EVERYTHING, Selection
from reconciler.kinds import kinds
from reconciler.model.inventory import Inventory
from reconciler.model.options import Options
from reconciler.pipeline.export import Export, export_of, read_everything
from reconciler.pipeline.offline import load_inventory
from reconciler.pipeline.online import apply_plan, make_plan
from reconciler.sources.texts import TextTree
from reconciler.yamltext.edit.formatting import formatted
from tests.world import ORG, World, world

QUIET = {"mask_secrets": False}
HOST = "api.mist.com"
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def exported(acme: World, selection: Selection = EVERYTHING, **options: Any) -> Export:
    matches = read_everything(acme.client, org_id=ORG, selection=selection)
    return export_of(matches, host=HOST, selection=selection, **options)


def inventory_of(export: Export) -> Inventory:
    """What the exported files say, with the secrets that they only name."""
    values = {name: secret.reveal() for name, secret in export.secrets.items()}
    return load_inventory(TextTree(export.files), environ=values)


def objects_in(export: Export) -> dict[str, Mapping[str, Any]]:
    return {item.address.text: item.body for item in inventory_of(export).resources}


def prove(acme: World, export: Export) -> Inventory:
    """A new read of the organisation plans to nothing, and the files are canonical and hold no secret."""
    inventory = inventory_of(export)
    plan = make_plan(inventory, acme.client, org_id=ORG, options=Options(threads=1))
    assert [(change.address.text, change.action, change.fields) for change in plan.changes] == []
    assert [item.detail for item in plan.errors] == []
    for file, text in export.files.items():
        if file.endswith(".yaml"):
            assert formatted(text, file) == (text, ()), file
        for secret in export.secrets.values():
            assert len(secret.reveal()) < 8 or secret.reveal() not in text, file
    return inventory


def rebuilt(export: Export) -> Export:
    """The export of an empty organisation of the same name to which an export was applied. What can't be made is there:
    its devices are claimed, and at no site. To the export it is another organisation than its own."""
    inventory = inventory_of(export)
    own = replace(inventory.project.org, id="0a000000-0000-4000-8000-00000000000a")
    inventory = replace(inventory, project=replace(inventory.project, org=own))
    known = [(kinds()[item.kind].hardware, item.key) for item in inventory.resources]
    other = world(QUIET, inventory=[{"mac": mac, "type": hardware} for hardware, mac in known if hardware])
    plan = make_plan(inventory, other.client, org_id=ORG, options=Options(threads=1))
    outcomes = apply_plan(plan, other.client, options=Options(threads=1))
    assert [(item.address.text, item.detail) for item in outcomes if item.status not in ("applied", "unchanged")] == []
    return exported(other)


def told(export: Export) -> dict[str, list[str]]:
    """What was left out, by rule."""
    found: dict[str, list[str]] = {}
    for item in export.diagnostics:
        found.setdefault(item.rule, []).append(f"{item.address}: {item.detail}")
    return found
