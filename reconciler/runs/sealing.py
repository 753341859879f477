"""What a record may show of an object before and after a write: a write in, plain JSON data without secrets out."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from reconciler.mist.redact import redacted
from reconciler.model.change import Plan
from reconciler.model.hiding import SHOWN
from reconciler.model.journal import Write
from reconciler.model.values import Secret

_SHORTEST = 4
"""Secrets that are shorter are too common to be searched for in other texts; in their own place they are sealed."""


def image_of(write: Write, values: Mapping[str, Any], known: Iterable[str]) -> dict[str, Any]:
    """The values before a write, or after it. Secret are: the kind's secret fields (sealed already), fields with a
    telling name, fields that the inventory fills from a secret, and the secrets that the inventory knows wherever they
    stand."""
    declared = write.change.declared.body if write.change.declared else {}
    hidden = frozenset(_keys_of_secrets(declared))
    own = tuple(secret.reveal() for _, secret in _secrets(values, "") if len(secret.reveal()) >= _SHORTEST)
    found: dict[str, Any] = redacted(_without(dict(values), hidden), known=(*known, *own))
    return found


def secrets_of(plan: Plan) -> tuple[str, ...]:
    """Every secret value of a plan's changes, declared or live, longest first."""
    bodies = [side.body for change in plan.changes for side in (change.declared, change.live) if side]
    values = {secret.reveal() for body in bodies for _, secret in _secrets(body, "") if not secret.masked}
    return tuple(sorted((text for text in values if len(text) >= _SHORTEST), key=lambda text: (-len(text), text)))


def _keys_of_secrets(body: Mapping[str, Any]) -> Iterator[str]:
    return (key for key, _ in _secrets(body, ""))


def _secrets(value: Any, key: str) -> Iterator[tuple[str, Secret]]:
    """Every secret with the nearest key above it."""
    if isinstance(value, Secret):
        yield key, value
    elif isinstance(value, Mapping):
        for name, item in value.items():
            yield from _secrets(item, str(name))
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _secrets(item, key)


def _without(value: Any, hidden: frozenset[str]) -> Any:
    if isinstance(value, Mapping):
        return {name: SHOWN if name in hidden and item else _without(item, hidden) for name, item in value.items()}
    return [_without(item, hidden) for item in value] if isinstance(value, list | tuple) else value
