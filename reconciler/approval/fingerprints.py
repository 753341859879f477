"""Fingerprints of what a change declares and of what is live: equal for equal values, keyed where one is a secret."""

import hashlib
import hmac
import json
from typing import Any

from reconciler.kinds import Kinds
from reconciler.model.change import Change
from reconciler.model.shape import Shape
from reconciler.model.values import Secret
from reconciler.semantics.equality import in_clear, is_empty, stable
from reconciler.semantics.overlay import project


def keyed_print(key: bytes, text: str) -> str:
    """A keyed digest of a text."""
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def comparable(value: Any, shape: Shape, keyed: bool) -> Any:
    """A JSON value that is equal for equal values, with marks for secrets unless it is `keyed`."""
    return stable(value if keyed else _without_secrets(value, shape), shape)


def _without_secrets(value: Any, shape: Shape) -> Any:
    """A value with a mark in the place of each secret."""
    if isinstance(value, Secret) or shape.secret:
        return None if is_empty(in_clear(value)) else "(secret)"
    if isinstance(value, dict):
        return {key: _without_secrets(item, shape.below(key)) for key, item in value.items()}
    return [_without_secrets(item, shape.below(0)) for item in value] if isinstance(value, list) else value


def parts_of(change: Change, *, keyed: bool, by: bytes, kinds: Kinds) -> dict[str, tuple[str, str]]:
    """The fingerprints of each root that is sent: what is declared, and what of it is live."""
    declared = change.declared.body if change.declared else {}
    live = change.live.body if change.live else {}
    found = {}
    for root in (*change.replaces, *change.clears):
        shape, mine = kinds[change.kind].shape.below(root), declared.get(root)
        sides = (mine, project(live.get(root), mine, shape))
        one, other = (keyed_print(by, json.dumps(comparable(side, shape, keyed), sort_keys=True)) for side in sides)
        found[root] = (one, other)
    return found
