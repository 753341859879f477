"""An emulator with a small organisation, a session on it, and the vendor's document when it is at hand."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import requests

from reconciler.emulator import Emulator, EmulatorAdapter
from tests.emulator.support import Clock, organisation

PLAIN = {
    "server_defaults": "none",
    "reorder": "none",
    "rotate_urls": False,
    "mask_secrets": False,
    "numeric_strings": False,
    "empty_lists": "kept",
    "empty_references": "kept",
}


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def emulator(clock: Clock) -> Emulator:
    return Emulator(data=organisation(), clock=clock, sleep=clock.sleep)


@pytest.fixture
def plain(emulator: Emulator) -> Emulator:
    """Without quirks: what is written is what is read."""
    emulator.settings.update({"quirks": PLAIN})
    return emulator


@pytest.fixture
def session(emulator: Emulator) -> Iterator[requests.Session]:
    with requests.Session() as session:
        session.trust_env = False
        session.headers["Authorization"] = "Token t"
        session.mount("https://", EmulatorAdapter(emulator))
        yield session
