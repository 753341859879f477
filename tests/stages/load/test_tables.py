"""CSV as people have it: headers, separators, encodings, odd rows and cells, each with bounded output."""

from collections.abc import Callable
from typing import Any

import pytest

from reconciler.diagnostics import Severity
from reconciler.stages.load.cells import CsvForm
from reconciler.stages.load.names import plain_name
from reconciler.stages.load.tables import read_table
from tests.stages.compose.support import composed, only
from tests.steps import grows

PROJECT = "generate: [{template: t.yaml.j2, rows: r.csv}]\n"


def names_of(template: str, table: str | bytes, project: str = PROJECT) -> list[Any]:
    """The addresses that a template makes of a table, without any error."""
    inventory = composed({"t.yaml.j2": template, "r.csv": table}, project)
    assert [item for item in inventory.diagnostics if item.severity is Severity.ERROR] == []
    return [resource.key for resource in inventory.resources]


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("Site Name", "site_name"),
        ("Country (ISO)", "country_iso"),
        ("wan-ip", "wan_ip"),
        ("VLAN #", "vlan"),
        ("Größe [m²]", "größe_m2"),
        ("2nd floor", "_2nd_floor"),
        ("class", "_class"),
        ("#", ""),
        ("a.b/c", "a_b_c"),
    ],
)
def test_a_header_is_usable_as_it_is_and_in_plain_form(header: str, name: str) -> None:
    assert plain_name(header) == name
    table = f'\ufeff"{header}", other \r\nA,x\r\n'
    assert names_of(f"sites: [{{name: \"${{ row['{header}'] }}\"}}]", table) == ["A"]
    if name:
        assert names_of(f"sites: [{{name: ${{ {name} }}}}]", table) == ["A"]


@pytest.mark.parametrize(
    "header", ["range", "dict", "namespace", "loop", "self", "row", "caller", "none", "if", "True"]
)
def test_a_header_named_like_something_of_a_template_breaks_nothing(header: str) -> None:
    template = (
        "sites:\n{% for i in range(1) %}{% set ns = namespace(n=loop.index) %}\n"
        f"- name: ${{ row['{header}'] }}-${{ ns.n }}-${{ dict(a=1).a }}-${{ other or none }}\n{{% endfor %}}\n"
    )
    assert names_of(template, f"{header},other\nA,x\n") == ["A-1-1-x"]


@pytest.mark.parametrize("header", ["items", "keys", "values", "get", "upper", "tojson", "length", "join"])
def test_a_header_named_like_a_filter_or_a_method_is_a_column(header: str) -> None:
    assert names_of(f"sites: [{{name: ${{ {header} | upper }}}}]", f"{header}\na\n") == ["A"]


@pytest.mark.parametrize("header", ["Site Name,site_name", "a-b,a b", "A,a", "Site Name,site name", "x,X"])
def test_two_headers_of_one_name_are_a_finding(header: str) -> None:
    found = only(composed({"t.yaml.j2": "", "r.csv": f"{header}\n1,2\n"}, PROJECT))
    assert found.detail.startswith("two columns, ")


GERMAN = "Name;Straße\nKöln;Dom 1, links\n"


@pytest.mark.parametrize(
    ("table", "project", "said"),
    [
        (GERMAN.encode("cp1252"), "", ["Windows-1252", 'delimiter: ";"']),
        (GERMAN.encode(), "", ['delimiter: ";"']),
        (GERMAN.encode("utf-8-sig"), "", ['delimiter: ";"']),
        (GERMAN.replace(";", "\t").encode("utf-16"), "", ['delimiter: "\\t"']),
        (GERMAN.encode("cp1252"), ', delimiter: ";", encoding: cp1252', []),
        (GERMAN.encode("mac-roman"), ', delimiter: ";", encoding: mac-roman', []),
        (GERMAN.replace(";", "|").encode(), ', delimiter: "|"', []),
    ],
)
def test_a_german_excel_s_csv_is_read_and_how_is_said(table: bytes, project: str, said: list[str]) -> None:
    generate = f"generate: [{{template: t.yaml.j2, rows: r.csv{project}}}]\n"
    inventory = composed({"t.yaml.j2": "sites: [{name: ${ name }, address: ${ straße }}]", "r.csv": table}, generate)
    assert [resource.body for resource in inventory.resources] == [{"name": "Köln", "address": "Dom 1, links"}]
    assert [item.rule for item in inventory.diagnostics] == sorted(
        f"guessed-{'encoding' if 'Windows' in part else 'delimiter'}" for part in said
    )
    assert not any(item.severity is Severity.ERROR for item in inventory.diagnostics)
    assert all(any(part in item.detail for item in inventory.diagnostics) for part in said)


def test_a_wrong_separator_or_encoding_in_the_project_file_is_an_error() -> None:
    project = "generate: [{template: t.yaml.j2, rows: r.csv, delimiter: ab, encoding: klingon}]\n"
    found = composed({"t.yaml.j2": "", "r.csv": "a\n1\n"}, project).diagnostics
    assert {str(item.source) for item in found} == {"reconciler.yaml:2:47", "reconciler.yaml:2:62"}
    found = read_table("a\nä\n".encode(), "r.csv", CsvForm(encoding="utf-16"))[1]
    assert "this is not utf-16" in found[0].detail


@pytest.mark.parametrize(
    ("table", "line", "part"),
    [
        ("a,b\n1\n2,3\n", 2, "there is none for 'b'"),
        ("a,b\n1,2\n1,Main St, 5\n", 3, "a cell that holds `,` is written in double quotes"),
        ("a,b\n" + "x" * 1_000_000 + ",1\n", 2, "the cell of 'a' has 1,000,000 characters"),
        ("a" * 200_000 + "\n1\n", 1, "the name of column 1 has 200,000 characters"),
        (",".join(f"c{n}" for n in range(10_001)) + "\n", 1, "10,001 columns"),
        ("a," + "x" * 500 + "," + "x" * 500 + "\n", 1, "two columns are called 'xxx"),
    ],
)
def test_a_row_or_a_cell_that_does_not_fit_is_named_with_bounded_output(table: str, line: int, part: str) -> None:
    found = read_table(table.encode(), "r.csv")[1]
    assert [(item.source and item.source.line, part in item.detail) for item in found] == [(line, True)]
    assert len(found[0].detail) < 300


@pytest.mark.parametrize(
    ("table", "rows"),
    [
        ("a,b,,\n1,2,,\n3,4\n5,6,,,\n", [{"a": "1", "b": "2"}, {"a": "3", "b": "4"}, {"a": "5", "b": "6"}]),
        ('a\n#1\n"#2"\n', [{"a": "#1"}, {"a": "#2"}]),
        ('a\n=HYPERLINK("x")\n', None),
        ('a\n"=HYPERLINK(""x"")"\n', [{"a": '=HYPERLINK("x")'}]),
        ("a\n=1+1\n'007\n", [{"a": "=1+1"}, {"a": "'007"}]),
        ("\n\na\n\n1\n,\n", [{"a": "1"}]),
    ],
)
def test_what_a_spreadsheet_leaves_in_a_csv_is_read_as_it_is(table: str, rows: Any) -> None:
    found, diagnostics = read_table(table.encode(), "r.csv")
    if rows is not None:
        assert diagnostics == ()
        assert [dict(row.values) for row in found.rows] == rows


def test_the_work_for_a_table_grows_with_its_columns_and_no_faster() -> None:
    def work(columns: int) -> Callable[[], list[Any]]:
        header = ",".join(f"c {n}" for n in range(columns))
        table = f"{header}\n" + (",".join("v" for _ in range(columns)) + "\n") * 20
        table = table.replace("\nv", "\nw", 1)
        template = f"sites: [{{name: ${{ c_{columns - 1} }}${{ row['c 0'] }}}}]"
        return lambda: names_of(template, table)

    assert "vw" in work(2000)()
    assert grows(work, size=500) < 5
