"""When two values are the same for the cloud, although they are not written the same."""

import json
from collections.abc import Mapping
from typing import Any

from reconciler.model.address import nfc, plain_mac
from reconciler.model.shape import ListAs, Shape
from reconciler.model.values import Secret

ZERO_UUID = "00000000-0000-0000-0000-000000000000"


def is_empty(value: Any) -> bool:
    """Whether a value means "nothing here": absent, null, "", [], {} and the zero UUID are one to the cloud."""
    return value is None or value in ("", ZERO_UUID) or (isinstance(value, (list, dict)) and not value)


def is_cleared(live: Any, shape: Shape) -> bool:
    """Whether a live value is what `null` asks for: nothing, or what the cloud puts in the place of nothing.

    An object is, when every known field in it is; a map with an entry is not.
    """
    if is_empty(live):
        return True
    if isinstance(live, dict):
        return all(key in shape.fields and is_cleared(value, shape.fields[key]) for key, value in live.items())
    return any(stable(live, shape) == stable(default, shape) for default in shape.defaults)


def is_masked(value: Any) -> bool:
    """Whether the cloud hid a secret behind asterisks (it does so for read-only tokens)."""
    if isinstance(value, Secret):
        return value.masked
    return isinstance(value, str) and len(value) > 3 and set(value) == {"*"}


def holds_secret(value: Any) -> bool:
    """Whether a value is a secret of which nothing may be shown, or holds one anywhere."""
    if isinstance(value, dict):
        return any(map(holds_secret, value.values()))
    if isinstance(value, list):
        return any(map(holds_secret, value))
    return isinstance(value, Secret) and value.hidden


def holds_unknown_secret(value: Any, shape: Shape) -> bool:
    """Whether a declared value holds a secret in a field that the models don't know as one: what is live there is
    not sealed."""
    if isinstance(value, dict):
        return any(holds_unknown_secret(item, shape.below(key)) for key, item in value.items())
    if isinstance(value, list):
        return any(holds_unknown_secret(item, shape.below(0)) for item in value)
    return isinstance(value, Secret) and value.hidden and not shape.secret


def same_scalar(declared: Any, live: Any, shape: Shape) -> bool:
    """Whether two scalars are one value: `10` and `"10"` where the field takes both, a text in two Unicode forms."""
    if declared == live:
        return True
    texts = isinstance(declared, str) and isinstance(live, str)
    return (texts or shape.number_text) and _as_text(declared, shape) == _as_text(live, shape)


def _as_text(value: Any, shape: Shape) -> Any:
    if isinstance(value, str):
        return plain_mac(value) if shape.mac else nfc(value)
    return str(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else value


def in_clear(value: Any) -> Any:
    """A value's own text where it is a secret, else the value: for comparison in memory only."""
    return value.reveal() if isinstance(value, Secret) else value


def canonical(value: Any, shape: Shape) -> Any:
    """A hashable form that is equal for equal values: for sets and for the keys of list elements."""
    if isinstance(value, Secret):
        return value.reveal()
    if isinstance(value, dict):
        return tuple(
            (key, canonical(item, shape.below(key))) for key, item in sorted(value.items()) if not is_empty(item)
        )
    if isinstance(value, list):
        return tuple(canonical(item, shape.below(0)) for item in value)
    return _as_text(value, shape) if shape.number_text or isinstance(value, str) else value


def key_in(mapping: Mapping[str, Any], key: str) -> str:
    """The key under which a mapping holds a name: the same, or the same in another Unicode form."""
    if key.isascii() or key in mapping:
        return key
    return next((other for other in mapping if nfc(other) == nfc(key)), key)


def stable(value: Any, shape: Shape) -> Any:
    """A JSON value that is equal for equal values, secrets in clear: for keyed fingerprints only."""
    if isinstance(value, Secret):
        return value.reveal()
    if isinstance(value, dict):
        return {key: stable(item, shape.below(key)) for key, item in sorted(value.items())}
    if isinstance(value, list):
        items = [stable(item, shape.below(0)) for item in value]
        if shape.list_as is ListAs.SET or shape.unordered:
            items.sort(key=lambda item: json.dumps(item, sort_keys=True))
        return items or None
    if is_empty(value):
        return None
    return _as_text(value, shape) if shape.number_text or isinstance(value, str) else value
