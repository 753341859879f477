"""Sites, groups and templates: what one write does to other objects."""

from __future__ import annotations

import threading

import pytest

from reconciler.emulator import Emulator, Request
from tests.emulator.support import GROUP, ORG, OTHER_SITE, SITE, ok, refused

GROUPS = f"orgs/{ORG}/sitegroups"


def test_membership_is_written_at_the_site_and_read_on_both_sides(emulator: Emulator) -> None:
    assert ok(emulator.call("GET", f"{GROUPS}/{GROUP}"))["site_ids"] == [SITE]
    ok(emulator.call("PUT", f"sites/{OTHER_SITE}", body={"sitegroup_ids": [GROUP]}))
    assert set(ok(emulator.call("GET", GROUPS))[0]["site_ids"]) == {SITE, OTHER_SITE}
    ok(emulator.call("PUT", f"sites/{SITE}", body={"sitegroup_ids": []}))
    assert ok(emulator.call("GET", f"{GROUPS}/{GROUP}"))["site_ids"] == [OTHER_SITE]


def test_members_cannot_be_written_at_the_group(emulator: Emulator) -> None:
    answer = ok(emulator.call("PUT", f"{GROUPS}/{GROUP}", body={"name": "EMEA", "site_ids": [OTHER_SITE]}))
    assert (answer["name"], answer["site_ids"]) == ("EMEA", [SITE])


def test_sites_leave_a_group_that_is_deleted(emulator: Emulator) -> None:
    ok(emulator.call("DELETE", f"{GROUPS}/{GROUP}"))
    assert ok(emulator.call("GET", f"sites/{SITE}"))["sitegroup_ids"] == []


def test_a_new_site_in_a_group_whose_name_is_used_twice_is_refused(emulator: Emulator) -> None:
    ok(emulator.call("POST", GROUPS, body={"name": "emea"}))
    body = {"name": "Lyon", "sitegroup_ids": [GROUP]}
    reply = emulator.call("POST", f"orgs/{ORG}/sites", body=body)
    refused(reply, 400, "SiteGroup name 'emea' is already used")
    ok(emulator.call("PUT", f"sites/{SITE}", body={"sitegroup_ids": [GROUP]}))
    assert len(ok(emulator.call("GET", f"orgs/{ORG}/sites"))) == 2


@pytest.mark.parametrize(("racing", "members"), [(True, 1), (False, 2)])
def test_of_two_site_writes_at_once_in_one_group_the_group_forgets_one(racing: bool, members: int) -> None:
    both, seen = threading.Barrier(2), threading.Event()

    def sleep(_seconds: float) -> None:
        if not seen.is_set():
            both.wait(5)

    data = {"orgs": [{"id": ORG, "name": "A", "sitegroups": [{"id": GROUP, "name": "g"}]}]}
    data["orgs"][0]["sites"] = [{"id": SITE, "name": "a"}, {"id": OTHER_SITE, "name": "b"}]
    emulator = Emulator(data=data, sleep=sleep)
    emulator.settings.update({"latency_ms": 1, "quirks": {"racing_sitegroups": racing}})

    def write(site: str) -> None:
        headers = {"Authorization": "Token t"}
        emulator.deliver(Request("PUT", f"/api/v1/sites/{site}", {}, {"sitegroup_ids": [GROUP]}, headers))

    threads = [threading.Thread(target=write, args=(site,)) for site in (SITE, OTHER_SITE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seen.set()
    assert len(ok(emulator.call("GET", f"{GROUPS}/{GROUP}"))["site_ids"]) == members
    assert ok(emulator.call("GET", f"sites/{OTHER_SITE}"))["sitegroup_ids"] == [GROUP]
    for site in (SITE, OTHER_SITE):
        write(site)
    assert len(ok(emulator.call("GET", f"{GROUPS}/{GROUP}"))["site_ids"]) == 2


def test_a_deleted_site_takes_along_what_lives_in_it_and_then_answers_403(emulator: Emulator) -> None:
    wlan = ok(emulator.call("POST", f"sites/{SITE}/wlans", body={"ssid": "a"}))
    ok(emulator.call("DELETE", f"sites/{SITE}"))
    for path in (f"sites/{SITE}", f"sites/{SITE}/setting", f"sites/{SITE}/wlans", f"sites/{SITE}/wlans/{wlan['id']}"):
        refused(emulator.call("GET", path), 403)
    refused(emulator.call("DELETE", f"sites/{SITE}"), 403)
    refused(emulator.call("GET", f"sites/{ORG}"), 404)
    assert [s["id"] for s in ok(emulator.call("GET", f"orgs/{ORG}/sites"))] == [OTHER_SITE]
    emulator.load(emulator.state())
    refused(emulator.call("GET", f"sites/{SITE}"), 403)


def test_a_deleted_wlan_template_takes_its_wlans_along(emulator: Emulator) -> None:
    template = ok(emulator.call("POST", f"orgs/{ORG}/templates", body={"name": "corp"}))
    inside = ok(emulator.call("POST", f"orgs/{ORG}/wlans", body={"ssid": "a", "template_id": template["id"]}))
    outside = ok(emulator.call("POST", f"orgs/{ORG}/wlans", body={"ssid": "b", "template_id": "other"}))
    ok(emulator.call("DELETE", f"orgs/{ORG}/templates/{template['id']}"))
    refused(emulator.call("GET", f"orgs/{ORG}/wlans/{inside['id']}"), 404)
    assert [w["id"] for w in ok(emulator.call("GET", f"orgs/{ORG}/wlans"))] == [outside["id"]]


@pytest.mark.parametrize("kind", ["networktemplate", "rftemplate", "alarmtemplate", "sitetemplate"])
@pytest.mark.parametrize("keep", [True, False])
def test_a_template_in_use_is_deleted_without_a_word(kind: str, keep: bool, emulator: Emulator) -> None:
    emulator.settings.update({"quirks": {"keep_dangling_ids": keep}})
    body = {"name": "t", "delivery": {"enabled": True}, "rules": {}}
    made = ok(emulator.call("POST", f"orgs/{ORG}/{kind}s", body=body))
    ok(emulator.call("PUT", f"sites/{SITE}", body={f"{kind}_id": made["id"]}))
    ok(emulator.call("DELETE", f"orgs/{ORG}/{kind}s/{made['id']}"))
    assert ok(emulator.call("GET", f"sites/{SITE}"))[f"{kind}_id"] == (made["id"] if keep else None)
