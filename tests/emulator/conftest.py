"""An organisation to work on, a clock that stands still, and the vendor's document when it is at hand."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from reconciler.emulator import Emulator, EmulatorAdapter
from reconciler.emulator.messages import Reply

ROOT = Path(__file__).parents[2]
DOCUMENT = ROOT.parent / "shared" / "mist" / "openapi.json"
ORG = "11111111-0000-4000-8000-000000000001"
SITE = "22222222-0000-4000-8000-000000000001"
OTHER_SITE = "22222222-0000-4000-8000-000000000002"
GROUP = "33333333-0000-4000-8000-000000000001"
NOON = 1_750_000_000.0 - 1_750_000_000.0 % 3600


def organisation() -> dict[str, Any]:
    return {
        "orgs": [
            {
                "id": ORG,
                "name": "Acme",
                "sitegroups": [{"id": GROUP, "name": "emea"}],
                "sites": [
                    {"id": SITE, "name": "Paris", "timezone": "Europe/Paris", "sitegroup_ids": [GROUP]},
                    {"id": OTHER_SITE, "name": "Tokyo", "timezone": "Asia/Tokyo"},
                ],
            }
        ]
    }


class Clock:
    """The time in the emulated cloud; `sleep` passes it without waiting."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def emulator(clock: Clock) -> Emulator:
    return Emulator(data=organisation(), clock=clock, sleep=clock.sleep)


@pytest.fixture
def plain(emulator: Emulator) -> Emulator:
    """Without quirks: what is written is what is read."""
    off = dict.fromkeys(
        ("reorder_sets", "rotate_urls", "mask_secrets", "server_defaults", "numeric_strings", "normalise_empty"),
        False,
    )
    emulator.settings.update({"quirks": off})
    return emulator


@pytest.fixture
def session(emulator: Emulator) -> Iterator[requests.Session]:
    with requests.Session() as session:
        session.trust_env = False
        session.headers["Authorization"] = "Token t"
        session.mount("https://", EmulatorAdapter(emulator))
        yield session


@pytest.fixture(scope="session")
def document() -> dict[str, Any]:
    if not DOCUMENT.exists():
        pytest.skip("the vendor's OpenAPI document is not at hand")
    loaded: dict[str, Any] = json.loads(DOCUMENT.read_text("utf-8"))
    return loaded


def ok(reply: Reply) -> Any:
    assert reply.status == 200, reply
    return reply.body


def refused(reply: Reply, status: int, detail: str = "") -> None:
    assert reply.status == status, reply
    assert detail in reply.body["detail"]
