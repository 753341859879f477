"""What is read from a file: scalars, marks, anchors, flow text, secrets."""

import io
import math
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from reconciler.diagnostics import SourceRange
from reconciler.model.values import SecretRef, Untyped, YamlList, YamlMap, mark_of, merge_tag
from reconciler.yamltext.events import parse
from reconciler.yamltext.scalars import number_text, plain_scalar

TEXT = """
NO no yes Yes on off y n 0123456 00 01 -01 +1 1_000 0x1F 0o17 0b1 1.10 1. .5 -.5 1e3 1E3 1.0e3 485073e01234 1e+16 .inf
-.inf .nan 10:11:22:33:44:55 1:30 12:30:45 2024-01-01 2024-01-01T00:00:00Z 1.2.3 10.0.0.1 10.0.0.0/8 nul NuLL tRUE fAlse
TrUe n/a none None -0 -- 1- 1a a1 12345678901234567890 ١٢ 0.10 00.5 -0.50 1,5 ~x null0 https://x.example.net a:b
""".split()  # noqa: SIM905 - reads better than 70 quoted texts

VALUES: list[tuple[str, object]] = [
    ("~", None),
    ("null", None),
    ("Null", None),
    ("NULL", None),
    ("true", True),
    ("True", True),
    ("TRUE", True),
    ("false", False),
    ("False", False),
    ("FALSE", False),
    ("0", 0),
    ("1", 1),
    ("-1", -1),
    ("4094", 4094),
    ("123456789012345678", 123456789012345678),
    ("0.0", 0.0),
    ("1.5", 1.5),
    ("-73.97", -73.97),
    ("48.8566", 48.8566),
]


def read(text: str) -> Any:
    parsed = parse(text.encode(), "f.yaml")
    assert parsed.diagnostics == ()
    return parsed.value


@pytest.mark.parametrize("text", TEXT)
def test_what_only_looks_like_a_value_stays_text(text: str) -> None:
    assert read(f"key: {text}\n") == {"key": text}
    assert read(f"- {text}\n") == [text]


@pytest.mark.parametrize(("text", "value"), VALUES)
def test_only_canonical_words_and_numbers_are_values(text: str, value: object) -> None:
    found = read(f"key: {text}\n")["key"]
    assert (type(found), found) == (type(value), value)


NUMBERS = [
    ("47.1000", 47.1),
    ("2.50", 2.5),
    ("1.", 1.0),
    (".5", 0.5),
    ("+1", 1),
    ("0020", 20),
    ("1e3", 1000.0),
    ("6.1e-05", 0.000061),
    ("0x1F", 31),
    ("0o17", 15),
    ("12345678901234567890", 12345678901234567890),
]


@pytest.mark.parametrize(("text", "number"), NUMBERS)
def test_an_unquoted_number_keeps_its_text_and_knows_its_number(text: str, number: float) -> None:
    found = read(f"key: {text}\n")["key"]
    assert isinstance(found, Untyped)
    assert (found, found.number) == (text, number)
    assert not isinstance(read(f"key: '{text}'\n")["key"], Untyped)


@pytest.mark.parametrize("text", ["1_000", "0b1", "1:30", ".inf", ".nan", "1e", "e1", "-", "+", ".", "1.2.3", "١٢"])
def test_what_yaml_takes_for_no_number_is_none(text: str) -> None:
    value = read(f"key: '{text}'\n" if text == "-" else f"key: {text}\n")["key"]
    assert not isinstance(value, Untyped | int | float)


@pytest.mark.parametrize("number", [0.000061, -0.00007, 1e16, 1e22, 5e-324, 1.7976931348623157e308, 48.8566, -0.0])
def test_every_number_is_written_in_decimals_and_read_back(number: float) -> None:
    text = number_text(number)
    assert "e" not in text
    assert (type(read(f"key: {text}\n")["key"]), read(f"key: {text}\n")["key"]) == (float, number)


@pytest.mark.parametrize("text", ["", *(text for text, _ in VALUES), *TEXT])
@pytest.mark.parametrize("quotes", ["''", '""'])
def test_a_quoted_scalar_is_always_text(text: str, quotes: str) -> None:
    assert read(f"key: {quotes[0]}{text}{quotes[1]}\n") == {"key": text}


def test_block_scalars_are_text() -> None:
    assert read("a: |\n  10\nb: >-\n  true\n") == {"a": "10\n", "b": "true"}


@pytest.mark.parametrize("key", ["10", "true", "null", "NO", "1.5", "~", "0x1"])
def test_a_key_is_the_text_that_is_written(key: str) -> None:
    assert read(f"{key}: x\n") == {key: "x"}


def test_marks_point_to_keys_and_elements_counted_from_one() -> None:
    data = read("sites:\n  - name: A\n    tags: [x,  y]\n  - {name: B}\n")
    places = {
        ("sites",): (1, 1),
        ("sites", 0): (2, 5),
        ("sites", 0, "name"): (2, 5),
        ("sites", 0, "tags"): (3, 5),
        ("sites", 0, "tags", 1): (3, 16),
        ("sites", 1): (4, 5),
        ("sites", 1, "name"): (4, 6),
        ("sites", 1, "absent"): (4, 5),
    }
    for path, place in places.items():
        assert mark_of(data, path) == SourceRange("f.yaml", *place), path
    assert data["sites"][1].mark == ("f.yaml", 4, 5)
    assert data["sites"].mark == ("f.yaml", 2, 3)


def test_columns_count_characters_also_after_masked_signs() -> None:
    data = read("{é: é:é, url: 'x', b: [a:b, c?d, e]}")
    assert data == {"é": "é:é", "url": "x", "b": ["a:b", "c?d", "e"]}
    assert mark_of(data, ("b", 2)) == SourceRange("f.yaml", 1, 34)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("{psk: a:b}", {"psk": "a:b"}),
        ("[10:11:22:33:44:55, fe80::1]", ["10:11:22:33:44:55", "fe80::1"]),
        ("{url: https://x.example.net/y?z=1&a=b}", {"url": "https://x.example.net/y?z=1&a=b"}),
        ("{a: [\nb:c,\nd?]}", {"a": ["b:c", "d?"]}),
        ("[\nwhat?,\nno]", ["what?", "no"]),
        ("{'a':1, \"b\":x}", {"a": 1, "b": "x"}),
        ("{a: 'b:c?d', e: \"f:g\"} # x:y?", {"a": "b:c?d", "e": "f:g"}),
        ("{a: 1, b: {c: d:e}}", {"a": 1, "b": {"c": "d:e"}}),
        ("a:b: [c:d]", {"a:b": ["c:d"]}),
        ("x: &a {k: v:w}\ny: *a", {"x": {"k": "v:w"}, "y": {"k": "v:w"}}),
        ("- [a:b]\n- |\n  c:d?\n", [["a:b"], "c:d?\n"]),
    ],
)
def test_colons_and_question_marks_inside_of_flow_text_are_text(text: str, value: object) -> None:
    assert read(text) == value


def test_the_masks_characters_are_read_as_they_are() -> None:
    assert read("a: \ue03a\ue03f\n") == {"a": "\ue03a\ue03f"}
    assert read("a: [x, '\ue03a y:z']\n") == {"a": ["x", "\ue03a y:z"]}


def test_a_secret_reference_knows_its_scheme_target_and_place() -> None:
    parsed = parse(b"a: !secret env:X\nb: [!secret file:p/q]\nc: {d: !secret cmd:pass a:b}\n", "f.yaml")
    assert parsed.has_secrets
    refs = [parsed.value["a"], parsed.value["b"][0], parsed.value["c"]["d"]]
    assert [repr(ref) for ref in refs] == ["!secret env:X", "!secret file:p/q", "!secret cmd:pass a:b"]
    assert [ref.mark for ref in refs] == [("f.yaml", 1, 4), ("f.yaml", 2, 5), ("f.yaml", 3, 8)]
    assert all(isinstance(ref, SecretRef) for ref in refs)
    assert not parse(b"a: b\n", "f.yaml").has_secrets


def test_a_list_tagged_merge_says_so_and_others_do_not() -> None:
    data = read("a: !merge\n  - x\nb: [y]\n")
    assert (data["a"].merge, data["b"].merge) == (True, False)


@pytest.mark.parametrize(
    ("tag", "place"),
    [
        ("", ""),
        (":first", "first"),
        (":last", "last"),
        (":before:block-all", "before:block-all"),
        (":after:block%20all:Z%C3%BCrich%2F1", "after:block all:Zürich/1"),
    ],
)
def test_a_merged_list_knows_the_place_of_its_elements(tag: str, place: str) -> None:
    for text in (f"a: !merge{tag}\n  - x:y\n", f"a: !merge{tag} [x:y]\n", f"{{b: c:d, a: !merge{tag} [x:y]}}"):
        value = read(text)["a"]
        assert (value, value.merge, value.place) == (["x:y"], True, place)
        assert read(f"a: {merge_tag(value)} [x]\n")["a"].place == place


@pytest.mark.parametrize("tag", ["!merge:", "!merge:second", "!merge:before", "!merge:before:", "!merge:firstly"])
def test_a_place_that_is_none_is_an_error_with_those_there_are(tag: str) -> None:
    (found,) = parse(f"a: {tag} [x]\n".encode(), "f").diagnostics
    assert (found.rule, str(found.source)) == ("unknown-tag", "f:1:4")
    assert "!merge:before:NAME" in found.detail


def test_anchors_stand_for_the_same_value_at_a_place_of_their_own() -> None:
    data = read("a: &x {k: 10}\nb: *x\nc: [&y z, *y, *x]\nd: &n 5\ne: *n\n")
    assert data == {"a": {"k": 10}, "b": {"k": 10}, "c": ["z", "z", {"k": 10}], "d": 5, "e": 5}
    assert mark_of(data, ("b",)) == SourceRange("f.yaml", 2, 1)
    assert mark_of(data, ("b", "k")) == SourceRange("f.yaml", 1, 8)


def test_a_name_may_be_anchored_again() -> None:
    assert read("a: &x 1\nb: *x\nc: &x [2]\nd: *x\n") == {"a": 1, "b": 1, "c": [2], "d": [2]}


def test_merge_keys_give_what_is_not_written_with_its_marks() -> None:
    data = read("a: &a {x: 1, y: 1}\nb: &b {y: 2, z: 2}\nc:\n  <<: [*a, *b]\n  x: 3\nd: {<<: *b}\n")
    assert data["c"] == {"x": 3, "y": 1, "z": 2}
    assert data["d"] == {"y": 2, "z": 2}
    assert mark_of(data, ("c", "z")) == SourceRange("f.yaml", 2, 14)
    assert list(data["c"].marks) == list(data["c"])


def test_a_quoted_merge_key_is_an_ordinary_key() -> None:
    assert read("'<<': x\n") == {"<<": "x"}


def test_an_unquoted_variable_is_repaired_so_that_it_is_reported_once() -> None:
    parsed = parse(b"vlan_id: {{vlan}}\nhosts: [{{host}}]\n", "f")
    assert parsed.value == {"vlan_id": "{{vlan}}", "hosts": ["{{host}}"]}
    assert [item.rule for item in parsed.diagnostics] == ["unquoted-variable", "unquoted-variable"]


def test_all_duplicate_keys_of_a_file_are_reported_and_the_first_counts() -> None:
    parsed = parse(b"a: 1\na: {b: 2}\nc: {d: 3, d: 4}\n", "f")
    assert parsed.value == {"a": 1, "c": {"d": 3}}
    assert [str(item.source) for item in parsed.diagnostics] == ["f:2:1", "f:3:11"]


# YAML 1.1, which libyaml speaks, takes these three for line ends, and dumpers write them unescaped.
texts = st.text(st.characters(codec="utf-8", exclude_characters="\x85\u2028\u2029"))
scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | texts
trees = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=20,
)


def by_our_rules(value: Any) -> Any:
    """The tree as our scalar rules read what a dumper wrote for it."""
    if isinstance(value, dict):
        return {key: by_our_rules(item) for key, item in value.items()}
    if isinstance(value, list):
        return [by_our_rules(item) for item in value]
    if isinstance(value, float):
        written = repr(value) if math.isfinite(value) else (".inf" if value > 0 else "-.inf")
        return value if plain_scalar(written) == value else ...
    if isinstance(value, int) and not isinstance(value, bool) and len(str(abs(value))) > 18:
        return str(value)
    return value


def same(found: Any, wanted: Any) -> bool:
    if wanted is ...:
        return isinstance(found, str)
    if isinstance(wanted, dict):
        return (
            isinstance(found, dict) and found.keys() == wanted.keys() and all(same(found[k], wanted[k]) for k in wanted)
        )
    if isinstance(wanted, list):
        return isinstance(found, list) and len(found) == len(wanted) and all(map(same, found, wanted))
    kind = type(wanted)
    return (isinstance(found, kind) if kind is str else type(found) is kind) and found == wanted


def assert_marked(value: Any) -> None:
    if isinstance(value, YamlMap):
        assert value.marks.keys() == value.keys()
        for item in value.values():
            assert_marked(item)
    elif isinstance(value, list):
        assert isinstance(value, YamlList)
        assert len(value.marks) == len(value)
        for item in value:
            assert_marked(item)


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(trees, st.sampled_from([None, True, False]))
def test_what_pyyaml_writes_is_read_back_equal(tree: Any, flow: bool | None) -> None:
    text = yaml.safe_dump(tree, allow_unicode=True, default_flow_style=flow)
    parsed = parse(text.encode(), "f")
    assert parsed.diagnostics == (), text
    assert same(parsed.value, by_our_rules(tree)), text
    assert_marked(parsed.value)


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@example({"?0": None, "a": "?b"}, True)
@given(trees, st.booleans())
def test_what_ruamel_writes_is_read_back_equal(tree: Any, flow: bool) -> None:
    writer = YAML(typ="safe", pure=True)
    writer.default_flow_style = flow
    stream = io.StringIO()
    writer.dump(tree, stream)
    parsed = parse(stream.getvalue().encode(), "f")
    assert parsed.diagnostics == (), stream.getvalue()
    assert same(parsed.value, by_our_rules(tree)), stream.getvalue()


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=80) | st.text("{}[]:,?-&*!|>'\"%@`#\t\n ab1<~", max_size=60).map(str.encode))
@example(b"{a: b:c, ? d}")
@example(b"&a [*a]")
@example(b"{{a}}: {{b}}")
@example(b"? ? {{a}}\n: b")
@example(b"{<<: {a: 1}, {{x}}: 1}")
@example(b"- {{a}}\n- {{b}}: {{c}}")
@example(b"<<: *a\n<<: 1")
def test_no_bytes_make_the_loader_raise(data: bytes) -> None:
    parsed = parse(data, "f")
    assert_marked(parsed.value)
    for item in parsed.diagnostics:
        assert item.source is not None
        assert item.source.line >= 1
        assert item.source.column >= 1
        assert item.detail


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=20))
def test_a_plain_scalar_is_itself_or_prints_as_itself(text: str) -> None:
    value = plain_scalar(text)
    assert isinstance(value, str | bool | None) or number_text(value) == text
    assert not isinstance(value, str) or value == text
