"""What a command imports, counted: the time that a small run takes is that of its imports."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.cli.conftest import Command

LIBRARIES = frozenset(
    {"charset_normalizer", "click", "deepdiff", "dotenv", "filelock", "jinja2", "msgspec", "pydantic", "pydantic_core"}
    | {"requests", "rich", "ruamel", "urllib3"}
)
SCRIPT = """
import sys
from pathlib import Path
from reconciler.__main__ import answer
file, sys.argv = sys.argv[1], ["reconciler", *sys.argv[2:]]
code = answer()
Path(file).write_text("\\n".join(sys.modules))
sys.exit(code)
"""
ROOT = Path(__file__).parent.parent.parent
EXAMPLE = ROOT / "examples" / "inventory"


def ran(directory: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, *words], cwd=directory, env=environ, capture_output=True, text=True, check=False
    )


def imported(directory: Path, *words: str) -> tuple[set[str], int]:
    """The libraries that a command imports, and the number of our own modules."""
    file = directory / "modules.txt"
    done = ran(directory, "-c", SCRIPT, str(file), *words)
    assert done.returncode == 0, done.stderr
    names = file.read_text().split("\n")
    return LIBRARIES & set(names), sum(name.startswith("reconciler.") for name in names)


@pytest.mark.parametrize("command", ["plan", "show", "apply", "validate"])
def test_the_help_of_a_command_imports_what_declares_its_options(command: str, tmp_path: Path) -> None:
    libraries, ours = imported(tmp_path, command, "--help")
    assert libraries == {"click", "msgspec"}
    assert ours <= 30, ours


def test_validate_builds_no_model_where_nothing_is_wrong(tmp_path: Path) -> None:
    libraries, ours = imported(tmp_path, "validate", str(EXAMPLE))
    assert libraries == {"click", "dotenv", "jinja2", "msgspec", "ruamel"}
    assert ours <= 235, ours


def test_one_object_from_a_saved_plan_builds_no_model_and_prints_with_no_library(
    inventory: Path, environ: Mapping[str, str], command: Command
) -> None:
    planned = command("plan", "--out", "p.plan", "--target", "site.Paris-HQ/setting")
    assert planned.code == 0, planned.err
    libraries, ours = imported(inventory, "apply", "p.plan")
    assert not libraries & {"pydantic", "pydantic_core", "rich", "deepdiff", "dotenv"}
    assert ours <= 355, ours


def test_what_is_wrong_is_told_by_the_model(tmp_path: Path) -> None:
    (tmp_path / "reconciler.yaml").write_text("version: 1\n")
    (tmp_path / "sites.yaml").write_text("sites: [{name: A, country_code: FR, timezone: Mars/Olympus}]\n")
    done = ran(tmp_path, "-m", "reconciler", "validate")
    assert done.returncode == 3
    assert "must be a time zone of the IANA database" in done.stdout
