"""The rows of a spreadsheet become objects of an inventory, in files or as a template and a table."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reconciler.errors import InventoryError, UsageError
from reconciler.kinds import kinds
from reconciler.pipeline.offline import load_inventory
from reconciler.pipeline.rows import RowsImport, Spreadsheet, import_rows
from reconciler.sources.edited import EditedTree
from reconciler.sources.texts import TextTree
from tests.strategies import WORDS

PROJECT = {"reconciler.yaml": "version: 1\norg: {name: Acme}\n# what we know\nexternal: {sitegroups: [emea]}\n"}
STORES = """\
name,address,latlng.lat,latlng.lng,sitegroups,rftemplate,setting.vars.vlan,notes
Store #1 [x],"12 Main St #5, Rear",47.1000,2.50,emea;west,indoor,0020,~
@home,,48.1,3.0,emea,indoor,20,"!secret env:X"
 Unit 4: 50 % / a ,4 quai,49,3,emea,,30,${ x }
"""
FORMS = pytest.mark.parametrize("as_table", [False, True])


def imported(
    content: str, kind: str = "site", *, files: Mapping[str, str] = PROJECT, as_table: bool = False, **fields: str
) -> RowsImport:
    sheet = Spreadsheet(content=content.encode(), file="rows.csv", kind=kinds()[kind], fields=fields)
    return import_rows(sheet, TextTree(files), environ={}, as_table=as_table)


def objects_in(done: RowsImport, files: Mapping[str, str] = PROJECT, **environ: str) -> dict[str, dict[str, Any]]:
    found = load_inventory(EditedTree(TextTree(files), done.files), environ=environ)
    assert [item.detail for item in found.diagnostics if item.severity == "error"] == []
    return {item.address.text: dict(item.body) for item in found.resources}


@FORMS
def test_a_cell_is_what_its_field_takes_and_else_that_very_text(as_table: bool) -> None:
    done = imported(STORES, as_table=as_table)
    found = objects_in(done)
    assert found["site.Store #1 [x]"] == {
        "name": "Store #1 [x]",
        "address": "12 Main St #5, Rear",
        "latlng": {"lat": 47.1, "lng": 2.5},
        "sitegroups": ["emea", "west"],
        "rftemplate": "indoor",
        "notes": "~",
    }
    assert found["site.Store #1 [x]/setting"] == {"vars": {"vlan": "0020"}}
    assert found["site.@home"]["notes"] == "!secret env:X"
    assert found["site.Unit 4: 50 %25 %2F a"]["notes"] == "${ x }"
    assert "# what we know\nexternal:" in done.files["reconciler.yaml"]
    assert [item.detail.partition(".")[0] for item in done.diagnostics] == ["rftemplates: indoor", "sitegroups: west"]


def test_files_hold_the_objects_or_a_template_and_a_table_that_generate_names() -> None:
    assert "sites/home.yaml" in imported(STORES).files
    files = imported(STORES, as_table=True).files
    assert sorted(files) == ["reconciler.yaml", "sites/sites.csv", "sites/sites.yaml.j2"]
    assert "generate:\n  - {template: sites/sites.yaml.j2, rows: sites/sites.csv}\n" in files["reconciler.yaml"]


def test_a_template_that_is_there_and_other_files_stay_as_they_are() -> None:
    files = {
        "reconciler.yaml": "version: 1\ngenerate:\n- rows: sites/sites.csv\n  template: sites/sites.yaml.j2 # ours\n",
        "sites/sites.yaml.j2": "sites:\n  - name: ${ name }\n",
        "sites/sites.csv": "name\nHQ\n",
    }
    done = imported("name,notes\nLab,x\n", files=files, as_table=True)
    assert sorted(done.files) == ["reconciler.yaml", "sites/sites-2.csv", "sites/sites-2.yaml.j2"]
    assert "sites.yaml.j2 # ours\n" in done.files["reconciler.yaml"]
    assert sorted(objects_in(done, files)) == ["site.HQ", "site.Lab"]


def test_new_objects_go_where_their_like_are() -> None:
    files = {"reconciler.yaml": "version: 1\n", "all.yaml": "sites:\n  - name: A # a\n  - name: B\n"}
    assert imported("name\nC\n", files=files).files == {
        "all.yaml": "sites:\n  - name: A # a\n  - name: B\n  - {name: C}\n"
    }


@FORMS
def test_a_secret_is_a_reference_and_stands_in_no_file(as_table: bool) -> None:
    rows = "name,ssid,passphrase,vlan_id\nann,Staff,canary-12345,10\nbob,Staff,canary-22345,20\n"
    done = imported(rows, "psk", as_table=as_table)
    assert "canary" not in "".join(done.files.values())
    assert len(done.secrets) == 2
    assert all(f"\n{name}=\n" in done.files["example.env"] for name in done.secrets)
    found = objects_in(done, **dict(zip(done.secrets, ("canary-12345", "canary-22345"), strict=True)))
    assert found["psk.ann@Staff"]["passphrase"].reveal() == "canary-12345"


def test_what_lies_in_a_site_names_it_in_a_column() -> None:
    files = {**PROJECT, "hq.yaml": "sites:\n  - name: HQ\n"}
    done = imported("mac,site,name\n5C-5B-35-00-01-01,HQ,lobby\n5c5b35000102,Lab,\n", "ap", files=files)
    assert '    aps:\n      - {mac: "5C-5B-35-00-01-01", name: lobby}\n' in done.files["hq.yaml"]
    assert "site.Lab/ap.5c5b35000102" in objects_in(done, files)
    assert "sites: Lab." in done.diagnostics[0].detail


def test_a_column_is_mapped_or_left_out() -> None:
    done = imported(
        "Store Name,Site Groups,x\nA,emea,1\n", **{"Store Name": "name", "Site Groups": "sitegroups", "x": ""}
    )
    assert objects_in(done) == {"site.A": {"name": "A", "sitegroups": ["emea"]}}


@pytest.mark.parametrize(
    ("content", "fields", "words"),
    [
        ("name,colour,adress\nA,red,x\n", {}, ["colour", "adress  (did you mean address?)", "--map COLUMN=FIELD"]),
        ("name,x\nA,1\n", {"x": "latlng"}, ["x=latlng"]),
        ("name,x\nA,1\n", {"x": "wlans"}, ["x=wlans"]),
        ("name,x\nA,1\n", {"y": "notes"}, ["no such column", "name, x"]),
        ("name,x\nA,1\n", {"x": "name"}, ["Two columns", "`name`"]),
    ],
)
def test_a_column_that_means_nothing_is_refused_with_what_helps(
    content: str, fields: dict[str, str], words: list[str]
) -> None:
    with pytest.raises(UsageError) as error:
        imported(content, **fields)
    assert [word for word in words if word not in f"{error.value} {error.value.remedy}"] == []


@pytest.mark.parametrize(
    ("content", "kind", "place", "words"),
    [
        ("name,notes\n,x\n", "site", "rows.csv:2:1", "`name` is empty"),
        ("name\nA\nA\n", "site", "rows.csv:3:1", "site.A has a row already: line 2"),
        ("name,latlng.lat,latlng.lng\nA,north,1\n", "site", "rows.csv:2:1", "latitude"),
        ("name,setting.rogue.min_rssi\nA,loud\n", "site", "rows.csv:2:1", "number"),
        ("mac,name\n5c5b35000102,x\n", "ap", "rows.csv:2:1", "`site` is empty"),
        ("name\nHQ\n", "site", "rows.csv:2:1", "site.HQ"),
        ("name,notes\nA\n", "site", "rows.csv:2:1", "1 cells"),
        ("", "site", "rows.csv:1:1", "must name the columns"),
    ],
)
def test_a_row_that_is_no_object_is_named_and_nothing_comes_of_it(
    content: str, kind: str, place: str, words: str
) -> None:
    with pytest.raises(InventoryError) as error:
        imported(content, kind, files={**PROJECT, "hq.yaml": "sites:\n  - name: HQ\n"})
    (found,) = error.value.diagnostics
    assert words in f"{found.summary} {found.detail}"
    assert str(found.source) == place


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(notes=st.lists(WORDS.filter(str.strip), min_size=1, max_size=4), as_table=st.booleans())
def test_any_text_comes_through(notes: list[str], as_table: bool) -> None:
    quoted = (note.replace('"', '""') for note in notes)
    done = imported("name,notes\n" + "".join(f'S{at},"{note}"\n' for at, note in enumerate(quoted)), as_table=as_table)
    found = objects_in(done)
    assert [found[f"site.S{at}"]["notes"] for at in range(len(notes))] == [note.strip() for note in notes]
