"""Conditional rules of WLANs: authentication, guest portal, VLANs, tunnels.

Facts: the vendor's OpenAPI document (`wlan`, `wlan_auth`, `wlan_portal` and their parts). How long a passphrase
may be is the model's business. No text ever holds a passphrase or a key.
"""

import re
from collections.abc import Iterator

from reconciler.kinds.kind import Context, Violation
from reconciler.kinds.shared.checks import (
    Body,
    as_list,
    as_map,
    check_ignored,
    check_needs,
    get,
    given,
    one_of,
    split,
)
from reconciler.kinds.shared.complete import check_new_servers
from reconciler.kinds.shared.rules import violation
from reconciler.kinds.wireless.wlan.namesakes import check_namesakes
from reconciler.kinds.wireless.wlan.security import check_offline, check_security
from reconciler.kinds.wireless.wlan.tables import DEPRECATED, IGNORED, NEEDS, PSK_TYPES, RADIUS_TYPES, WEAK_TYPES
from reconciler.model.resource import Resource
from reconciler.model.values import Path

_PASSPHRASES = (
    "Write it, best as `!secret env:NAME`; or set `auth.multi_psk_only` or `dynamic_psk.enabled`, where each client "
    "has its own."
)
_WEP_KEYS = "one to four keys of 10 or of 26 hexadecimal digits"
_WEP_KEY = re.compile(r"[0-9A-Fa-f]{10}|[0-9A-Fa-f]{26}")


def check_wlan(resource: Resource, body: Body, context: Context) -> Iterator[Violation]:
    """All conditional rules of one WLAN."""
    portal, auth = as_map(body.get("portal")), as_map(body.get("auth"))
    portal_off = portal.get("enabled") is False
    for item in (*check_needs(body, NEEDS), *check_ignored(body, IGNORED)):
        if not (portal_off and item.path[:1] == ("portal",)):
            yield item
    yield from check_offline(body)
    yield from _passphrase(body, auth)
    yield from _wep(auth)
    yield from _radius(body, auth)
    yield from _openness(body, auth)
    yield from _six_gigahertz(body, auth)
    yield from _vlans(body, auth)
    yield from _deprecated(body)
    yield from check_namesakes(resource, body, context)
    if portal and not portal_off:
        yield from _portal(portal)


def _enabled(body: Body, root: str) -> bool:
    part = body.get(root)
    return isinstance(part, dict) and part.get("enabled") is True


def check_planned_wlan(resource: Resource, result: Body, live: Body | None) -> Iterator[Violation]:
    """What only live can tell: the type that results, and what a new WLAN or server can't do without."""
    yield from check_security(resource, result, live)
    kind, path = get(result, "auth.type"), ("auth",) if "auth" in resource.body else ()
    if live is None or (given(get(resource.body, "auth.type")) and get(live, "auth.type") != kind):
        if one_of(kind, PSK_TYPES) and not given(get(result, "auth.psk")) and not _passphrase_elsewhere(result):
            detail = f"Authentication {kind} needs `auth.psk`, and this WLAN has none yet. {_PASSPHRASES}"
            yield violation("new-object-incomplete", detail, path)
        if kind == "wep" and not given(get(result, "auth.keys")):
            yield violation("new-object-incomplete", f"`auth.type: wep` needs `auth.keys`: {_WEP_KEYS}.", path)
    if not _enabled(result, "mist_nac") and not _enabled(result, "radsec"):
        yield from check_new_servers(resource, live, ("acct_servers", "auth_servers", "coa_servers"))


def _passphrase(body: Body, auth: Body) -> Iterator[Violation]:
    kind = auth.get("type")
    if one_of(kind, PSK_TYPES) and not given(auth.get("psk")) and not _passphrase_elsewhere(body):
        detail = f"Authentication {kind} needs `auth.psk`, unless the WLAN is live and has it. {_PASSPHRASES}"
        yield violation("wlan-psk-missing", detail, ("auth", "psk") if "psk" in auth else ("auth",))


def _passphrase_elsewhere(body: Body) -> bool:
    return get(body, "auth.multi_psk_only") is True or _enabled(body, "dynamic_psk")


def _wep(auth: Body) -> Iterator[Violation]:
    kind, keys = auth.get("type"), auth.get("keys")
    if one_of(kind, WEAK_TYPES):
        detail = f"`auth.type: {kind}` can be broken within minutes. Use psk (WPA2/WPA3) or eap."
        yield violation("wlan-weak-security", detail, ("auth", "type"))
    if kind != "wep":
        return
    if not given(keys):
        detail = f"`auth.type: wep` needs `auth.keys`, unless the WLAN is live and has them: {_WEP_KEYS}."
        yield violation("wlan-wep-keys", detail, ("auth",), warning=True)
    written = [(index, key) for index, key in enumerate(as_list(keys)) if isinstance(key, str) and "{{" not in key]
    for index, key in written:
        if not _WEP_KEY.fullmatch(key):
            detail = f"`auth.keys[{index}]` is not a key of 10 or of 26 hexadecimal digits."
            yield violation("wlan-wep-keys", detail, ("auth", "keys", index))
    if len({len(key) for _, key in written if _WEP_KEY.fullmatch(key)}) > 1:
        yield violation("wlan-wep-keys", "All keys must have the same length.", ("auth", "keys"))


def _radius(body: Body, auth: Body) -> Iterator[Violation]:
    """Who asks a RADIUS server must know one: its own list, Mist's access assurance, or a RadSec proxy."""
    radsec = as_map(body.get("radsec"))
    proxies = (
        radsec.get("use_mxedge") is True,
        radsec.get("use_site_mxedge") is True,
        given(radsec.get("mxclusters")),
    )
    if _enabled(body, "radsec") and not given(radsec.get("servers")) and not any(proxies):
        detail = "RadSec has nobody to ask: give `radsec.servers`, `radsec.use_mxedge` or `radsec.use_site_mxedge`."
        yield violation("wlan-no-radius", detail, ("radsec",))
    if given(body.get("auth_servers")) or _enabled(body, "mist_nac") or _enabled(body, "radsec"):
        return
    reason = _asks_radius(body, auth)
    if reason:
        detail = f"{reason}: give `auth_servers`, or `mist_nac: {{enabled: true}}`, or `radsec`."
        yield violation("wlan-no-radius", detail, ("auth",) if "auth" in body else ())


def _asks_radius(body: Body, auth: Body) -> str | None:
    if one_of(auth.get("type"), RADIUS_TYPES):
        return f"`auth.type` is {auth['type']}"
    if auth.get("enable_mac_auth") is True:
        return "`auth.enable_mac_auth` is true"
    if _enabled(body, "dynamic_psk") and get(body, "dynamic_psk.source") in (None, "radius"):
        return "`dynamic_psk` asks RADIUS"
    return "`cisco_cwa` asks RADIUS" if _enabled(body, "cisco_cwa") else None


def _openness(body: Body, auth: Body) -> Iterator[Violation]:
    if auth.get("type") != "open" or auth.get("owe") == "required":
        return
    guarded = any(_enabled(body, root) for root in ("portal", "cisco_cwa", "hotspot20"))
    if not guarded and auth.get("enable_mac_auth") is not True:
        detail = "Anybody in range can join and listen. Add a portal, `auth.owe: required`, or a passphrase."
        yield violation("wlan-open", detail, ("auth", "type"))


def _six_gigahertz(body: Body, auth: Body) -> Iterator[Violation]:
    """On 6 GHz there is WPA3 and OWE only; what is not written there is not judged."""
    bands, kind, pairwise = as_list(body.get("bands")), auth.get("type"), as_list(auth.get("pairwise"))
    if "6" not in bands:
        return
    path: Path = ("bands", bands.index("6"))
    if kind == "open" and not one_of(auth.get("owe"), ("enabled", "required")):
        yield violation(
            "wlan-6ghz", "An open WLAN has no 6 GHz without `auth.owe`. Add it, or take the band out.", path
        )
    elif one_of(kind, WEAK_TYPES) or (given(pairwise) and "wpa3" not in pairwise and kind != "open"):
        yield violation("wlan-6ghz", "6 GHz takes WPA3 only: `auth.pairwise` with `wpa3`. Or take the band out.", path)


def _vlans(body: Body, auth: Body) -> Iterator[Violation]:
    tagged, dynamic, pooled = body.get("vlan_enabled"), _enabled(body, "dynamic_vlan"), body.get("vlan_pooling") is True
    for field in ("vlan_id", "vlan_ids"):
        if given(body.get(field)) and tagged is not True and not dynamic:
            detail = f"`{field}` counts only with `vlan_enabled: true`, and the default is false. Add it."
            yield violation("wlan-vlan", detail, (field,))
    if pooled and not given(body.get("vlan_ids")):
        yield violation("wlan-vlan", "`vlan_pooling` needs `vlan_ids`: the VLANs of the pool.", ("vlan_pooling",))
    if given(body.get("vlan_ids")) and not pooled and tagged is True:
        yield violation("wlan-vlan", "`vlan_ids` is a pool; it counts only with `vlan_pooling: true`.", ("vlan_ids",))
    if tagged is True and not dynamic and not given(body.get("vlan_id")) and not given(body.get("vlan_ids")):
        yield violation("wlan-vlan", "`vlan_enabled` is true but no VLAN is named. Add `vlan_id`.", ("vlan_enabled",))
    kind = auth.get("type")
    asks = one_of(kind, RADIUS_TYPES) or auth.get("enable_mac_auth") is True or _enabled(body, "dynamic_psk")
    if dynamic and kind is not None and not asks and auth.get("multi_psk_only") is not True:
        detail = "The VLAN is to come with each client's authentication, but this WLAN authenticates nobody by RADIUS."
        yield violation("wlan-vlan", detail, ("dynamic_vlan", "enabled"))


def _deprecated(body: Body) -> Iterator[Violation]:
    for old, new in DEPRECATED.items():
        if split(old)[0] in body and given(get(body, old)):
            yield violation("wlan-deprecated-field", f"`{old}` is out of use. Write `{new}` instead.", split(old))


def _portal(portal: Body) -> Iterator[Violation]:
    for provider in ("amazon", "facebook", "google", "microsoft"):
        one, other = f"{provider}_client_id", f"{provider}_client_secret"
        if given(portal.get(one)) and not given(portal.get(other)):
            detail = f"`portal.{one}` is your own application there and needs `portal.{other}` too."
            yield violation("wlan-required-field", detail, ("portal", one))
    sponsored = portal.get("sponsor_enabled") is True or portal.get("auth") == "sponsor"
    if sponsored and not given(portal.get("sponsors")) and not given(portal.get("sponsor_email_domains")):
        detail = "A sponsored guest needs `portal.sponsors` or `portal.sponsor_email_domains`: who may say yes."
        yield violation("wlan-required-field", detail, ("portal",))
