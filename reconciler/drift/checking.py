"""Whether an adoption means what was meant: the inventory before and after in, nothing or an error out."""

from collections.abc import Mapping

from reconciler.diagnostics import Severity, has_errors
from reconciler.drift.adopt import Adoption
from reconciler.errors import InventoryError, ReconcilerError
from reconciler.model.address import Address
from reconciler.model.change import Differences
from reconciler.model.inventory import Inventory
from reconciler.model.resource import Resource


def check_adoption(adoption: Adoption, before: Inventory, after: Inventory, left: Differences) -> None:
    """Raises when the edited inventory is invalid, when an object changed that was not adopted, or when an adopted
    field still differs from live (`left` are the differences of the edited inventory)."""
    if has_errors(after.diagnostics):
        known = set(before.diagnostics)
        found = tuple(item for item in after.diagnostics if item.severity is Severity.ERROR and item not in known)
        raise InventoryError(
            "With the live values the inventory would not be valid; no file was changed",
            diagnostics=found,
            remedy="adopt other fields, list foreign names under `external` in reconciler.yaml, or change the file "
            "by hand",
        )
    meant = {item.address for item in adoption.done}
    _check_others(_by_address(before), _by_address(after), meant)
    still = {(change.address, item.path) for change in left.changes for item in change.fields}
    kept = sorted(f"{item.address} {item.path}" for item in adoption.done if (item.address, item.path) in still)
    if kept:
        raise ReconcilerError(
            f"The live value could not be written so that it is read back as it is: {', '.join(kept)}; no file was "
            "changed",
            remedy="change the file by hand",
        )


def _check_others(before: Mapping[Address, Resource], after: Mapping[Address, Resource], meant: set[Address]) -> None:
    other = sorted(
        address
        for address in before
        if address not in meant and (address not in after or after[address].body != before[address].body)
    )
    inside = [address for address in other if not any(_is_below(address, parent) for parent in meant)]
    if inside:
        raise ReconcilerError(
            f"The edit would also change {', '.join(map(str, inside[:8]))}: the value is shared, most likely by an "
            "anchor (&name); no file was changed",
            remedy="write the value out in the object, or change the shared one by hand for all of them",
        )


def _is_below(address: Address, parent: Address) -> bool:
    """Whether an object lies in one that was adopted: a new name changes the addresses below it."""
    return address.text.startswith(f"{parent.text}/")


def _by_address(inventory: Inventory) -> dict[Address, Resource]:
    return {item.address: item for item in inventory.resources}
