"""An export onto a tree that people edit changes what changed live, and nothing else."""

import difflib
from collections.abc import Mapping
from typing import Any

import pytest

from reconciler.errors import InventoryError
from reconciler.model.address import Address
from reconciler.model.options import Options
from reconciler.pipeline.again import Again, export_again
from reconciler.pipeline.export import read_everything
from reconciler.pipeline.offline import load_inventory
from reconciler.pipeline.online import apply_plan, make_plan
from reconciler.sources.texts import TextTree
from tests.export.support import QUIET, exported
from tests.world import ORG, World, world

PROJECT = "version: 1\norg: {name: Acme}\n"
SITES = """\
# Our sites, as the network team wrote them.
sites:
  - name: HQ   # the headquarters
    country_code: FR
    timezone: Europe/Paris
    setting:
      # the vlan of the tills
      vars: {tills: "10"}
    wlans:
      - ssid: Lab
        auth: {type: psk, psk: !secret env:LAB_PSK}
  - name: Depot
    country_code: FR
    timezone: Europe/Paris
sitegroups:
  - name: emea
"""
FILES = {"reconciler.yaml": PROJECT, "sites.yaml": SITES}


@pytest.fixture
def acme() -> World:
    """The organisation that the files declare."""
    return world(
        QUIET,
        sites=[
            {
                "name": "HQ",
                "country_code": "FR",
                "timezone": "Europe/Paris",
                "setting": {"vars": {"tills": "10"}},
                "wlans": [{"ssid": "Lab", "auth": {"type": "psk", "psk": "canary-psk-1"}}],
            },
            {"name": "Depot", "country_code": "FR", "timezone": "Europe/Paris"},
        ],
        sitegroups=[{"name": "emea"}],
    )


def again(acme: World, files: Mapping[str, str] = FILES, **options: Any) -> Again:
    matches = read_everything(acme.client, org_id=ORG)
    environ = options.pop("environ", {"LAB_PSK": "canary-psk-1"})
    return export_again(TextTree(files), matches, environ=environ, **options)


def lines(before: str, after: str) -> list[str]:
    """The lines that a diff shows as gone or new."""
    rows = difflib.unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm="")
    return [row for row in rows if row[:1] in "+-" and row[:3] not in ("+++", "---")]


def site(acme: World, name: str = "HQ") -> str:
    return str(acme.only(f"orgs/{ORG}/sites", name=name)["id"])


def test_a_tree_that_says_what_is_live_stays_as_it_is(acme: World) -> None:
    found = again(acme)
    assert (found.files, found.removed, found.diagnostics) == ({}, (), ())


def test_a_change_by_hand_is_a_diff_of_one_line(acme: World) -> None:
    acme.call("PUT", f"sites/{site(acme)}/setting", {"vars": {"tills": "20"}})
    found = again(acme)
    assert lines(SITES, found.files["sites.yaml"]) == ['-      vars: {tills: "10"}', '+      vars: {tills: "20"}']


def test_what_was_set_live_and_is_not_declared_is_added_to_its_object(acme: World) -> None:
    acme.call("PUT", f"sites/{site(acme)}", {"notes": "third floor"})
    acme.call("PUT", f"sites/{site(acme, 'Depot')}/setting", {"rogue": {"enabled": True}})
    found = again(acme)
    assert lines(SITES, found.files["sites.yaml"]) == [
        "+    notes: third floor",
        "+    setting: {rogue: {enabled: true}}",
    ]


def test_new_objects_go_where_their_like_are(acme: World) -> None:
    acme.call("POST", f"orgs/{ORG}/sitegroups", {"name": "apac"})
    acme.call("POST", f"sites/{site(acme)}/wlans", {"ssid": "Guest", "auth": {"type": "open"}})
    acme.call("POST", f"orgs/{ORG}/rftemplates", {"name": "dense"})
    template = acme.call("POST", f"orgs/{ORG}/templates", {"name": "corp"})
    acme.call("POST", f"orgs/{ORG}/wlans", {"ssid": "C", "template_id": template["id"], "auth": {"type": "open"}})
    found = again(acme)
    assert lines(SITES, found.files["sites.yaml"]) == [
        "+      - {ssid: Guest, auth: {type: open}}",
        "+  - {name: apac}",
    ]
    assert "- {name: dense}" in found.files["wireless/rftemplates/dense.yaml"]
    assert "\n      - {ssid: C, auth: {type: open}}\n" in found.files["wireless/wlantemplates/corp.yaml"]


def test_a_new_site_comes_with_what_lies_in_it_and_its_secrets_are_references(acme: World) -> None:
    made = acme.call("POST", f"orgs/{ORG}/sites", {"name": "Lab 2", "country_code": "FR", "timezone": "Europe/Paris"})
    acme.call("POST", f"sites/{made['id']}/wlans", {"ssid": "Lab", "auth": {"type": "psk", "psk": "canary-psk-2"}})
    acme.call("POST", f"sites/{made['id']}/wlans", {"ssid": "Old", "auth": {"type": "psk", "psk": "canary-psk-1"}})
    found = again(acme)
    text = found.files["sites.yaml"]
    assert "psk: !secret env:LAB_PSK_2" in text
    assert text.count("env:LAB_PSK}") == 2, "an equal secret of the same field has its name already"
    assert "LAB_PSK_2=\n" in found.files["example.env"]
    assert "canary" not in str(found.files)
    assert "env_file: secrets.env" in found.files["reconciler.yaml"]


def test_what_is_gone_live_is_told_and_removed_when_asked_for(acme: World) -> None:
    wlan = acme.only(f"sites/{site(acme)}/wlans", ssid="Lab")
    acme.call("DELETE", f"sites/{site(acme)}/wlans/{wlan['id']}")
    acme.call("DELETE", f"orgs/{ORG}/sites/{site(acme, 'Depot')}".replace(f"orgs/{ORG}/", ""))
    told = again(acme)
    assert (told.files, [item.rule for item in told.diagnostics]) == ({}, ["gone", "gone"])
    found = again(acme, remove=True)
    assert found.gone == (Address("site.Depot"), Address("site.HQ/wlan.Lab"))
    assert lines(SITES, found.files["sites.yaml"]) == [
        "-    wlans:",
        "-      - ssid: Lab",
        "-        auth: {type: psk, psk: !secret env:LAB_PSK}",
        "-  - name: Depot",
        "-    country_code: FR",
        "-    timezone: Europe/Paris",
    ]


def test_a_file_without_any_object_left_goes(acme: World) -> None:
    files = {**FILES, "old.yaml": "sitegroups:\n  - name: apac\n"}
    assert again(acme, files, remove=True).removed == ("old.yaml",)


def test_secrets_that_are_not_at_hand_are_taken_for_what_is_live(acme: World) -> None:
    acme.call("PUT", f"sites/{site(acme)}", {"notes": "x"})
    assert lines(SITES, again(acme, environ={}).files["sites.yaml"]) == ["+    notes: x"]


def test_a_changed_secret_is_told_and_never_written(acme: World) -> None:
    found = again(acme, environ={"LAB_PSK": "another-psk"})
    assert found.files == {}
    assert [item.rule for item in found.diagnostics] == ["not-written"]


def test_what_a_template_makes_is_told_and_stays(acme: World) -> None:
    files = {
        "reconciler.yaml": f"{PROJECT}generate:\n  - {{template: s.yaml.j2, rows: s.csv}}\n",
        "s.yaml.j2": "sites:\n  - name: ${ name }\n    country_code: FR\n    timezone: Europe/Paris\n",
        "s.csv": "name\nHQ\nDepot\n",
    }
    acme.call("PUT", f"sites/{site(acme)}", {"timezone": "UTC"})
    found = again(acme, files)
    assert "timezone" not in str(found.files)
    assert "not-written" in [item.rule for item in found.diagnostics]
    assert "wlans:\n  - ssid: Lab\n    site: HQ\n" in found.files["sites/hq.yaml"]


ROWS = 'name;street;tills;zone;notes\r\nHQ;"Place ""A""";10;Paris;\r\n\r\nDepot; Allée 5 ;20;Paris;"two\r\nlines"\r\n'
TEMPLATE = """\
sites:
  - name: ${ name }
    country_code: FR
    timezone: Europe/${ zone }
    address: ${ street }
    notes: ${ notes }
    setting: {vars: {tills: "${ tills }", twice: "${ tills | int * 2 }"}}
"""


class Tree:
    """Files of which one is no UTF-8."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self.files = files

    def paths(self) -> tuple[str, ...]:
        return tuple(sorted(self.files))

    def read(self, path: str) -> bytes:
        return self.files[path]


@pytest.fixture
def from_rows() -> tuple[World, Tree]:
    """An organisation that a table in Excel's way declares."""
    files = {
        "reconciler.yaml": f"{PROJECT}generate:\n  - {{template: s.yaml.j2, rows: s.csv}}\n".encode(),
        "s.yaml.j2": TEMPLATE.encode(),
        "s.csv": ROWS.encode("cp1252"),
    }
    acme = world(QUIET)
    inventory = load_inventory(Tree(files), environ={})
    apply_plan(make_plan(inventory, acme.client, org_id=ORG, options=Options()), acme.client, options=Options())
    return acme, Tree(files)


def test_a_live_value_goes_into_the_cell_that_it_comes_from(from_rows: tuple[World, Tree]) -> None:
    acme, tree = from_rows

    def once_more(**options: Any) -> Again:
        return export_again(tree, read_everything(acme.client, org_id=ORG), environ={}, **options)

    assert once_more().files == {}
    acme.call("PUT", f"sites/{site(acme)}", {"address": "Rue; 1", "notes": "café", "timezone": "UTC"})
    acme.call("PUT", f"sites/{site(acme, 'Depot')}", {"address": "Allée 6", "notes": "gone €"})
    acme.call("PUT", f"sites/{site(acme, 'Depot')}/setting", {"vars": {"tills": "30", "twice": "40"}})
    found = once_more()
    assert found.files == {
        "s.csv": ROWS.replace('"Place ""A"""', '"Rue; 1"')
        .replace("Paris;\r\n\r\n", "Paris;café\r\n\r\n")
        .replace(" Allée 5 ", " Allée 6 ")
        .replace('"two\r\nlines"', '"gone €"')
        .encode("cp1252")
    }
    reasons = {item.address: item.detail for item in found.diagnostics if item.rule == "not-written"}
    assert "made of the column 'zone' by an expression" in reasons["site.HQ"]
    assert "`vars.twice` of site.Depot/setting comes from the column 'tills', too" in reasons["site.Depot/setting"]


def test_a_new_object_that_a_row_can_make_is_a_row_and_another_one_a_file(from_rows: tuple[World, Tree]) -> None:
    acme, tree = from_rows
    files = {**tree.files, "s.yaml.j2": TEMPLATE.replace(', twice: "${ tills | int * 2 }"', "").encode()}
    for name in ("HQ", "Depot"):
        acme.call("PUT", f"sites/{site(acme, name)}/setting", {"vars": {"tills": "10" if name == "HQ" else "20"}})
    plain = TEMPLATE.replace("Europe/${ zone }", "${ zone }").replace(', twice: "${ tills | int * 2 }"', "")
    tree = Tree({**files, "s.yaml.j2": plain.encode(), "s.csv": ROWS.replace("Paris", "Europe/Paris").encode("cp1252")})
    for name, more in (("Shop; 1", {}), ("Other", {"latlng": {"lat": 1.5, "lng": 2.5}})):
        body = {"name": name, "country_code": "FR", "timezone": "Europe/Rome", "address": "Café 3", **more}
        made = acme.call("POST", f"orgs/{ORG}/sites", body)
        acme.call("PUT", f"sites/{made['id']}/setting", {"vars": {"tills": "7"}})
    acme.call("PUT", f"sites/{site(acme)}", {"address": ""})
    found = export_again(tree, read_everything(acme.client, org_id=ORG), environ={})
    assert set(found.files) == {"s.csv", "sites/other.yaml"}
    assert found.files["s.csv"] == tree.files["s.csv"].replace(
        b'"Place ""A"""', b'""'
    ) + '"Shop; 1";Café 3;7;Europe/Rome;\r\n'.encode("cp1252")
    assert [item.rule for item in found.diagnostics] == []


FLAT = {
    "reconciler.yaml": f"""\
{PROJECT}generate:
  - kind: usermacs
    rows: macs.csv
    columns: {{mac: MAC, vlan: VLAN, labels: {{column: Labels, split: "|"}}, notes: Notes}}
  - kind: psks
    rows: psks.csv
    columns: {{name: name, passphrase: {{column: secret, secret: "env:PSK_"}}, vlan_id: vlan}}
    fields: {{ssid: Lab, usage: multi}}
""",
    "macs.csv": "MAC,VLAN,Labels,Notes\naabbccddee01,30,a | b,x\naabbccddee02,31,,\n",
    "psks.csv": "name,secret,vlan\nann,A,7\nbob,B,8\n",
}


def test_rows_that_are_objects_change_come_and_go_and_a_new_secret_has_a_file() -> None:
    acme, environ = world(QUIET), {"PSK_A": "canary-psk-a", "PSK_B": "canary-psk-b"}
    inventory = load_inventory(TextTree(FLAT), environ=environ)
    apply_plan(make_plan(inventory, acme.client, org_id=ORG, options=Options()), acme.client, options=Options())
    macs = {item["mac"]: item["id"] for item in acme.call("GET", f"orgs/{ORG}/usermacs/search")}
    psks = {item["name"]: item["id"] for item in acme.call("GET", f"orgs/{ORG}/psks")}
    acme.call("PUT", f"orgs/{ORG}/usermacs/{macs['aabbccddee01']}", {"labels": ["a", "c"], "vlan": "99"})
    acme.call("PUT", f"orgs/{ORG}/usermacs/{macs['aabbccddee02']}", {"notes": "late, note"})
    acme.call("POST", f"orgs/{ORG}/usermacs", {"mac": "aabbccddee03", "labels": ["q", "r"], "vlan": "5"})
    acme.call("PUT", f"orgs/{ORG}/psks/{psks['ann']}", {"vlan_id": 77})
    acme.call("DELETE", f"orgs/{ORG}/psks/{psks['bob']}")
    acme.call("POST", f"orgs/{ORG}/psks", {"name": "cy", "passphrase": "canary-psk-c", "ssid": "Lab", "usage": "multi"})
    found = again(acme, FLAT, environ=environ, remove=True)
    assert found.files["macs.csv"] == (
        b'MAC,VLAN,Labels,Notes\naabbccddee01,99,a|c,x\naabbccddee02,31,,"late, note"\naabbccddee03,5,q|r,\n'
    )
    assert found.files["psks.csv"] == b"name,secret,vlan\nann,A,77\n"
    assert "passphrase: !secret env:CY_LAB_PASSPHRASE" in str(found.files["wireless/psks.yaml"])
    assert (found.diagnostics, "canary" in str(found.files)) == ((), False)


def test_the_row_of_what_is_gone_goes_where_all_that_it_made_is_gone(from_rows: tuple[World, Tree]) -> None:
    acme, tree = from_rows
    acme.call("DELETE", f"sites/{site(acme, 'Depot')}")
    found = export_again(tree, read_everything(acme.client, org_id=ORG), environ={}, remove=True)
    assert found.files == {"s.csv": ROWS[: ROWS.index("Depot")].encode("cp1252")}
    assert found.diagnostics == ()


def test_an_inventory_with_mistakes_is_refused(acme: World) -> None:
    with pytest.raises(InventoryError):
        again(acme, {**FILES, "x.yaml": "sites:\n  - {name: HQ}\n"})


def test_only_what_nothing_declares_is_adopted_where_that_is_wanted(acme: World) -> None:
    acme.call("PUT", f"sites/{site(acme)}", {"timezone": "UTC"})
    acme.call("POST", f"orgs/{ORG}/sitegroups", {"name": "apac"})
    assert lines(SITES, again(acme, only_new=True).files["sites.yaml"]) == ["+  - {name: apac}"]


def test_what_can_not_be_read_stays_even_where_what_is_gone_is_removed(acme: World) -> None:
    acme.emulator.faults.replace([{"method": "GET", "path": "sitegroups", "times": 99, "status": 403}])
    acme.call("PUT", f"sites/{site(acme)}", {"notes": "x"})
    found = again(acme, remove=True)
    assert lines(SITES, found.files["sites.yaml"]) == ["+    notes: x"]
    assert found.gone == ()
    assert "unread" in [item.rule for item in found.diagnostics]


def test_an_export_edited_by_hand_and_exported_again_differs_in_that_line(acme: World) -> None:
    first = exported(acme)
    file = "sites/hq.yaml"
    edited = first.files[file].replace('tills: "10"', 'tills: "99"')
    secrets = {name: secret.reveal() for name, secret in first.secrets.items()}
    found = again(acme, {**first.files, file: edited}, environ=secrets)
    assert lines(edited, found.files.pop(file)) == [
        '-    setting: {vars: {tills: "99"}}',
        '+    setting: {vars: {tills: "10"}}',
    ]
    assert found.files == {}
