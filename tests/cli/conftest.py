"""A directory with an inventory, an emulator on a port, and the command line run in this process."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from reconciler.cli.run import run
from reconciler.emulator import Emulator
from reconciler.emulator.server import serve

ORG = "9777c1a0-6ef6-11e6-8bbf-02e208b2d34f"
CANARIES = {"LAB_PSK": "canary-psk-0001", "HOOK_SECRET": "canary-hook-0002", "MIST_APITOKEN": "canary-token-0003"}

PROJECT = """\
version: 1
org: {name: Acme Retail}
manage:
  wlans: {prune: true}
  webhooks: {prune: true}
"""
SITES = """\
sites:
  - name: Paris-HQ
    timezone: Europe/Paris
    country_code: FR
    address: 1 rue de la Paix, 75002 Paris
    sitegroups: [emea]
    setting:
      vars: {corp_vlan: "20"}
    wlans:
      - {ssid: Lab, auth: {type: psk, psk: !secret env:LAB_PSK}}
    webhooks:
      - {name: zones, url: https://hooks.example.net/z, topics: [zone], secret: !secret env:HOOK_SECRET}
sitegroups:
  - name: emea
"""
SEED: dict[str, Any] = {
    "orgs": [
        {
            "id": ORG,
            "name": "Acme Retail",
            "sites": [
                {
                    "id": "11111111-1111-4111-8111-111111111111",
                    "name": "Paris-HQ",
                    "timezone": "Europe/Paris",
                    "country_code": "FR",
                    "address": "old street",
                    "setting": {"vars": {"corp_vlan": "10", "other": "1"}},
                }
            ],
        }
    ]
}


@dataclass(frozen=True)
class Result:
    """What one run gave."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> dict[str, Any]:
        """stdout as its one JSON document."""
        found: dict[str, Any] = json.loads(self.out)
        return found


Command = Callable[..., Result]


@pytest.fixture
def inventory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An inventory in the working directory."""
    (tmp_path / "reconciler.yaml").write_text(PROJECT)
    (tmp_path / "sites.yaml").write_text(SITES)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def emulator() -> Emulator:
    """A cloud with one organisation."""
    return Emulator(data=SEED, token=CANARIES["MIST_APITOKEN"])


@pytest.fixture
def host(emulator: Emulator) -> Iterator[str]:
    """Its address."""
    with serve(emulator) as server:
        yield server.url


@pytest.fixture
def environ(host: str, monkeypatch: pytest.MonkeyPatch) -> Mapping[str, str]:
    """An environment in which everything is set."""
    for name in ("CI", "NO_COLOR", "MIST_API_TOKEN", "RECONCILER_PLAN_KEY", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    variables = {**CANARIES, "MIST_HOST": host, "MIST_ORG_ID": ORG}
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    return variables


@pytest.fixture
def command(inventory: Path, environ: Mapping[str, str], capsys: pytest.CaptureFixture[str]) -> Command:
    """Runs `reconciler ...` in the inventory's directory."""

    def execute(*words: str) -> Result:
        capsys.readouterr()
        code = run(words)
        streams = capsys.readouterr()
        return Result(code, streams.out, streams.err)

    return execute


def writes(emulator: Emulator) -> int:
    """How many writing calls reached the cloud."""
    return emulator.calls.writes
