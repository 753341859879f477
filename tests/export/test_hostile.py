"""Organisations that are not tidy: names that hurt, references that lead nowhere, lists that can't be read."""

from pathlib import Path

import pytest

from reconciler.export.items import Selection
from reconciler.pipeline.again import export_again
from reconciler.pipeline.export import read_everything
from reconciler.sources.texts import TextTree
from reconciler.sources.writing import write_files
from tests.export.support import QUIET, exported, objects_in, prove, rebuilt, told
from tests.world import ORG, world

A, B, C = (f"{number}0000000-0000-4000-8000-000000000000" for number in "abc")
HOSTILE = (
    "HQ [old]",
    "50 % off / on",
    "*",
    "?",
    " ends with blanks ",
    "café",
    "日本",
    "- dash",
    "a: b #c",
    "con",
    "\"'",
    "..x",
)


def test_names_with_every_sign_are_found_again() -> None:
    acme = world(
        QUIET,
        sites=[{"name": name, "country_code": "FR", "timezone": "UTC"} for name in HOSTILE],
        sitegroups=[{"name": name} for name in HOSTILE],
    )
    acme.call(
        "POST",
        f"sites/{acme.only(f'orgs/{ORG}/sites', name='*')['id']}/wlans",
        {"ssid": "a/b [c]%", "auth": {"type": "open"}},
    )
    export = exported(acme)
    prove(acme, export)
    assert told(export) == {}
    assert len(objects_in(export)) == 2 * len(HOSTILE) + 1
    assert len({name.casefold() for name in export.files}) == len(export.files)


def test_names_that_differ_in_blanks_alone_are_pinned() -> None:
    acme = world(QUIET, sitegroups=[{"id": A, "name": "Lab"}, {"id": B, "name": "Lab "}])
    export = exported(acme)
    prove(acme, export)
    text = export.files["organisation/sitegroups.yaml"]
    assert f"id: {A}" in text
    assert f"id: {B}" in text
    assert list(objects_in(rebuilt(export))) == list(objects_in(export))


def test_of_names_that_differ_in_case_one_is_left_out_and_told() -> None:
    acme = world(QUIET, sitegroups=[{"id": A, "name": "Lab"}, {"id": B, "name": "LAB"}])
    export = exported(acme)
    prove(acme, export)
    assert len(objects_in(export)) == 1
    (words,) = told(export)["not-exported"]
    assert "on the cloud the two would be mixed up" in words


def test_two_wlans_of_one_ssid_that_a_field_tells_apart_have_keys_and_no_ids() -> None:
    wlan = {"ssid": "Corp", "template_id": A, "auth": {"type": "open"}}
    wlans = [{**wlan, "id": B, "bands": ["24"]}, {**wlan, "id": C, "bands": ["5"]}]
    acme = world(QUIET, templates=[{"id": A, "name": "t"}], wlans=wlans)
    export = exported(acme)
    prove(acme, export)
    text = export.files["wireless/wlantemplates/t.yaml"]
    assert [line.strip(" -") for line in text.splitlines() if "key:" in line or "id:" in line] == [
        "ssid: Corp",
        "key: Corp-1",
        "ssid: Corp",
        "key: Corp-2",
    ]
    acme.call("POST", f"orgs/{ORG}/wlans", {**wlan, "bands": ["6"]})
    matches = read_everything(acme.client, org_id=ORG)
    again = export_again(TextTree(export.files), matches, environ={})
    assert [item.text for item in again.new] == ["wlantemplate.t/wlan.Corp-3"]
    assert "key: Corp-3" in str(again.files["wireless/wlantemplates/t.yaml"])


def test_two_wlans_of_one_ssid_in_one_template_are_pinned_under_keys_of_their_own() -> None:
    wlan = {"ssid": "Corp", "template_id": A, "auth": {"type": "open"}}
    wlans = [{**wlan, "id": B}, {**wlan, "id": C, "bands": ["5"]}]
    tag = {"name": "on-5", "match": "wlan_id", "values": [C], "type": "match"}
    acme = world(QUIET, templates=[{"id": A, "name": "t"}], wlans=wlans, wxtags=[tag])
    export = exported(acme)
    prove(acme, export)
    found = objects_in(export)
    assert [text for text in found if "wlan." in text] == ["wlantemplate.t/wlan.Corp-1", "wlantemplate.t/wlan.Corp-2"]
    assert found["wlantemplate.t/wlan.Corp-2"]["bands"] == ["5"]
    assert found["wxtag.on-5"]["values"] == ["Corp-2"]
    text = export.files["wireless/wlantemplates/t.yaml"]
    assert f"      - ssid: Corp\n        id: {B}\n        key: Corp-1\n" in text
    assert told(export) == {}
    bodies = [body for text, body in objects_in(rebuilt(export)).items() if "wlan." in text]
    assert sorted(map(str, bodies)) == sorted(str(body) for text, body in found.items() if "wlan." in text)
    files, matches = export.files, read_everything(acme.client, org_id=ORG)
    again = export_again(TextTree(files), matches, environ={})
    assert (again.files, again.new, again.gone, again.diagnostics) == ({}, (), (), ())
    acme.call("PUT", f"orgs/{ORG}/wlans/{C}", {"bands": ["24"]})
    again = export_again(TextTree(files), read_everything(acme.client, org_id=ORG), environ={})
    assert [(item.address.text, item.path) for item in again.fields] == [("wlantemplate.t/wlan.Corp-2", "bands")]


def test_two_templates_of_one_name_are_left_out_with_both_ids() -> None:
    acme = world(QUIET, templates=[{"id": A, "name": "t"}, {"id": B, "name": "t"}])
    export = exported(acme)
    prove(acme, export)
    assert objects_in(export) == {}
    assert [A in words or B in words for words in told(export)["ambiguous-live"]] == [True, True]


def test_a_reference_to_a_deleted_object_is_left_out_and_the_rest_of_its_list_stays() -> None:
    site = {"id": B, "name": "HQ", "sitegroup_ids": [A, C], "rftemplate_id": C}
    acme = world(QUIET, sitegroups=[{"id": A, "name": "emea"}], sites=[site])
    export = exported(acme)
    prove(acme, export)
    body = objects_in(export)["site.HQ"]
    assert body["sitegroups"] == ["emea"]
    assert "rftemplate" not in body
    assert len(told(export)["dangling-reference"]) == 2


def test_a_list_that_may_not_be_read_is_told_and_what_names_its_objects_goes_on() -> None:
    acme = world(QUIET, rftemplates=[{"id": A, "name": "rf"}], sites=[{"name": "HQ", "rftemplate_id": A}])
    acme.emulator.faults.replace([{"method": "GET", "path": "rftemplates", "times": 99, "status": 403}])
    export = exported(acme)
    assert "rftemplate" not in objects_in(export)["site.HQ"]
    assert "nothing is known of the rftemplate objects" in told(export)["unread"][0]
    assert A in told(export)["dangling-reference"][0]


def test_objects_of_kinds_that_nobody_can_declare_are_listed_by_name() -> None:
    acme = world(QUIET, apitokens=[{"name": "pipeline"}])
    assert told(exported(acme))["not-modelled"] == ["None: apitokens: pipeline"]


def test_a_part_names_what_it_leaves_out_as_external() -> None:
    acme = world(
        QUIET,
        sitegroups=[{"id": A, "name": "emea"}],
        sites=[{"id": B, "name": "HQ", "sitegroup_ids": [A]}, {"name": "Lab"}],
    )
    export = exported(acme, Selection(sites="H*", kinds=frozenset({"site"})))
    prove(acme, export)
    assert list(objects_in(export)) == ["site.HQ"]
    assert "external: {sitegroups: [emea]}" in export.files["reconciler.yaml"]


def test_fields_that_no_model_knows_stand_under_raw() -> None:
    acme = world(QUIET, rftemplates=[{"name": "rf", "band_5": {"brand_new": 3, "power": 5}, "newest": [1]}])
    export = exported(acme)
    prove(acme, export)
    assert "    raw:\n      band_5: {brand_new: 3}\n      newest: [1]\n" in export.files["wireless/rftemplates/rf.yaml"]


def test_masked_secrets_are_references_and_the_export_is_proved_without_them() -> None:
    acme = world(
        None, webhooks=[{"name": "w", "url": "https://h.example.net/", "topics": ["audits"], "secret": "canary-1"}]
    )
    acme.emulator.settings.update({"quirks": {"mask_secrets": True}})
    export = exported(acme)
    assert "secret: !secret env:W_SECRET" in export.files["organisation/webhooks.yaml"]


def test_files_appear_all_or_none(tmp_path: Path) -> None:
    (tmp_path / "b").write_text("a file where a directory has to be")
    with pytest.raises(OSError, match=r"exists|directory"):
        write_files(tmp_path, {"a/x.yaml": "1", "a.yaml": "1", "b/y.yaml": "2"})
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b"]


def test_a_file_that_is_replaced_comes_back_when_another_can_not_be_removed(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("old")
    with pytest.raises(OSError, match="No such file"):
        write_files(tmp_path, {"a.yaml": "new", "c/d.yaml": "new"}, removed=["gone.yaml"])
    assert (tmp_path / "a.yaml").read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["a.yaml"]
