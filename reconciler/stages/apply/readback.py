"""Whether the cloud holds what was sent: a change and an object in inventory form in, what differs out."""

from collections.abc import Mapping
from typing import Any

from reconciler.kinds import Kind
from reconciler.model.change import Change
from reconciler.semantics.compare import differences
from reconciler.semantics.forms import unequal
from reconciler.stages.apply.body import configured


def first_difference(change: Change, kind: Kind, body: Mapping[str, Any]) -> str:
    """The path of the first of the sent values that is not as declared; "" when all are."""
    declared = change.declared.body if change.declared else {}
    roots = configured(declared) if change.placement else (*change.replaces, *change.clears)
    for root, value in unequal({root: declared.get(root) for root in roots}, body):
        found = next(differences(value, body.get(root), kind.shape.below(root), root), None)
        if found:
            return found.path
    return ""


def is_read_back(change: Change, kind: Kind, answer: Mapping[str, Any], *, before: Mapping[str, Any]) -> bool:
    """Whether the answer to a write shows the whole object, and all as declared: then it need not be read again.

    `before` is the object as it was read before the write, empty for a new one. An answer without something that was
    there before, and that was not sent, is not the whole object: what it doesn't show may still be stored.
    """
    others = before.keys() - {*change.replaces, *change.clears}
    if not all(root in answer for root in others) or (change.clears and not others):
        return False
    return not first_difference(change, kind, answer)
