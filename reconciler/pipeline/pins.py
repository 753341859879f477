"""Pins of another organisation: ids that an inventory has from the organisation that its project file names, where a
run is for another one. Inventory and organisation in, the inventory without them out, and a word about it.

One tree serves two organisations so (staging and production, a copy of an export): an id of one means nothing in the
other, where an object is found by its name, or made.
"""

from msgspec.structs import replace

from reconciler.diagnostics import Diagnostic, Severity
from reconciler.model.inventory import Inventory


def has_foreign_pins(inventory: Inventory, org_id: str) -> bool:
    """Whether `id:` in this inventory is of another organisation than this one."""
    own = inventory.project.org.id
    return own is not None and own.lower() != org_id.lower() and any(item.api_id for item in inventory.resources)


def without_pins(inventory: Inventory) -> Inventory:
    """The inventory with its objects known by name alone."""
    resources = tuple(replace(item, api_id=None) if item.api_id else item for item in inventory.resources)
    return replace(inventory, resources=resources)


def word_of_pins(inventory: Inventory, org_id: str) -> Diagnostic:
    """What is told of it."""
    count = sum(1 for item in inventory.resources if item.api_id)
    return Diagnostic(
        severity=Severity.WARNING,
        rule="other-organisation",
        summary="Ids of another organisation are not looked for",
        detail=f"{count} object{' has' if count == 1 else 's have'} an `id:` of the organisation "
        f"{inventory.project.org.id}, and this run is for {org_id}: "
        f"{'it is' if count == 1 else 'they are'} found by name here, or made",
    )
