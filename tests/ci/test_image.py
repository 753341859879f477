"""The image and the pre-commit hooks, as far as they can be checked without Docker and without a network."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import yaml

from tests.ci.conftest import ROOT

LINES = [
    line
    for line in (ROOT / "Dockerfile").read_text("utf-8").replace("\\\n", " ").splitlines()
    if line and not line.startswith("#")
]
STEPS = [tuple(line.split(" ", 1)) for line in LINES]
HOOKS = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))


def last(word: str) -> str:
    return [rest for name, rest in STEPS if name == word][-1]


def test_the_image_has_two_stages_and_ends_as_nobody() -> None:
    assert [rest for name, rest in STEPS if name == "FROM"] == ["python:3.11-slim AS build", "python:3.11-slim"]
    assert last("USER") == "10001:10001"
    assert "useradd --uid 10001" in last("RUN")
    assert last("ENTRYPOINT") == '["reconciler"]'
    assert "rm -rf /var/lib/apt/lists/*" in last("RUN")
    order = [name for name, _ in STEPS]
    assert order.index("USER") > max(at for at, name in enumerate(order) if name in ("RUN", "COPY"))


def test_no_token_is_in_the_image() -> None:
    assert not [rest for name, rest in STEPS if name in ("ENV", "ARG") and re.search("TOKEN|KEY|PASSWORD", rest)]


def test_the_build_sees_only_what_the_package_needs() -> None:
    rows = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    rows = [row for row in rows if row and not row.startswith("#")]
    assert rows[0] == "*"
    kept = {row[1:] for row in rows if row.startswith("!")}
    assert all((ROOT / name).exists() for name in kept)
    project = (ROOT / "pyproject.toml").read_text("utf-8")
    needed = {"pyproject.toml", "README.md", "LICENSE", "reconciler", "examples", "schemas", "constraints.txt"}
    assert kept == needed
    assert all(name in project for name in needed - {"pyproject.toml", "constraints.txt"})


def test_the_environment_of_the_image_is_made_without_pip_and_filled_by_the_image_s_own(tmp_path: Path) -> None:
    step = next(rest for name, rest in STEPS if name == "RUN")
    make, fill = (shlex.split(part.strip()) for part in step.split("&&"))
    assert make == ["python", "-m", "venv", "--without-pip", "/opt/reconciler"]
    assert fill[:3] == ["pip", "--python", "/opt/reconciler"]
    assert fill[-1] == "."
    place = tmp_path / "env"
    subprocess.run([sys.executable, *make[1:-1], str(place)], check=True)
    words = [sys.executable, "-m", "pip", "--python", str(place), "list", "--disable-pip-version-check"]
    listed = subprocess.run(words, check=True, capture_output=True, encoding="utf-8")
    assert listed.stdout.split() == []


def test_each_hook_runs_on_an_inventory(tmp_path: Path) -> None:
    assert [hook["id"] for hook in HOOKS] == ["reconciler-validate", "reconciler-fmt"]
    (tmp_path / "mist").mkdir()
    (tmp_path / "mist/reconciler.yaml").write_text("version: 1\n")
    (tmp_path / "mist/sites.yaml").write_text("sites:\n  - {timezone: Europe/Paris, name: Paris, country_code: FR}\n")
    for hook in HOOKS:
        assert hook["language"] == "python"
        assert hook["pass_filenames"] is False
        program, *words = shlex.split(hook["entry"])
        assert program == "reconciler"
        done = subprocess.run(
            [sys.executable, "-m", "reconciler", *words, "mist"],
            cwd=tmp_path,
            env={"PYTHONPATH": str(ROOT), "PATH": ""},
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
    assert "{name: Paris, " in (tmp_path / "mist/sites.yaml").read_text()
