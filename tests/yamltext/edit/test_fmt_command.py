"""`reconciler fmt`: which files it looks at, what it says, and its exit codes."""

from pathlib import Path

import pytest

from tests.cli.conftest import Command, command, emulator, environ, host, inventory

__all__ = ["command", "emulator", "environ", "host", "inventory"]

UGLY = "sites:\n  - timezone: 'UTC'\n    name: A\n"
NICE = "sites:\n  - name: A\n    timezone: UTC\n"


def test_files_are_put_into_form_once(command: Command, inventory: Path) -> None:
    (inventory / "more").mkdir()
    (inventory / "more" / "a.yml").write_text(UGLY)
    (inventory / "more" / "t.yaml.j2").write_text(UGLY)
    (inventory / ".hidden.yaml").write_text(UGLY)
    checked = command("fmt", "--check")
    assert (checked.code, checked.out) == (2, "more/a.yml\nsites.yaml\n"), checked
    assert (inventory / "more" / "a.yml").read_text() == UGLY
    assert command("fmt").code == 0
    assert (inventory / "more" / "a.yml").read_text() == NICE
    assert (inventory / "more" / "t.yaml.j2").read_text() == UGLY
    assert (inventory / ".hidden.yaml").read_text() == UGLY
    again = command("fmt", "--check")
    assert (again.code, again.out) == (0, "")
    assert "0 of 3 files would change" in again.err


def test_single_files_may_be_named_and_each_is_done_once(command: Command, inventory: Path) -> None:
    (inventory / "a.yaml").write_text(UGLY)
    document = command("fmt", "--check", "--json", "a.yaml", "./a.yaml", "a.yaml.j2", ".").document
    assert document["files"] == 3
    assert "a.yaml" in document["changed"]


def test_what_exclude_names_is_left_alone(command: Command, inventory: Path) -> None:
    project = inventory / "reconciler.yaml"
    project.write_text(project.read_text() + "exclude: ['old/*']\n")
    (inventory / "old").mkdir()
    (inventory / "old" / "a.yaml").write_text(UGLY)
    assert "old/a.yaml" not in command("fmt", "--check").out


@pytest.mark.parametrize(
    ("content", "rule"),
    [(b"sites: [\n", "yaml-syntax"), (b"a: \xff\n", "encoding"), (b"a: 1\na: 2\n", "duplicate-key")],
)
def test_a_file_with_mistakes_is_left_alone_and_the_others_are_done(
    content: bytes, rule: str, command: Command, inventory: Path
) -> None:
    (inventory / "bad.yaml").write_bytes(content)
    (inventory / "a.yaml").write_text(UGLY)
    result = command("fmt", "--json")
    assert result.code == 3
    (found,) = result.document["diagnostics"]
    assert rule in found["rule"]
    assert (found["file"], found["line"] in (1, 2)) == ("bad.yaml", True)
    assert (inventory / "bad.yaml").read_bytes() == content
    assert (inventory / "a.yaml").read_text() == NICE
    assert "error[" in command("fmt").err


@pytest.mark.parametrize("path", ["nowhere", "notes.txt"])
def test_other_paths_are_a_mistake_of_usage(path: str, command: Command, inventory: Path) -> None:
    (inventory / "notes.txt").write_text("x")
    assert command("fmt", path).code == 64


def test_a_file_that_can_not_be_read_is_told(command: Command, inventory: Path) -> None:
    (inventory / "loop.yaml").symlink_to("loop.yaml")
    assert command("fmt").code == 64
