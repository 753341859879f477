"""What is kept of a live object, and what it is taken for later: bodies as the API answered in and out.

Kept are the roots that the inventory declares for the kind, those that name and place an object, and its references. A
text that is or holds a secret is kept as a keyed fingerprint: it is known again where the inventory declares the same
secret, and else it is a text that equals nothing. Of other roots the name and the type are kept.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from reconciler.approval.fingerprints import keyed_print
from reconciler.kinds import Kind
from reconciler.semantics.equality import is_masked, stable

PRINT = "(fingerprint)"
UNKNOWN = "(not kept)"
PLACE = frozenset(
    {"id", "name", "org_id", "site_id", "mac", "vc_mac", "type", "model", "created_time", "modified_time", "for_site"}
)
Body = Mapping[str, Any]


def place_roots(kind: Kind) -> frozenset[str]:
    """The roots that name an object, say where it lies, and refer to others."""
    found = {kind.key, kind.key_with, kind.key_fallback, *(item.api.partition(".")[0] for item in kind.references)}
    for endpoint in kind.endpoints:
        found |= {endpoint.parent_field, *endpoint.only}
    return PLACE | {name for name in found if name}


def kept(body: Body, roots: frozenset[str], *, secrets: frozenset[str], key: bytes) -> dict[str, Any]:
    """What of a body is written into a file."""
    found = {}
    for name, value in body.items():
        found[name] = _without_secrets(value, secrets, key) if name in roots else _emptied(value)
    return found


def _emptied(value: Any) -> Any:
    if isinstance(value, dict):
        return {}
    if isinstance(value, list):
        return []
    return None if value is None else UNKNOWN


def _without_secrets(value: Any, secrets: frozenset[str], key: bytes) -> Any:
    if not secrets:
        return value
    if isinstance(value, dict):
        return {name: _without_secrets(item, secrets, key) for name, item in value.items()}
    if isinstance(value, list):
        return [_without_secrets(item, secrets, key) for item in value]
    text = value if isinstance(value, str) else "" if value is None or isinstance(value, bool) else str(value)
    if not text or is_masked(text) or not any(secret in text for secret in secrets):
        return value
    return {PRINT: keyed_print(key, text)}


def restored(value: Any, texts: Mapping[str, str]) -> Any:
    """A kept value with the secrets that are declared, by their fingerprints, in their places."""
    if isinstance(value, dict):
        if value.keys() == {PRINT}:
            found = str(value[PRINT])
            return texts.get(found) or f"{PRINT} {found}"
        return {name: restored(item, texts) for name, item in value.items()}
    return [restored(item, texts) for item in value] if isinstance(value, list) else value


def is_same(before: Iterable[Body], now: Iterable[Body], roots: frozenset[str], kind: Kind, *, key: bytes) -> bool:
    """Whether a list that was read again holds what was kept of it: the same objects, changed at the same time, with
    equal values in what was kept."""
    one, other = ({str(body.get("id") or ""): body for body in bodies} for bodies in (before, now))
    if one.keys() != other.keys():
        return False
    compared = (roots - kind.read_only) | {"modified_time"}
    for name, body in one.items():
        fresh = other[name]
        for root in sorted(compared & (body.keys() | fresh.keys())):
            shape = kind.shape.below(root)
            again = _as_kept(fresh.get(root), body.get(root), key)
            if stable(again, shape) != stable(body.get(root), shape):
                return False
    return True


def _as_kept(fresh: Any, before: Any, key: bytes) -> Any:
    """A fresh value, with a fingerprint where the kept one has the same."""
    if isinstance(before, dict) and before.keys() == {PRINT}:
        same = not isinstance(fresh, dict | list) and keyed_print(key, str(fresh)) == before[PRINT]
        return before if same else fresh
    if isinstance(before, dict) and isinstance(fresh, dict):
        return {name: _as_kept(value, before.get(name), key) for name, value in fresh.items()}
    if isinstance(before, list) and isinstance(fresh, list) and len(before) == len(fresh):
        return [_as_kept(value, old, key) for value, old in zip(fresh, before, strict=True)]
    return fresh
