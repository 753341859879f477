"""`generate` without a template: a row is an object, and a cell the value of a field."""

import pytest

from reconciler.kinds import kinds
from reconciler.model.inventory import Inventory
from reconciler.model.values import Secret
from reconciler.stages.validate import validate
from tests.stages.compose.support import body, clean, composed, only

PSKS = """\
generate:
  - kind: psks
    rows: psks.csv
    columns: {name: Name, passphrase: {column: Key, secret: "env:PSK_"}, vlan_id: VLAN, id: Id}
    fields: {ssid: Guest, usage: multi}
"""
ASSETS = "generate: [{kind: assets, rows: assets.csv, bad_rows: skip}]\n"
MISTAKES = [
    ("{kind: psks}", "bad-project", "takes `rows` beside `kind`"),
    ("{kind: psks, template: x.yaml.j2, rows: t.csv}", "bad-project", "takes `template`, or `kind` and `rows`"),
    ("{template: x.yaml.j2, rows: t.csv, bad_rows: skip}", "bad-project", "go with `kind`"),
    ("{kind: psk, rows: t.csv, columns: {name: Nam}}", "bad-column", "t.csv has no column 'Nam'; did you mean 'Name'?"),
    ("{kind: pskz, rows: t.csv}", "unknown-kind", "did you mean 'psks'"),
    ("{kind: organisation_setting, rows: t.csv}", "unknown-kind", "there is only one"),
    ("{kind: psks, rows: u.csv}", "unknown-table", "u.csv is no file of the inventory"),
    ("{kind: psks, rows: meta.csv}", "bad-column", "the column 'absent' of meta.csv means more than a field"),
    ("{kind: psks, rows: t.csv, columns: {name: 1}}", "bad-project", "generate.0.columns.name"),
    ("{kind: psks, rows: t.csv, columns: {name: {column: Name, secret: 'cmd:x'}}}", "bad-project", "columns.name"),
    (
        "{kind: psks, rows: t.csv, columns: {passphrase: {column: Name, secret: 'env:P_'}}, fields: {name: x}}",
        "bad-secret-name",
        "no name of",
    ),
]


def checked(files: dict[str, str], project: str) -> Inventory:
    return validate(composed(files, project), kinds())


def test_each_row_is_an_object_with_the_fields_that_all_have() -> None:
    table = "Name,Key,VLAN,Id\nAnna #1,A,30,\n!secret env:X,B,,6f0a1b8c-1111-4222-8333-944445555666\n"
    found = clean({"psks.csv": table}, PSKS, environ={"PSK_A": "correct-horse", "PSK_B": "swordfish"})
    assert list(found) == ["psk.!secret env:X@Guest", "psk.Anna #1@Guest"]
    assert body(found, "psk.Anna #1@Guest") == {
        "name": "Anna #1",
        "ssid": "Guest",
        "usage": "multi",
        "vlan_id": "30",
        "passphrase": Secret("correct-horse", origin="env:PSK_A"),
    }
    other = found["psk.!secret env:X@Guest"]
    assert "vlan_id" not in other.body  # an empty cell says nothing
    assert other.api_id == "6f0a1b8c-1111-4222-8333-944445555666"
    assert str(other.source) == "reconciler.yaml:5:5 (with psks.csv:3)"


def test_columns_may_be_fields_by_their_own_names_nested_and_lists() -> None:
    project = (
        "generate:\n"
        "  - {kind: usermacs, rows: macs.csv}\n"
        "  - kind: sites\n    rows: sites.csv\n"
        "    columns: {name: Site, latlng.lat: lat, latlng.lng: lng, sitegroups: {column: groups, split: ';'}}\n"
    )
    files = {"macs.csv": "mac,vlan\n48:50:E0:12:34:56,30\n", "sites.csv": "Site;lat;lng;groups\nA/B;1.5;2;'x'\n"}
    files["sites.csv"] = "Site,lat,lng,groups\nA/B,1.5,2,emea; [old]\n"
    found = clean(files, project)
    assert body(found, "usermac.4850e0123456") == {"mac": "48:50:E0:12:34:56", "vlan": "30"}
    assert body(found, "site.A%2FB") == {
        "name": "A/B",
        "latlng": {"lat": "1.5", "lng": "2"},
        "sitegroups": ["emea", "[old]"],
    }


def test_a_table_in_yaml_keeps_its_types_and_its_secrets() -> None:
    found = clean(
        {"psks.yaml": "- {name: A, ssid: G, passphrase: !secret env:X, vlan_id: 30}\n"},
        "generate: [{kind: psks, rows: psks.yaml}]\n",
        environ={"X": "sesame"},
    )
    assert body(found, "psk.A@G") == {
        "name": "A",
        "ssid": "G",
        "passphrase": Secret("sesame", origin="env:X"),
        "vlan_id": 30,
    }


@pytest.mark.parametrize(("entry", "rule", "part"), MISTAKES, ids=[entry for entry, *_ in MISTAKES])
def test_a_mistake_in_an_entry_is_told_at_its_place(entry: str, rule: str, part: str) -> None:
    files = {"t.csv": "Name\na b\n", "meta.csv": "name,absent\na,TRUE\n", "x.yaml.j2": ""}
    found = only(composed(files, f"generate: [{entry}]\n"))
    assert (found.rule, found.source and found.source.line) == (rule, 2)
    assert part in found.detail


def test_a_bad_row_is_named_and_left_out_alone() -> None:
    table = "name,mac\nbed 7,5c5b350e0001\nbed 8,5c5b350e00zz\n,5c5b350e0003\nbed 9,5c5b350e0004\nbed 9,5c5b350e0005\n"
    found = checked({"assets.csv": table}, ASSETS)
    assert [str(item.address) for item in found.resources] == ["asset.bed 7"]
    assert found.incomplete == {"asset"}
    assert {item.rule for item in found.diagnostics} == {"bad-row"}
    told = "\n".join(item.detail for item in found.diagnostics)
    parts = ["(bad-value)", "(with assets.csv:3, column 'mac')", "(no-name)", "(with assets.csv:4)"]
    parts.append("(with assets.csv:6")  # declared twice: nobody knows which of the two is meant
    assert [part for part in parts if part not in told] == []


def test_without_that_word_a_bad_row_is_an_error_as_any_other() -> None:
    found = checked({"assets.csv": "name,mac\nx,y\n"}, ASSETS.replace(", bad_rows: skip", ""))
    assert [item.rule for item in found.diagnostics] == ["bad-value"]
    assert (len(found.resources), found.incomplete) == (1, frozenset())


def test_what_all_rows_share_is_no_error_of_a_row() -> None:
    project = ASSETS.replace("bad_rows", "fields: {map_id: 7}, bad_rows")
    found = checked({"assets.csv": "name,mac\nx,5c5b350e0001\n"}, project)
    assert [item.rule for item in found.diagnostics] == ["wrong-type"]
