"""An independent client: the published Python SDK of the vendor's API, driving the emulator."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import mistapi
import pytest
from mistapi.api.v1 import orgs, sites

from reconciler.emulator import Emulator, EmulatorAdapter
from tests.emulator.support import ORG, SITE


@pytest.fixture
def sdk(emulator: Emulator) -> Iterator[Any]:
    session = mistapi.APISession(host="api.mist.com", console_log_level=50, show_cli_notif=False)
    session._session.mount("https://", EmulatorAdapter(emulator))
    session.set_api_token("t", validate=False)
    yield session
    session._session.close()


def test_the_sdk_logs_in_by_self(sdk: Any) -> None:
    assert sdk._getself()
    assert sdk.get_privilege_by_org_id(ORG).role == "admin"


def test_the_sdk_lists_all_pages(sdk: Any, emulator: Emulator) -> None:
    for number in range(23):
        emulator.call("POST", f"orgs/{ORG}/wxtags", body={"name": f"t{number}", "type": "spec"})
    first = orgs.wxtags.listOrgWxTags(sdk, ORG, limit=10)
    assert (first.status_code, len(first.data), first.next is None) == (200, 10, False)
    every = mistapi.get_all(sdk, first)
    assert [t["name"] for t in every] == [f"t{n}" for n in range(23)]


def test_the_sdk_follows_the_audit_log(sdk: Any, emulator: Emulator) -> None:
    for number in range(5):
        emulator.call("PUT", f"sites/{SITE}", body={"notes": f"{number}"})
    first = sdk.mist_get(f"/api/v1/orgs/{ORG}/logs", query={"limit": "2"})
    assert len(mistapi.get_all(sdk, first)) == 5


def test_the_sdk_creates_changes_and_deletes(sdk: Any) -> None:
    made = orgs.sites.createOrgSite(sdk, ORG, {"name": "Lyon", "timezone": "Europe/Paris"})
    site_id = made.data["id"]
    assert sites.sites.updateSiteInfo(sdk, site_id, {"notes": "n"}).data["notes"] == "n"
    wlan = sites.wlans.createSiteWlan(sdk, site_id, {"ssid": "Lab"}).data
    assert sites.wlans.listSiteWlans(sdk, site_id).data[0]["id"] == wlan["id"]
    assert sites.wlans.updateSiteWlan(sdk, site_id, wlan["id"], {"dtim": 4}).data["dtim"] == 4
    assert sites.wlans.deleteSiteWlan(sdk, site_id, wlan["id"]).status_code == 200
    setting = sites.setting.updateSiteSettings(sdk, site_id, {"vars": {"a": "1"}})
    assert setting.data["vars"] == {"a": "1"}
    assert sites.sites.deleteSite(sdk, site_id).status_code == 200
    assert sites.sites.getSiteInfo(sdk, site_id).status_code == 403


def test_the_sdk_sees_errors_as_the_cloud_tells_them(sdk: Any, emulator: Emulator) -> None:
    assert orgs.webhooks.createOrgWebhook(sdk, ORG, {"topics": "zone"}).data["detail"] == "invalid field: topics"
    emulator.tokens.revoke("t")
    assert orgs.sites.listOrgSites(sdk, ORG).status_code == 401


LISTS = (
    "alarmtemplates", "rftemplates", "networktemplates", "sitegroups", "sites", "templates", "wxtags", "wlans",
    "webhooks",
)  # fmt: skip
SITE_LISTS = ("maps", "zones", "wlans")
MADE = frozenset({"id", "org_id", "site_id", "created_time", "modified_time", "for_site", "tzoffset"})
OBJECTS: dict[str, list[dict[str, Any]]] = {
    "alarmtemplates": [{"name": "night", "rules": {"device_down": {"enabled": True}}, "delivery": {"enabled": False}}],
    "rftemplates": [{"name": "dense", "band_5": {"channels": [36, 40], "power_min": 5, "power_max": 17}}],
    "networktemplates": [{"name": "campus", "networks": {"corp": {"vlan_id": "10"}}, "dns_servers": ["10.0.0.1"]}],
    "sitegroups": [{"name": "shops"}],
    "wxtags": [{"name": "stream", "type": "match", "match": "app", "values": ["netflix"], "op": "in"}],
    "webhooks": [{"name": "siem", "url": "https://siem.example.net/x", "topics": ["audits"], "secret": "s"}],
}


def calls_of(module: Any, verb: str, where: str) -> Any:
    """The SDK's function that lists, or makes, the objects of one list."""
    named = [name for name in dir(module) if name.lower().startswith(f"{verb}{where}")]
    return getattr(module, min(named, key=len))


def whole(sdk: Any, org_id: str) -> dict[str, Any]:
    """What the vendor's public backup script reads, of a few lists."""
    found: dict[str, Any] = {}
    for name in LISTS:
        first = calls_of(getattr(orgs, name), "list", "org")(sdk, org_id, limit=1000, page=1)
        found[name] = mistapi.get_all(sdk, first)
    for site in found["sites"]:
        for name in SITE_LISTS:
            site[name] = mistapi.get_all(sdk, calls_of(getattr(sites, name), "list", "site")(sdk, site["id"]))
        site["setting"] = sites.setting.getSiteSetting(sdk, site["id"]).data
    return found


def made_again(sdk: Any, backup: dict[str, Any], ids: dict[str, str], source: str) -> None:
    """What the public deploy script makes of it in another organisation: every object, its ids replaced."""

    def mapped(value: Any) -> Any:
        text = json.dumps({key: item for key, item in value.items() if key not in MADE})
        return json.loads(re.sub(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", lambda m: ids.get(m[0], m[0]), text))

    def made(module: Any, where: str, holder: str, value: dict[str, Any]) -> None:
        answer = calls_of(module, "create", where)(sdk, holder, mapped(value))
        assert answer.status_code == 200, answer.data
        ids[value["id"]] = answer.data["id"]

    for name in LISTS:
        for item in backup[name]:
            value = {key: part for key, part in item.items() if key not in (*SITE_LISTS, "setting")}
            made(getattr(orgs, name), "org", ids[source], value)
    for site in backup["sites"]:
        for name in SITE_LISTS:
            for item in site[name]:
                made(getattr(sites, name), "site", ids[site["id"]], item)
        assert sites.setting.updateSiteSettings(sdk, ids[site["id"]], mapped(site["setting"])).status_code == 200


def test_an_organisation_that_the_public_scripts_calls_copy_loses_nothing(sdk: Any, emulator: Emulator) -> None:
    def post(path: str, body: dict[str, Any]) -> str:
        made = emulator.call("POST", path, body=body).body
        return str(made["id"])

    source = orgs.orgs.createOrg(sdk, {"name": "Source"}).data["id"]
    for name, items in OBJECTS.items():
        for item in items:
            post(f"orgs/{source}/{name}", item)
    template = post(f"orgs/{source}/templates", {"name": "t", "applies": {"org_id": source}})
    post(f"orgs/{source}/wlans", {"ssid": "Corp", "template_id": template, "dtim": 4})
    group = emulator.call("GET", f"orgs/{source}/sitegroups").body[0]["id"]
    site = post(f"orgs/{source}/sites", {"name": "Paris", "timezone": "Europe/Paris", "sitegroup_ids": [group]})
    emulator.call("PUT", f"sites/{site}/setting", body={"vars": {"a": "1"}, "rogue": {"enabled": True}})
    plan = post(f"sites/{site}/maps", {"name": "Ground", "type": "image"})
    post(f"sites/{site}/zones", {"name": "Z", "map_id": plan, "vertices": [{"x": 1, "y": 2}]})
    post(f"sites/{site}/wlans", {"ssid": "Lab", "auth": {"type": "psk", "psk": "passphrase"}})
    before = whole(sdk, source)
    ids = {source: orgs.orgs.createOrg(sdk, {"name": "Copy"}).data["id"]}
    made_again(sdk, before, ids, source)

    def plain(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: plain(item) for key, item in value.items() if key not in MADE}
        if isinstance(value, list):
            return sorted((plain(item) for item in value), key=lambda item: json.dumps(item, sort_keys=True))
        return ids.get(value, value) if isinstance(value, str) else value

    assert plain(whole(sdk, ids[source])) == plain(before)
