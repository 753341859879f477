"""A WLAN judged by the security type that results: declared, else live, else what the cloud gives a new WLAN (open).

In: a WLAN's body, or the object that a write would leave and the live one. Out: findings about declared fields that
do nothing under that type, and about a WLAN that would be open without `open` being written. No text holds a value.
"""

from collections.abc import Iterable, Iterator
from functools import cache

from msgspec import Struct

from reconciler.kinds.kind import Violation
from reconciler.kinds.outline import outline_of
from reconciler.kinds.shared.checks import Body, any_of, as_map, get, one_of, path_text, split
from reconciler.kinds.shared.rules import violation
from reconciler.kinds.wireless.wlan.tables import PSK_TYPES, RADIUS_TYPES
from reconciler.model.resource import Resource
from reconciler.model.shape import Shape
from reconciler.model.values import Path

OPEN = "open"


class Protection(Struct, frozen=True, kw_only=True):
    """A field that lets fewer people in, or hides what they send: the types under which it does anything, and the line
    that somebody who writes it most likely forgot. A field that ends in `enabled` or is a switch counts when true."""

    field: str
    types: tuple[str, ...]
    line: str


_PSK, _WEP, _EAP = "auth: {type: psk, ...}", "auth: {type: wep, ...}", "auth: {type: eap}"
PROTECTIONS = (
    Protection(field="auth.psk", types=PSK_TYPES, line=_PSK),
    Protection(field="auth.multi_psk_only", types=PSK_TYPES, line=_PSK),
    Protection(field="dynamic_psk.enabled", types=PSK_TYPES, line=_PSK),
    Protection(field="auth.pairwise", types=(*PSK_TYPES, *RADIUS_TYPES), line=_PSK),
    Protection(field="auth.keys", types=("wep",), line=_WEP),
    Protection(field="auth.key_idx", types=("wep",), line=_WEP),
    Protection(field="auth.owe", types=(OPEN,), line="auth: {type: open, ...}"),
)
"""What does nothing under any other type."""

SERVERS = (
    Protection(field="mist_nac.enabled", types=RADIUS_TYPES, line=_EAP),
    Protection(field="radsec.enabled", types=RADIUS_TYPES, line=_EAP),
    Protection(field="auth_servers", types=RADIUS_TYPES, line=_EAP),
)
"""Who answers for clients: asked under 802.1X, or where something else on the WLAN asks."""

_MAC = Protection(field="auth.enable_mac_auth", types=(), line="auth: {type: open, ...}` or `auth: {type: psk, ...}")
_ASKING = ("auth.enable_mac_auth", "cisco_cwa.enabled", "dynamic_psk.enabled", "hotspot20.enabled", "portal.enabled")


def check_offline(body: Body) -> Iterator[Violation]:
    """What can be said of a declared body alone. Its type, when it is not written, is the live one or that of a new
    WLAN: an offline check assumes the latter, and says so."""
    written = _type(body)
    if written is not None:
        yield from _useless(body, written, f"`auth.type` is `{written}`")
        if written == OPEN and not _asks(body):
            for item in _set(body, SERVERS):
                detail = f"Nothing on this WLAN asks them: `auth.type` is `open`. Write `{item.line}`, or remove them."
                yield violation("wlan-auth-unused", detail, _path(item), warning=True)
        return
    first = next(_set(body, (*PROTECTIONS, _MAC, *SERVERS), even_default=True), None)
    if first is not None:
        yield violation(
            "wlan-type-missing",
            f"`{path_text(_path(first))}` is written, but not how clients authenticate. Add the line `{first.line}`. "
            "Assumed: the WLAN is new, and a new WLAN without `auth.type` is open to everybody; if it exists with "
            "another type, write that one.",
            _path(first),
        )
    else:
        detail = (
            "A new WLAN without `auth.type` is open to everybody, and its plan is refused. Write `auth: {type: open}` "
            f"if that is wanted, or `{_PSK}`. Nothing is wrong if it exists already: its type stays as it is."
        )
        yield violation("wlan-type-assumed", detail, ("auth",) if "auth" in body else ())


def check_security(resource: Resource, result: Body, live: Body | None) -> Iterator[Violation]:
    """What is wrong with the WLAN that a write would leave; `live` is None for a create."""
    declared, kind = resource.body, _type(result) or OPEN
    written = _type(declared) is not None
    if kind == OPEN and not written and (reason := _opens(result, live)):
        first = next(_set(declared, (*PROTECTIONS, _MAC, *SERVERS), even_default=True), None)
        line = first.line if first else _PSK
        detail = (
            f"{reason}, and a WLAN without `auth.type` is open to everybody. Add the line `{line}`, or "
            "`auth: {type: open}` if an open WLAN is wanted."
        )
        yield violation("wlan-type-missing", detail, _path(first) if first else ())
        return
    why = f"`auth.type` is `{kind}`" if written else f"the WLAN's type is `{kind}` in the cloud"
    yield from _useless(declared, kind, why)
    if kind == OPEN and not _asks(result):
        for item in _set(declared, SERVERS):
            where = path_text(_path(item))
            detail = f"`{where}` does nothing: {why}, and nothing else asks. Write `{item.line}`, or remove it."
            yield violation("wlan-auth-unused", detail, _path(item))


def _opens(result: Body, live: Body | None) -> str:
    """Why a write would put an open WLAN on the air; empty when it would not, or when it is open and on air already."""
    if live is None:
        return "The WLAN would be new"
    before = _type(live) or OPEN
    if before != OPEN:
        return f"The write would clear its type, which is `{before}`"
    on_air = result.get("enabled") is not False
    return "The write would enable it" if on_air and live.get("enabled") is False else ""


def _useless(body: Body, kind: str, why: str) -> Iterator[Violation]:
    """The declared protections that do nothing under a type."""
    for item in _set(body, PROTECTIONS):
        if not one_of(kind, item.types):
            where = path_text(_path(item))
            remedy = f"It goes with {any_of(item.types)}: write that type, or remove the field."
            yield violation("wlan-auth-unused", f"`{where}` does nothing: {why}. {remedy}", _path(item))


def _set(body: Body, table: Iterable[Protection], *, even_default: bool = False) -> Iterator[Protection]:
    """The protections that a body turns on; a value that the cloud gives every WLAN turns nothing on."""
    for item in table:
        steps = split(item.field)
        if steps[0] not in body or not _says(value := get(body, item.field)) or value == "disabled":
            continue
        if even_default or value not in _auth().below(steps[-1]).defaults:
            yield item


def _says(value: object) -> bool:
    """Whether a value is more than nothing, false, or a list of nothing."""
    return any(map(_says, value)) if isinstance(value, list) else bool(value)


def _asks(body: Body) -> bool:
    return any(split(field)[0] in body and get(body, field) is True for field in _ASKING)


def _type(body: Body) -> str | None:
    """The type that a body names; None when it names none."""
    kind = as_map(body.get("auth")).get("type")
    return kind if isinstance(kind, str) and kind else None


def _path(item: Protection) -> Path:
    steps = split(item.field)
    return steps[:1] if steps[0] != "auth" else steps


@cache
def _auth() -> Shape:
    outline = outline_of("reconciler.kinds.shared.wlan.Wlan")
    if outline is not None:
        return outline.shape.below("auth")
    from reconciler.kinds.shapes import shape_of  # costs an inventory without WLANs nothing
    from reconciler.kinds.shared.wlan import WlanAuth

    return shape_of(WlanAuth)
