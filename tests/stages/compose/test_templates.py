"""Generated objects: templates, rows, the sandbox, and positions that lead back to the template."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.diagnostics import Cell, SourceRange
from reconciler.model.values import SecretRef, mark_of
from reconciler.stages.compose import budget, generate
from reconciler.stages.compose.filters import quote
from reconciler.stages.compose.pieces import Insert, Literal, fragment
from reconciler.stages.compose.templating import Compiled, RenderError
from reconciler.stages.load.tables import read_table
from reconciler.yamltext.events import parse
from tests.stages.compose.support import body, clean, composed, only

TEMPLATE = """\
{# one site per row #}
sites:
  - name: ${ name }
    {% if vlan %}
    setting:
      vars:
        corp_vlan: "${ vlan }"
        gateway: ${ network | subnet(24, number | int) | cidr_host(1) }
    {% endif %}
    wlans:
      - {ssid: Guest, vlan_id: "{{guest_vlan}}", auth: {psk: ${ psk }}}
"""
CSV = "name,vlan,number\nA,10,1\n\nB,,2\n"
PROJECT = """\
vars: {network: 10.0.0.0/8, psk: !secret env:PSK}
generate:
  - {template: t.yaml.j2, rows: rows.csv}
"""


def rendered(template: str, variables: dict[str, Any] | None = None) -> str:
    """What a template makes, as if it were text."""
    return str(fragment(Compiled(template).render(variables or {})))


def test_a_template_is_rendered_once_per_row() -> None:
    resources = clean({"t.yaml.j2": TEMPLATE, "rows.csv": CSV}, PROJECT, environ={"PSK": "12345678"})
    assert body(resources, "site.A/setting") == {"vars": {"corp_vlan": "10", "gateway": "10.0.1.1"}}
    assert "site.B/setting" not in resources
    wlan = resources["site.B/wlan.Guest"]
    assert wlan.body["vlan_id"] == "{{guest_vlan}}"
    assert wlan.body["auth"]["psk"].reveal() == "12345678"


def test_marks_of_generated_objects_point_into_the_template() -> None:
    resources = clean({"t.yaml.j2": TEMPLATE, "rows.csv": CSV}, PROJECT, environ={"PSK": "12345678"})
    assert resources["site.B"].source == SourceRange("t.yaml.j2", 3, 5, Cell("rows.csv", 4))
    assert resources["site.B/wlan.Guest"].source == SourceRange("t.yaml.j2", 11, 9, Cell("rows.csv", 4))
    gateway = mark_of(resources["site.A/setting"].body, ("vars", "gateway"))
    assert gateway == SourceRange("t.yaml.j2", 8, 9, Cell("rows.csv", 2, "number"))
    assert mark_of(resources["site.A/wlan.Guest"].body, ("vlan_id",)) == SourceRange("t.yaml.j2", 11, 23)


def test_a_missing_secret_in_a_template_points_to_its_line() -> None:
    found = composed({"t.yaml.j2": TEMPLATE, "rows.csv": CSV}, PROJECT).diagnostics
    assert [(item.rule, item.source and item.source.line) for item in found] == [("missing-secret", 11)]


def test_a_template_that_generate_does_not_name_is_rendered_once() -> None:
    files = {"t.yaml.j2": "sites:\n{% for n in names %}\n- name: ${ n }\n{% endfor %}\n"}
    assert list(clean(files, "vars: {names: [A, B]}\n")) == ["site.A", "site.B"]


def test_a_template_may_be_named_without_rows() -> None:
    files = {"t.yaml.j2": "sites: [{name: ${ n }}]"}
    assert list(clean(files, "vars: {n: A}\ngenerate: [{template: t.yaml.j2}]\n")) == ["site.A"]


def test_rows_may_be_a_yaml_list_and_are_no_inventory_file_then() -> None:
    files = {"t.yaml.j2": "sites: [{name: ${ n }, latlng: ${ at | tojson }}]", "r.yaml": "- {n: A, at: {lat: 1.5}}\n"}
    resources = clean(files, "generate: [{template: t.yaml.j2, rows: r.yaml}]\n")
    assert body(resources, "site.A") == {"name": "A", "latlng": {"lat": 1.5}}


def test_a_row_wins_over_vars() -> None:
    files = {"t.yaml.j2": "sites: [{name: ${ n }}]", "r.csv": "n\nrow\n"}
    assert list(clean(files, "vars: {n: var}\ngenerate: [{template: t.yaml.j2, rows: r.csv}]\n")) == ["site.row"]


def test_a_template_that_makes_nothing_is_fine() -> None:
    assert clean({"t.yaml.j2": "{% if false %}\nsites: []\n{% endif %}\n"}) == {}


@pytest.mark.parametrize(
    ("template", "rule", "place", "part"),
    [
        ("sites:\n- name: ${ nope }\n", "template", (2, 9), "'nope' is undefined (with r.csv:2)"),
        ("sites:\n- name: ${ row['nn'] }\n", "template", (2, 9), "'nn' is neither a column nor"),
        ("sites:\n- name: ${ nn }\n", "template", (2, 9), "did you mean 'n'?"),
        ("sites:\n{% if %}\n", "template", (2, 7), "Expected an expression"),
        ("sites:\n- name: ${ 'x\n", "template", (2, 12), "unexpected char"),
        ("sites:\n\n- name: {{a}}\n", "unquoted-variable", (3, 9), "{{a}}"),
        (
            "a: 1\n{% for i in [1, 2] %}\nb: [${ i }\n{% endfor %}\n",
            "yaml-syntax",
            (3, 4),
            "the rendered line is: b: [1",
        ),
        ("- a\n", "not-a-mapping", (1, 1), "(with r.csv:2)"),
        ("sites:\n- name: ${ n | nofilter }\n", "template", (2, 16), "nofilter"),
        ("{% include 'reconciler.yaml' %}", "template", (1, 4), "can't include other files"),
        ("{% import 'reconciler.yaml' as x %}", "template", (1, 4), "can't include other files"),
        ("{% extends 'reconciler.yaml' %}", "template", (1, 4), "can't include other files"),
        ("sites:\n- name: ${ 1 / 0 }\n", "template", (2, 9), "division by zero"),
        (
            "sites:\n- name: ${ n | subnet(24, 1) }\n",
            "template",
            (2, 9),
            "'A' does not appear to be an IPv4 or IPv6 network (with r.csv:2, column 'n')",
        ),
        ("sites:\n- name: ${ '10.0.0.0/24' | subnet(23, 0) }\n", "template", (2, 9), "no subnets of /23"),
        ("sites:\n- name: ${ '10.0.0.0/24' | subnet(25, 2) }\n", "template", (2, 9), "no subnet 2 of /25"),
        ("sites:\n- name: ${ nope | quote }\n", "template", (2, 9), "'nope' is undefined"),
    ],
)
def test_a_template_that_fails_says_where_and_for_which_row(
    template: str, rule: str, place: tuple[int, int], part: str
) -> None:
    files = {"t.yaml.j2": template, "r.csv": "n\nA\n"}
    found = only(composed(files, "generate: [{template: t.yaml.j2, rows: r.csv}]\n"))
    assert found.rule == rule
    assert found.source == SourceRange("t.yaml.j2", *place)
    assert part in found.detail


ESCAPES = [
    "''.__class__",
    "''.__class__.__mro__[1].__subclasses__()",
    "n.__init__.__globals__",
    "self.__init__.__globals__",
    "self._TemplateReference__context",
    "range.__globals__",
    "(n|attr('__class__'))",
    "dict.mro()",
    "namespace.__init__",
    "'{0.__class__}'.format(n)",
    "'{0.__class__}' | format(n)",
    "'{x}'.format_map({'x': 1})",
    "items.append(1)",
    "items.__setitem__(0, 1)",
    "mapping.update({'a': 1})",
    "mapping.clear()",
    "'a' * 1000000000",
    "[1] * 1000000000",
    "'%1000000000d' % 1",
    "9 ** 9 ** 9",
    "2 ** 65",
    "'a'.center(1000000000)",
    "'a'.ljust(1000000000)",
    "'a'.zfill(1000000000)",
    "'a' | center(1000000000)",
    "'a' | indent(1000000000)",
    "range(1000000000)",
    "lipsum(100)",
    "[1, 2] | random",
    "cycler",
    "secret.target",
    "secret.__class__",
    "config",
    "request",
    "get_flashed_messages.__globals__",
]


@pytest.mark.parametrize("expression", ESCAPES)
def test_no_expression_leaves_the_sandbox_or_makes_something_huge(expression: str) -> None:
    variables: dict[str, Any] = {
        "n": "x",
        "items": [1],
        "mapping": {"b": 1},
        "secret": SecretRef("env", "X", mark=("f", 1, 1)),
    }
    with pytest.raises(RenderError):
        Compiled("${ " + expression + " }").render(variables)
    assert (variables["items"], variables["mapping"]) == ([1], {"b": 1})


def test_the_output_is_bounded() -> None:
    loop = "{% for i in range(99999) %}" * 2 + "x" * 500 + "{% endfor %}" * 2
    with pytest.raises(RenderError, match="grows beyond"):
        Compiled(loop).render({})


def test_deep_nesting_in_a_template_is_an_error() -> None:
    with pytest.raises(RenderError):
        Compiled("${ " + "(" * 5000 + "1" + ")" * 5000 + " }")
    with pytest.raises(RenderError):
        Compiled("{% for i in [1] %}" * 30 + "{% endfor %}" * 30)


def test_the_operators_that_are_bounded_still_calculate() -> None:
    assert rendered("${ 3 * 4 } ${ 2 ** 10 } ${ 7 % 4 } ${ 'a' ~ 1 }") == "12 1024 3 a1"


@pytest.mark.parametrize(
    ("template", "places"),
    [
        ("a\nb\n", [("a\nb\n", 1, 1)]),
        ("{# x\ny #}\na\n", [("a\n", 3, 1)]),
        ("{% if true %}\n- ${ x }\n{% endif %}\nend", [("- ", 2, 1), (7, 2, 6), ("\n", 2, 9), ("end", 4, 1)]),
        ("a\n{%- if true -%}\n   b\n{%- endif %}\nc", [("a", 1, 1), ("b", 3, 4), ("c", 5, 1)]),
        ("{% raw %}\n{{a}} ${ b }\n{% endraw %}\nc", [("\n{{a}} ${ b }\n", 1, 10), ("c", 4, 1)]),
        (
            "{% macro m(a) %}\n- ${ a }\n{% endmacro %}\nx:\n${ m(x) }",
            [("x:\n", 4, 1), ("- ", 2, 1), (7, 2, 6), ("\n", 2, 9)],
        ),
        (
            "{% set y %}\nz${ x }{% endset %}\n${ y } ${ y | upper }",
            [("z", 2, 1), (7, 2, 5), (" ", 3, 7), ("Z7", 3, 15)],
        ),
        ("{% set y %}\n z ${ x }\n{% endset %}\n${ y | trim }", [("z ", 2, 2), (7, 2, 7)]),
        ("{% filter upper %}a${ x }{% endfilter %}", [("A7", 1, 1)]),
    ],
)
def test_each_piece_knows_its_place_and_is_text_of_the_template_or_a_value(template: str, places: list[Any]) -> None:
    compiled = Compiled(template)
    pieces = compiled.render({"x": 7})
    assert [(_shown(piece), *compiled.place(max(piece.offset, 0))) for piece in pieces] == places
    values = [piece.value for piece in pieces if isinstance(piece, Insert)]
    assert all(value in (7, "Z7", "A7") for value in values)


def _shown(piece: Any) -> Any:
    return piece.text if isinstance(piece, Literal) else piece.value


@settings(max_examples=100, deadline=None)
@given(st.recursive(st.none() | st.booleans() | st.integers(-99, 99) | st.text(), st.lists, max_leaves=5))
def test_a_quoted_value_is_read_back_as_it_is(value: Any) -> None:
    text = rendered("a:\n  b: ${ v | quote }\n", {"v": value})
    parsed = parse(text.encode(), "f")
    assert parsed.diagnostics == ()
    assert parsed.value == {"a": {"b": value}}


def test_filters_for_networks_and_names() -> None:
    text = rendered(
        "${ '10.1.2.0/24' | cidr_host(-2) } ${ '10.1.2.0/24' | netmask } ${ 'fd00::/48' | subnet(64, 1) }"
        " ${ 'Île de Ré!' | slug }"
    )
    assert text == "10.1.2.254 255.255.255.0 fd00:0:0:1::/64 ile-de-re"
    assert repr(quote(SecretRef("env", "X", mark=("f", 1, 1)))) == "!secret env:X"


def test_a_template_or_table_that_does_not_exist_is_named_at_its_line() -> None:
    project = "generate:\n  - template: brnch.yaml.j2\n  - template: branch.yaml.j2\n    rows: rows.csv\n"
    found = composed({"branch.yaml.j2": ""}, project).diagnostics
    assert [(item.rule, str(item.source)) for item in found] == [
        ("unknown-template", "reconciler.yaml:3:5"),
        ("unknown-table", "reconciler.yaml:5:5"),
    ]
    assert "did you mean 'branch.yaml.j2'" in found[0].detail


def test_a_table_outside_of_the_inventory_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text("n\nA\n")
    found = composed({"t.yaml.j2": ""}, f"generate: [{{template: t.yaml.j2, rows: {tmp_path}/rows.csv}}]\n")
    assert only(found).rule == "unknown-table"


@pytest.mark.parametrize(
    ("file", "content", "line", "part"),
    [
        ("r.csv", "", 1, "the first line must name the columns"),
        ("r.csv", "a,a\n1,2\n", 1, "two columns are called 'a'"),
        ("r.csv", "a,,b\n1,2,3\n", 2, "'2' stands in column 2, which is called ''"),
        ("r.csv", "a,\n1,2\n", 2, "2 cells, but the table has 1 columns"),
        ("r.csv", "a,b\n1,2\n\n3\n", 4, "1 cells, but the table has 2 columns: there is none for 'b'"),
        ("r.csv", 'a,b\n"x\ny",2\n3,4,5\n', 4, "3 cells"),
        ("r.csv", 'a,b\n"x"y,2\n', 2, "this is not CSV"),
        ("r.csv", b"a,b\n\x81,2\n", 2, "UTF-8"),
        ("r.csv", "a,b\né,2\n".encode() + b"\xe9,3\n", 3, "UTF-8"),
        ("r.yaml", "a: b\n", 1, "a table is a list"),
        ("r.yaml", "- a: b\n- c\n", 2, "a row is a mapping"),
        ("r.yaml", "- a: [\n", 2, "not be closed"),
        ("r.yaml", "- a: [b\n", 1, "not closed"),
    ],
)
def test_a_broken_table_is_one_error_at_its_line(file: str, content: str | bytes, line: int, part: str) -> None:
    found = composed({"t.yaml.j2": "", file: content}, f"generate: [{{template: t.yaml.j2, rows: {file}}}]\n")
    item = only(found)
    assert item.source is not None
    assert (item.source.file, item.source.line) == (file, line)
    assert part in item.detail


def test_tables_are_bounded() -> None:
    assert "at most" in read_table(b"a\n" + b"1\n" * 100_001, "r.csv")[1][0].detail
    assert "at most" in read_table(b"a\n" + b"1" * 10_000_000, "r.csv")[1][0].detail


def test_a_csv_may_start_with_a_byte_order_mark_and_its_cells_are_trimmed_text() -> None:
    table, found = read_table("\ufeffa, b\r\n 01 ,true\r\n".encode(), "r.csv")
    assert found == ()
    assert [dict(row.values) for row in table.rows] == [{"a": "01", "b": "true"}]
    assert read_table(b"", "r.yaml")[0].rows == ()


EATERS = [
    "{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}",
    "{% for i in range(99999) %}{% for j in range(99999) if j < 0 %}x{% endfor %}{% endfor %}",
    "{% set ns = namespace(a='x') %}{% for i in range(60) %}{% set ns.a = ns.a ~ ns.a %}{% endfor %}",
    "{% set ns = namespace(a='x') %}{% for i in range(60) %}{% set ns.a = ns.a + ns.a %}{% endfor %}",
    "{% set ns = namespace(a='x') %}{% for i in range(60) %}{% set ns.a = [ns.a, ns.a] | join %}{% endfor %}",
    "{% set ns = namespace(a='x') %}{% for i in range(60) %}{% set ns.a = ns.a.join([ns.a, ns.a]) %}{% endfor %}",
    "{% set ns = namespace(a='x') %}{% for i in range(60) %}{% set ns.a = ns.a | replace('x', 'xx') %}{% endfor %}",
    "{% set ns = namespace(a='x') %}{% for i in range(60) %}{% set ns.a = ns.a.replace('x', 'xx') %}{% endfor %}",
    "{% set ns = namespace(a='x') %}{% for i in range(60) %}{% set b %}${ ns.a }${ ns.a }{% endset %}"
    "{% set ns.a = b %}{% endfor %}",
    "{% set ns = namespace(a=[1]) %}{% for i in range(60) %}{% set ns.a = [ns.a, ns.a] %}{% endfor %}${ ns.a }",
    "{% set ns = namespace(a=[1]) %}{% for i in range(60) %}{% set ns.a = (ns.a, ns.a) %}{% endfor %}${ ns | quote }",
    "{% set ns = namespace(a=[1]) %}{% for i in range(60) %}{% set ns.a = {'a': ns.a, 'b': ns.a} %}{% endfor %}",
    "{% set ns = namespace(a=[1]) %}{% for i in range(60) %}{% set ns.a = ns.a + ns.a %}{% endfor %}",
    "{% set ns = namespace(a=3) %}{% for i in range(60) %}{% set ns.a = ns.a * ns.a %}{% endfor %}",
    "{% set ns = namespace(a=3) %}{% for i in range(60) %}{% set ns.a = ns.a ** 60 %}{% endfor %}",
    "{% macro m(n) %}${ m(n + 1) }{% endmacro %}${ m(1) }",
    "{% macro m(n) %}{% if n %}{% set a = m(n - 1) %}{% set b = m(n - 1) %}{% endif %}{% endmacro %}${ m(90) }",
    "{% for x in [[[]]] recursive %}${ loop([[x], [x]]) }{% endfor %}",
    "${ [1] | slice(999999999) | list }",
    "${ [1] | batch(999999999, 'x') | list }",
    "${ range(99999) | map('string') | map('replace', '', 'x' | replace('x', 'xxxxxxxxxxxxxxxx')) | list | length }"
    "{% for i in range(9999) %}{% set a = range(99999) | map('string') | list %}{% endfor %}",
    "${ 1 | round(999999999) }",
    "${ (1).to_bytes(999999999, 'big') }",
    "${ 'x'.encode() * 999999999 }",
    "${ [[1], [2]] | sum(start=[]) }",
]


@pytest.fixture
def small_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    """A twentieth of what templates may do: what has no end of its own is stopped there as well, only sooner."""
    for module, bound in (
        (budget, "MOST"),
        (budget, "MOST_OF_ALL"),
        (generate, "MAX_INSERTS"),
        (generate, "MAX_PARSED"),
    ):
        monkeypatch.setattr(module, bound, getattr(module, bound) // 20)


@pytest.mark.usefixtures("small_budget")
@pytest.mark.parametrize(
    "loop",
    [
        "{% for i in range(2000) %}\n- {name: S${ n }-${ i }}\n{% endfor %}\n",
        "{% for i in range(2000 + n | int) %}\n- {name: S, notes: a long text that is of the template's own making}\n"
        "{% endfor %}\n",
    ],
)
def test_a_table_that_makes_more_than_an_inventory_can_hold_is_stopped(loop: str) -> None:
    files = {"t.yaml.j2": f"sites:\n{loop}", "r.csv": "n\n" + "".join(f"{number}\n" for number in range(4000))}
    found = composed(files, "generate: [{template: t.yaml.j2, rows: r.csv}]\n").diagnostics
    assert [item.rule for item in found] == ["template"]
    assert "(with r.csv:" in found[0].detail


def test_a_loop_without_an_end_is_stopped_by_the_budget_that_templates_have() -> None:
    assert_stopped(EATERS[0])


@pytest.mark.usefixtures("small_budget")
@pytest.mark.parametrize("template", EATERS)
def test_a_template_that_would_eat_the_machine_is_stopped(template: str) -> None:
    assert_stopped(template)


def assert_stopped(template: str) -> None:
    files = {"t.yaml.j2": f"sites: []\n{template}\n", "r.csv": "n\n" + "A\n" * 4000}
    found = only(composed(files, "generate: [{template: t.yaml.j2, rows: r.csv}]\n"))
    assert found.rule == "template"
    assert "r.csv" in found.detail


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("sites:\n  - {name: '${ name }', address: '{{ size }}'}", [(2, 35)]),
        ("sites:\n  - {name: '${ name }', address: '{{ size }}', notes: '${ size }'}", []),
        ("sites:\n  - name: ${ name }\n    setting: {vars: {size: x}}\n    notes: '{{size}}'", []),
        ("sites:\n  - {name: '${ name }', notes: '{{ other }}'}", []),
    ],
)
def test_a_column_that_is_written_as_a_variable_of_mist_is_told(text: str, told: list[tuple[int, int]]) -> None:
    files = {"s.yaml.j2": text, "s.csv": "name,size\nA,small\n"}
    inventory = composed(files, "generate: [{template: s.yaml.j2, rows: s.csv}]\n")
    found = [item for item in inventory.diagnostics if item.rule == "column-in-braces"]
    assert [(item.source.line, item.source.column) for item in found if item.source] == told
    assert all("for the column of s.csv write `${ size }`" in item.detail for item in found)
