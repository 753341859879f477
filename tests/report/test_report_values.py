"""Values as text: what is shown can be read back, and nothing in it can do harm."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.diagnostics import SourceRange
from reconciler.model.address import Address
from reconciler.model.resource import Resource
from reconciler.model.values import Secret, SecretRef, YamlList, YamlMap
from reconciler.report.values import block, inline, jsonable, printable
from reconciler.report.yaml_text import inventory_yaml
from reconciler.yamltext.events import parse

TEXT = st.text(st.characters(codec="utf-8"), max_size=20) | st.sampled_from(
    ["NO", "yes", "0123", "1e3", "~", "10:11:22:33:44:55", "485073e01234", "a: b", "# x", "10.0.0.0/8", "{{v}}", "<<"]
)
LEAF = st.none() | st.booleans() | st.integers(-(10**15), 10**15) | TEXT
BODY = st.recursive(
    LEAF, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3), max_leaves=12
)


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(TEXT, BODY, max_size=4))
def test_rendered_yaml_loads_as_the_same_values(body: dict[str, Any]) -> None:
    address = Address.of("site", "A")
    resource = Resource(address=address, kind="site", body=YamlMap(body), source=SourceRange("a.yaml", 1, 1))
    text = inventory_yaml([resource], plurals={"site": "sites"})
    parsed = parse(text.encode(), "a.yaml")
    assert parsed.diagnostics in ((), [])
    assert parsed.value["sites"] == ([body] if body else [{}])


@settings(max_examples=150, deadline=None)
@given(BODY)
def test_no_value_shows_as_anything_but_printable_lines(value: Any) -> None:
    assert inline(value).isprintable()
    assert all(row.isprintable() for row in block(value))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("access", "access"),
        ("10", '"10"'),
        (10, "10"),
        (True, "true"),
        ("true", '"true"'),
        ("NO", '"NO"'),
        (None, "null"),
        ("", '""'),
        ("Zürich HB", "Zürich HB"),
        ("a -> b", '"a -> b"'),
        ("10.0.0.0/8", "10.0.0.0/8"),
        ("10:11:22:33:44:55", '"10:11:22:33:44:55"'),
        ("{{vlan}}", '"{{vlan}}"'),
        ([1, "a"], "[1, a]"),
        ({"a": {"b": []}}, "{a: {b: []}}"),
        (Secret("canary", origin="plain"), "(secret)"),
        (SecretRef("env", "X", mark=("a", 1, 1)), "!secret env:X"),
        (1.5, "1.5"),
    ],
)
def test_values_are_shown_as_a_reader_would_write_them(value: Any, text: str) -> None:
    assert inline(value) == text


def test_json_holds_no_secret_and_only_what_json_knows() -> None:
    value = {
        "a": Secret("canary", origin="env:X"),
        1: [float("inf"), (1, 2)],
        "r": SecretRef("env", "X", mark=("", 1, 1)),
    }
    assert jsonable(value) == {"a": "(secret)", "1": ["inf", [1, 2]], "r": "!secret env:X"}


def test_invisible_characters_are_shown_as_escapes() -> None:
    assert printable("a\x1b\u202eb") == "a\\x1b\\u202eb"


def test_rendering_keeps_meta_keys_tags_and_secrets_as_references() -> None:
    body = YamlMap(
        {
            "rules": YamlList([{"name": "a"}], merge=True),
            "psk": Secret("canary", origin="env:PSK"),
            "other": Secret("canary", origin="plain"),
            "open": SecretRef("file", "x", mark=("", 1, 1)),
            "none": {},
            "list": [],
        }
    )
    site = Address.of("site", "A")
    resource = Resource(
        address=Address.of("wlan", "W", parent=site), kind="wlan", body=body, parent=site, api_id="1", aliases=("old",)
    )
    text = inventory_yaml([resource], plurals={"wlan": "wlans"})
    assert text == (
        "wlans:\n  # site.A/wlan.W\n  - site: A\n"
        '    id: "1"\n    aliases:\n      - old\n'
        "    rules: !merge\n      - name: a\n    psk: !secret env:PSK\n"
        "    other: !secret plain  # written in plain; not shown\n    open: !secret file:x\n"
        "    none: {}\n    list: []\n"
    )
