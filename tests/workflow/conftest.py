"""The example on an emulator that listens on a port, and the command line over it, in this process."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from reconciler.cli.run import run
from reconciler.emulator import Emulator, read_seed
from reconciler.emulator.server import serve

ROOT = Path(__file__).parent.parent.parent
ORG = "5a1c0e77-3b0d-4c3e-9f50-0d9a6c1b7e01"
INVENTORY = "examples/inventory"
SEED = ROOT / "examples" / "emulator" / "seed.yaml"


@dataclass(frozen=True)
class Ended:
    """How a run of the command line ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one document on stdout."""
        return json.loads(self.out)


@dataclass(frozen=True)
class Desk:
    """A person's working directory with a copy of the examples, and a cloud of which `MIST_HOST` tells."""

    emulator: Emulator
    directory: Path
    capture: pytest.CaptureFixture[str]

    def reconciler(self, *words: str) -> Ended:
        """Types `reconciler WORDS...`."""
        self.capture.readouterr()
        code = run(words)
        out, err = self.capture.readouterr()
        return Ended(code, out, err)

    def by_hand(self, path: str, body: dict[str, Any], *, admin: str = "Jane Doe") -> None:
        """A PUT as a person at the portal makes it."""
        reply = self.emulator.call("PUT", path, body=body, admin=admin)
        assert reply.status == 200, reply.body

    def live(self, path: str) -> Any:
        """One object or list as it is."""
        reply = self.emulator.call("GET", path)
        assert reply.status == 200, reply.body
        return reply.body

    def writes(self) -> int:
        """How many writing calls there have been since the last look."""
        count = sum(call.method != "GET" for call in self.emulator.calls.log)
        self.emulator.calls.reset()
        return count

    def edit(self, name: str, old: str, new: str) -> None:
        """Changes a file of the inventory."""
        path = self.directory / INVENTORY / name
        text = path.read_text("utf-8")
        assert text.count(old) == 1, name
        path.write_text(text.replace(old, new), "utf-8")


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Desk]:
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    monkeypatch.chdir(tmp_path)
    for name in ("CI", "MIST_ORG_ID", "MIST_API_TOKEN", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    emulator = Emulator(data=read_seed(SEED))
    with serve(emulator) as server:
        monkeypatch.setenv("MIST_HOST", server.url)
        monkeypatch.setenv("MIST_APITOKEN", "a-token-of-the-tests")
        yield Desk(emulator, tmp_path, capsys)
