"""How a command finds its inventory: an argument, --inventory, RECONCILER_INVENTORY, or the directories above."""

import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from reconciler.cli.commands.drift import drift
from reconciler.cli.commands.runs import runs
from reconciler.cli.inventory import upwards
from reconciler.cli.lazy import LazyGroup
from tests.cli.conftest import Command
from tests.docs.readme import README, ROOT, blocks, commands, options_of

OFFLINE = [
    ("validate",),
    ("render",),
    ("explain", "site.Paris-HQ"),
    ("policies",),
    ("fmt", "--check"),
    ("runs", "list"),
]
ONLINE = [
    ("plan",),
    ("drift",),
    ("drift", "revert"),
    ("drift", "adopt", "--target", "site.Paris-HQ", "--dry-run"),
    ("drift", "ignore", "site.Paris-HQ", "--until", "2999-01-01", "--reason", "r", "--dry-run"),
    ("apply", "--auto-approve", "--no-record"),
]
ALL = [*OFFLINE, *ONLINE]
WITHOUT_INVENTORY = {"show", "schema", "emulator", "demo", "comment", "init", "export", "import"}


def joined(words: tuple[str, ...]) -> str:
    return " ".join(words[:2])


@pytest.fixture
def below(inventory: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory two below the inventory, as the working directory."""
    found = inventory / "deep/er"
    found.mkdir(parents=True)
    monkeypatch.chdir(found)
    return found


def test_every_command_that_takes_an_inventory_takes_the_option() -> None:
    assert isinstance(drift, LazyGroup)
    below = {f"drift {name}": drift.load(name) for name in drift.commands_in}
    known = {**commands(), **{f"runs {name}": command for name, command in runs.commands.items()}, **below}
    assert {name for name, command in known.items() if "--inventory" not in options_of(command)} == WITHOUT_INVENTORY


@pytest.mark.parametrize("words", ALL, ids=joined)
def test_the_nearest_one_above_is_found_and_named_on_stderr(
    words: tuple[str, ...], below: Path, command: Command
) -> None:
    result = command(*words)
    assert result.code in (0, 2), result.err
    assert result.err.count("The inventory is ../.., where the nearest reconciler.yaml is.") == 1
    assert "../../.." not in result.err


@pytest.mark.parametrize("words", ALL, ids=joined)
def test_the_option_names_it(words: tuple[str, ...], below: Path, command: Command, tmp_path: Path) -> None:
    os.chdir("/")
    result = command(*words, "--inventory", str(tmp_path))
    assert result.code in (0, 2), result.err
    assert "nearest" not in result.err


@pytest.mark.parametrize("words", ALL, ids=joined)
def test_the_variable_names_it(
    words: tuple[str, ...], inventory: Path, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir("/")
    monkeypatch.setenv("RECONCILER_INVENTORY", str(inventory))
    result = command(*words)
    assert result.code in (0, 2), result.err


def test_an_argument_comes_before_the_variable_and_the_option_too(
    inventory: Path, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RECONCILER_INVENTORY", "nowhere")
    assert command("validate", ".").code == 0
    assert command("validate", "--inventory", ".").code == 0
    assert command("render", ".").code == 0
    assert command("validate").code == 64


def test_two_that_are_named_are_one_too_many(inventory: Path, command: Command) -> None:
    result = command("validate", ".", "--inventory", "other")
    assert result.code == 64
    assert "Two inventories" in result.err


def test_the_variable_may_stand_in_the_env_file(
    inventory: Path, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    (inventory / "tools").mkdir()
    (inventory / "tools/my.env").write_text(f"RECONCILER_INVENTORY={inventory}\n")
    monkeypatch.chdir("/")
    assert command("validate", "--env-file", str(inventory / "tools/my.env")).code == 0


def test_the_search_ends_at_the_root_of_the_repository(below: Path, command: Command) -> None:
    (below / ".git").mkdir()
    result = command("validate")
    assert result.code == 3
    assert "not an inventory" in result.err


def test_quiet_says_nothing_of_it(below: Path, command: Command) -> None:
    assert "nearest" not in command("validate", "--quiet").err


def test_a_saved_plan_finds_an_inventory_that_has_moved(
    inventory: Path, environ: Mapping[str, str], command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert command("plan", "--out", "p.plan").code == 0
    moved = inventory / "moved"
    moved.mkdir()
    for name in ("reconciler.yaml", "sites.yaml"):
        (inventory / name).rename(moved / name)
    monkeypatch.setenv("RECONCILER_INVENTORY", "moved")
    assert command("apply", "p.plan", "--no-record").code == 0


def test_a_plan_saved_below_the_inventory_is_applied_there(below: Path, command: Command) -> None:
    assert command("plan", "--out", "p.plan").code == 0
    assert command("apply", "p.plan", "--no-record").code == 0


def test_directories_above_that_belong_to_somebody_else_are_not_looked_at(below: Path) -> None:
    owners = {below: 1000, below.parent: 1000, below.parent.parent: 0}
    assert list(upwards(below, owner_of=lambda path: owners.get(path, 0))) == [below, below.parent]


@pytest.mark.parametrize("page", [README, ROOT / "docs/first-pull-request.md"], ids=lambda page: page.name)
def test_the_first_files_that_people_copy_are_in_canonical_form(page: Path, tmp_path: Path, command: Command) -> None:
    found = [
        block.text
        for block in blocks(page.read_text("utf-8"))
        if block.text.startswith("# ") and block.language == "yaml"
    ]
    files = [text for text in found if text.partition("\n")[0].endswith(".yaml")]
    assert len(files) == 2
    for text in files:
        name = text.partition("\n")[0].rpartition("/")[2].removeprefix("# ")
        (tmp_path / name).write_text(text, "utf-8")
    result = command("fmt", "--check", str(tmp_path))
    assert (result.code, result.out) == (0, "")
