"""The emulator as the network, and a clock that only sleeping moves."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from reconciler.emulator import Emulator, EmulatorAdapter, Quirks, Settings
from reconciler.mist.client import MistClient, connect
from reconciler.mist.connection import Connection
from reconciler.model.values import Secret
from tests.transport.fake_time import FakeTime

ORG = "00000000-0000-4000-8000-000000000001"
TOKEN = "canary-token-7f3a"
GROUPS = f"orgs/{ORG}/sitegroups"


@pytest.fixture
def fake_time() -> FakeTime:
    return FakeTime()


@pytest.fixture
def emulator(fake_time: FakeTime) -> Emulator:
    calm = Settings(quirks=Quirks(reorder="none", rotate_urls=False, server_defaults="none"))
    return Emulator(
        data={"orgs": [{"id": ORG, "name": "Acme"}]}, settings=calm, clock=fake_time.clock, sleep=fake_time.sleep
    )


def connection(host: str = "api.mist.com", **changes: Any) -> Connection:
    return Connection(host=host, token=Secret(TOKEN, origin="env:MIST_APITOKEN"), **changes)


@pytest.fixture
def make_client(emulator: Emulator, fake_time: FakeTime) -> Iterator[Callable[..., MistClient]]:
    """A client of the emulator; keywords change its connection."""
    made: list[MistClient] = []

    def make(**changes: Any) -> MistClient:
        client = connect(connection(**changes), adapter=EmulatorAdapter(emulator), timing=fake_time.timing)
        made.append(client)
        return client

    yield make
    for client in made:
        client.close()


@pytest.fixture
def client(make_client: Callable[..., MistClient]) -> MistClient:
    return make_client()


def paths(emulator: Emulator) -> list[tuple[str, str, int]]:
    """(method, path below /api/v1/, status) of every call that arrived."""
    return [(call.method, call.path.removeprefix("/api/v1/"), call.status) for call in emulator.calls.log]
