"""Broken files: each gives one clear message at its place, and the other files are still read."""

import os
import socket
from pathlib import Path

import pytest

from reconciler.diagnostics import Diagnostic
from reconciler.model.limits import MAX_ALIAS_NODES, MAX_BYTES
from reconciler.sources.directory import DirectoryTree
from reconciler.stages.load import load
from reconciler.yamltext.events import parse

BROKEN = Path(__file__).parent / "broken"
EXPECTED = [line for line in (BROKEN / "expected.txt").read_text().splitlines() if not line.startswith("#")]
VALID = "sites:\n  - name: A\n"


def write(root: Path, files: dict[str, str | bytes]) -> DirectoryTree:
    for name, content in {"reconciler.yaml": "version: 1\n", "good.yaml": VALID, **files}.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return DirectoryTree(root)


def only(found: tuple[Diagnostic, ...]) -> Diagnostic:
    assert len(found) == 1, found
    return found[0]


def test_every_broken_file_has_an_expectation() -> None:
    assert [line.partition(":")[0] for line in EXPECTED] == sorted(path.name for path in BROKEN.glob("*.yaml"))


@pytest.mark.parametrize("line", EXPECTED, ids=lambda line: line.partition(".")[0])
def test_a_broken_file_gives_one_message_with_its_place_and_the_other_files_are_read(line: str, tmp_path: Path) -> None:
    file, _, rest = line.partition(": ")
    place, _, rest = rest.partition(" ")
    rule, _, part = rest.partition(" | ")
    loaded = load(write(tmp_path, {file: (BROKEN / file).read_bytes()}))
    found = only(loaded.diagnostics)
    assert str(found.source) == f"{file}:{place}"
    assert found.rule == rule
    assert part in found.detail
    assert found.detail.isprintable()
    assert "good.yaml" in [document.file for document in loaded.documents]


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "? ", "a:\n", "{? ", "[{", "!x [", "&x [", "- ? "])
def test_nesting_of_any_kind_is_a_diagnostic_however_deep(opening: str) -> None:
    text = "".join(" " * depth + opening for depth in range(2000)) if opening == "a:\n" else opening * 10_000
    found = parse(text.encode(), "deep.yaml").diagnostics
    assert {item.rule for item in found} & {"too-deep", "yaml-syntax", "key-not-text"}


def test_sixty_levels_are_allowed_and_one_more_is_not() -> None:
    assert parse(b"[" * 60 + b"]" * 60, "x").diagnostics == ()
    assert only(parse(b"[" * 61 + b"]" * 61, "x").diagnostics).rule == "too-deep"


def test_aliases_may_stand_for_as_many_values_as_the_limit() -> None:
    values = b"a: &a [" + b"x," * 999 + b"]\n"
    inside = values + b"b: [" + b"*a," * (MAX_ALIAS_NODES // 1000) + b"]\n"
    assert parse(inside, "x").diagnostics == ()
    assert only(parse(inside + b"c: *a\n", "x").diagnostics).rule == "alias-expansion"


def test_a_huge_file_is_refused_unread(tmp_path: Path) -> None:
    found = only(load(write(tmp_path, {"huge.yaml": b"#" * (MAX_BYTES + 1)})).diagnostics)
    assert (found.rule, str(found.source)) == ("file-too-large", "huge.yaml:1:1")


def test_a_huge_template_is_refused(tmp_path: Path) -> None:
    assert only(load(write(tmp_path, {"t.yaml.j2": b"#" * (MAX_BYTES + 1)})).diagnostics).rule == "file-too-large"


def test_a_template_that_is_not_utf_8_is_a_diagnostic(tmp_path: Path) -> None:
    found = only(load(write(tmp_path, {"t.yaml.j2": b"a: 1\nb: \xff"})).diagnostics)
    assert (found.rule, str(found.source)) == ("encoding", "t.yaml.j2:2:4")


def test_a_byte_order_mark_is_no_part_of_the_text(tmp_path: Path) -> None:
    loaded = load(write(tmp_path, {"bom.yaml": b"\xef\xbb\xbf" + VALID.encode()}))
    assert loaded.diagnostics == ()
    assert loaded.documents[0].data["sites"][0]["name"] == "A"


@pytest.mark.parametrize("content", ["", "\n", "# nothing yet\n", "---\n", "--- ~\n"])
def test_an_empty_file_is_fine(content: str, tmp_path: Path) -> None:
    loaded = load(write(tmp_path, {"empty.yaml": content}))
    assert loaded.diagnostics == ()
    assert [document.file for document in loaded.documents] == ["good.yaml"]


def test_a_fifo_is_a_diagnostic_and_does_not_hang(tmp_path: Path) -> None:
    tree = write(tmp_path, {})
    os.mkfifo(tmp_path / "pipe.yaml")
    found = only(load(tree).diagnostics)
    assert (found.rule, found.source and found.source.file) == ("unreadable-file", "pipe.yaml")
    assert "regular file" in found.detail


def test_a_socket_is_a_diagnostic(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tree = write(tmp_path, {})
    monkeypatch.chdir(tmp_path)  # socket paths are short
    with socket.socket(socket.AF_UNIX) as end:
        end.bind("s.yaml")
        assert only(load(tree).diagnostics).rule == "unreadable-file"


@pytest.mark.parametrize("target", ["/etc/hostname", "../outside.yaml"])
def test_a_link_out_of_the_inventory_is_refused(target: str, tmp_path: Path) -> None:
    (tmp_path / "outside.yaml").write_text(VALID)
    root = tmp_path / "inventory"
    tree = write(root, {})
    (root / "link.yaml").symlink_to(target)
    found = only(load(tree).diagnostics)
    assert found.rule == "unreadable-file"
    assert "leads out of the inventory" in found.detail


def test_a_link_inside_of_the_inventory_is_read(tmp_path: Path) -> None:
    tree = write(tmp_path, {"real/data.txt": VALID})
    (tmp_path / "link.yaml").symlink_to("real/data.txt")
    loaded = load(tree)
    assert loaded.diagnostics == ()
    assert [document.file for document in loaded.documents] == ["good.yaml", "link.yaml"]


@pytest.mark.parametrize("target", ["nowhere.yaml", "link.yaml"])
def test_a_link_that_leads_nowhere_or_to_itself_is_a_diagnostic(target: str, tmp_path: Path) -> None:
    tree = write(tmp_path, {})
    (tmp_path / "link.yaml").symlink_to(target)
    assert "leads nowhere" in only(load(tree).diagnostics).detail


@pytest.mark.parametrize("target", [".", "..", "/etc", "sub"])
def test_a_link_to_a_directory_is_not_followed_and_not_overlooked(target: str, tmp_path: Path) -> None:
    root = tmp_path / "inventory"
    tree = write(root, {"sub/b.yaml": VALID})
    (root / "loop").symlink_to(target)
    loaded = load(tree)
    found = only(loaded.diagnostics)
    assert (found.rule, found.source and found.source.file) == ("unreadable-file", "loop/")
    assert [document.file for document in loaded.documents] == ["good.yaml", "sub/b.yaml"]


def test_a_file_that_may_not_be_read_is_a_diagnostic(tmp_path: Path) -> None:
    class Locked:
        """A tree whose file can't be opened (the tests may run as root, whom no mode stops)."""

        def paths(self) -> tuple[str, ...]:
            return ("locked.yaml", "reconciler.yaml")

        def read(self, path: str) -> bytes:
            if path == "locked.yaml":
                raise PermissionError(13, "Permission denied")
            return b"version: 1"

    assert "Permission denied" in only(load(Locked()).diagnostics).detail


def test_paths_outside_of_the_root_are_never_read(tmp_path: Path) -> None:
    (tmp_path / "outside.yaml").write_text("x")
    (tmp_path / "inventory").mkdir()
    tree = DirectoryTree(tmp_path / "inventory")
    for path in ("../outside.yaml", "/etc/hostname", "a/../../outside.yaml", "a\0b"):
        with pytest.raises(OSError, match=r"outside|No such"):
            tree.read(path)


def test_a_file_behind_a_linked_directory_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "x.yaml").write_text("x")
    (tmp_path / "inventory").mkdir()
    (tmp_path / "inventory" / "link").symlink_to("../outside")
    with pytest.raises(OSError, match="outside of the inventory"):
        DirectoryTree(tmp_path / "inventory").read("link/x.yaml")


def test_a_directory_that_cannot_be_listed_is_a_diagnostic(tmp_path: Path) -> None:
    found = load(DirectoryTree(tmp_path / "nowhere")).diagnostics
    assert [item.rule for item in found] == ["unreadable-file"]


def test_too_many_files_are_a_diagnostic() -> None:
    class Many:
        def paths(self) -> tuple[str, ...]:
            return tuple(f"{number}.yaml" for number in range(100_001))

        def read(self, path: str) -> bytes:
            raise AssertionError

    assert [item.rule for item in load(Many()).diagnostics] == ["too-many-files"]


def test_a_directory_without_a_project_file_says_what_to_create(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(VALID)
    found = only(load(DirectoryTree(tmp_path)).diagnostics)
    assert found.rule == "no-project-file"
    assert "version: 1" in found.detail


def test_a_second_project_file_is_refused(tmp_path: Path) -> None:
    assert (
        only(load(write(tmp_path, {"sub/reconciler.yaml": "version: 1\n"})).diagnostics).rule == "nested-project-file"
    )


def test_hidden_skipped_and_excluded_files_are_left_out(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = dict.fromkeys(
        [".git/x.yaml", ".hidden.yaml", "policies/x.yaml", "docs/x.yml", "sub/policies/kept.yml", "notes.txt"], VALID
    )
    files["reconciler.yaml"] = "version: 1\nexclude: [docs/*]\n"
    loaded = load(write(tmp_path, files))
    assert [document.file for document in loaded.documents] == ["good.yaml", "sub/policies/kept.yml"]
    assert loaded.diagnostics == ()


def test_no_message_holds_a_secret_reference_that_is_really_a_secret() -> None:
    found = only(parse(b"psk: !secret hunter2\n", "x").diagnostics)
    assert "hunter2" not in f"{found.summary}{found.detail}"


EMPTY = {
    "a: 1\nb: {c: 1}\nsites:\n  - sitegroups:\n": ("x:4:5", "`null` (for a list `[]`) to clear"),
    "sites:\n  - name: A\n    sitegroups:   # none\n    notes: b\n": ("x:3:5", "take the key away"),
    "sites:\n  - {name: A, sitegroups: }\n": ("x:2:15", "take the key away"),
    "sites:\n  - {name: A, sitegroups}\n": ("x:2:15", "take the key away"),
    "sites:\n  - a: &x\n    b: 1\n": ("x:2:5", "take the key away"),
    "sites:\n": ("x:1:1", "take the line away"),
    "sites:\n  - a\n  -\n": ("x:3:4", "take the line away"),
}


@pytest.mark.parametrize(("text", "wanted"), EMPTY.items(), ids=[repr(text) for text in EMPTY])
def test_a_key_with_nothing_behind_it_is_an_error_that_names_the_three_states(
    text: str, wanted: tuple[str, str]
) -> None:
    found = only(parse(text.encode(), "x").diagnostics)
    assert (found.rule, str(found.source)) == ("empty-value", wanted[0])
    assert wanted[1] in found.detail


@pytest.mark.parametrize("word", ["null", "~", "Null", "''", '""', "[]", "{}", "[null]"])
def test_what_is_written_out_as_empty_is_no_mistake_of_a_file(word: str) -> None:
    assert parse(f"sites:\n  - sitegroups: {word}\n".encode(), "x").diagnostics == ()
