"""The body of one request: only the roots that change, each live overlaid with declared."""

from collections.abc import Iterable, Mapping
from typing import Any

from reconciler.kinds import HANDLING, Delta, Kind
from reconciler.model.change import Change
from reconciler.model.shape import Shape
from reconciler.semantics.compare import differences
from reconciler.semantics.equality import canonical, in_clear, is_cleared, is_masked
from reconciler.semantics.forms import api_root
from reconciler.semantics.overlay import overlay


def create_body(change: Change, *, skip: Iterable[str]) -> dict[str, Any]:
    """The body of a POST in inventory form: what is declared, without nulls."""
    if change.declared is None:
        return {}
    left_out = set(skip)
    return {
        root: _without_nulls(value)
        for root, value in change.declared.body.items()
        if value is not None and root not in left_out
    }


def empty_members(change: Change, kind: Kind) -> dict[str, Any]:
    """The roots of a create that are maps of members without content. Such a root is equal to none, so that no
    comparison asks for it, and yet it names its members."""
    return {
        root: value
        for root, value in create_body(change, skip=change.deferred).items()
        if isinstance(value, dict) and value and not any(differences(value, None, kind.shape.below(root), root))
    }


def configured(body: Mapping[str, Any]) -> dict[str, Any]:
    """The declared fields of a device that its configuration holds."""
    return {root: value for root, value in body.items() if root not in HANDLING}


def update_body(
    change: Change, fresh: Mapping[str, Any], kind: Kind, *, roots: tuple[str, ...], clears: tuple[str, ...]
) -> dict[str, Any]:
    """The body of a PUT in inventory form, against the object as it was just read.

    A root that already is as declared is not sent. A root that ends up empty is cleared, as `null` does: the
    reference fields of `Kind.null_clears` with JSON null, lists of `empty_clears` with [], all others with `-root`.
    """
    body: dict[str, Any] = {}
    if change.declared is None:
        return body
    for root in roots:
        declared, shape = change.declared.body.get(root), kind.shape.below(root)
        if not any(differences(declared, fresh.get(root), shape, root)):
            continue
        value = overlay(declared, fresh.get(root), shape)
        if value == {}:
            body |= clearing(kind, root)
        else:
            body[root] = _with_those_that_go(value, fresh.get(root), kind.deltas.get(root), shape)
    for root in clears:
        if not is_cleared(in_clear(fresh.get(root)), kind.shape.below(root)):
            body |= clearing(kind, root)
    return body


def _with_those_that_go(value: Any, live: Any, delta: Delta | None, shape: Shape) -> Any:
    """The list of a root, and what live has beside it, marked as gone, where leaving it out may not be enough."""
    if delta is None or not isinstance(value, list) or not isinstance(live, list):
        return value
    key = shape.below(0).below(delta.key)
    kept = {canonical(item.get(delta.key), key) for item in value}
    gone = [item[delta.key] for item in live if item.get(delta.key) and canonical(item[delta.key], key) not in kept]
    return [*value, *({delta.key: name, delta.field: delta.gone} for name in gone)]


def clearing(kind: Kind, root: str) -> dict[str, Any]:
    """What the cloud wants in a PUT to clear one root (the vendor's reference fields differ from all others)."""
    name = api_root(kind, root)
    if name in kind.null_clears:
        return {name: None}
    if name in kind.empty_clears:
        return {name: []}
    return {f"-{name}": ""}


def holds_mask(value: Any, path: str = "") -> str:
    """The path of the first value that is a masked secret; empty when there is none."""
    if isinstance(value, dict):
        found = (holds_mask(item, f"{path}.{key}" if path else key) for key, item in value.items())
        return next(filter(None, found), "")
    if isinstance(value, list):
        return next(filter(None, (holds_mask(item, f"{path}[{at}]") for at, item in enumerate(value))), "")
    return path if is_masked(value) else ""


def _without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_nulls(item) for key, item in value.items() if item is not None}
    if isinstance(value, list):
        return [_without_nulls(item) for item in value]
    return value
