"""Edits as people see them: which lines change, and which texts are left alone with a reason."""

import os
import stat
from difflib import unified_diff
from pathlib import Path
from typing import Any

import pytest

from reconciler.yamltext.edit.edits import GONE, KEEP, Aligned, rewritten
from reconciler.yamltext.edit.files import difference, write_back
from reconciler.yamltext.edit.nodes import Unwritable
from reconciler.yamltext.edit.scalars import scalar_text

TEXT = """\
# about
sites:
  - name: "A"   # quoted
    vlan: &v 10  # anchored
    other: *v
    tags: [a, b]
    auth: {type: psk, psk: !secret env:X}
    list: !merge
      # first
      - one
      - two # second

      # third
      - k: 1
        z: 2
    empty:
    note: |
      one
      two
  - name: 'B'
"""


def changed(path: tuple[Any, ...], value: Any, text: str = TEXT) -> list[str]:
    """The lines of the diff."""
    rows = unified_diff(text.splitlines(), rewritten(text, path, value).splitlines(), lineterm="", n=0)
    return [row for row in rows if not row.startswith(("---", "+++", "@@"))]


SITE = ("sites", 0)


@pytest.mark.parametrize(
    ("path", "value", "lines"),
    [
        ((*SITE, "name"), "C", ['-  - name: "A"   # quoted', '+  - name: "C"   # quoted']),
        (("sites", 1, "name"), "it's", ["-  - name: 'B'", "+  - name: 'it''s'"]),
        ((*SITE, "vlan"), 20, ["-    vlan: &v 10  # anchored", "+    vlan: &v 20  # anchored"]),
        ((*SITE, "vlan"), "0123", ["-    vlan: &v 10  # anchored", '+    vlan: &v "0123"  # anchored']),
        ((*SITE, "other"), 11, ["-    other: *v", "+    other: 11"]),
        ((*SITE, "tags"), ["b", "c,d"], ["-    tags: [a, b]", '+    tags: [b, "c,d"]']),
        ((*SITE, "auth", "type"), "open", None),
        ((*SITE, "auth", "keys"), ["k"], None),
        ((*SITE, "empty"), {"a": 1}, ["-    empty:", "+    empty: {a: 1}"]),
        ((*SITE, "list", 1), "zwei", ["-      - two # second", "+      - zwei # second"]),
        ((*SITE, "list", 2, "z"), None, ["-        z: 2", "+        z: null"]),
        ((*SITE, "note"), "x\ny z\n", ["-      one", "-      two", "+      x", "+      y z"]),
        ((*SITE, "note"), " x\n", ["-    note: |", "-      one", "-      two", '+    note: " x\\n"']),
        ((*SITE, "new"), "x", ["+    new: x"]),
        (("sites", 1, "deep", "er"), True, ["+    deep: {er: true}"]),
        (("ignore",), [{"address": "site.A", "reason": "r"}], ["+ignore:", "+  - {address: site.A, reason: r}"]),
        ((*SITE, "list"), Aligned([KEEP, KEEP], [0, 2]), ["-      - two # second"]),
        ((*SITE, "list"), Aligned([KEEP, "new", KEEP, KEEP], [0, None, 1, 2]), ["+      - new"]),
        ((*SITE, "list"), 5, None),
    ],
)
def test_an_edit_changes_these_lines(path: tuple[Any, ...], value: Any, lines: list[str] | None) -> None:
    found = changed(path, value)
    if lines is None:
        assert len(found) <= 12
        assert any(row.startswith("+") for row in found)
    else:
        assert [row.rstrip() for row in found] == lines


def test_what_is_kept_stays_word_for_word() -> None:
    found = changed((*SITE, "auth"), {"type": "open", "psk": KEEP})
    assert found == [
        "-    auth: {type: psk, psk: !secret env:X}",
        "+    auth: {type: open, psk: !secret env:X}",
    ]
    moved = rewritten(TEXT, (*SITE, "list"), Aligned([KEEP, KEEP, KEEP], [2, 0, 1]))
    assert sorted(moved.splitlines()) == sorted(TEXT.splitlines())
    assert moved.index("# third") < moved.index("# first") < moved.index("# second")


def test_line_breaks_of_other_systems_stay() -> None:
    text = TEXT.replace("\n", "\r\n")
    result = rewritten(text, (*SITE, "list"), Aligned([KEEP, "new"], [0, None]))
    assert result.replace("\r\n", "") == result.replace("\n", "").replace("\r", "")
    assert "\r\n      - new\r\n" in result


@pytest.mark.parametrize(
    ("text", "path", "value"),
    [
        ("", ("a",), 1),
        ("a: [", ("a",), 1),
        ("a: &x {b: 1}\nc: *x\n", ("c", "b"), 2),
        ("a: [1, # one\n 2]\n", ("a",), [2]),
        ("- - a\n  - b\n", (0,), ["b"]),
        ("a: [b: 1]\n", ("a", 0, "c"), 1),
        ("a: 1\n", ("a", 0), 1),
        ("a: 1\n", ("a",), float("inf")),
        ("a: 1\n", ("a",), object()),
    ],
)
def test_what_can_not_be_done_safely_is_refused(text: str, path: tuple[Any, ...], value: Any) -> None:
    with pytest.raises(Unwritable):
        rewritten(text, path, value)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("plain words", "plain words"),
        ("NO", '"NO"'),
        ("08:00", '"08:00"'),
        ("485073e01234", '"485073e01234"'),
        ("10:11:22:33:44:55", '"10:11:22:33:44:55"'),
        ("10.0.0.0/8", "10.0.0.0/8"),
        ("5a1c0e77-3b0d-4c3e-9f50-0d9a6c1b7e01", "5a1c0e77-3b0d-4c3e-9f50-0d9a6c1b7e01"),
        ("{{vlan}}", '"{{vlan}}"'),
        ("x\u200by", '"x\\u200by"'),
        ("x\x85\U000e0001", '"x\\x85\\U000e0001"'),
        (True, "true"),
        (1.5, "1.5"),
    ],
)
def test_strings_are_quoted_where_some_reader_needs_it(value: Any, text: str) -> None:
    assert scalar_text(value) == text


def test_a_file_keeps_its_mode_and_byte_order_mark_and_is_written_through_a_link(tmp_path: Path) -> None:
    real, link = tmp_path / "real.yaml", tmp_path / "link.yaml"
    real.write_bytes(b"\xef\xbb\xbfa: 1\r\n")
    real.chmod(0o640)
    link.symlink_to(real)
    write_back(link, "a: 1\r\n", "a: 2\r\n")
    assert real.read_bytes() == b"\xef\xbb\xbfa: 2\r\n"
    assert stat.S_IMODE(os.stat(real).st_mode) == 0o640
    assert link.is_symlink()
    assert sorted(item.name for item in tmp_path.iterdir()) == ["link.yaml", "real.yaml"]


def test_a_file_that_changed_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("a: 3\n")
    with pytest.raises(OSError, match="changed while"):
        write_back(path, "a: 1\n", "a: 2\n")
    assert path.read_text() == "a: 3\n"


def test_a_file_stays_whole_when_writing_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("a: 1\n")

    def fail(*_names: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("reconciler.sources.writing.os.replace", fail)
    with pytest.raises(OSError, match="No space"):
        write_back(path, "a: 1\n", "a: 2\n")
    assert [item.name for item in tmp_path.iterdir()] == ["a.yaml"]


def test_a_diff_hides_secrets_and_tells_of_a_missing_last_break() -> None:
    text = difference("a.yaml", "psk: canary\na: 1", "psk: canary\na: 2", hidden=["canary", ""])
    assert "canary" not in text
    assert "-a: 1\n\\ No newline at end of file\n+a: 2\n" in text


@pytest.mark.parametrize(
    ("text", "path", "expected"),
    [
        ("a: 1\nb: 2\nc: 3\n", ("b",), "a: 1\nc: 3\n"),
        ("a: 1\n# of b\nb: 2 # c\n", ("b",), "a: 1\n"),
        ("x:\n  # of a\n  a: 1\n  b: 2\n", ("x", "a"), "x:\n  b: 2\n"),
        ("- a: 1\n  b: 2\n", (0, "a"), "- b: 2\n"),
        ("x:\n  a: {b: 1}\ny: 1\n", ("x", "a"), "x:\n  {}\ny: 1\n"),
        ("x: {a: 1, b: 2, c: 3}\n", ("x", "a"), "x: {b: 2, c: 3}\n"),
        ("x: {a: 1, b: 2, c: 3}\n", ("x", "c"), "x: {a: 1, b: 2}\n"),
        ("x: {a: 1}\n", ("x", "a"), "x: {}\n"),
    ],
)
def test_a_key_is_taken_away_with_its_comment(text: str, path: tuple[Any, ...], expected: str) -> None:
    assert rewritten(text, path, GONE) == expected


@pytest.mark.parametrize(
    ("text", "path"),
    [("a: 1\n", ("b",)), ("- a: 1\n  # of b\n  b: 2\n", (0, "a")), ("[a: 1]\n", (0, "a")), ("- 1\n", (0,))],
)
def test_a_key_that_can_not_be_taken_away_safely_stays(text: str, path: tuple[Any, ...]) -> None:
    with pytest.raises(Unwritable):
        rewritten(text, path, GONE)
