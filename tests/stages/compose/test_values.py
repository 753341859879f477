"""`${ }` inserts values: what a cell, a row or a variable holds is that very text, and never becomes syntax."""

from typing import Any

import pytest

from reconciler.diagnostics import Cell, Diagnostic, Severity, SourceRange, in_order
from reconciler.kinds import kinds
from reconciler.model.inventory import Inventory
from reconciler.model.values import YamlList
from reconciler.report.origins import explain
from reconciler.semantics.forms import with_references
from reconciler.stages.validate import validate
from tests.stages.compose.support import composed, only

PROJECT = "generate: [{template: t.yaml.j2, rows: r.csv}]\n"
CELLS = [
    "12 Main St #5",
    "#9 Dock Rd",
    "~",
    "null",
    "!secret env:CI_TOKEN",
    "!secret cmd:id",
    "!merge",
    "Unit 4: Rear",
    "* Mall",
    "&x y",
    "@x",
    "{M}",
    "[M]",
    "{{M}}",
    "${ address }",
    "{% for x in y %}",
    "| >",
    "a\nid: 00000000-0000-4000-8000-000000000001\nwebhooks: [{name: x}]",
    "a\r\n  - b",
    "'",
    '"',
    '\\"\\x41',
    "- a",
    "? a",
    "%YAML 1.1",
    "---",
    "...",
    "=HYPERLINK(1)",
    "yes",
    "0123",
    "1e3",
    "a\x00b\x07c",
    "a\ufeffb",
    "\u202egnp",
    "\U0001f3ea",
    "\ue1000\ue101",
    "a\u2028b\x85c",
    "<<",
    "x" * 300,
]


def csv(*rows: list[str]) -> str:
    """A CSV file with every cell in quotes."""
    return "".join(",".join('"' + cell.replace('"', '""') + '"' for cell in row) + "\r\n" for row in rows)


def made(template: str, table: str, project: str = PROJECT, *, environ: dict[str, str] | None = None) -> Inventory:
    return composed({"t.yaml.j2": template, "r.csv": table}, project, environ=environ)


def bodies(inventory: Inventory) -> dict[str, Any]:
    assert inventory.diagnostics == ()
    return {str(resource.address): resource.body for resource in inventory.resources}


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("written", ["${ x }", '"${ x }"', "'${ x }'", "${ x | tojson }", "${ row['x'] }"])
def test_a_cell_in_the_place_of_a_value_is_that_very_text(cell: str, written: str) -> None:
    template = f"sites:\n  - name: A\n    address: {written}\n    notes: n\n  - {{name: B, address: {written}}}\n"
    found = bodies(made(template, csv(["x"], [cell])))
    assert found == {"site.A": {"name": "A", "address": cell, "notes": "n"}, "site.B": {"name": "B", "address": cell}}


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize(
    ("written", "before", "after"),
    [
        ("at ${ x }, 2", "at ", ", 2"),
        ('"at ${ x }"', "at ", ""),
        ("'${ x } there'", "", " there"),
        ("${ x } # no", "", ""),
        ("${ '<' ~ x }", "<", ""),
        ("|-\n      ${ x }\n      b", "", "\nb"),
    ],
)
def test_inside_of_a_text_a_cell_is_pasted_as_text(cell: str, written: str, before: str, after: str) -> None:
    template = f"sites:\n  - name: A\n    address: {written}\n    notes: n\n"
    assert bodies(made(template, csv(["x"], [cell]))) == {
        "site.A": {"name": "A", "address": before + cell + after, "notes": "n"}
    }


@pytest.mark.parametrize("cell", [cell for cell in CELLS if "\n" not in cell and "\x00" not in cell])
def test_a_name_and_a_key_are_data_too(cell: str) -> None:
    template = "sites:\n  - name: ${ x }\n    setting: {vars: {a: b, ${ x }: '1'}}\n"
    inventory = made(template, csv(["x"], [cell]))
    site, setting = inventory.resources
    assert (site.body, site.key) == ({"name": cell}, cell)
    assert setting.body == {"vars": {"a": "b", cell: "1"}}


@pytest.mark.parametrize("cell", CELLS)
def test_macros_blocks_and_filters_leave_data_what_it_is(cell: str) -> None:
    template = """\
{% macro field(key, value) %}
    ${ key }: ${ value }
{% endmacro %}
{% macro notes(text) %}notes: ${ text }{% endmacro %}
{% set block %}${ x }{% endset %}
{% set quoted %}"${ x }"{% endset %}
sites:
  - name: A
    ${ notes(x) }
    address: ${ block }
    setting:
      vars:
        a: ${ quoted }
        b: ${ block | upper }
        c: ${ block ~ '' }
        d: ${ [x] | join }
        e: ${ x | replace('a', 'a') }
{% for value in [x] if x %}
        f${ loop.index }: ${ value }
{% endfor %}
{% filter trim %}
        g: ${ x }
{% endfilter %}
"""
    template = template.replace("{% filter trim %}\n", "").replace("{% endfilter %}\n", "")
    found = bodies(made(template, csv(["x"], [cell])))
    assert found["site.A"] == {"name": "A", "notes": cell, "address": cell}
    wanted = {"a": cell, "b": cell.upper(), "c": cell, "d": cell, "e": cell, "f1": cell, "g": cell}
    assert found["site.A/setting"] == {"vars": wanted}


def test_what_a_filter_block_makes_is_data_and_no_structure() -> None:
    inventory = made("{% filter lower %}\nsites: [{name: ${ x }}]\n{% endfilter %}", "x\nA\n")
    assert only(inventory).rule == "not-a-mapping"


def test_rows_of_yaml_and_variables_are_values_as_well() -> None:
    files = {
        "t.yaml.j2": "sites:\n- name: ${ n }\n  address: ${ v }\n  notes: 'x ${ v }'\n"
        "  latlng: ${ at }\n  sitegroups: ${ g }\n",
        "r.yaml": '- n: "A #1"\n  at: {lat: 1.5, lng: 2}\n  g: [a, "b: c"]\n',
    }
    inventory = composed(files, 'vars: {v: "!secret env:X"}\ngenerate: [{template: t.yaml.j2, rows: r.yaml}]\n')
    assert bodies(inventory) == {
        "site.A #1": {
            "name": "A #1",
            "address": "!secret env:X",
            "notes": "x !secret env:X",
            "latlng": {"lat": 1.5, "lng": 2},
            "sitegroups": ["a", "b: c"],
        }
    }
    (site,) = inventory.resources
    assert SourceRange(*site.body["latlng"].marks["lng"]) == SourceRange("r.yaml", 2, 18)


def test_a_list_that_a_template_makes_stands_for_a_whole_value() -> None:
    template = "sites:\n- {name: A, sitegroups: ${ g.split(';') | map('trim') }}\n"
    assert bodies(made(template, "g\na; b #1\n")) == {"site.A": {"name": "A", "sitegroups": ["a", "b #1"]}}


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("{lat: ${ lat }, lng: ${ lng }}", {"lat": 47.1, "lng": 2.5}),
        ('{lat: "${ lat }", lng: ${ lng | tojson }}', {"lat": 47.1, "lng": 2.5}),
        ("{lat: ${ lat | float }, lng: ${ lng | float }}", {"lat": 47.1, "lng": 2.5}),
        ("{lat: ${ lat }, lng: ${ lng | float + 1 }}", {"lat": 47.1, "lng": 3.5}),
        ("{lat: ${ lat.split('.')[0] }.${ lat.split('.')[1] }, lng: 2.50}", {"lat": 47.1, "lng": 2.5}),
    ],
)
def test_a_cell_is_a_number_where_the_field_wants_one(written: str, value: Any) -> None:
    inventory = made(f"sites:\n- {{name: A, notes: ${{ lat }}, latlng: {written}}}\n", "lat,lng\n47.1000,2.50\n")
    (site,) = validate(inventory, kinds()).resources
    assert site.body == {"name": "A", "notes": "47.1000", "latlng": value}
    assert [type(item) for item in (*site.body.values(), *site.body["latlng"].values())][1:2] == [str]


@pytest.mark.parametrize(
    ("field", "cell", "value"),
    [
        ("persist_config_on_device", "TRUE", True),
        ("persist_config_on_device", "false", False),
        ("device_updown_threshold", "010", 10),
        ("raw: {x", "010", "010"),
    ],
)
def test_a_cell_has_the_type_of_its_field(field: str, cell: str, value: Any) -> None:
    end = "}" if "{" in field else ""
    inventory = made(f"settings:\n- {{site: A, {field}: ${{ x }}{end}}}\n", csv(["x"], [cell]))
    (setting,) = validate(inventory, kinds()).resources
    found = next(iter(setting.body.values()))
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize("cell", ["47,1", "NaN", "1_0", "٤٧", "null", "~", "47.1 #"])
def test_what_is_no_number_is_refused_with_its_row_and_column(cell: str) -> None:
    template = "sites:\n- {name: A, country_code: FR, timezone: Europe/Paris, latlng: {lat: ${ Lat }, lng: 2.5}}\n"
    found = validate(made(template, csv(["Lat"], ["1"], [cell])), kinds()).diagnostics
    wrong = [item for item in found if item.rule != "duplicate-object"]
    assert [str(item.source) for item in wrong] == ["t.yaml.j2:2:64"]
    assert wrong[0].detail.endswith("(with r.csv:3, column 'Lat')")
    assert [item.source for item in found if item not in wrong] == [SourceRange("t.yaml.j2", 2, 3)]


@pytest.mark.parametrize(
    ("written", "body"),
    [
        ("address: ${ x }", {"notes": "n"}),
        ('address: "${ x }"', {"notes": "n"}),
        ("address: ${ x | trim | tojson }", {"notes": "n"}),
        ("address: ${ x or none }", {"address": None, "notes": "n"}),
        ("address: ${ x or 'y' }", {"address": "y", "notes": "n"}),
        ("address: ${ 'a' if x else '' }", {"address": "", "notes": "n"}),
        ("sitegroups: [${ x }, b]", {"sitegroups": ["b"], "notes": "n"}),
        ("sitegroups: [${ x }, ${ x }]", {"notes": "n"}),
        ("latlng: {lat: ${ x }, lng: ${ x }}", {"notes": "n"}),
        ("latlng: {lat: ${ x }, lng: 2}", {"latlng": {"lng": 2}, "notes": "n"}),
        ("address: ${ given }", {"address": "", "notes": "n"}),
    ],
)
def test_an_empty_cell_is_a_field_that_is_not_ours(written: str, body: dict[str, Any]) -> None:
    template = f"sites:\n- name: ${{ n }}\n  {written}\n  notes: n\n"
    assert bodies(made(template, "n,x\nA,\n", PROJECT + "vars: {given: ''}\n")) == {"site.A": {"name": "A", **body}}


@pytest.mark.parametrize(
    ("written", "severity", "place"),
    [
        ("notes: at ${ x }!", Severity.WARNING, "t.yaml.j2:3:3"),
        ("setting: {vars: {v: ${ x }, w: a}}", Severity.WARNING, "t.yaml.j2:3:20"),
        ("address: ${ x | required }", Severity.ERROR, "t.yaml.j2:3:12"),
    ],
)
def test_an_empty_cell_where_a_text_is_needed_is_a_finding(written: str, severity: Severity, place: str) -> None:
    inventory = made(f"sites:\n- name: ${{ n }}\n  {written}\n", "n,x\nA,\n")
    found = only(inventory)
    assert (found.severity, str(found.source)) == (severity, place)
    assert found.detail.endswith("(with r.csv:2, column 'x')")


def test_an_object_without_a_name_is_an_error_that_names_its_row() -> None:
    found = only(made("sites:\n- name: ${ x }\n  notes: n\n", csv(["x", "y"], ["A", "1"], [" \t", "1"], ["B", "1"])))
    assert (found.rule, found.detail.endswith("(with r.csv:3)")) == ("no-name", True)


@pytest.mark.parametrize(
    ("line", "rule", "part"),
    [
        ("notes: 'a ${ items }'", "bad-insert", "a list can't be a part of a text"),
        ("notes: a ${ {'a': 1} }", "bad-insert", "a mapping can't be a part of a text"),
        ("notes: a ${ psk }", "bad-insert", "a secret can't be a part of a text"),
        ("notes: ${ range }", "bad-insert", "`row['...']`"),
        ("notes: ${ namespace() }", "bad-insert", "something else"),
        ("notes: ${ '\\ud800' }", "bad-insert", "half a character"),
        ("notes: ${ 10 ** 30 }", "bad-insert", "the number is too large"),
        ("notes: ${ {1: 2} }", "bad-insert", "the keys of a mapping are texts"),
        ("setting: {vars: {${ x }: '1', ${ x }: '2'}}", "duplicate-key", "'A' is already set at t.yaml.j2:3:23"),
        ("setting: {vars: {A: '1', ${ x }: '2'}}", "duplicate-key", "'A' is already set at t.yaml.j2:3:20"),
        ("setting: {vars: {${ empty }: '1'}}", "bad-insert", "a key is empty"),
        ("${ x }: n", "computed-field", "'A'"),
        ("setting: {${ x }: n}", "computed-field", "'A'"),
        ("wlans: [{${ x }: n}]", "computed-field", "'A'"),
    ],
)
def test_what_can_not_be_data_is_one_finding_with_its_row(line: str, rule: str, part: str) -> None:
    project = PROJECT + "vars: {items: [a], psk: !secret env:PSK}\n"
    found = [
        item
        for item in made(f"sites:\n- name: S\n  {line}\n", "x,empty\nA,\n", project).diagnostics
        if item.severity is Severity.ERROR
    ]
    assert [item.rule for item in found] == [rule]
    assert part in found[0].detail
    assert "(with r.csv:2" in found[0].detail


def test_a_kind_can_not_be_named_by_a_cell() -> None:
    assert only(made("${ x }: [{name: A}]\n", "x\nsites\n")).rule == "computed-field"


@pytest.mark.parametrize(
    ("written", "cell", "rule"),
    [
        ("!secret env:PSK_${ x }", "A1", None),
        ("!secret file:keys/${ x }.txt", "a-1", None),
        ("!secret env:PSK_${ x }", "A B", "bad-secret-name"),
        ("!secret env:PSK_${ x }", "A\nB", "bad-secret-name"),
        ("!secret env:${ x }", "CI_TOKEN", "bad-secret-name"),
        ("!secret file:keys/${ x }", "../a", "bad-secret-name"),
        ("!secret file:keys/${ x }", "/a", "bad-secret-name"),
        ("!secret file:${ x }", "a", "bad-secret-name"),
        ("!secret cmd:echo ${ x }", "a", "bad-secret-name"),
        ("!secret ${ x }", "env:A1", "bad-secret-reference"),
    ],
)
def test_a_secret_s_name_may_hold_a_cell_but_only_names_fit(written: str, cell: str, rule: str | None) -> None:
    files = {
        "t.yaml.j2": f"sites:\n- name: S\n  wlans: [{{ssid: W, auth: {{psk: {written}}}}}]\n",
        "r.csv": csv(["x"], [cell]),
        "keys/a-1.txt": "12345678",
    }
    inventory = composed(
        files, PROJECT + "secrets: {commands: true}\n", environ={"PSK_A1": "12345678", "CI_TOKEN": "x"}
    )
    assert [item.rule for item in inventory.diagnostics] == ([rule] if rule else [])
    if rule is None:
        assert inventory.resources[1].body["auth"]["psk"].reveal() == "12345678"
    elif rule == "bad-secret-name":
        assert inventory.diagnostics[0].detail.endswith("(with r.csv:2, column 'x')")


def test_the_finding_of_many_rows_is_at_the_object_of_the_first() -> None:
    found = [
        Diagnostic(
            severity=Severity.WARNING,
            rule="plain-secret",
            summary="s",
            detail="d",
            address=f"site.{name}",
            source=SourceRange("t.yaml.j2", 2, 3, Cell("r.csv", line, "x")),
        )
        for name, line in (("Aarau", 3), ("Zurich", 2))
    ]
    (one,) = in_order(found)
    assert (one.address, one.detail) == ("site.Zurich", "d (2 rows of r.csv, first: row 2, column 'x')")


def test_equal_findings_of_one_line_collapse() -> None:
    rows = csv(["x"], *([str(number)] for number in range(200)))
    found = only(made("sites:\n- name: ${ y }\n", rows))
    assert found.detail == "'y' is undefined (200 rows of r.csv, first: row 2)"
    found = only(made("sites:\n- name: A${ x }\n  nmae: b\n  b: [\n", rows))
    assert found.detail.endswith("(200 rows of r.csv, first: row 2)")
    template = (
        "sites:\n- {name: A, country_code: FR, timezone: Europe/Paris, latlng: {lat: 1, lng: 1}, notes: [${ x }]}\n"
    )
    checked = validate(made(template.replace("A,", "${ x },"), rows), kinds()).diagnostics
    assert [item.detail.partition("(")[2] for item in checked] == ["So in 199 more objects.)"]


def test_explain_shows_the_row_and_the_column() -> None:
    inventory = made(
        "sites:\n- name: ${ x }\n  notes: n\n  address: ${ row['My Street'] }\n", "x,My Street\nA,b\nB,c\n"
    )
    places = {item.path: str(item.source) for item in explain(inventory, "site.B")}
    assert places == {
        "name": "t.yaml.j2:2:3 (with r.csv:3, column 'x')",
        "notes": "t.yaml.j2:3:3",
        "address": "t.yaml.j2:4:3 (with r.csv:3, column 'My Street')",
    }


@pytest.mark.parametrize("text", ["a: \ue1000\ue101", 'a: "\\ue1000\\ue101"', 'a: "\\U0000E1020\\ue101"'])
def test_a_template_can_not_forge_a_place_for_a_value(text: str) -> None:
    assert "can't stand in a template" in only(made(text, "x\nA\n")).detail


def test_a_template_that_makes_another_text_per_row_is_read_per_text() -> None:
    template = "sites:\n- name: ${ x }\n{% if x == 'B' %}\n  address: ${ y }\n{% endif %}\n  notes: ${ y }\n"
    assert bodies(made(template, "x,y\nA,1\nB,2\nC,3\n")) == {
        "site.A": {"name": "A", "notes": "1"},
        "site.B": {"name": "B", "address": "2", "notes": "2"},
        "site.C": {"name": "C", "notes": "3"},
    }


def test_anchors_and_merges_of_a_template_take_values_along() -> None:
    template = "sites:\n- &a {name: ${ x }, notes: ${ y }}\n- {<<: *a, name: 'B${ x }'}\n"
    assert bodies(made(template, csv(["x", "y"], ["A", "<<"]))) == {
        "site.A": {"name": "A", "notes": "<<"},
        "site.BA": {"name": "BA", "notes": "<<"},
    }


PLACED = """\
networktemplates:
  - name: N
    additional_config_cmds: !merge:first ["set snmp community ${ name }-canary", "set chassis x"]
gatewaytemplates:
  - name: G
    service_policies: !merge:first [{servicepolicy: ${ name }, name: new}]
"""


def test_where_merged_elements_stand_is_kept_through_rows_secrets_and_references() -> None:
    files = {"t.yaml.j2": PLACED, "r.csv": "name\nA\n"}
    inventory = validate(composed(files, "generate: [{template: t.yaml.j2, rows: r.csv}]"), kinds())
    lists = [value for item in inventory.resources for value in item.body.values() if isinstance(value, YamlList)]
    assert [(value.merge, value.place) for value in lists] == [(True, "first")] * 2
    for item in inventory.resources:
        body = with_references(kinds()[item.kind], item.body, lambda _reference, name: name.lower())
        assert [value.place for value in body.values() if isinstance(value, YamlList)] == ["first"]
