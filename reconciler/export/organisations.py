"""Which organisations a token may see: the answer to `/self` in, names and ids out."""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct
from msgspec.structs import astuple

from reconciler.errors import UsageError


class Organisation(Struct, frozen=True):
    """One of them, with the role that the token has there."""

    name: str
    id: str
    role: str = ""


def organisations_of(who: Mapping[str, Any]) -> tuple[Organisation, ...]:
    """All of them by name; a token that may see one site only sees its organisation too."""
    found: dict[str, Organisation] = {}
    listed = who.get("privileges")
    for item in listed if isinstance(listed, list) else ():
        org_id = item.get("org_id") if isinstance(item, dict) else None
        if not isinstance(org_id, str) or not org_id:
            continue
        own = item.get("scope") == "org"
        name = item.get("org_name") or (item.get("name") if own else "") or ""
        if own or org_id not in found:
            found[org_id] = Organisation(str(name), org_id, str(item.get("role", "")))
    return tuple(sorted(found.values(), key=astuple))


def the_only_one(found: tuple[Organisation, ...]) -> Organisation:
    """The organisation of a token that sees one; raises `UsageError` that names them where there are more or none."""
    if len(found) == 1:
        return found[0]
    if not found:
        raise UsageError(
            "This token sees no organisation", remedy="Give a token of an organisation, or name it with --org ID"
        )
    named = "\n".join(f"  {item.id}  {item.name}" for item in found)
    raise UsageError(f"This token sees {len(found)} organisations:\n{named}", remedy="Name one with --org ID")
