"""Quirks: what comes back of a write under each answer to an open question, and the page that lists them."""

from __future__ import annotations

import re
from dataclasses import fields
from typing import Any

import pytest

from reconciler.emulator import Emulator, Quirks
from reconciler.emulator.evidence import BY_PAGE, load_evidence
from reconciler.emulator.facts import load_facts
from reconciler.emulator.faults import Fault
from reconciler.emulator.normalise import SPELLINGS
from reconciler.emulator.quirks import drawn
from reconciler.emulator.settings import Settings
from tests.emulator.cases import body_for
from tests.emulator.support import ORG, ROOT, SITE, ok

PAGE = (ROOT / "docs" / "emulator.md").read_text("utf-8")
FIELDS = {f.name: f for f in fields(Quirks)}
FACTS = load_facts()
EVIDENCE = load_evidence()
WLANS, TEMPLATES = f"sites/{SITE}/wlans", f"orgs/{ORG}/networktemplates"


def rows(heading: str) -> dict[str, list[str]]:
    """The table below a heading of the page, by the first column."""
    part = PAGE.split(f"## {heading}\n")[1].split("\n## ")[0]
    cells = [[c.strip() for c in line.strip("|").split(" | ")] for line in part.splitlines() if line.startswith("| `")]
    return {re.findall("`([^`]+)`", row[0])[0]: [c.strip() for c in row] for row in cells}


def written(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


@pytest.mark.parametrize("name", FIELDS)
def test_the_page_says_of_a_quirk_what_the_table_says(name: str) -> None:
    meta = FIELDS[name].metadata
    number = isinstance(FIELDS[name].default, float)
    values = "seconds" if number else ", ".join(f"`{written(v)}`" for v in meta["values"])
    assert rows("Quirks")[name][1:] == [values, meta["text"], meta["sources"]]


def test_the_page_lists_no_other_quirks_settings_and_faults() -> None:
    assert list(rows("Quirks")) == list(FIELDS)
    assert list(rows("Settings")) == [f.name for f in fields(Settings)]
    assert set(rows("Faults")) == {f.name for f in fields(Fault)}


def test_all_quirks_are_drawn_and_the_same_for_the_same_number(emulator: Emulator) -> None:
    seen: dict[str, set[Any]] = {name: {getattr(drawn(seed), name) for seed in range(80)} for name in FIELDS}
    assert all(seen[name] == set(FIELDS[name].metadata["drawn"]) for name in FIELDS)
    first = emulator.settings.update({"quirks": "random", "seed": 7}).quirks
    assert first == emulator.settings.update({"quirks": {"random": 7}}).quirks == drawn(7)
    assert emulator.settings.update({"quirks": {"random": 7, "list_lag_s": 9}}).quirks.list_lag_s == 9


def known(entry: str, name: str) -> bool:
    return name in FACTS.entries[entry].fields


def test_the_evidence_and_the_tables_name_fields_of_the_facts() -> None:
    newer = sorted(f"{e}.{n}" for e, found in EVIDENCE.made.items() for n in found if not known(e, n))
    assert all(e in FACTS.entries for e in EVIDENCE.made)
    assert ("wlan.enable_ftm" in newer, len(newer) < 50) == (True, True)
    assert all(known(e, n) for e, found in EVIDENCE.never.items() for n in found)
    assert all(known(*key) for key in BY_PAGE)
    assert all(known(e, document) for e, pairs in SPELLINGS.items() for document, _ in pairs)
    sources = {source for found in EVIDENCE.made.values() for _, source in found.values()}
    assert sources == {"provider computes", "provider plans", "live"}


def test_no_value_is_both_made_and_impossible() -> None:
    assert all(name not in EVIDENCE.never.get(entry, ()) for entry, found in EVIDENCE.made.items() for name in found)


BARE = ["wlans", "webhooks", "maps", "psks", "wxtags", "evpn_topologies"]


@pytest.mark.parametrize("name", BARE)
def test_by_evidence_nothing_comes_back_that_the_cloud_cannot_return(name: str, emulator: Emulator) -> None:
    body = body_for(name)
    made = ok(emulator.call("POST", f"sites/{SITE}/{name}", body=body))
    schema = emulator._world.routes.collections[f"sites/{name}"].schema
    impossible = set(EVIDENCE.never.get(schema, ())) - set(body)
    assert not impossible & set(made)


@pytest.mark.parametrize(
    ("mode", "present", "absent"),
    [
        ("none", [], ["dtim", "bands", "auth", "client_limit_up", "airwatch"]),
        ("evidence", ["dtim", "client_limit_up", "airwatch", "portal"], ["bands", "auth", "isolation", "roam_mode"]),
        ("document", ["dtim", "bands", "auth", "isolation", "roam_mode"], ["template_id", "portal_image"]),
    ],
)
def test_defaults_of_a_wlan_are_those_that_are_wanted(
    mode: str, present: list[str], absent: list[str], emulator: Emulator
) -> None:
    emulator.settings.update({"quirks": {"server_defaults": mode}})
    made = ok(emulator.call("POST", WLANS, body={"ssid": "a"}))
    assert set(present) <= set(made)
    assert not set(absent) & set(made)


def test_an_rf_template_gets_no_bands_of_its_own(emulator: Emulator) -> None:
    made = ok(emulator.call("POST", f"orgs/{ORG}/rftemplates", body={"name": "r"}))
    assert not [name for name in made if name.startswith("band_")]


def test_an_object_that_is_sent_empty_stays_empty_and_a_filled_one_is_completed(emulator: Emulator) -> None:
    made = ok(emulator.call("POST", WLANS, body={"ssid": "a", "mist_nac": {}, "radsec": {"enabled": True}}))
    assert made["mist_nac"] == {}
    assert set(made["radsec"]) > {"enabled"}
    emulator.settings.update({"quirks": {"empty_objects": "absent", "server_defaults": "none"}})
    assert "mist_nac" not in ok(emulator.call("POST", WLANS, body={"ssid": "a", "mist_nac": {}}))


def test_defaults_on_which_sources_differ_are_the_documents_or_the_pages(emulator: Emulator) -> None:
    emulator.settings.update({"quirks": {"server_defaults": "document"}})
    assert ok(emulator.call("POST", WLANS, body={"ssid": "a"}))["bands"] == ["24", "5", "6"]
    emulator.settings.update({"quirks": {"default_values": "page"}})
    made = ok(emulator.call("POST", WLANS, body={"ssid": "a"}))
    assert (made["bands"], made["roam_mode"]) == (["24", "5"], "none")


EMPTY = [
    ("empty_lists", "portal_allowed_subnets", [], {"mixed": [], "kept": [], "null": None, "absent": "gone"}),
    ("empty_lists", "ap_ids", [], {"mixed": None, "kept": [], "null": None, "absent": "gone"}),
    ("empty_texts", "auth_servers_nas_id", "", {"kept": "", "null": None, "absent": "gone"}),
    ("empty_references", "template_id", "", {"null": None, "kept": "", "absent": "gone"}),
]


@pytest.mark.parametrize(("quirk", "name", "value", "expected"), EMPTY)
def test_empty_values_become_what_the_quirk_says(
    quirk: str, name: str, value: Any, expected: dict[str, Any], emulator: Emulator
) -> None:
    assert set(expected) == set(FIELDS[quirk].metadata["values"])
    for choice, result in expected.items():
        emulator.settings.update({"quirks": {quirk: choice, "server_defaults": "none"}})
        made = ok(emulator.call("POST", WLANS, body={"ssid": "a", name: value}))
        assert made.get(name, "gone") == result


def test_an_empty_site_variable_is_kept_whatever_becomes_of_empty_fields(emulator: Emulator) -> None:
    emulator.settings.update({"quirks": {"empty_texts": "absent", "empty_lists": "absent"}})
    body = {"vars": {"a": "", "b": "1"}}
    assert ok(emulator.call("PUT", f"sites/{SITE}/setting", body=body))["vars"] == body["vars"]


def test_client_ids_are_no_references(emulator: Emulator) -> None:
    body = {"ssid": "a", "portal": {"enabled": True, "google_client_id": "", "azure_tenant_id": ""}}
    portal = ok(emulator.call("POST", WLANS, body=body))["portal"]
    assert (portal["google_client_id"], portal["azure_tenant_id"]) == ("", "")


def test_what_is_not_set_is_absent_or_null(emulator: Emulator) -> None:
    assert "portal_image" not in ok(emulator.call("POST", WLANS, body={"ssid": "a"}))
    emulator.settings.update({"quirks": {"unset": "null"}})
    made = ok(emulator.call("POST", WLANS, body={"ssid": "a"}))
    assert (made["portal_image"], made["template_id"]) == (None, None)


def test_null_in_a_field_that_cannot_be_null_is_ignored_or_clears(emulator: Emulator) -> None:
    path = f"{TEMPLATES}/{ok(emulator.call('POST', TEMPLATES, body={'name': 'n', 'acl_tags': {'a': {}}}))['id']}"
    assert ok(emulator.call("PUT", path, body={"acl_tags": None}))["acl_tags"] == {"a": {}}
    emulator.settings.update({"quirks": {"null_scalars": "cleared"}})
    assert "acl_tags" not in ok(emulator.call("PUT", path, body={"acl_tags": None}))


def test_the_dash_form_clears_references_of_a_site_only_if_told(emulator: Emulator) -> None:
    path = f"sites/{SITE}"
    ok(emulator.call("PUT", path, body={"rftemplate_id": "r"}))
    assert ok(emulator.call("PUT", path, body={"-rftemplate_id": ""}))["rftemplate_id"] == "r"
    emulator.settings.update({"quirks": {"dash_clears_references": True}})
    assert "rftemplate_id" not in ok(emulator.call("PUT", path, body={"-rftemplate_id": ""}))


def test_lists_that_a_client_wrote_come_back_in_written_order(emulator: Emulator) -> None:
    body = {"ssid": "a", "bands": ["5", "24"], "wxtag_ids": ["b", "a"], "portal_allowed_hostnames": ["z", "y"]}
    made = ok(emulator.call("POST", WLANS, body=body))
    for _ in range(3):
        read = ok(emulator.call("GET", f"{WLANS}/{made['id']}"))
        assert {k: read[k] for k in body} == body


def test_lists_that_the_server_makes_move(emulator: Emulator) -> None:
    group = ok(emulator.call("POST", f"orgs/{ORG}/sitegroups", body={"name": "g"}))["id"]
    for number in range(4):
        ok(emulator.call("POST", f"orgs/{ORG}/sites", body={"name": f"s{number}", "sitegroup_ids": [group]}))
    orders = {tuple(ok(emulator.call("GET", f"orgs/{ORG}/sitegroups/{group}"))["site_ids"]) for _ in range(4)}
    assert len(orders) > 1
    emulator.settings.update({"quirks": {"reorder": "none"}})
    orders = {tuple(ok(emulator.call("GET", f"orgs/{ORG}/sitegroups/{group}"))["site_ids"]) for _ in range(4)}
    assert len(orders) == 1


@pytest.mark.parametrize(
    ("spelling", "kept"), [("written", {"note", "notes"}), ("page", {"notes"}), ("document", {"note"})]
)
def test_of_two_spellings_both_or_one_is_kept(spelling: str, kept: set[str], emulator: Emulator) -> None:
    emulator.settings.update({"quirks": {"spelling": spelling}})
    body = {**body_for("psks"), "note": "a", "notes": "b"}
    made = ok(emulator.call("POST", f"orgs/{ORG}/psks", body=body))
    assert made.keys() & {"note", "notes"} == kept


@pytest.mark.parametrize(("choice", "expected"), [("never", None), ("zero", 0), ("half_year", 1765724400)])
def test_a_psk_without_expiry_expires_as_told(choice: str, expected: Any, emulator: Emulator) -> None:
    emulator.settings.update({"quirks": {"psk_expiry": choice}})
    assert ok(emulator.call("POST", f"orgs/{ORG}/psks", body=body_for("psks"))).get("expire_time") == expected


@pytest.mark.parametrize("name", ["wxtags", "deviceprofiles"])
def test_an_empty_type_is_kept_or_refused(name: str, emulator: Emulator) -> None:
    body = {"name": "n", "type": ""}
    assert ok(emulator.call("POST", f"orgs/{ORG}/{name}", body=body))["type"] == ""
    emulator.settings.update({"quirks": {"empty_type": "refused"}})
    assert emulator.call("POST", f"orgs/{ORG}/{name}", body=body).status == 400


def test_links_to_lists_of_macs_are_there_with_a_list_or_always(emulator: Emulator) -> None:
    path = f"sites/{SITE}/setting"
    assert "blacklist_url" not in ok(emulator.call("GET", path))
    emulator.settings.update({"quirks": {"list_urls": "always"}})
    assert {"blacklist_url", "whitelist_url", "watched_station_url"} <= set(ok(emulator.call("GET", path)))


def test_a_network_in_both_layers_is_the_settings_or_the_templates(emulator: Emulator) -> None:
    template = ok(emulator.call("POST", TEMPLATES, body={"name": "n", "networks": {"a": {"vlan_id": 1}}}))
    ok(emulator.call("PUT", f"sites/{SITE}", body={"networktemplate_id": template["id"]}))
    networks = {"a": {"vlan_id": 2}, "b": {"vlan_id": 3}}
    ok(emulator.call("PUT", f"sites/{SITE}/setting", body={"networks": networks}))
    for choice, vlan in (("setting", "2"), ("template", "1")):
        emulator.settings.update({"quirks": {"derived_clash": choice}})
        derived = ok(emulator.call("GET", f"sites/{SITE}/setting/derived"))["networks"]
        assert {name: net["vlan_id"] for name, net in derived.items()} == {"a": vlan, "b": "3"}


def test_a_deleted_site_is_forbidden_or_not_found(emulator: Emulator) -> None:
    ok(emulator.call("DELETE", f"sites/{SITE}"))
    assert emulator.call("GET", f"sites/{SITE}").status == 403
    emulator.settings.update({"quirks": {"deleted_site": "not_found", "not_found_body": "id"}})
    reply = emulator.call("GET", f"sites/{SITE}")
    assert (reply.status, list(reply.body)) == (404, ["id"])


@pytest.mark.parametrize(("choice", "expected"), [("seconds", r"\d+"), ("date", r"\w{3}, .* GMT"), ("absent", "")])
def test_the_wait_after_too_many_calls_is_said_in_a_form_or_not(choice: str, expected: str, emulator: Emulator) -> None:
    emulator.settings.update({"hourly_limit": 0, "quirks": {"retry_after": choice}})
    reply = emulator.call("GET", "self")
    assert reply.status == 429
    assert re.fullmatch(expected, reply.headers.get("Retry-After", ""))


def test_answers_may_be_of_the_other_content_type(emulator: Emulator) -> None:
    emulator.settings.update({"quirks": {"content_type": "vnd"}})
    assert emulator.call("GET", "self").headers["Content-Type"] == "application/vnd.api+json"


@pytest.mark.parametrize("seed", range(12))
def test_an_object_lives_under_every_draw_of_the_quirks(seed: int, emulator: Emulator) -> None:
    emulator.settings.update({"quirks": {"random": seed}})
    for name in ("networktemplates", "wlans", "psks", "wxtags", "nactags", "templates"):
        path = f"orgs/{ORG}/{name}"
        made = ok(emulator.call("POST", path, body={**body_for(name), "networks": {"a": {"vlan_id": 1}}}))
        again = ok(emulator.call("PUT", f"{path}/{made['id']}", body={"networks": {"b": {"vlan_id": 2}}}))
        assert list(again["networks"]) == ["b"]
        assert emulator.call("DELETE", f"{path}/{made['id']}").status == 200
