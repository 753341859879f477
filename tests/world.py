"""A small organisation on the emulator, and the stages over it without files: for tests of plan and apply."""

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from msgspec import convert

from reconciler.diagnostics import SourceRange
from reconciler.emulator import Emulator, EmulatorAdapter
from reconciler.kinds import kinds
from reconciler.mist.client import MistClient, connect
from reconciler.mist.connection import Connection
from reconciler.model.address import Address
from reconciler.model.change import Outcome, Plan
from reconciler.model.inventory import Inventory
from reconciler.model.options import Options
from reconciler.model.project import Project
from reconciler.model.resource import Resource
from reconciler.model.values import Secret, YamlMap
from reconciler.pipeline.online import apply_plan, make_plan
from reconciler.transport.pacing import Timing

ORG = "11111111-0000-4000-8000-000000000001"
TOKEN = "canary-token-of-the-tests"
ONE_THREAD = Options(threads=1)


def declare(text: str, body: Mapping[str, Any] | None = None, **options: Any) -> Resource:
    """A resource from its address and its fields besides the natural key. A WLAN whose `auth` is not given is an open
    one, and says so."""
    address = Address(text)
    kind = kinds()[address.kind]
    fields = dict(body or {}) if kind.singleton else {kind.key: address.name, **(body or {})}
    if kind.name == "wlan":
        fields.setdefault("auth", {"type": "open"})
    return Resource(
        address=address,
        kind=address.kind,
        body=YamlMap(fields),
        key=address.name,
        parent=address.parent,
        source=SourceRange("test.yaml", 1, 1),
        **options,
    )


@dataclass
class World:
    """An emulator with one organisation, and a client of it."""

    emulator: Emulator
    adapter: EmulatorAdapter = field(init=False)
    client: MistClient = field(init=False)

    def __post_init__(self) -> None:
        self.adapter = EmulatorAdapter(self.emulator)
        self.client = self.connect()

    def connect(self, token: str = TOKEN, *, threads: int = 2, timing: Timing | None = None) -> MistClient:
        """A client with retries that don't wait long; with `timing` none waits at all."""
        patience = {} if timing else {"patience": 0.2, "settle": 0.2}
        connection = Connection(
            host="api.mist.com", token=Secret(token, origin="env:MIST_APITOKEN"), threads=threads, **patience
        )
        return connect(connection, adapter=self.adapter, timing=timing)

    def plan(self, *resources: Resource, options: Options = ONE_THREAD, **project: Any) -> Plan:
        """What would change."""
        inventory = Inventory(project=convert({"version": 1, **project}, Project), resources=resources)
        return make_plan(inventory, self.client, org_id=ORG, options=options)

    def apply(self, *resources: Resource, options: Options = ONE_THREAD, **project: Any) -> tuple[Outcome, ...]:
        """Plans and applies."""
        return self.carry_out(self.plan(*resources, options=options, **project), options=options)

    def carry_out(self, plan: Plan, options: Options = ONE_THREAD) -> tuple[Outcome, ...]:
        """Applies a plan made before."""
        return apply_plan(plan, self.client, options=options)

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """A call by hand, as a person at the portal makes it; the answer's body."""
        reply = self.emulator.call(method, f"/api/v1/{path}", body=body, token="a-person")
        assert reply.status == 200, (method, path, reply.status, reply.body)
        return reply.body

    def only(self, path: str, **wanted: Any) -> dict[str, Any]:
        """The one object of a collection with these values."""
        found = [item for item in self.call("GET", path) if all(item.get(key) == wanted[key] for key in wanted)]
        assert len(found) == 1, found
        return dict(found[0])

    @property
    def writes(self) -> list[tuple[str, str]]:
        """Every writing call so far, as (method, path)."""
        return [(call.method, call.path) for call in self.emulator.calls.log if call.method != "GET"]


def world(quirks: Mapping[str, Any] | None = None, *, clock: Callable[[], float] | None = None, **org: Any) -> World:
    """A world whose organisation `Acme` holds the given collections; all quirks are on unless said otherwise."""
    seconds = itertools.count(1_750_000_000)  # each look at the clock is a second later
    data = {"orgs": [{"id": ORG, "name": "Acme", **org}]}
    emulator = Emulator(data=data, clock=clock or (lambda: float(next(seconds))), sleep=lambda _seconds: None)
    if quirks is not None:
        emulator.settings.update({"quirks": dict(quirks)})
    return World(emulator)
