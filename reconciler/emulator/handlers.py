"""Which function answers which route.

In: the routes.  Out: (method, path) -> handler.  A route of the vendor's document that has no handler here is not
emulated and answers 501.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from reconciler.emulator import account, crud, derived, devices, files, searches, singletons, sites, webhooks, wireless
from reconciler.emulator.routes import ORG, PREFIX, SITE, Collection, Routes
from reconciler.emulator.rules import Rules
from reconciler.emulator.world import Call

Handler = Callable[[Call], Any]
Handlers = Mapping[tuple[str, str], Handler]
SITES = Collection("orgs", "sites", item="site_id", ops="LC", schema="site")

RULES: Mapping[str, Rules] = {
    "orgs/sitegroups": sites.SITEGROUPS,
    "orgs/templates": sites.WLAN_TEMPLATE,
    "orgs/alarmtemplates": sites.TEMPLATE,
    "orgs/aptemplates": sites.TEMPLATE,
    "orgs/gatewaytemplates": sites.TEMPLATE,
    "orgs/networktemplates": sites.TEMPLATE,
    "orgs/rftemplates": sites.TEMPLATE,
    "orgs/secpolicies": sites.TEMPLATE,
    "orgs/sitetemplates": sites.TEMPLATE,
    "orgs/apitokens": wireless.API_TOKENS,
    "orgs/deviceprofiles": devices.PROFILES,
    "orgs/evpn_topologies": devices.EVPN,
    "orgs/mxedges": devices.EDGES,
    "orgs/wlans": wireless.WLANS,
    "sites/devices": devices.DEVICES,
    "sites/evpn_topologies": devices.EVPN,
    "sites/wlans": wireless.WLANS,
    "orgs/webhooks": webhooks.WEBHOOKS,
    "sites/webhooks": webhooks.WEBHOOKS,
}
NO_RULES = Rules()


def build_handlers(routes: Routes) -> Handlers:
    table: dict[tuple[str, str], Handler] = {}
    for key, collection in routes.collections.items():
        table |= _collection(collection, RULES.get(key, NO_RULES))
    table |= _SINGLE
    table |= files.HANDLERS
    for name in derived.BY_REFERENCE:
        table["GET", f"{SITE}/{name}/derived"] = derived.templates
    for name in derived.WHOLE_ORG:
        table["GET", f"{SITE}/{name}/derived"] = derived.org_objects
    for scope in (ORG, SITE):
        table |= _in_both(scope)
    return {key: handler for key, handler in table.items() if _known(routes, *key)}


def _known(routes: Routes, method: str, path: str) -> bool:
    return path in routes.routes and method in routes.routes[path].methods


def _collection(collection: Collection, rules: Rules) -> dict[tuple[str, str], Handler]:
    verbs: dict[str, tuple[str, str, Callable[..., Any]]] = {
        "L": ("GET", collection.path, crud.list_objects),
        "C": ("POST", collection.path, crud.create_object),
        "G": ("GET", collection.item_path, crud.get_object),
        "U": ("PUT", collection.item_path, crud.update_object),
        "D": ("DELETE", collection.item_path, crud.delete_object),
    }
    return {
        (method, path): partial(handler, collection=collection, rules=rules)
        for letter, (method, path, handler) in verbs.items()
        if letter in collection.ops
    }


def _get_site(call: Call) -> Any:
    return call.view(call.store.site(call.params["site_id"]), "site")


def _put_site(call: Call) -> Any:
    before = call.store.site(call.params["site_id"])
    after = crud.changed(call, before, SITES, sites.SITES, scope_id=call.org_id)
    return call.view(after, "site")


def _put_site_edge(call: Call) -> Any:
    before = devices.site_edge(call)
    edges = call.world.routes.collections["orgs/mxedges"]
    return call.view(crud.changed(call, before, edges, NO_RULES, scope_id=call.org_id), "mxedge")


def _in_both(scope: str) -> dict[tuple[str, str], Handler]:
    webhook = f"{scope}/webhooks/{{webhook_id}}"
    return {
        ("POST", f"{webhook}/ping"): webhooks.ping,
        ("GET", f"{webhook}/events/search"): searches.deliveries,
        ("GET", f"{webhook}/events/count"): searches.count_deliveries,
        ("PUT", f"{scope}/psks"): searches.bulk_update,
    }


_SINGLE: dict[tuple[str, str], Handler] = {
    ("GET", f"{ORG}/sites"): partial(crud.list_objects, collection=SITES, rules=sites.SITES),
    ("POST", f"{ORG}/sites"): partial(crud.create_object, collection=SITES, rules=sites.SITES),
    ("GET", SITE): _get_site,
    ("PUT", SITE): _put_site,
    ("DELETE", SITE): sites.delete_site,
    ("POST", f"{PREFIX}orgs"): singletons.create_org,
    ("GET", ORG): singletons.get_org,
    ("PUT", ORG): singletons.put_org,
    ("DELETE", ORG): singletons.delete_org,
    ("GET", f"{ORG}/setting"): singletons.get_setting,
    ("PUT", f"{ORG}/setting"): singletons.put_setting,
    ("GET", f"{SITE}/setting"): singletons.get_setting,
    ("PUT", f"{SITE}/setting"): singletons.put_setting,
    ("GET", f"{PREFIX}self"): account.get_self,
    ("GET", f"{PREFIX}self/usage"): account.get_usage,
    ("GET", f"{ORG}/logs"): account.search_logs,
    ("GET", f"{ORG}/logs/count"): account.count_logs,
    ("GET", f"{PREFIX}const/webhook_topics"): webhooks.topics,
    ("GET", f"{ORG}/inventory"): devices.list_inventory,
    ("POST", f"{ORG}/inventory"): devices.claim,
    ("PUT", f"{ORG}/inventory"): devices.change_inventory,
    ("GET", f"{ORG}/devices"): devices.list_org_devices,
    ("POST", f"{ORG}/deviceprofiles/{{deviceprofile_id}}/assign"): devices.assign_profile,
    ("POST", f"{ORG}/deviceprofiles/{{deviceprofile_id}}/unassign"): devices.unassign_profile,
    ("POST", f"{ORG}/mxedges/assign"): devices.assign_edges,
    ("POST", f"{ORG}/mxedges/unassign"): devices.unassign_edges,
    ("GET", f"{SITE}/mxedges"): devices.list_site_edges,
    ("GET", f"{SITE}/mxedges/{{mxedge_id}}"): devices.get_site_edge,
    ("PUT", f"{SITE}/mxedges/{{mxedge_id}}"): _put_site_edge,
    ("DELETE", f"{SITE}/mxedges/{{mxedge_id}}"): devices.delete_site_edge,
    ("GET", f"{SITE}/setting/derived"): derived.setting,
    ("GET", f"{SITE}/wlans/derived"): derived.wlans,
    ("GET", f"{SITE}/wxrules/derived"): derived.wxrules,
    ("GET", f"{ORG}/sites/search"): searches.sites,
    ("GET", f"{ORG}/vars/search"): searches.variables,
    ("GET", f"{ORG}/usermacs/search"): searches.usermacs,
    ("PUT", f"{ORG}/usermacs"): searches.bulk_update,
    ("POST", f"{ORG}/usermacs/delete"): searches.bulk_delete,
    ("POST", f"{ORG}/psks/delete"): searches.bulk_delete,
    ("POST", f"{ORG}/templates/{{template_id}}/clone"): searches.clone_template,
}
