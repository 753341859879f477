"""scripts/demo and scripts/test: set up once, from anywhere, with clear words where they can't."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.docs.readme import ROOT

FAKE = """#!/bin/sh
# Stands in for Python: notes what it was asked to do.
case "$*" in
  *version_info*) exit {old} ;;
  "-c import pip"|"-c ") exit 0 ;;
  --version) echo "Python {version}" ;;
  "-m venv "*) mkdir -p "$3/bin" && cp "$0" "$3/bin/python" ;;
  *) echo "$*" >>"$NOTES"; [ "$2" != mypy ] || exit "$MYPY" ;;
esac
"""


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A copy of the scripts in a path with blanks."""
    found = tmp_path / "my clone"
    shutil.copytree(ROOT / "scripts", found / "scripts")
    for name in ("pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, found)
    return found


@pytest.fixture
def type_(clone: Path, tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Types a script, from another directory, on a machine with only the given Python."""

    def typed(
        *words: str, old: int = 0, version: str = "3.11.9", mypy: int = 0, ci: str = ""
    ) -> subprocess.CompletedProcess[str]:
        tools = tmp_path / "bin"
        tools.mkdir(exist_ok=True)
        for name in ("python3", "python"):
            (tools / name).write_text(FAKE.format(old=old, version=version))
            (tools / name).chmod(0o755)
        for name in ("bash", "env", "cat", "cksum", "cp", "dirname", "head", "mkdir", "mktemp", "rm", "sh", "tail"):
            if not (tools / name).exists():
                (tools / name).symlink_to(shutil.which(name) or name)
        environ = {"PATH": str(tools), "NOTES": str(tmp_path / "notes"), "TMPDIR": str(tmp_path), "MYPY": str(mypy)}
        environ |= {"CI": ci} if ci else {}
        return subprocess.run(
            [str(clone / words[0]), *words[1:]], cwd="/", env=environ, capture_output=True, text=True, check=False
        )

    return typed


def notes(tmp_path: Path) -> list[str]:
    path = tmp_path / "notes"
    lines = path.read_text().splitlines() if path.exists() else []
    path.unlink(missing_ok=True)
    return [line.removeprefix("-m ") for line in lines]


INSTALL = "pip install --disable-pip-version-check --quiet --editable .[{}]"

Type = Callable[..., subprocess.CompletedProcess[str]]


def test_demo_installs_once_and_runs(type_: Type, tmp_path: Path) -> None:
    assert type_("scripts/demo").returncode == 0
    assert notes(tmp_path) == [INSTALL.format("demo"), "reconciler demo"]
    assert type_("scripts/demo").returncode == 0
    assert notes(tmp_path) == ["reconciler demo"]


def test_test_runs_lint_types_and_tests_in_order(type_: Type, tmp_path: Path) -> None:
    assert type_("scripts/test").returncode == 0
    install, *steps = notes(tmp_path)
    assert install == INSTALL.format("dev")
    assert [step.split()[0] for step in steps] == ["ruff", "ruff", "mypy", "pytest"]
    assert "--cov" not in steps[-1]


def test_the_coverage_bound_is_a_command_of_its_own(type_: Type, tmp_path: Path) -> None:
    assert type_("scripts/coverage", "tests/stages").returncode == 0
    install, step = notes(tmp_path)
    assert install == INSTALL.format("dev")
    assert "--cov-fail-under=95" in step
    assert step.endswith(" tests/stages")


def test_a_step_that_fails_does_not_hide_the_next_one(type_: Type, tmp_path: Path) -> None:
    ended = type_("scripts/test", mypy=1)
    assert ended.returncode == 1
    assert ended.stderr.endswith("failed: mypy\n")
    assert notes(tmp_path)[-1].startswith("pytest")


def test_test_passes_its_arguments_on_to_pytest(type_: Type, tmp_path: Path) -> None:
    assert type_("scripts/test", "tests/compose", "-k", "two words").returncode == 0
    assert notes(tmp_path)[-1] == "pytest tests/compose -k two words"


def test_what_was_installed_for_tests_serves_the_demo_too(type_: Type, tmp_path: Path) -> None:
    type_("scripts/test", "-q")
    notes(tmp_path)
    type_("scripts/demo")
    assert notes(tmp_path) == ["reconciler demo"]


def test_a_changed_pyproject_is_installed_again(type_: Type, tmp_path: Path, clone: Path) -> None:
    type_("scripts/demo")
    notes(tmp_path)
    with (clone / "pyproject.toml").open("a") as file:
        file.write("# changed\n")
    type_("scripts/demo")
    assert notes(tmp_path) == [INSTALL.format("demo"), "reconciler demo"]


def test_in_ci_the_versions_are_those_of_the_constraints_and_others_are_installed_again(
    type_: Type, tmp_path: Path, clone: Path
) -> None:
    type_("scripts/test", "-q", ci="true")
    pinned = INSTALL.replace("--editable", "--constraint constraints.txt --editable").format("dev")
    assert notes(tmp_path) == [pinned, "pytest -q"]
    type_("scripts/test", "-q", ci="true")
    assert notes(tmp_path) == ["pytest -q"]
    with (clone / "constraints.txt").open("a") as file:
        file.write("# changed\n")
    type_("scripts/test", "-q", ci="true")
    assert notes(tmp_path) == [pinned, "pytest -q"]


def test_an_old_python_is_told_with_what_to_do(type_: Type, clone: Path) -> None:
    ended = type_("scripts/demo", old=1, version="3.9.2")
    assert ended.returncode != 0
    assert "Python 3.11 or newer is needed; python3 is: Python 3.9.2" in ended.stderr
    assert not (clone / ".venv").exists()


def test_a_virtual_environment_that_is_not_usable_is_not_thrown_away(type_: Type, clone: Path) -> None:
    type_("scripts/demo")
    python = clone / ".venv" / "bin" / "python"
    python.write_text(FAKE.format(old=1, version="3.9.2"))
    ended = type_("scripts/demo")
    assert ended.returncode != 0
    assert "Remove .venv and run this again" in ended.stderr
    assert python.exists()


def test_ci_runs_the_tests() -> None:
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
    assert "scripts/test" in (ROOT / ".ci" / "run").read_text()
