"""explain: a composed inventory and an address in, the place of every value out, and what it lies over."""

from collections.abc import Callable, Iterator, Mapping
from itertools import takewhile
from typing import Any

from reconciler.diagnostics import SourceRange
from reconciler.model.address import nfc
from reconciler.model.inventory import Inventory
from reconciler.model.origin import Lost, Origin
from reconciler.model.resource import Resource
from reconciler.model.values import Path, Secret, mark_of

Hide = Callable[[Resource, Path, Any], Any]
"""A value as it was written at a path of a resource, as it may be shown."""


def explain(
    inventory: Inventory, address: str, field: str | None = None, *, hide: Hide | None = None
) -> tuple[Origin, ...]:
    """The leaves of the object at `address` in the order written, or those at and below `field` (`auth`,
    `acl_policies[0]`). Nothing when there is no such object or field. With `hide`, which seals what is secret of a
    written value, each says what it lies over; of a list, which is one value, the first leaf does."""
    for resource in inventory.resources:
        if str(resource.address) == nfc(address):
            leaves = [leaf for leaf in _leaves(resource.body, (), resource.source) if _is_below(leaf[0], field)]
            told: set[Path] = set()
            return tuple(_origin(leaf, resource, hide, told) for leaf in leaves)
    return ()


_Leaf = tuple[Path, Any, SourceRange | None]


def _origin(leaf: _Leaf, resource: Resource, hide: Hide | None, told: set[Path]) -> Origin:
    path, value, source = leaf
    steps = tuple(takewhile(lambda step: isinstance(step, str), path))
    lost = () if hide is None or steps in told else tuple(_lost(resource, steps, value, hide))
    told.add(steps)
    return Origin(path=path_text(path), value=value, source=source, lost=lost)


def _is_below(path: Path, field: str | None) -> bool:
    text = path_text(path)
    return field is None or text == field or text.startswith((f"{field}.", f"{field}["))


def _leaves(value: Any, path: Path, source: SourceRange | None) -> Iterator[_Leaf]:
    if not isinstance(value, dict | list) or not value:
        yield path, value, source
        return
    steps: Any = value.items() if isinstance(value, dict) else enumerate(value)
    for step, item in steps:
        yield from _leaves(item, (*path, step), mark_of(value, (step,)) or source)


def _lost(resource: Resource, steps: Path, won: Any, hide: Hide) -> Iterator[Lost]:
    """What the layers below the one that won say, the highest first."""
    said = [found for layer in reversed(resource.layers) if (found := _said(layer, steps)) is not None]
    for path, value, place in said[1:]:
        if isinstance(won, Secret) and isinstance(value, str):
            shown: Any = Secret(value, origin="layer")
        elif isinstance(value, dict):  # which of its fields hold secrets is known of what is composed only
            shown = dict.fromkeys(value, "...")
        else:
            shown = hide(resource, path, value)
        yield Lost(path=path_text(path), value=shown, source=place)


def _said(layer: Mapping[str, Any], steps: Path) -> _Leaf | None:
    """What a layer says at a path: its value there, or the value that is no mapping on the way to it."""
    holder: Any = layer
    for at, step in enumerate(steps):
        if step not in holder:
            return None
        value = holder[step]
        if at == len(steps) - 1 or not isinstance(value, dict):
            return steps[: at + 1], value, mark_of(holder, (step,))
        holder = value
    return None


def path_text(path: Path) -> str:
    """A path as people write it."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text
