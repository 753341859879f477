"""Which function answers which route.

In: the routes.  Out: (method, path) -> handler.  A route of the vendor's document that has no handler here is not
emulated and answers 501.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from reconciler.emulator import (
    account,
    apitokens,
    bulk,
    constants,
    crud,
    derived,
    device_calls,
    device_events,
    devices,
    edges,
    evpn,
    files,
    guests,
    identity,
    inventory,
    logs,
    searches,
    singletons,
    sites,
    webhooks,
    wireless,
)
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
    "orgs/apitokens": apitokens.API_TOKENS,
    "orgs/deviceprofiles": devices.PROFILES,
    "orgs/evpn_topologies": evpn.EVPN,
    "orgs/mxedges": edges.EDGES,
    "orgs/assetfilters": wireless.ASSET_FILTERS,
    "orgs/psks": wireless.PSKS,
    "orgs/pskportals": wireless.PSK_PORTALS,
    "orgs/ssoroles": identity.SSO_ROLES,
    "orgs/ssos": identity.SSOS,
    "orgs/wlans": wireless.WLANS,
    "sites/assetfilters": wireless.ASSET_FILTERS,
    "sites/psks": wireless.PSKS,
    "sites/devices": devices.DEVICES,
    "sites/evpn_topologies": evpn.EVPN,
    "sites/wlans": wireless.WLANS,
    "orgs/webhooks": webhooks.WEBHOOKS,
    "sites/webhooks": webhooks.WEBHOOKS,
}
NO_RULES = Rules()


SPECIAL: Mapping[tuple[str, str], Callable[..., Any]] = {
    ("orgs/apitokens", "G"): apitokens.get_token,
    ("orgs/apitokens", "U"): apitokens.put_token,
    ("orgs/psks", "C"): bulk.create_psk,
    ("sites/psks", "C"): bulk.create_psk,
    ("sites/maps", "C"): files.create_map,
    ("sites/maps", "U"): files.update_map,
}
"""Verbs of a collection that are more than crud."""


def build_handlers(routes: Routes) -> Handlers:
    table: dict[tuple[str, str], Handler] = {}
    for key, collection in routes.collections.items():
        table |= _collection(key, collection, RULES.get(key, NO_RULES))
    table |= FIXED
    table |= files.HANDLERS
    table |= constants.HANDLERS
    for name in derived.BY_REFERENCE:
        table["GET", f"{SITE}/{name}/derived"] = derived.templates
    for name in derived.WHOLE_ORG:
        table["GET", f"{SITE}/{name}/derived"] = derived.org_objects
    for scope in (ORG, SITE):
        table |= _in_both(scope)
    return {key: handler for key, handler in table.items() if _known(routes, *key)}


def _known(routes: Routes, method: str, path: str) -> bool:
    return path in routes.routes and method in routes.routes[path].methods


def _collection(key: str, collection: Collection, rules: Rules) -> dict[tuple[str, str], Handler]:
    verbs: dict[str, tuple[str, str, Callable[..., Any]]] = {
        "L": ("GET", collection.path, crud.list_objects),
        "C": ("POST", collection.path, crud.create_object),
        "G": ("GET", collection.item_path, crud.get_object),
        "U": ("PUT", collection.item_path, crud.update_object),
        "D": ("DELETE", collection.item_path, crud.delete_object),
    }
    return {
        (method, path): partial(SPECIAL.get((key, letter), handler), collection=collection, rules=rules)
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
    before = edges.site_edge(call)
    collection = call.world.routes.collections["orgs/mxedges"]
    return call.view(crud.changed(call, before, collection, NO_RULES, scope_id=call.org_id), "mxedge")


def _in_both(scope: str) -> dict[tuple[str, str], Handler]:
    webhook = f"{scope}/webhooks/{{webhook_id}}"
    guest = f"{scope}/guests/{{guest_mac}}"
    return {
        ("POST", f"{webhook}/ping"): webhooks.ping,
        ("GET", f"{webhook}/events/search"): webhooks.search_deliveries,
        ("GET", f"{webhook}/events/count"): webhooks.count_deliveries,
        ("PUT", f"{scope}/psks"): bulk.bulk_update,
        ("POST", f"{scope}/psks/import"): bulk.import_psks,
        ("POST", f"{scope}/assets/import"): bulk.import_assets,
        ("GET", guest): guests.get_guest,
        ("PUT", guest): guests.put_guest,
        ("DELETE", guest): guests.delete_guest,
        ("GET", f"{scope}/guests"): guests.list_guests,
        ("GET", f"{scope}/guests/search"): guests.search_guests,
        ("GET", f"{scope}/guests/count"): guests.count_guests,
        ("GET", f"{scope}/events/system/search"): logs.events,
        ("GET", f"{scope}/events/system/count"): logs.count_events,
        ("GET", f"{scope}/devices/events/search"): device_events.search,
        ("GET", f"{scope}/devices/events/count"): device_events.count,
    }


FIXED: dict[tuple[str, str], Handler] = {
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
    ("GET", f"{ORG}/logs"): logs.search,
    ("GET", f"{ORG}/logs/count"): logs.count,
    ("POST", f"{PREFIX}login"): account.login,
    ("GET", f"{ORG}/admins"): account.admins,
    ("GET", f"{PREFIX}const/webhook_topics"): webhooks.topics,
    ("GET", f"{ORG}/inventory"): inventory.list_inventory,
    ("POST", f"{ORG}/inventory"): inventory.claim,
    ("PUT", f"{ORG}/inventory"): inventory.change_inventory,
    ("POST", f"{ORG}/inventory/replace"): inventory.replace,
    ("GET", f"{ORG}/devices"): inventory.list_org_devices,
    ("POST", f"{ORG}/deviceprofiles/{{deviceprofile_id}}/assign"): devices.assign_profile,
    ("POST", f"{ORG}/deviceprofiles/{{deviceprofile_id}}/unassign"): devices.unassign_profile,
    ("POST", f"{ORG}/mxedges/claim"): edges.claim_edge,
    ("POST", f"{ORG}/mxedges/assign"): edges.assign_edges,
    ("POST", f"{ORG}/mxedges/unassign"): edges.unassign_edges,
    ("GET", f"{SITE}/mxedges"): edges.list_site_edges,
    ("GET", f"{SITE}/mxedges/{{mxedge_id}}"): edges.get_site_edge,
    ("PUT", f"{SITE}/mxedges/{{mxedge_id}}"): _put_site_edge,
    ("DELETE", f"{SITE}/mxedges/{{mxedge_id}}"): edges.delete_site_edge,
    ("GET", f"{SITE}/setting/derived"): derived.setting,
    ("GET", f"{SITE}/wlans/derived"): derived.wlans,
    ("GET", f"{SITE}/wxrules/derived"): derived.wxrules,
    ("GET", f"{ORG}/sites/search"): searches.sites,
    ("GET", f"{ORG}/vars/search"): searches.variables,
    ("GET", f"{ORG}/usermacs/search"): searches.usermacs,
    ("PUT", f"{ORG}/usermacs"): bulk.bulk_update,
    ("POST", f"{ORG}/usermacs/delete"): bulk.delete_many,
    ("POST", f"{ORG}/psks/delete"): bulk.delete_many,
    ("POST", f"{ORG}/templates/{{template_id}}/clone"): bulk.clone_template,
    ("POST", f"{ORG}/usermacs/import"): bulk.import_usermacs,
    ("DELETE", f"{SITE}/psks"): bulk.delete_matching_psks,
    ("GET", f"{ORG}/sites/count"): searches.count_sites,
    ("GET", f"{ORG}/ssos/{{sso_id}}/metadata"): identity.sso_metadata,
    ("GET", f"{ORG}/stats/devices"): device_calls.org_statistics,
    ("GET", f"{ORG}/devices/versions"): device_calls.versions,
    ("GET", f"{SITE}/devices/versions"): device_calls.versions,
    ("GET", f"{SITE}/stats/devices"): device_calls.site_statistics,
    ("GET", f"{SITE}/stats/devices/{{device_id}}"): device_calls.one_statistics,
    ("GET", f"{SITE}/devices/{{device_id}}/ha"): device_calls.get_cluster,
    ("POST", f"{SITE}/devices/{{device_id}}/ha"): device_calls.make_cluster,
    ("PUT", f"{SITE}/devices/{{device_id}}/ha"): device_calls.replace_node,
    ("DELETE", f"{SITE}/devices/{{device_id}}/ha"): device_calls.delete_cluster,
    ("POST", f"{SITE}/devices/{{device_id}}/upgrade"): device_calls.upgrade,
}
