"""Conditional rules of WLAN access tags: what a type requires.

Facts: the vendor's OpenAPI document (`wxlan_tag`) and its API page of sites, which has the forms of addresses.
"""

import ipaddress
import re
from collections.abc import Callable, Iterator, Mapping

from reconciler.kinds.kind import Context, Violation
from reconciler.kinds.shared.checks import (
    Body,
    Ignored,
    Needs,
    Table,
    When,
    any_of,
    check_ignored,
    check_needs,
    given,
    texts,
)
from reconciler.kinds.shared.rules import violation
from reconciler.kinds.shared.subnets import check_subnets
from reconciler.model.resource import Resource

_FIELDS = {
    "client": ("mac",),
    "match": ("match", "values"),
    "spec": ("specs",),
    "subnet": ("subnet",),
    "vlan": ("vlan_id",),
}

NEEDS = Table(
    *(
        Needs(rule="wxtag-required-field", when=When(field="type", values=(kind,)), fields=fields)
        for kind, fields in _FIELDS.items()
    )
)
IGNORED = Table(
    *(
        Ignored(
            rule="wxtag-unused-field", when=When(field="type", values=(kind, "resource"), other=True), fields=fields
        )
        for kind, fields in _FIELDS.items()
    )
)


_MAC = re.compile(r"(?:[0-9A-Fa-f]{2}[:-]?){5}[0-9A-Fa-f]{2}|(?:[0-9A-Fa-f]{4}\.){2}[0-9A-Fa-f]{4}")


def _is_range(text: str) -> bool:
    """An address, a subnet, or a range of addresses from the lower to the higher."""
    first, dash, last = text.partition("-")
    try:
        if not dash:
            return bool(ipaddress.ip_network(text.strip(), strict=False))
        low, high = ipaddress.ip_address(first.strip()), ipaddress.ip_address(last.strip())
        return low.version == high.version and int(low) <= int(high)
    except ValueError:
        return False


def _is_ports(text: str) -> bool:
    parts = [part.strip() for part in text.split("-")]
    if len(parts) > 2 or not all(part.isascii() and part.isdecimal() and len(part) < 6 for part in parts):
        return False
    numbers = [int(part) for part in parts]
    return numbers == sorted(numbers) and numbers[-1] <= 65535


_FORMS: Mapping[str, tuple[Callable[[str], object], str]] = {
    "asset_mac": (_MAC.fullmatch, "a MAC address such as 48:50:73:e0:12:34"),
    "client_mac": (_MAC.fullmatch, "a MAC address such as 48:50:73:e0:12:34"),
    "ip_range_subnet": (_is_range, "an address, a subnet such as 10.1.0.0/16, or a range such as 10.0.0.5-10.0.0.9"),
    "port": (_is_ports, "a port such as '443', or a range such as '8000-8080'"),
}
"""What the values of a tag have to be, by what it matches by."""


def _values(body: Body) -> Iterator[Violation]:
    fits, form = _FORMS.get(str(body.get("match")), (None, ""))
    if body.get("type") != "match" or fits is None:
        return
    for index, text in texts(body.get("values")):
        if not fits(text):
            detail = f"`values[{index}]` must be {form}, because `match` is `{body['match']}`."
            yield violation("wxtag-value", detail, ("values", index))
    if body["match"] == "ip_range_subnet":
        yield from check_subnets(body, ("values", "[]"))


def check_wxtag(resource: Resource, body: Body, _context: Context) -> Iterator[Violation]:
    """What the type of a tag requires and ignores."""
    if not given(body.get("type")):
        yield violation("wxtag-required-field", f"A tag needs a `type`: one of {any_of((*_FIELDS, 'resource'))}.")
    yield from check_needs(body, NEEDS)
    yield from check_ignored(body, IGNORED)
    yield from _values(body)
    if body.get("match") == "ap_id" and resource.parent is None:
        detail = "Access points belong to sites: a tag that matches by `ap_id` can only be one of a site. Move it."
        yield violation("wxtag-level", detail, ("match",))
    yield from check_subnets(body, ("subnet",))
    yield from check_subnets(body, ("specs", "[]", "subnets", "[]"))
