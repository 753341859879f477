"""Whatever stands in a header, a cell, a row or a variable: the composed object holds that very text, or a finding
names its row.

A longer run, with new examples each time:

    RECONCILER_LONG=20000 scripts/test tests/stages/compose/test_values_fuzz.py
"""

import os
from typing import Any
from unicodedata import normalize

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reconciler.diagnostics import Severity
from reconciler.kinds import kinds
from reconciler.model.inventory import Inventory
from reconciler.model.values import SecretRef, Untyped, YamlList, YamlMap
from reconciler.sources.secrets import secrets_for
from reconciler.stages.compose import compose
from reconciler.stages.compose.filters import quote
from reconciler.stages.load import load
from tests.stages.compose.support import Files
from tests.stages.compose.test_values import CELLS, csv

LONG = int(os.environ.get("RECONCILER_LONG", "0"))
EXAMPLES = settings(
    max_examples=LONG or 120,
    deadline=None,
    derandomize=not LONG,
    database=None,
    suppress_health_check=list(HealthCheck),
)

SIGNS = [
    *"#:-?*&!|>%@`~{}[],'\"\\=<;/$()^ \t\n\r",
    *(
        " #",
        ": ",
        "- ",
        "? ",
        "\n- ",
        "\n  ",
        "\n---\n",
        "\n...\n",
        "<<: ",
        "<<",
        "!!",
        "!!python/object:x ",
        "!secret ",
        "!merge ",
    ),
    *(
        "env:CI_TOKEN",
        "cmd:id",
        "file:x",
        "null",
        "true",
        "no",
        "0x1F",
        "1e3",
        "1_0",
        ".inf",
        ".nan",
        "{{v}}",
        "${ a }",
        "{% if a %}",
    ),
    *("{%", "%}", "{#", "#}", "${", "name: B", "sites:", "webhooks:", "id:", "&a ", "*a"),
    *(
        "\x00",
        "\x07",
        "\x1b[31m",
        "\x7f",
        "\x85",
        "\xa0",
        "\u2028",
        "\u2029",
        "\ufeff",
        "\ufffe",
        "\u202e",
        "\u2066",
        "\u200b",
    ),
    *(
        "\ue000",
        "\ue03a",
        "\ue03f",
        "\ue100",
        "\ue1000\ue101",
        "\ue1020\ue101",
        "\ue101",
        "\U0001f3ea",
        "\U0010ffff",
        "e\u0301",
    ),
]
texts = st.one_of(
    st.sampled_from(CELLS),
    st.lists(st.sampled_from(SIGNS) | st.text(max_size=3), max_size=6).map("".join),
    st.text(max_size=12),
).filter(lambda text: text.isascii() or not any("\ud800" <= char <= "\udfff" for char in text))

TEMPLATE = """\
{% macro pair(key, value) %}
${ key }: ${ value }
{%- endmacro %}
{% set kept %}${ b }{% endset %}
sites:
  - name: S-${ n }
    address: ${ a }
    notes: "${ b }"
    sitegroups: [one, ${ a }, '${ b }', "x ${ a }", x${ b }y]
    setting:
      vars:
        plain: ${ a }
        pasted: at ${ a }, ${ b }
        kept: ${ kept }
        quoted: ${ a | tojson }
        block: |-
          <${ a }>
        ${ pair('macro', b) }
        k_${ n }: ${ given }
        header: ${ row.keys() | list | last }
        last: ${ row.values() | list | last }
        {% if a == b %}
        same: "yes"
        {% endif %}
        {% for value in [a, b] %}
        loop${ loop.index }: ${ value }
        {% endfor %}
"""


def inventory_of(files: dict[str, Any], project: str) -> Inventory:
    lookups: list[SecretRef] = []
    tree = Files({"reconciler.yaml": f"version: 1\n{project}", **files})
    known = secrets_for(tree, {"CI_TOKEN": "canary"})

    def source(settings: Any) -> Any:
        found = known(settings)

        def lookup(ref: SecretRef) -> str:
            lookups.append(ref)
            return found(ref)

        return lookup

    inventory = compose(load(tree), kinds=kinds(), secrets=source)
    assert lookups == []
    return inventory


def plain(value: Any) -> Any:
    """A value as it is, with texts of one class; nothing but data may be in it."""
    if isinstance(value, dict):
        assert type(value) is YamlMap
        assert all(type(key) is str for key in value)
        assert value.marks.keys() >= value.keys()
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list):
        assert type(value) is YamlList
        assert not value.merge
        assert len(value.marks) == len(value)
        return [plain(item) for item in value]
    assert value is None or type(value) in (str, Untyped, int, float, bool)
    return str(value) if isinstance(value, str) else value


def wanted(row: dict[str, str], given_value: str, header: str) -> dict[str, Any]:
    a, b, n = row["a"], row["b"], row["n"]
    site: dict[str, Any] = {"name": f"S-{n}"}
    site |= {"address": a} if a else {}
    site |= {"notes": b} if b else {}
    site["sitegroups"] = ["one", *([a] if a else []), *([b] if b else []), f"x {a}", f"x{b}y"]
    variables = {"plain": a, "pasted": f"at {a}, {b}", "kept": b, "quoted": a, "block": f"<{a}>", "macro": b}
    variables |= {f"k_{n}": given_value} | ({"same": "yes"} if a == b else {}) | {"loop1": a, "loop2": b}
    variables |= {"header": header, "last": "x"}
    always = ("pasted", "block", "same", f"k_{n}")
    return {f"site.S-{n}": site, "setting": {k: v for k, v in variables.items() if v or k in always}}


@EXAMPLES
@given(st.lists(st.tuples(texts, texts), min_size=1, max_size=3), texts, texts)
def test_a_cell_a_header_and_a_variable_are_that_very_text_or_a_finding_names_the_row(
    cells: list[tuple[str, str]], header: str, given_value: str
) -> None:
    rows = [{"n": str(number), "a": a.strip(), "b": b.strip()} for number, (a, b) in enumerate(cells)]
    table = csv(["n", "a", "b", f"{header} h"], *([row["n"], row["a"], row["b"], "x"] for row in rows))
    project = f"vars: {{given: {quote(given_value)}}}\ngenerate: [{{template: t.yaml.j2, rows: r.csv}}]\n"
    inventory = inventory_of({"t.yaml.j2": TEMPLATE, "r.csv": table}, project)
    errors = [item for item in inventory.diagnostics if item.severity is Severity.ERROR]
    if errors:
        assert all(
            item.source and ("r.csv" in item.detail or item.source.file in ("r.csv", "reconciler.yaml"))
            for item in errors
        )
        return
    found = {str(resource.address): plain(resource.body) for resource in inventory.resources}
    expected: dict[str, Any] = {}
    for row in rows:
        site, setting = wanted(row, given_value, f"{header} h".strip()).items()
        expected |= {site[0]: site[1], f"{site[0]}/setting": {"vars": setting[1]}}
    assert found == expected
    assert all(item.rule in ("empty-cell", "guessed-delimiter", "guessed-encoding") for item in inventory.diagnostics)


values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**17), 10**17) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)


@EXAMPLES
@given(values, st.dictionaries(st.sampled_from("abcdef"), texts, max_size=3))
def test_a_value_of_a_yaml_row_is_that_very_value_or_a_finding_names_the_row(
    value: Any, texts_of: dict[str, str]
) -> None:
    template = "sites:\n- name: S\n  notes: ${ v }\n  address: ['${ v }', a]\n  aliases: ${ t }\n"
    row = f"- v: {quote(value)}\n  t: {quote(list(texts_of.values()))}\n"
    project = "generate: [{template: t.yaml.j2, rows: r.yaml}]\n"
    inventory = inventory_of({"t.yaml.j2": template, "r.yaml": row}, project)
    if inventory.diagnostics:
        assert all(item.source and item.source.file == "r.yaml" for item in inventory.diagnostics)
        return
    (site,) = inventory.resources
    quoted = str(value) if isinstance(value, bool | int) else value
    assert plain(site.body) == {"name": "S", "notes": value, "address": [quoted, "a"]}
    assert site.aliases == tuple(normalize("NFC", text) for text in texts_of.values())  # names are compared so


@EXAMPLES
@given(
    st.lists(
        st.sampled_from(
            [
                "sites:",
                "- ",
                "name: ",
                "{",
                "}",
                "[",
                "]",
                "'",
                '"',
                "\n",
                "\n  ",
                "${ a }",
                "${ b }:",
                " ",
                "x",
                ",",
                "? ",
            ]
        ),
        max_size=14,
    )
)
def test_whatever_the_template_is_the_values_make_no_difference_to_its_structure(parts: list[str]) -> None:
    template = "sites:\n- name: S\n  notes: " + "".join(parts)
    outcomes = []
    for a, b in (("v", "w"), ("- !secret cmd:id #\n{[", "*x: &y\n- 'z"), ("~", "<<")):
        files = {"t.yaml.j2": template, "r.csv": csv(["a", "b"], [a, b])}
        inventory = inventory_of(files, "generate: [{template: t.yaml.j2, rows: r.csv}]\n")
        rules = [(item.rule, item.source and item.source[:3]) for item in inventory.diagnostics]
        outcomes.append((rules, [shape(resource.body) for resource in inventory.resources]))
    assert outcomes[0] == outcomes[1] == outcomes[2]


def shape(value: Any) -> Any:
    """What a value is made of: mappings by their number of keys, lists by their elements."""
    if isinstance(value, dict):
        return [len(value), *(shape(item) for item in value.values())]
    return [shape(item) for item in value] if isinstance(value, list) else type(value) in (str, Untyped)
