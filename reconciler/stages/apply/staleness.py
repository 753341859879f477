"""What moved since the plan was made: an object as the plan saw it and as it was just read in, the first path out."""

from collections.abc import Iterable, Mapping
from typing import Any

from reconciler.kinds import Kind
from reconciler.model.change import Change
from reconciler.model.shape import Shape
from reconciler.semantics.compare import differences
from reconciler.semantics.overlay import project


def moved_root(
    change: Change, before: Mapping[str, Any], fresh: Mapping[str, Any], kind: Kind, roots: Iterable[str]
) -> str:
    """Of the roots that are about to be sent, the first declared leaf that is neither as it was nor as declared; ""
    when there is none."""
    if change.declared is None:
        return ""
    for root in roots:
        declared, shape = change.declared.body.get(root), kind.shape.below(root)
        if any(differences(declared, fresh.get(root), shape, root)):
            was = project(before.get(root), declared, shape)
            if moved := _between(was, project(fresh.get(root), declared, shape), shape, root):
                return moved
    return ""


def moved_object(change: Change, fresh: Mapping[str, Any], kind: Kind, *, modified: object) -> str:
    """Of an object that is about to be deleted, what is not as the plan saw it; "" when all is."""
    if change.live is None:
        return ""
    before = change.live.body
    for root in sorted({*before, *fresh} - kind.read_only):
        if moved := _between(before.get(root), fresh.get(root), kind.shape.below(root), root):
            return f"`{moved}`"
    planned = change.live.modified_time
    return "it" if planned is not None and modified not in (None, planned) else ""


def _between(before: Any, now: Any, shape: Shape, path: str) -> str:
    """The path of the first difference, in either direction; masked secrets are none."""
    for one, other in ((before, now), (now, before)):
        if found := next(differences(one, other, shape, path), None):
            return found.path
    return ""
