"""What the cloud deletes along with an object, as a record keeps it: a change in, the objects in inventory form out."""

from collections.abc import Iterator, Mapping
from typing import Any

from reconciler.kinds import Kind
from reconciler.model.address import Address
from reconciler.model.change import Change
from reconciler.model.journal import Along
from reconciler.stages.apply.locator import Locator


def along_with(change: Change, locator: Locator) -> tuple[Along, ...]:
    """The objects that go with a delete, as far as they were read whole. References among them are by name, too."""
    found = list(_answers(change, locator))
    beside = {str(answer["id"]): address for address, kind, answer in found if "id" in answer and not kind.singleton}
    return tuple(
        Along(
            address=address,
            kind=kind.name,
            id=None if kind.singleton else str(answer["id"]),
            body=locator.to_inventory(kind, answer, change.address, beside=beside),
        )
        for address, kind, answer in found
    )


def _answers(change: Change, locator: Locator) -> Iterator[tuple[Address, Kind, Mapping[str, Any]]]:
    for item in change.takes:
        if item.answer is not None and item.kind in locator.kinds:
            kind = locator.kinds[item.kind]
            yield Address.of(kind.name, None if kind.singleton else item.name, parent=change.address), kind, item.answer
