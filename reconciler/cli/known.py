"""The ids that declared objects had when an earlier run saw them: taken as a hint, and remembered for the next run."""

from collections.abc import Mapping, Sequence

import click
from msgspec.structs import replace

from reconciler.cli.inventory import Checked, environment
from reconciler.cli.options import flags_of
from reconciler.diagnostics import Diagnostic, Severity, in_order
from reconciler.kinds import kinds
from reconciler.model.change import Action, Outcome, Plan
from reconciler.model.resource import Resource
from reconciler.policies.rules import adjusted
from reconciler.runs.ids import ids_file, known_ids, remember_ids
from reconciler.settings import settings


def with_known_ids(context: click.Context, found: Checked) -> Checked:
    """The inventory, each object with the id that it had; with a warning where the file of them is of no use."""
    if not ids_file(found.directory, "").parent.is_dir():
        return found
    org_id = settings(found.inventory.project, environment(context), flags_of(context)).org_id
    ids = known_ids(found.directory, org_id)
    inventory = found.inventory
    if ids.problem:
        note = Diagnostic(
            severity=Severity.WARNING,
            rule="ids-not-used",
            summary="The ids of earlier runs are not used",
            detail=f"{ids_file(found.directory, org_id).as_posix()}: {ids.problem}; objects are found by name, and "
            "what was renamed by hand is not recognised. "
            + ("Use that version" if ids.newer else "The next apply writes it anew"),
        )
        diagnostics = in_order([*inventory.diagnostics, *adjusted([note], inventory.project.rules)])
        return replace(found, inventory=replace(inventory, diagnostics=diagnostics))
    resources = tuple(
        replace(item, known_id=known) if (known := ids.known.get(item.address.text)) and _is_named(item) else item
        for item in inventory.resources
    )
    return replace(found, inventory=replace(inventory, resources=resources))


def remember_known(found: Checked, plan: Plan, outcomes: Sequence[Outcome] = (), *, only_new: bool = False) -> None:
    """Keeps the ids of the declared objects that were seen or made; of all others those that were kept before. With
    `only_new` an address that has one keeps it: what a report tells of it is told until an apply."""
    unclear = {item.address for item in plan.errors}
    made = {item.address.text: item.api_id for item in outcomes if item.api_id and item.action is not Action.DELETE}
    before = known_ids(found.directory, plan.org_id).known
    seen: Mapping[str, str] = {**plan.ids, **made}
    ids: dict[str, str] = {}
    for item in found.inventory.resources:
        text = item.address.text
        old, new = before.get(text), None if text in unclear or not _is_named(item) else seen.get(text)
        if known := (old or new) if only_new else (new or old):
            ids[text] = known
    if ids or before:
        remember_ids(found.directory, plan.org_id, ids)


def _is_named(resource: Resource) -> bool:
    """Whether an object could be taken for another one: a singleton can't, and a device is known by its MAC address."""
    kind = kinds()[resource.kind]
    return not kind.singleton and not kind.hardware and not resource.absent
