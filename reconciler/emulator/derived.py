"""What a site ends up with: its templates, its WLANs with the organisation's, its merged setting.

In: GET calls on `derived` paths.  Out: lists and one object.  Layers as a public simulator has them, tested by its
authors against live sites: network template, site template, setting; some maps merge by key, all other roots are
replaced whole; site variables stay as they are written.
"""

from __future__ import annotations

from typing import Any

from reconciler.emulator.crud import list_reply
from reconciler.emulator.messages import Reply
from reconciler.emulator.rules import Rules
from reconciler.emulator.world import Call

Json = dict[str, Any]
MERGED_BY_KEY = frozenset({"networks", "port_usages", "vars", "dhcpd_config"})
CLASHING = frozenset({"networks", "port_usages"})
NOT_INHERITED = frozenset({"id", "name", "org_id", "created_time", "modified_time", "for_site", "site_id"})
BY_REFERENCE = {
    "aptemplates": "aptemplate_id",
    "gatewaytemplates": "gatewaytemplate_id",
    "networktemplates": "networktemplate_id",
    "rftemplates": "rftemplate_id",
    "sitetemplates": "sitetemplate_id",
}
WHOLE_ORG = (
    "aamwprofiles",
    "avprofiles",
    "deviceprofiles",
    "idpprofiles",
    "networks",
    "secintelprofiles",
    "servicepolicies",
    "services",
    "vpns",
)


def kind_of(call: Call) -> str:
    return call.path.split("/")[-2]


def templates(call: Call) -> Reply:
    """The template of one kind that the site names: a list of one or none, or just it where the document says so."""
    name = kind_of(call)
    template = _named(call, name)
    if call.operation.shape == "object":
        return Reply(200, call.view(template or {}, "network_template"))
    return _reply(call, [template] if template else [], name)


def org_objects(call: Call) -> Reply:
    name = kind_of(call)
    return _reply(call, call.store.listed(call.org_id, name, call.world.now()), name)


def wlans(call: Call) -> Reply:
    own, inherited = _layers(call, "wlans")
    wanted = call.query.get("wlan_id")
    items = [w for w in own + inherited if wanted in (None, w["id"])]
    return _reply(call, items, "wlans")


def wxrules(call: Call) -> Reply:
    """The rules of templates first, then the site's; of each the bigger order first."""
    own, reached = _layers(call, "wxrules")
    return _reply(call, [*sorted(reached, key=_falling), *sorted(own, key=_falling)], "wxrules")


def _layers(call: Call, name: str) -> tuple[list[Json], list[Json]]:
    """The site's own objects, and those of templates that reach it."""
    now = call.world.now()
    shared = call.store.listed(call.org_id, name, now)
    return call.store.listed(call.scope_id, name, now), [o for o in shared if applies(call, o.get("template_id"))]


def _falling(rule: Json) -> float:
    order = rule.get("order")
    return -order if isinstance(order, (int, float)) else 0.0


def applies(call: Call, template_id: Any) -> bool:
    """Does a WLAN template reach the site: by the organisation, the site or a group, and by no exception?"""
    template = call.store.get(call.org_id, "templates", template_id if isinstance(template_id, str) else "")
    if template is None:
        return False
    site = call.store.site(call.scope_id)
    applied, excepted = template.get("applies") or {}, template.get("exceptions") or {}
    reached = applied.get("org_id") == call.org_id or _names(applied, site)
    return reached and not _names(excepted, site)


def _names(where: Json, site: Json) -> bool:
    groups = set(site.get("sitegroup_ids") or ())
    return site["id"] in (where.get("site_ids") or ()) or bool(groups & set(where.get("sitegroup_ids") or ()))


def setting(call: Call) -> Json:
    merged: Json = {}
    layers = [_named(call, "networktemplates"), _named(call, "sitetemplates")]
    for layer in [*layers, call.store.settings.get(call.scope_id)]:
        for key, value in (layer or {}).items():
            if key in NOT_INHERITED:
                continue
            both = key in MERGED_BY_KEY and isinstance(value, dict) and isinstance(merged.get(key), dict)
            merged[key] = _merged(key, merged[key], value, call.world.quirks.derived_clash) if both else value
    merged |= {"org_id": call.org_id, "site_id": call.scope_id, "for_site": True}
    return call.view(merged, "site_setting")


def _merged(key: str, below: Json, above: Json, clash: str) -> Json:
    """Two layers of one map: who wins where both have a name is open for networks and port usages."""
    if clash == "setting" or key not in CLASHING:
        return {**below, **above}
    return {**above, **below}


def _named(call: Call, name: str) -> Json | None:
    site = call.store.site(call.scope_id)
    return call.store.get(call.org_id, name, site.get(BY_REFERENCE[name]) or "")


def _reply(call: Call, items: list[Json], name: str) -> Reply:
    collection = call.world.routes.collections[f"orgs/{name}"]
    return list_reply(call, items, collection.schema, Rules())
