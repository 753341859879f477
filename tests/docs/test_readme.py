"""What the README says is so: its excerpts stand in the files, its commands run and print what it shows."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from reconciler.cli import failures
from reconciler.cli.app import app
from reconciler.emulator import Emulator, read_seed
from reconciler.emulator.server import Server, serve
from tests.docs.readme import README, ROOT, Typed, blocks, shows, typed

TEXT = README.read_text("utf-8")
BLOCKS = blocks(TEXT)


@dataclass
class Shell:
    """A directory with the examples, an emulator, and an environment that `export` changes."""

    directory: Path
    server: Server
    environ: dict[str, str] = field(default_factory=dict)

    def type(self, command: str) -> str:
        """Runs one command of the README and returns what it printed on stdout."""
        if command.startswith("export "):
            name, _, value = command.removeprefix("export ").partition("=")
            self.environ[name] = value
            return ""
        words = shlex.split(command.replace("http://127.0.0.1:8801", self.server.url))
        if words[0] == "curl" and not shutil.which("curl"):
            return self.put_as_curl(words)
        if words[0] == "reconciler":
            words[:1] = [sys.executable, "-m", "reconciler"]
        done = subprocess.run(
            words, cwd=self.directory, env=self.environ, capture_output=True, encoding="utf-8", check=False
        )
        assert done.returncode in (0, failures.CHANGES), done.stderr
        return done.stdout

    def put_as_curl(self, words: list[str]) -> str:
        """For machines without curl."""
        url = next(word for word in words if word.startswith("http"))
        body = json.loads(words[words.index("-d") + 1])
        headers = dict(word.split(": ", 1) for word in words if ": " in word and word[0].isalpha())
        path = url.removeprefix(self.server.url)
        reply = self.server.emulator.call("PUT", path, body=body, admin=headers["X-Emulator-Admin"])
        assert reply.status == 200
        return ""


@pytest.fixture
def shell(tmp_path: Path) -> Iterator[Shell]:
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    first = tmp_path / "my-inventory"
    first.mkdir()
    for block in BLOCKS:
        if block.note == "a first inventory":
            name = block.text.partition("\n")[0].removeprefix("# ")
            (first / name).write_text(block.text, "utf-8")
    emulator = Emulator(data=read_seed(ROOT / "examples/emulator/seed.yaml"))
    with serve(emulator) as server:
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("MIST_", "COV_", "CI"))}
        no_proxy = {"NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"}
        yield Shell(tmp_path, server, {**clean, **no_proxy, "MIST_HOST": server.url, "PYTHONPATH": str(ROOT)})


def transcript() -> list[Typed]:
    return [item for block in BLOCKS if block.language == "console" for item in typed(block.text)]


def test_every_command_of_the_readme_runs_and_prints_what_it_shows(shell: Shell) -> None:
    assert len(transcript()) >= 8
    for item in transcript():
        printed = shell.type(item.command)
        if item.output:
            assert shows(item.output, printed), f"$ {item.command}\n{printed}"


def test_the_emulator_is_started_with_a_command_that_exists() -> None:
    shown = next(block.text for block in BLOCKS if block.text.startswith("reconciler emulator"))
    words = shlex.split(shown)
    assert (ROOT / words[words.index("--seed") + 1]).is_file()
    assert {"port", "seed"} <= {item.name for item in app.commands["emulator"].params}


def test_the_two_commands_are_scripts_that_can_be_run() -> None:
    block = next(block.text for block in BLOCKS if "scripts/" in block.text)
    named = re.findall(r"^(scripts/\w+)", block, re.MULTILINE)
    assert named == ["scripts/demo", "scripts/test"]
    assert all(os.access(ROOT / name, os.X_OK) for name in named)


def test_every_excerpt_stands_in_its_file() -> None:
    noted = [(block.note.removeprefix("from "), block.text) for block in BLOCKS if block.note.startswith("from ")]
    assert noted
    for name, excerpt in noted:
        assert excerpt in (ROOT / name).read_text("utf-8"), name


def test_the_readme_names_every_command_and_no_other() -> None:
    assert sorted(re.findall(r"^\| `reconciler (\w+)`", TEXT, re.MULTILINE)) == sorted(app.commands)


def test_the_readme_names_every_option_that_its_command_table_mentions() -> None:
    for name, row in re.findall(r"^\| `reconciler (\w+)` \|(.*)\|$", TEXT, re.MULTILINE):
        known = {option for item in app.commands[name].params for option in item.opts}
        assert set(re.findall(r"`(--[\w-]+)", row)) <= known


def test_the_readme_lists_every_exit_code() -> None:
    codes = {failures.OK, failures.FAILED, failures.CHANGES, failures.INVALID, failures.STALE}
    codes |= {failures.REFUSED, failures.IN_PART, failures.USAGE}
    assert {int(code) for code in re.findall(r"^\| (\d+) \|", TEXT, re.MULTILINE)} == codes


def test_every_link_of_the_readme_leads_to_a_file() -> None:
    links = re.findall(r"\]\(((?!http)[^)]+)\)", TEXT)
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []


@pytest.mark.parametrize(
    ("shown", "printed", "same"),
    [
        ("a\nb", "a\nb\n", True),
        ("a\nb", "a\nc", False),
        ("a\n...\nc", "a\nb\nb\nc", True),
        ("...\nc", "a\nb", False),
        ("at 2026-01-01 10:00 UTC", "at 2027-12-31 23:59 UTC", True),
    ],
)
def test_an_output_is_compared_line_by_line(shown: str, printed: str, same: bool) -> None:
    assert shows(shown, printed) is same
