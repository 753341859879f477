"""The canonical form: what moves, what stays, and that it means the same."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reconciler.kinds import kinds
from reconciler.yamltext.edit.formatting import formatted, meaning
from reconciler.yamltext.events import parse
from tests.strategies import bodies
from tests.yamltext.edit.texts import MAPS, texts

Draw = Callable[[Any], Any]
QUIET = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)

CASES = {
    "the natural key comes first, children last": (
        "sites:\n  - wlans: []\n    timezone: UTC\n    name: A\n    setting: {}\n    address: b\n",
        "sites:\n  - name: A\n    address: b\n    timezone: UTC\n    setting: {}\n    wlans: []\n",
    ),
    "a parent and meta keys follow the natural key": (
        "wlans:\n  - enabled: true\n    profiles: [p]\n    site: S\n    ssid: X\n",
        "wlans:\n  - ssid: X\n    site: S\n    profiles: [p]\n    enabled: true\n",
    ),
    "comments move with the key below them": (
        "sites:\n  # the site\n  - name: A\n    # where\n    timezone: UTC  # behind\n\n    # street\n    address: b\n",
        "sites:\n  # the site\n  - name: A\n\n    # street\n    address: b\n    # where\n    timezone: UTC  # behind\n",
    ),
    "comments of what comes to stand behind the dash go above it": (
        "sites:\n  - timezone: UTC\n    # its name\n    name: A\n",
        "sites:\n  # its name\n  - name: A\n    timezone: UTC\n",
    ),
    "a deeper comment stays with the block above it": (
        "sites:\n  - name: A\n    vars: {}\n    setting:\n      vars: {}\n      # end of the setting\n    address: b\n",
        "sites:\n  - name: A\n    address: b\n    setting:\n      vars: {}\n      # end of the setting\n    vars: {}\n",
    ),
    "entries in braces change places": (
        "wlans:\n  - {auth: {psk: !secret env:X, type: psk}, ssid: L, template: t}\n",
        "wlans:\n  - {ssid: L, auth: {type: psk, psk: !secret env:X}, template: t}\n",
    ),
    "braces over several lines with comments stay": (
        "wlans:\n  - {auth: {},  # why\n     ssid: L}\n",
        "wlans:\n  - {auth: {},  # why\n     ssid: L}\n",
    ),
    "the author's own names keep their order": (
        "networktemplates:\n  - name: c\n    networks: {z: {vlan_id: 1}, a: {vlan_id: 2}}\n",
        "networktemplates:\n  - name: c\n    networks: {z: {vlan_id: 1}, a: {vlan_id: 2}}\n",
    ),
    "elements with a key have it first": (
        "networktemplates:\n  - name: c\n    acl_policies: !merge:after:a%20b\n      - actions: []\n        name: p\n",
        "networktemplates:\n  - name: c\n    acl_policies: !merge:after:a%20b\n      - name: p\n        actions: []\n",
    ),
    "unknown keys stay behind the known ones": (
        "sites:\n  - foo: 1\n    name: A\n    bar: 2\n",
        "sites:\n  - name: A\n    foo: 1\n    bar: 2\n",
    ),
    "quotes stand where some reader needs them": (
        "x-a: ['a', \"b c\", NO, 08:00, '10.0.0.1', 'it''s', \"20\", 'true', ~, True]\n",
        'x-a: [a, b c, "NO", "08:00", 10.0.0.1, it\'s, "20", "true", null, true]\n',
    ),
    "quoted keys that need none lose them": ("x-a: {'b': 1, \"10\": 2, c: 3}\n", 'x-a: {b: 1, "10": 2, c: 3}\n'),
    "texts of several lines stay": (
        "x-a: |\n  one  \n  two\nx-b: 'a\n\n  b'\nx-c: >-\n  y\n",
        "x-a: |\n  one  \n  two\nx-b: 'a\n\n  b'\nx-c: >-\n  y\n",
    ),
    "an alias never comes before its anchor": (
        "sites:\n  - timezone: &t UTC\n    name: A\n    address: *t\n",
        "sites:\n  - timezone: &t UTC\n    name: A\n    address: *t\n",
    ),
    "anchors move along where nothing depends on it": (
        "sites:\n  - timezone: &t UTC\n    name: A\n  - name: B\n    timezone: *t\n",
        "sites:\n  - name: A\n    timezone: &t UTC\n  - name: B\n    timezone: *t\n",
    ),
    "what is merged in comes first": (
        "x-b: &b {timezone: UTC}\nsites:\n  - name: A\n    <<: *b\n",
        "x-b: &b {timezone: UTC}\nsites:\n  - <<: *b\n    name: A\n",
    ),
    "line breaks of other systems stay": (
        "sites:\r\n  - timezone: UTC  \r\n    name: 'A'\r\n",
        "sites:\r\n  - name: A\r\n    timezone: UTC\r\n",
    ),
    "the last line gets its break": ("sites:\n  - name: A", "sites:\n  - name: A\n"),
    "a block of text at the end gets none": ("x-a: |\n  b", "x-a: |\n  b"),
    "an empty file stays": ("# nothing\n", "# nothing\n"),
    "the API's own names stand where the readable ones do": (
        "sites:\n  - sitegroup_ids: []\n    rftemplate: r\n    networktemplate_id: nt\n    name: A\n",
        "sites:\n  - name: A\n    networktemplate_id: nt\n    rftemplate: r\n    sitegroup_ids: []\n",
    ),
}


ODD = [
    ("sites:\n  - timezone: UTC\n    ? name\n    : A\n", "sites:\n  - ? name\n    : A\n    timezone: UTC\n"),
    (
        "--- # x\nsites:\n  - timezone: UTC\n    name: A\n...\n",
        "--- # x\nsites:\n  - name: A\n    timezone: UTC\n...\n",
    ),
    ("sites:\n  - # c\n    timezone: UTC\n    name: A\n", "sites:\n  - # c\n    name: A\n    timezone: UTC\n"),
    ("sites:\n  - &a\n    timezone: UTC\n    name: A\n", "sites:\n  - &a\n    name: A\n    timezone: UTC\n"),
    ("sites:\n  - {timezone: UTC,\n     name: A}\n", "sites:\n  - {name: A,\n     timezone: UTC}\n"),
    (
        "sites:\n- timezone: UTC\n  notes: |\n    a\n    # no comment\n\n  name: A\n",
        "sites:\n- name: A\n  notes: |\n    a\n    # no comment\n  timezone: UTC\n",
    ),
    ("sites:\n  - notes: 'a\u2028b'\n    name: A\n", 'sites:\n  - name: A\n    notes: "a\\u2028b"\n'),
]


@pytest.mark.parametrize(("text", "expected"), ODD)
def test_unusual_forms_are_put_in_order_too(text: str, expected: str) -> None:
    assert formatted(text, "sites.yaml") == (expected, ())
    assert formatted(expected, "sites.yaml") == (expected, ())


@pytest.mark.parametrize("case", CASES)
def test_the_canonical_form(case: str) -> None:
    given_text, expected = CASES[case]
    assert formatted(given_text, "sites.yaml") == (expected, ())
    assert formatted(expected, "sites.yaml") == (expected, ())


def test_the_project_file_has_its_own_order_and_keeps_its_first_comment() -> None:
    text = "# about\nprotect: []\ndefaults:\n  sites: {timezone: UTC, address: x}\norg: {id: b, name: A}\nversion: 1\n"
    expected = (
        "# about\nversion: 1\norg: {name: A, id: b}\ndefaults:\n  sites: {address: x, timezone: UTC}\nprotect: []\n"
    )
    assert formatted(text, "inventory/reconciler.yaml") == (expected, ())


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("sites: [\n", "yaml-syntax"),
        ("sites:\n  - name: A\n    name: B\n", "duplicate-key"),
        ("sites: !python x\n", "unknown-tag"),
    ],
)
def test_a_file_with_mistakes_is_left_alone_with_a_diagnostic(text: str, rule: str) -> None:
    result, found = formatted(text, "sites.yaml")
    assert result == text
    assert rule in [item.rule for item in found]


@st.composite
def inventories(draw: Draw) -> str:
    """A file with one object of a kind, written anyhow."""
    kind = draw(st.sampled_from([item for item in kinds() if item.model and not item.singleton]))
    body = draw(bodies(kind.name))
    return str(draw(texts({kind.plural: [{kind.key: "n", **body}]})))


@QUIET
@given(st.one_of(inventories(), MAPS.flatmap(texts)))
def test_formatting_twice_is_formatting_once_and_changes_no_meaning(text: str) -> None:
    once, found = formatted(text, "sites.yaml")
    assert not found, (found, text)
    assert formatted(once, "sites.yaml") == (once, ())
    before, after = (parse(item.encode(), "sites.yaml") for item in (text, once))
    assert not after.diagnostics
    assert meaning(after.value) == meaning(before.value)


@QUIET
@given(inventories())
def test_no_comment_is_lost(text: str) -> None:
    once, _ = formatted(text, "sites.yaml")
    assert once.count("# note") == text.count("# note")
    assert once.count("# behind") == text.count("# behind")
