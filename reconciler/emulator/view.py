"""How a stored object looks to a reader: sets in another order, signed URLs, masked secrets.

In: a stored object, its schema, the quirks, a number that grows with every read.  Out: a copy.
"""

from __future__ import annotations

import copy
import hashlib
from typing import Any

from reconciler.emulator.masking import masked
from reconciler.emulator.settings import Quirks

Json = dict[str, Any]
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
ALWAYS_SIGNED = {
    "site_setting": ("blacklist_url", "whitelist_url", "watched_station_url"),
    "org_setting": ("blacklist_url",),
}
SIGNED_WHEN_THERE = frozenset(
    ["portal_template_url", "portal_sso_url", "thumbnail", "thumbnail_url", "template_url", "portal_image"]
)


def is_set(name: str) -> bool:
    return name.endswith(("_ids", "_email_domains", "_wxtags")) or name in SETS


def seen(value: Json, schema: str, quirks: Quirks, *, reads: int, may_see_secrets: bool) -> Json:
    result = copy.deepcopy(value)
    if quirks.rotate_urls:
        _sign(result, schema, reads)
    if quirks.reorder_sets:
        _reorder(result, reads)
    if quirks.mask_secrets and not may_see_secrets:
        result = masked(result)
    return result


def _sign(value: Json, schema: str, reads: int) -> None:
    names = list(ALWAYS_SIGNED.get(schema, ()))
    names += [n for n in value if n in SIGNED_WHEN_THERE and value[n]]
    portal = value.get("portal")
    if schema == "wlan" and isinstance(portal, dict) and portal.get("enabled"):
        names += ["portal_template_url", "thumbnail"]
        names += ["portal_sso_url"] if portal.get("auth") == "sso" else []
    for name in names:
        owner = value.get("id") or value.get("site_id") or value.get("org_id")
        signature = hashlib.sha256(f"{owner}/{name}/{reads}".encode()).hexdigest()[:16]
        value[name] = f"https://papi.mist.example/{owner}/{name}?Expires={reads}&Signature={signature}"


def _reorder(value: Any, reads: int) -> None:
    """Turns every set-like list by a number of places that changes from read to read, never by none."""
    children = value.items() if isinstance(value, dict) else enumerate(value)
    for key, item in list(children):
        if not isinstance(item, (dict, list)):
            continue
        if isinstance(item, list) and len(item) > 1 and isinstance(key, str) and is_set(key):
            turn = 1 + reads % (len(item) - 1)
            value[key] = item = item[turn:] + item[:turn]
        _reorder(item, reads)
