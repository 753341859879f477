"""What a handler works with: the store, the facts, the switches, the clock, and the call it answers.

In: one matched request.  Out: helpers that every handler needs (views, timestamps, the audit log).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from reconciler.emulator.facts import Facts
from reconciler.emulator.messages import Request
from reconciler.emulator.outbox import Outbox
from reconciler.emulator.quirks import Quirks
from reconciler.emulator.routes import Operation, Routes
from reconciler.emulator.settings import SettingsControl
from reconciler.emulator.store import Store
from reconciler.emulator.tokens import WRITERS, Caller, TokenTable
from reconciler.emulator.view import Reader, owner_of, seen, turned

Json = dict[str, Any]


@dataclass
class World:
    store: Store
    facts: Facts
    routes: Routes
    settings: SettingsControl
    tokens: TokenTable
    clock: Callable[[], float]
    outbox: Outbox
    reads: int = 0
    writing: dict[str, int] = field(default_factory=dict)
    held: dict[int, list[str]] = field(default_factory=dict)

    @property
    def quirks(self) -> Quirks:
        return self.settings.current.quirks

    def now(self) -> float:
        return round(self.clock(), 3)


@dataclass(frozen=True)
class Call:
    """One authorised request to one route."""

    world: World
    request: Request
    path: str
    operation: Operation
    params: Mapping[str, str]
    caller: Caller
    role: str | None
    shift: int = 0

    @property
    def store(self) -> Store:
        return self.world.store

    @property
    def query(self) -> Mapping[str, str]:
        """What is asked for; a blank filter is none."""
        return {name: text for name, text in self.request.query.items() if text}

    @property
    def body(self) -> Any:
        return self.request.body

    @property
    def site_id(self) -> str | None:
        return self.params.get("site_id")

    @property
    def org_id(self) -> str:
        return self.params["org_id"] if "org_id" in self.params else self.store.site_org[self.params["site_id"]]

    @property
    def scope_id(self) -> str:
        return self.site_id or self.org_id

    def view(self, value: Json, schema: str) -> Json:
        world = self.world
        world.reads += 1
        files = self.store.visible_files(owner_of(value), world.now())
        reader = Reader(world.reads, self._may_see_secrets(), files)
        return seen(value, schema, world.facts, world.quirks, reader)

    def _may_see_secrets(self) -> bool:
        """Writers see secrets, unless the organisation hides them from everybody."""
        policy: Any = None
        if "org_id" in self.params or "site_id" in self.params:
            policy = self.store.settings.get(self.org_id, {}).get("api_policy")
        hidden = isinstance(policy, dict) and policy.get("no_reveal") is True
        return self.role in WRITERS and not hidden

    def listed(self, items: list[Any]) -> list[Any]:
        """A list that the server makes, in the order that it comes in today."""
        self.world.reads += 1
        return items if self.world.quirks.reorder == "none" else turned(items, self.world.reads)
