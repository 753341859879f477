"""JSON files are inventory: JSON is YAML, and is read by the same reader."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.model.limits import MAX_BYTES
from reconciler.stages.load import load
from reconciler.yamltext.events import parse
from tests.stages.compose.support import Files, clean, composed


def test_a_json_file_declares_objects_beside_yaml_files() -> None:
    text = json.dumps({"$schema": "../schemas/inventory.schema.json", "sites": [{"name": "A"}]}, indent="\t")
    assert list(clean({"a.json": text, "b.yaml": "sites: [{name: B}]"})) == ["site.A", "site.B"]


def test_what_is_wrong_in_it_has_its_place() -> None:
    found = composed({"a.json": '{\n  "sites": [\n    {"name": "A", "profiles": ["x"]}\n  ]\n}\n'}).diagnostics
    assert [(item.rule, str(item.source)) for item in found] == [("unknown-profile", "a.json:3:32")]


@pytest.mark.parametrize(
    "text",
    [
        '{"name": "x", "scripts": {"test": "y"}, "files": ["dist"], "dependencies": {"x": "1"}}',
        '{"format_version": "1.0", "changes": []}',
        '{"file_version": 2, "plan": {}}',
        '{"$schema": "https://json-schema.org/draft/2020-12/schema"}',
        "{}",
    ],
)
def test_files_of_other_programs_and_our_own_reports_are_no_part_of_it(text: str) -> None:
    assert composed({"plan.json": text}).diagnostics == ()


@pytest.mark.parametrize("name", ["a.json", "a.yaml"])
def test_a_kind_that_is_none_is_told_as_in_a_yaml_file(name: str) -> None:
    for text in ('{"sites": [], "colour": 1}', '{"stes": [{"name": "A"}]}'):
        found = composed({name: text}).diagnostics
        assert [item.rule for item in found] == ["unknown-kind"]
    (found_list,) = composed({name: "[1]"}).diagnostics
    assert found_list.rule == "not-a-mapping"


def test_the_bounds_of_files_hold_for_json() -> None:
    tree = Files({"reconciler.yaml": "version: 1\n", "a.json": " " * (MAX_BYTES + 1), "b.json": "[" * 70 + "]" * 70})
    assert sorted(item.rule for item in load(tree).diagnostics) == ["file-too-large", "too-deep"]


TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\x7f", exclude_categories=("Cc",)), max_size=12)
TREES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**17), 10**17) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=200, deadline=None)
@given(tree=st.dictionaries(TEXT, TREES, max_size=4), ascii_only=st.booleans(), indent=st.sampled_from([None, 2, "\t"]))
def test_every_json_document_is_read_as_it_is(tree: Any, *, ascii_only: bool, indent: Any) -> None:
    text = json.dumps(tree, ensure_ascii=ascii_only, indent=indent)
    parsed = parse(text.encode(), "a.json")
    assert parsed.diagnostics == (), text
    assert parsed.value == tree
