"""An independent client: the published Python SDK of the vendor's API, driving the emulator."""

from __future__ import annotations

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
