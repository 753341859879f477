"""An organisation that is as its inventory says, in a scratch git repository with a branch, and an edit by hand."""

import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from reconciler.emulator import Emulator, read_seed
from reconciler.emulator.server import serve
from tests.comment.hosts import PROJECT_BOT, Host, serving

ROOT = Path(__file__).parent.parent.parent
ORG = "5a1c0e77-3b0d-4c3e-9f50-0d9a6c1b7e01"
GUEST_WLAN = f"/api/v1/orgs/{ORG}/wlans/08000000-0000-4000-8000-000000000003"
SECRETS = {
    "MIST_APITOKEN_READ": "canary-read-token",
    "MIST_APITOKEN_WRITE": "canary-write-token",
    "RECONCILER_PLAN_KEY": "canary-plan-key",
    "GUEST_PORTAL_PASSWORD": "canary-portal-password",
}


@dataclass
class Scratch:
    """The repository, the cloud and the two code hosts."""

    work: Path
    temp: Path
    emulator: Emulator
    github: Host
    gitlab: Host
    environ: dict[str, str]
    artifacts: dict[tuple[str, str], Path] = field(default_factory=dict)

    def git(self, *words: str) -> str:
        """Runs git; what it says."""
        done = subprocess.run(
            ["git", *words], cwd=self.work, env=self.environ, capture_output=True, encoding="utf-8", check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def edit(self, file: str, old: str, new: str, message: str) -> str:
        """Commits one change; the commit."""
        path = self.work / file
        text = path.read_text("utf-8")
        assert text.count(old) == 1, (file, old)
        path.write_text(text.replace(old, new), "utf-8")
        self.git("commit", "--quiet", "--all", "--message", message)
        return self.git("rev-parse", "HEAD")

    def by_hand(self, path: str, body: Mapping[str, Any], admin: str = "Jane Doe") -> None:
        """Somebody changes something at the portal."""
        assert self.emulator.call("PUT", path, body=dict(body), admin=admin).status == 200

    def writes(self) -> list[tuple[str, str]]:
        """Every write since the last `forget`."""
        return [(call.method, call.path) for call in self.emulator.calls.log if call.method != "GET"]

    def forget(self) -> None:
        """Forgets the calls so far."""
        self.emulator.calls.reset()


@pytest.fixture(scope="session")
def settled(quick: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, Path]:
    """The state of the emulator when the example inventory is applied, and the inventory, in which everything that
    nobody declares is accepted; made once, as it takes a while."""
    emulator = Emulator(data=read_seed(ROOT / "examples/emulator/seed.yaml"))
    inventory = tmp_path_factory.mktemp("settled") / "mist"
    shutil.copytree(ROOT / "examples/inventory", inventory)
    with serve(emulator) as server:
        environ = {**_clean(), "MIST_HOST": server.url, "MIST_APITOKEN": "x", "CI": "", **SECRETS}
        for words in (
            ("apply", "--auto-approve", "--quiet"),
            ("drift", "ignore", "--undeclared", "--reason", "Here before git", "--quiet"),
        ):
            command = [str(quick / "reconciler"), *words, "--inventory", str(inventory)]
            subprocess.run(command, cwd=ROOT, env=environ, check=True, capture_output=True)
    return emulator.state(), inventory


@pytest.fixture
def scratch(tmp_path: Path, settled: tuple[Any, Path], quick: Path) -> Iterator[Scratch]:
    settled_state, inventory = settled
    tokens = {SECRETS["MIST_APITOKEN_READ"]: {"role": "read"}, SECRETS["MIST_APITOKEN_WRITE"]: {"role": "write"}}
    emulator = Emulator(data={**settled_state, "tokens": {**(settled_state.get("tokens") or {}), **tokens}})
    work, temp, tools = tmp_path / "repository", tmp_path / "runner", tmp_path / "tools"
    for directory in (work, temp, tools):
        directory.mkdir()
    shutil.copytree(inventory, work / "mist", ignore=shutil.ignore_patterns(".reconciler"))
    with (
        serve(emulator) as server,
        serving(Host("github", me=None)) as github,
        serving(Host("gitlab", me=PROJECT_BOT)) as gitlab,
    ):
        clean = _clean()
        environ = {**clean, "MIST_HOST": server.url, "PATH": f"{tools}:{quick}:{clean['PATH']}", "HOME": str(tmp_path)}
        found = Scratch(work, temp, emulator, github, gitlab, environ)
        for words in (
            ("init", "--quiet", "--initial-branch=main"),
            ("config", "user.email", "jo@example.net"),
            ("config", "user.name", "Jo"),
            ("add", "."),
            ("commit", "--quiet", "--message", "The network as it is"),
        ):
            found.git(*words)
        yield found


def _clean() -> dict[str, str]:
    kept = {
        name: value for name, value in os.environ.items() if name in ("PATH", "LANG", "SYSTEMROOT", "XDG_STATE_HOME")
    }
    return {**kept, "PYTHONPATH": str(ROOT), "NO_PROXY": "127.0.0.1", "GIT_CONFIG_NOSYSTEM": "1"}
