"""The quick reader and libyaml's events never differ: what the quick reader reads at all, it reads the same way."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from reconciler.model.values import SecretRef, YamlList, YamlMap
from reconciler.yamltext.events import parse_events
from reconciler.yamltext.quick import read_plain

ROOT = Path(__file__).parents[2]
FILES = sorted(path for folder in ("examples", "tests") for path in (ROOT / folder).rglob("*.y*ml"))


def seen(value: Any) -> Any:
    """A value with its types and all places."""
    if isinstance(value, YamlMap):
        assert list(value) == list(value.marks)
        return ("map", value.mark, [(key, value.marks[key], seen(item)) for key, item in value.items()])
    if isinstance(value, YamlList):
        return ("list", value.mark, value.merge, list(value.marks), [seen(item) for item in value])
    if isinstance(value, SecretRef):
        return ("secret", repr(value), value.mark)
    return (type(value), value)


def is_quick(text: str) -> bool:
    """Whether the quick reader reads a text; if so, it has to read what libyaml reads."""
    quick = read_plain(text, "a.yaml")
    if quick is None:
        return False
    events = parse_events(text.encode(), "a.yaml")
    assert not events.diagnostics, events.diagnostics
    assert seen(quick[0]) == seen(events.value)
    assert quick[1] >= events.has_secrets
    return True


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_file_of_this_project_reads_the_same(path: Path) -> None:
    content = path.read_bytes()
    try:
        is_quick(content.decode())
    except UnicodeDecodeError:
        assert parse_events  # a sample of bad encoding, which never gets here


QUICK = {
    "a key and text": "a: one two  three",
    "a document's start": "---\na: 1",
    "comments and blank lines": "# top\n\na: 1  # one\n   # odd place\nb:   # two\n\n  c: 3 # three\n",
    "words and numbers": "a: [true, null, 1, -80, 1.5, 007, 1e3, NO, 0x1F]",
    "negative numbers": "a: -80\nb: -1.5 # cold",
    "signs inside of text": "a: it's 10:11:22 a,b [c] {{d}} x#y - z ? ! & * | > % @",
    "letters beyond ASCII": "a: Zürich\nb: Ärzte\nc: [Zürich, 東京]\nd: '東京'",
    "quoted text": 'a: \'x: "y" # z\'\nb: "it\'s # fine" # but this\nc: \'\'\nd: ""',
    "a variable": 'a: "{{vlan}}"',
    "a secret": "a: !secret env:NAME\nb: {c: !secret file:keys/lab, d: [!secret env:X]}  # both",
    "an indented list": "a:\n  - 1\n  - b: 2\n    c: 3\n",
    "a list at its key's column": "a:\n- 1\n- b: 2\n  c:\n  - 3\nd: 4",
    "lists and mappings in brackets": "a: [[1, [2]], {b: {c: [ x , 'y' ]}}, [], {}]\nd: {}\ne: []",
    "keys with signs": "ge-0/0/1: 1\nmatch_model[0:6]: 2\na.b: 3\n10:11: 4\n5: 5",
    "three levels": "a:\n    b:\n      c: 1\n    d: 2\ne: 3",
}


@pytest.mark.parametrize("text", QUICK.values(), ids=QUICK.keys())
def test_plain_lines_are_read_quickly(text: str) -> None:
    assert is_quick(text)


NOT_QUICK = {
    "nothing": "",
    "only comments": "# a\n",
    "a list": "- a",
    "text": "a",
    "an indented start": "  a: 1",
    "a tab": "a:\tb",
    "a carriage return": "a: b\r\n",
    "a line separator": "a: b\u2028c: d",
    "a byte order mark": "\ufeffa: 1",
    "a control character": "a: \x01",
    "an anchor": "a: &x 1",
    "an alias": "a: *x",
    "a merge": "<<: {a: 1}",
    "a tag": "a: !merge []",
    "a block of text": "a: |\n  b",
    "a long text": "a: b\n  c",
    "a list as text": "a: b\n  - c",
    "an escape": 'a: "\\n"',
    "a doubled quote": "a: 'it''s'",
    "an open quote": "a: 'b",
    "text after a quote": "a: 'b' c",
    "a comment without a blank": "a: 'b'# c",
    "a quoted key": "'a': 1",
    "a key with a blank": "a b: 1",
    "an explicit key": "? a",
    "two keys on a line": "a: b: c",
    "a colon at the end": "a: b:",
    "a duplicate key": "a: 1\na: 2",
    "a duplicate key in brackets": "a: {b: 1, b: 2}",
    "a second document": "a: 1\n---\nb: 2",
    "the document's end": "a: 1\n...",
    "a column that nobody opened": "a:\n    b: 1\n  c: 2",
    "a deeper line": "a: 1\n  b: 2",
    "an element among keys": "a: 1\n- b",
    "a key among elements": "a:\n  - b\n  c: 1",
    "a list in a list": "a:\n  - - b",
    "no value": "a: 1\nb:\n",
    "no value before another key": "a:\nb: 1\n",
    "no value but a comment": "a: # 1\nb: 1\n",
    "no value at the end of an element": "a:\n  - b:\n  - c: 1\n",
    "no value before a shallower key": "a:\n  b:\nc: 1\n",
    "an empty element": "a:\n  -\n  - b",
    "a wide dash": "a:\n  -   b: 1",
    "an open bracket": "a: [b",
    "the other bracket": "a: [b}",
    "the other brace": "a: {b: c]",
    "text after a bracket": "a: [b] c",
    "a comma too much": "a: [b, ]",
    "a comma too little": "a: ['b' 'c']",
    "a set": "a: {b, c}",
    "a web address in brackets": "a: [https://b]",
    "an unquoted variable": "a: {{b}}",
    "an unknown kind of secret": "a: !secret vault:b",
    "deep brackets": f"a: {'[' * 30}{']' * 30}",
    "deep lines": "\n".join(f"{' ' * depth}a:" for depth in range(30)) + " 1",
    "a minus": "a: -b",
}


@pytest.mark.parametrize("text", NOT_QUICK.values(), ids=NOT_QUICK.keys())
def test_everything_else_is_left_to_libyaml(text: str) -> None:
    assert read_plain(text, "a.yaml") is None


def test_a_quoted_text_may_look_like_a_secret() -> None:
    assert is_quick("a: 'say !secret env:X'")


BLANKS = st.sampled_from(["", " ", "  ", "    "])
SIGNS = st.text("ab1-:#,.'\"[]{}!&*?|>% é~<=/@`\\", max_size=6)
WORDS = st.sampled_from(
    """
    a |b |-80|1.50|null|~|x y|10:11|{{v}}|'q'|"q"|''|!secret env:A|a #b|a# b|#c|[a, 'b']|{a: 1, b: [c]}|[]|{}|[ a ]|a:
    [-1,2]|{a: }|[a:b]|---|...|- a|&x a|*x|>-|é|a:  b|[a]#b|[a] # b|!merge [a]|? a|{a: !secret env:A}|:0|{:0: a}|[?a]
    """.strip()
    .replace("\n    ", "|")
    .split("|")
)
LINES = st.builds(
    "".join,
    st.tuples(
        BLANKS, st.sampled_from(["", "", "- ", "-  ", "- - "]), st.sampled_from(["", "a: ", "b:", "c:  ", "d : "])
    ).flatmap(
        lambda parts: st.tuples(*map(st.just, parts), WORDS | SIGNS, st.sampled_from(["", "", " ", " # c", "# c"]))
    ),
)
DOCUMENTS = st.lists(LINES, min_size=1, max_size=7).map("\n".join)


@settings(max_examples=500, deadline=None)
@given(text=DOCUMENTS)
@example(text="a:\n- b\na: c")
def test_whatever_is_read_quickly_is_what_libyaml_reads(text: str) -> None:
    is_quick(text)


@settings(max_examples=250, deadline=None)
@given(text=st.tuples(st.just("a: "), WORDS | SIGNS, st.sampled_from(["", ", ", " "]), WORDS | SIGNS).map("".join))
def test_whatever_is_read_quickly_on_one_line_is_what_libyaml_reads(text: str) -> None:
    is_quick(text)


@settings(max_examples=250, deadline=None)
@given(inside=st.lists(WORDS | SIGNS, max_size=4).map(", ".join), braces=st.booleans())
def test_whatever_is_read_quickly_in_brackets_is_what_libyaml_reads(inside: str, *, braces: bool) -> None:
    is_quick(f"a: {{k: {inside}}}" if braces else f"a: [{inside}]")
