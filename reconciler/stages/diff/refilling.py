"""The secrets that a record does not hold, from the inventory: what a run wrote in, the same with secrets out.

`before` the run the inventory of its base says what a secret was, `after` it that of its own commit. A secret that both
look up at the same place (`!secret env:NAME`) is what that place says today: it can't tell what it was.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from msgspec.structs import replace

from reconciler.kinds import Kinds
from reconciler.model.address import Address
from reconciler.model.change import Action
from reconciler.model.hiding import SHOWN
from reconciler.model.resource import Resource
from reconciler.model.shape import Shape
from reconciler.model.values import Secret
from reconciler.model.written import Former, Written
from reconciler.semantics.compare import covers
from reconciler.semantics.equality import is_masked
from reconciler.semantics.pairing import pair_elements


def with_secrets(written: Iterable[Written], *, before: Former, after: Former, kinds: Kinds) -> tuple[Written, ...]:
    """What a run wrote, secrets filled in where an inventory has them. Secrets that the run changed are filled in only
    where it is known what both sides were."""
    old, new = ([{item.address: item for item in one} for one in side] for side in (before, after))
    return tuple(
        _filled(item, kinds[item.address.kind].shape, old, new) if item.address.kind in kinds else item
        for item in written
    )


def is_sealed(value: Any) -> bool:
    """Whether a value of a record is, or holds in its text, a secret that is not known."""
    return is_masked(value) or (isinstance(value, str) and SHOWN in value)


def _filled(
    item: Written, shape: Shape, old: list[dict[Address, Resource]], new: list[dict[Address, Resource]]
) -> Written:
    before, after = dict(item.before), dict(item.after)
    if item.action is Action.DELETE:
        return replace(item, before=_from(before, item.address, old, shape))
    after = _from(after, item.address, new, shape)
    if item.action is Action.CREATE:
        return replace(item, after=after)
    before = _from(before, item.address, old, shape)
    unknown = frozenset(path for path in item.secrets if not _tells(before, after, path))
    return replace(item, before=before, after=after, secrets=unknown)


def _tells(before: Any, after: Any, path: str) -> bool:
    """Whether it is known what a secret was and what it became."""
    was, became = _at(before, path), _at(after, path)
    known = not (is_sealed(was) or is_sealed(became))
    return known and was != became


def _at(value: Any, path: str) -> Any:
    for step in path.split("."):
        value = value.get(step, SHOWN) if isinstance(value, dict) else SHOWN
    return value


def _from(
    value: dict[str, Any], address: Address, sides: list[dict[Address, Resource]], shape: Shape
) -> dict[str, Any]:
    for side in sides:
        if address in side:
            value = _fill(value, side[address].body, shape)
    return value


def _fill(value: Any, source: Any, shape: Shape) -> Any:
    """The value, with the secrets of the source in their places."""
    if is_sealed(value):
        return source if isinstance(source, Secret) and not source.masked else value
    if isinstance(value, dict) and isinstance(source, Mapping):
        return {key: _fill(item, source.get(key), shape.below(key)) for key, item in value.items()}
    if isinstance(value, list) and isinstance(source, list):
        pairs = pair_elements(value, source, shape, covers).pairs
        below = shape.below(0)
        return [
            item if index is None else _fill(item, source[index], below)
            for item, index in zip(value, pairs, strict=True)
        ]
    return value
