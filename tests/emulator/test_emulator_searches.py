"""Derived objects, searches, bulk calls, clones."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.emulator import Emulator
from tests.emulator.support import GROUP, ORG, OTHER_SITE, SITE, ok, refused


def make(emulator: Emulator, path: str, **body: Any) -> Any:
    return ok(emulator.call("POST", path, body=body))


APPLIES = [
    ({}, {}, False),
    ({"org_id": ORG}, {}, True),
    ({"site_ids": [SITE]}, {}, True),
    ({"site_ids": [OTHER_SITE]}, {}, False),
    ({"sitegroup_ids": [GROUP]}, {}, True),
    ({"org_id": ORG}, {"site_ids": [SITE]}, False),
    ({"org_id": ORG}, {"sitegroup_ids": [GROUP]}, False),
    ({"group_ids": [GROUP]}, {}, False),
]


@pytest.mark.parametrize(("applies", "exceptions", "reached"), APPLIES)
def test_a_site_inherits_the_wlans_of_templates_that_reach_it(
    applies: Any, exceptions: Any, reached: bool, emulator: Emulator
) -> None:
    template = make(emulator, f"orgs/{ORG}/templates", name="t", applies=applies, exceptions=exceptions)
    shared = make(emulator, f"orgs/{ORG}/wlans", ssid="shared", template_id=template["id"])
    make(emulator, f"orgs/{ORG}/wlans", ssid="lost", template_id="none")
    rule = {"order": 1, "src_wxtags": [], "dst_allow_wxtags": [], "dst_deny_wxtags": []}
    make(emulator, f"orgs/{ORG}/wxrules", template_id=template["id"], **rule)
    make(emulator, f"sites/{SITE}/wlans", ssid="own")
    found = ok(emulator.call("GET", f"sites/{SITE}/wlans/derived"))
    assert [w["ssid"] for w in found] == ["own", *(["shared"] if reached else [])]
    one = ok(emulator.call("GET", f"sites/{SITE}/wlans/derived", query={"wlan_id": shared["id"]}))
    assert len(one) == len(ok(emulator.call("GET", f"sites/{SITE}/wxrules/derived"))) == int(reached)


def test_the_derived_setting_lays_the_site_over_its_templates(plain: Emulator) -> None:
    network = make(
        plain,
        f"orgs/{ORG}/networktemplates",
        name="n",
        networks={"a": {"vlan_id": 1}, "b": {"vlan_id": 2}},
        dns_servers=["1.1.1.1"],
        acl_policies=[{"name": "p"}],
    )
    site = make(plain, f"orgs/{ORG}/sitetemplates", name="s", vars={"x": "1", "y": "2"})
    ids = {"networktemplate_id": network["id"], "sitetemplate_id": site["id"]}
    ok(plain.call("PUT", f"sites/{SITE}", body=ids))
    own = {"networks": {"b": {"vlan_id": 9}}, "vars": {"y": "{{x}}"}, "acl_policies": [{"name": "q"}]}
    ok(plain.call("PUT", f"sites/{SITE}/setting", body=own))
    merged = ok(plain.call("GET", f"sites/{SITE}/setting/derived"))
    assert merged["networks"] == {"a": {"vlan_id": 1}, "b": {"vlan_id": 9}}
    assert merged["vars"] == {"x": "1", "y": "{{x}}"}
    assert (merged["dns_servers"], merged["acl_policies"]) == (["1.1.1.1"], [{"name": "q"}])
    assert (merged["site_id"], "name" in merged) == (SITE, False)
    assert ok(plain.call("GET", f"sites/{SITE}/networktemplates/derived"))["id"] == network["id"]
    assert ok(plain.call("GET", f"sites/{OTHER_SITE}/networktemplates/derived")) == {}
    assert [t["id"] for t in ok(plain.call("GET", f"sites/{SITE}/sitetemplates/derived"))] == [site["id"]]
    assert ok(plain.call("GET", f"sites/{OTHER_SITE}/sitetemplates/derived")) == []


def test_a_site_derives_the_objects_of_its_organisation(emulator: Emulator) -> None:
    make(emulator, f"orgs/{ORG}/networks", name="n")
    assert [n["name"] for n in ok(emulator.call("GET", f"sites/{SITE}/networks/derived"))] == ["n"]


def test_sites_are_searched_by_flags_and_variables_by_name(emulator: Emulator) -> None:
    ok(emulator.call("PUT", f"sites/{SITE}/setting", body={"vars": {"v": "secret"}, "auto_upgrade": {"enabled": True}}))
    rows = ok(emulator.call("GET", f"orgs/{ORG}/sites/search", query={"name": "Paris"}))
    assert (rows["total"], rows["results"][0]["auto_upgrade_enabled"]) == (1, True)
    assert ok(emulator.call("GET", f"orgs/{ORG}/sites/search"))["total"] == 2
    found = ok(emulator.call("GET", f"orgs/{ORG}/vars/search", query={"site_id": SITE}))["results"]
    assert [(f["var"], f["src"]) for f in found] == [("v", "site")]
    assert "secret" not in str(found)
    assert ok(emulator.call("GET", f"orgs/{ORG}/vars/search", query={"var": "w"}))["total"] == 0


def test_user_macs_are_found_by_search_only(emulator: Emulator) -> None:
    path = f"orgs/{ORG}/usermacs"
    refused(emulator.call("GET", path), 405)
    one = make(emulator, path, mac="5c5b35000001", labels=["a", "b"])
    two = make(emulator, path, mac="5c5b35000002", labels=["a"])
    assert len(ok(emulator.call("GET", f"{path}/search"))) == 2
    assert len(ok(emulator.call("GET", f"{path}/search", query={"labels": "a,b"}))) == 1
    assert len(ok(emulator.call("GET", f"{path}/search", query={"mac": "0002", "limit": "1"}))) == 1
    changed = ok(emulator.call("PUT", path, body=[{"id": one["id"], "name": "n"}, {"mac": "none"}]))
    assert changed == {"updated": [one["id"]], "errors": ["None - invalid id"]}
    ok(emulator.call("GET", f"{path}/{one['id']}"))
    assert emulator.call("POST", f"{path}/delete", body=[one["id"], two["id"], "none"]).status == 200
    assert ok(emulator.call("GET", f"{path}/search")) == []


@pytest.mark.parametrize("scope", [f"orgs/{ORG}", f"sites/{SITE}"])
def test_psks_are_changed_in_bulk(scope: str, emulator: Emulator) -> None:
    one = make(emulator, f"{scope}/psks", name="a", ssid="s", passphrase="12345678")
    answer = ok(emulator.call("PUT", f"{scope}/psks", body=[{"id": one["id"], "role": "r"}]))
    assert [(p["name"], p["role"], p["passphrase"]) for p in answer] == [("a", "r", "12345678")]
    body = [{"name": "b", "ssid": "s", "passphrase": "12345678"}]
    refused(emulator.call("PUT", f"{scope}/psks", body=body), 400, "invalid id")
    refused(emulator.call("PUT", f"{scope}/psks", body={}), 400, "list of objects")


def test_psks_of_an_organisation_are_deleted_in_bulk(emulator: Emulator) -> None:
    path = f"orgs/{ORG}/psks"
    one = make(emulator, path, name="a", ssid="s", passphrase="12345678")
    refused(emulator.call("POST", f"{path}/delete", body={"ids": []}), 400, "psk_ids is required")
    assert emulator.call("POST", f"{path}/delete", body={"psk_ids": [one["id"]]}).status == 200
    assert ok(emulator.call("GET", path)) == []


def test_a_wlan_template_is_cloned_with_its_wlans(emulator: Emulator) -> None:
    path = f"orgs/{ORG}/templates"
    one = make(emulator, path, name="t")
    make(emulator, f"orgs/{ORG}/wlans", ssid="a", template_id=one["id"])
    make(emulator, f"orgs/{ORG}/wlans", ssid="b", template_id="other")
    copied = ok(emulator.call("POST", f"{path}/{one['id']}/clone", body={"name": "u"}))
    assert (copied["name"], copied["id"] != one["id"]) == ("u", True)
    wlans = ok(emulator.call("GET", f"orgs/{ORG}/wlans"))
    assert [w["ssid"] for w in wlans if w["template_id"] == copied["id"]] == ["a"]
    assert ok(emulator.call("POST", f"{path}/{one['id']}/clone"))["name"] == "t copy"
    refused(emulator.call("POST", f"{path}/none/clone"), 404)
