"""explain: a composed inventory and an address in, the place of every value out."""

from collections.abc import Iterator
from typing import Any

from reconciler.diagnostics import SourceRange
from reconciler.model.address import nfc
from reconciler.model.inventory import Inventory
from reconciler.model.origin import Origin
from reconciler.model.values import mark_of


def explain(inventory: Inventory, address: str, field: str | None = None) -> tuple[Origin, ...]:
    """The leaves of the object at `address` in the order written, or those at and below `field` (`auth`,
    `acl_policies[0]`). Nothing when there is no such object or field."""
    for resource in inventory.resources:
        if str(resource.address) == nfc(address):
            leaves = _leaves(resource.body, "", resource.source)
            return tuple(leaf for leaf in leaves if field is None or _below(leaf.path, field))
    return ()


def _below(path: str, field: str) -> bool:
    return path == field or path.startswith((f"{field}.", f"{field}["))


def _leaves(value: Any, path: str, source: SourceRange | None) -> Iterator[Origin]:
    if not isinstance(value, dict | list) or not value:
        yield Origin(path=path, value=value, source=source)
        return
    steps: Any = value.items() if isinstance(value, dict) else enumerate(value)
    for step, item in steps:
        below = f"{path}[{step}]" if isinstance(value, list) else f"{path}.{step}" if path else step
        yield from _leaves(item, below, mark_of(value, (step,)) or source)
