"""How a stored object looks to a reader: lists in another order, signed URLs, masked secrets, nothing as null.

In: a stored object, the node of its schema, the quirks, a number that grows with every read.  Out: a copy.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from reconciler.emulator.facts import Facts
from reconciler.emulator.masking import dots, masked, stars
from reconciler.emulator.messages import copied
from reconciler.emulator.quirks import Quirks

Json = dict[str, Any]
# Lists that are sets by their meaning.
SETS = frozenset(
    [
        "topics",
        "bands",
        "src_tags",
        "macs",
        "subnets",
        "specs",
        "ssh_keys",
        "admin_sshkeys",
        "networks",
        "email_notifiers",
        "oauth2_scopes",
        "portal_allowed_hostnames",
        "portal_allowed_subnets",
        "whitelisted_bssids",
        "whitelisted_ssids",
    ]
)
LIST_URLS = {
    "site_setting": ("blacklist_url", "whitelist_url", "watched_station_url"),
    "org_setting": ("blacklist_url",),
}
# Values of a seed that are links, and so differ from read to read.
LINKS = frozenset(["portal_template_url", "portal_sso_url", "thumbnail", "thumbnail_url", "ui_url"])


def is_set(name: str) -> bool:
    return name.endswith(("_ids", "_email_domains", "_wxtags")) or name in SETS


@dataclass(frozen=True)
class Reader:
    """Who reads: the how-manieth read it is, may secrets be seen, and of which of the object's files there are."""

    reads: int
    may_see_secrets: bool
    files: Collection[str] = ()


def seen(value: Json, schema: str, facts: Facts, quirks: Quirks, reader: Reader) -> Json:
    result: Json = copied(value)
    _sign(result, schema, quirks, reader)
    if quirks.unset == "null":
        fields = facts.of(schema, value).fields
        result |= {k: None for k, n in fields.items() if k not in result and facts.follow(n).nullable}
    if schema == "sitegroup" and quirks.reorder != "none":
        result["site_ids"] = turned(result.get("site_ids") or [], reader.reads)
    if quirks.reorder == "all":
        _reorder(result, reader.reads)
    if quirks.mask_secrets and not reader.may_see_secrets:
        result = masked(result, hide=dots if quirks.mask_form == "dots" else stars)
    return result


def _sign(value: Json, schema: str, quirks: Quirks, reader: Reader) -> None:
    names = [*reader.files, *(n for n in value if n in LINKS and value[n])]
    if quirks.list_urls == "always":
        names += LIST_URLS.get(schema, ())
    portal = value.get("portal")
    if schema == "wlan" and isinstance(portal, dict) and portal.get("enabled") and portal.get("auth") == "sso":
        names.append("portal_sso_url")
    for name in names:
        value[name] = signed(owner_of(value), name, reader.reads if quirks.rotate_urls else 0)


def owner_of(value: Json) -> str:
    """The id that an object's files are kept under."""
    return str(value.get("id") or value.get("site_id") or value.get("org_id"))


def signed(owner: str, name: str, reads: int) -> str:
    """A link that differs from read to read."""
    signature = hashlib.sha256(f"{owner}/{name}/{reads}".encode()).hexdigest()[:16]
    return f"https://papi.mist.example/{owner}/{name}?Expires={reads}&Signature={signature}"


def turned(items: list[Any], reads: int) -> list[Any]:
    """A list turned by a number of places that changes from read to read, never by none."""
    if len(items) < 2:
        return items
    turn = 1 + reads % (len(items) - 1)
    return items[turn:] + items[:turn]


def _reorder(value: Any, reads: int) -> None:
    children = value.items() if isinstance(value, dict) else enumerate(value)
    for key, item in list(children):
        if not isinstance(item, (dict, list)):
            continue
        if isinstance(item, list) and isinstance(key, str) and is_set(key):
            value[key] = item = turned(item, reads)
        _reorder(item, reads)
