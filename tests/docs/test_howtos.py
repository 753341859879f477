"""The how-tos in docs/: every command of every page runs, in a scratch repository on the emulator, and prints what is
shown."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import pytest

from reconciler.emulator import Emulator, read_seed
from reconciler.emulator.server import Server, serve
from tests.docs.readme import ROOT, Typed, blocks, commands, options_of, shows, typed

DOCS = ROOT / "docs"
PAGES = sorted(path.name for path in DOCS.glob("*.md"))
HOWTOS = re.findall(r"^\| \[[^]]+\]\(([\w.-]+)\)", (DOCS / "README.md").read_text("utf-8"), re.MULTILINE)
SETUP, BETWEEN = "setup", "between two pages"
ALLOWED = (0, 2, 4, 5)
SHOWN = (3, 6)
"""Codes of commands whose output the page shows: what is wrong is its subject."""


CURL = f"""#!{sys.executable}
import sys, urllib.request
words = sys.argv[1:]
headers = dict(words[at + 1].split(": ", 1) for at, word in enumerate(words) if word == "-H")
given = {{option: words[words.index(option) + 1] for option in ("-X", "-d", "-o") if option in words}}
url = next(word for word in words if word.startswith("http"))
body = given["-d"].encode() if "-d" in given else None
with urllib.request.urlopen(urllib.request.Request(url, body, headers, method=given.get("-X", "GET"))) as answer:
    (open(given["-o"], "wb") if "-o" in given else sys.stdout.buffer).write(answer.read())
"""


def put_curl(home: Path) -> None:
    """A stand-in for machines without curl."""
    (home / "tools/curl").write_text(CURL, "utf-8")
    (home / "tools/curl").chmod(0o755)


def transcript(page: str) -> list[Typed]:
    """The commands of a page, without those of the index, which are for all pages."""
    found = [block for block in blocks((DOCS / page).read_text("utf-8")) if block.language == "console"]
    return [item for block in found if block.note not in (SETUP, BETWEEN) for item in typed(block.text)]


def of_index(note: str) -> list[Typed]:
    """A block of commands of the index."""
    (block,) = [item for item in blocks((DOCS / "README.md").read_text("utf-8")) if item.note == note]
    return typed(block.text)


@dataclass
class Session:
    """A shell whose directory, variables and last exit code stay from command to command."""

    home: Path
    server: Server
    environ: dict[str, str]

    def type(self, command: str) -> tuple[int, str]:
        """Runs a command; its exit code, and what it printed: results first, then remarks."""
        state = self.home / ".state"
        script = (
            f'[ -f "{state}" ] && . "{state}"\n'
            "(exit ${LAST:-0})\n"
            f"{command.replace('http://127.0.0.1:8801', self.server.url)}\n"
            f'LAST=$?; export LAST; {{ export -p; printf "cd %q\\n" "$PWD"; }} > "{state}"; exit $LAST\n'
        )
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-c", script],
            cwd=self.home,
            env=self.environ,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        return done.returncode, done.stdout + done.stderr


def play(session: Session, commands: list[Typed]) -> None:
    """Types the commands one after the other, and compares what they print."""
    for item in commands:
        code, printed = session.type(item.command)
        assert code in ALLOWED or (item.output and code in SHOWN), f"$ {item.command}\n{printed}"
        if item.output:
            assert shows(item.output, printed), f"$ {item.command}\n{printed}"


def session_in(home: Path, server: Server) -> Session:
    environ = {
        "PATH": f"{home / 'tools'}:{os.environ['PATH']}",
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "PYTHONPATH": str(ROOT),
        "MIST_HOST": server.url,
        "NO_PROXY": "127.0.0.1",
        "no_proxy": "127.0.0.1",
        "TERM": "dumb",
        **{f"GIT_{who}_{what}": "jo@example.net" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
    }
    return Session(home, server, environ)


@pytest.fixture(scope="module")
def set_up(tmp_path_factory: pytest.TempPathFactory, quick: Path) -> tuple[Path, Any]:
    """The commands that all pages begin with, typed once: the directory and the cloud as they are then."""
    home = tmp_path_factory.mktemp("howtos")
    shutil.copytree(ROOT / "examples", home / "examples")
    (home / "tools").mkdir()
    (home / "tools/gh").write_text('#!/bin/sh\n[ "$1 $2" = "secret set" ]\n')
    (home / "tools/gh").chmod(0o755)
    emulator = Emulator(data=read_seed(ROOT / "examples/emulator/seed.yaml"))
    if not shutil.which("curl"):
        put_curl(home)
    (home / "tools/reconciler").symlink_to(quick / "reconciler")
    with serve(emulator) as server:
        play(session_in(home, server), of_index(SETUP))
    return home, emulator.state()


@pytest.fixture
def session(set_up: tuple[Path, Any], tmp_path: Path) -> Iterator[Session]:
    before, state = set_up
    home = tmp_path / "home"
    shutil.copytree(before, home, symlinks=True)
    (home / ".state").write_text(f"export MIST_APITOKEN=demo\ncd {home}/net\n")
    with serve(Emulator(data=state)) as server:
        yield session_in(home, server)


@pytest.mark.parametrize("page", HOWTOS)
def test_every_command_of_a_page_runs_and_leads_back_to_where_the_next_page_begins(session: Session, page: str) -> None:
    assert len(transcript(page)) >= 6
    play(session, [*transcript(page), *of_index(BETWEEN)])
    assert session.type("git branch --show-current && git status --porcelain --untracked-files=no") == (0, "main\n")
    assert session.type("reconciler plan mist --detailed-exitcode --quiet")[0] == 0


@pytest.mark.parametrize("page", PAGES)
def test_excerpts_links_and_options_of_a_page_are_real(page: str) -> None:
    text = (DOCS / page).read_text("utf-8")
    for link in re.findall(r"\]\(((?!http)[^)#]+)[^)]*\)", text):
        assert (DOCS / link).exists(), link
    for block in blocks(text):
        if block.note.startswith("from "):
            assert block.text in (ROOT / block.note.removeprefix("from ")).read_text("utf-8")
    for words in re.findall(r"`reconciler ([^`\n]+)`", text):
        first, *rest = words.split()
        command = commands()[first]
        if rest and isinstance(command, click.Group):
            command = command.get_command(click.Context(command), rest[0]) or command
        known = options_of(command)
        assert {word for word in rest if word.startswith("--")} <= known, words


def test_the_index_leads_to_every_page() -> None:
    text = (DOCS / "README.md").read_text("utf-8")
    assert {page for page in PAGES if f"({page})" not in text} == {"README.md"}
    assert len(HOWTOS) == 18


def test_a_page_with_commands_is_a_howto() -> None:
    assert {page for page in PAGES if transcript(page)} == set(HOWTOS)


def test_lines_are_short_enough_to_read() -> None:
    for page in PAGES:
        prose = re.sub(r"```.*?```", "", (DOCS / page).read_text("utf-8"), flags=re.DOTALL)
        assert [line for line in prose.splitlines() if len(line) > 125 and not line.startswith("|")] == []
