"""The emulated cloud: one function from a request to a reply, over a store.

In: a Request.  Out: a Reply (`handle`), or the way it reaches the caller with latency and faults (`deliver`).
The faces (adapter, server) know `deliver` and nothing else.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from email.utils import formatdate
from typing import Any

from reconciler.emulator import controls, seed
from reconciler.emulator.access import role_for
from reconciler.emulator.calls import CallLog
from reconciler.emulator.errors import ApiError, bad_request, not_found
from reconciler.emulator.facts import load_facts
from reconciler.emulator.faults import Fault, Faults
from reconciler.emulator.handlers import build_handlers
from reconciler.emulator.messages import Cut, Delivery, Json, Malformed, Reply, Request
from reconciler.emulator.outbox import Outbox
from reconciler.emulator.routes import load_routes
from reconciler.emulator.settings import Settings, SettingsControl
from reconciler.emulator.sites import release
from reconciler.emulator.store import IdMaker, Store
from reconciler.emulator.tokens import Caller, Token, TokenTable, session_of
from reconciler.emulator.world import Call, World

ADMIN_HEADER = "X-Emulator-Admin"
LOGIN = "/api/v1/login"


class Emulator:
    """A stand-in for the Mist cloud.  `seed` numbers the ids, `data` is a state in the seed's format."""

    def __init__(
        self,
        *,
        data: Mapping[str, Any] | None = None,
        seed: int = 0,
        token: str | None = None,
        settings: Settings | None = None,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.settings = SettingsControl(settings or Settings())
        self.faults = Faults()
        self.calls = CallLog()
        self.tokens = TokenTable(only=frozenset({token}) if token else frozenset())
        self._sleep = sleep
        self._lock = threading.RLock()
        self._seed = seed

        def ahead() -> float:
            return clock() + self.settings.current.ahead_s

        self.outbox = Outbox(now=lambda: round(ahead(), 3))
        self._world = self._new_world(ahead)
        self._handlers = build_handlers(self._world.routes)
        self._controls = controls.Controls(
            self.calls, self.faults, self.settings, self.tokens, state=self.state, load=self.load, file=self.file
        )
        if data is not None:
            self.load(data)

    def _new_world(self, clock: Callable[[], float]) -> World:
        store = Store(ids=IdMaker(self._seed))
        return World(store, load_facts(), load_routes(), self.settings, self.tokens, clock, self.outbox)

    @property
    def version(self) -> int:
        """Grows with every change of the store."""
        return self._world.store.version

    def load(self, data: Mapping[str, Any]) -> None:
        """Replaces the whole store by a state or seed; on an EmulatorError nothing has changed."""
        with self._lock:
            world = self._new_world(self._world.clock)
            world.store.version = self._world.store.version + 1
            seed.load(world, data)
            self._world = world

    def state(self) -> Json:
        """The whole store, in the seed's format."""
        with self._lock:
            return seed.dump(self._world)

    def file(self, owner: str, field: str) -> bytes | None:
        """An upload, by the id of its object and the field that links to it."""
        with self._lock:
            found = self._world.store.files.get(owner, {}).get(field)
        return found.content if found else None

    def call(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        body: Any = None,
        token: str | None = "token",  # noqa: S107 - any token is accepted
        admin: str | None = None,
    ) -> Reply:
        """One call without latency and faults, for tests and demos: `path` with or without /api/v1/."""
        headers = {"Authorization": f"Token {token}"} if token else {}
        if admin:
            headers[ADMIN_HEADER] = admin
        full = path if path.startswith("/") else f"/api/v1/{path}"
        return self.handle(Request(method, full, query or {}, body, headers))

    def handle(self, request: Request) -> Reply:
        """The answer of the cloud, or of the controls below /__emulator__/."""
        if request.path.startswith(controls.PREFIX):
            return controls.answer(self._controls, request)
        with self._lock:
            reply = self._answer(request)
            release(self._world)
            self.calls.add(request, reply.status)
        return reply

    def deliver(self, request: Request, *, timeout: float | None = None) -> Delivery:
        """The answer with latency and faults; sleeps as long as the caller would wait, `timeout` at most."""
        if request.path.startswith(controls.PREFIX):
            return Delivery(controls.answer(self._controls, request))
        started = time.perf_counter()
        fault = self.faults.take(request)
        reply = Reply(0)
        if fault is None or fault.handled:
            with self._lock:
                reply = self._answer(request, fault)
        if fault is not None:
            reply = fault.changed(reply) if fault.drop not in ("connect", "before") else reply
        delay = (self.settings.current.latency_ms + (fault.delay_ms if fault else 0)) / 1000
        late = timeout is not None and delay > timeout
        if delay:
            # Latency is what the caller sees: the time already spent counts.
            wait = min(delay, timeout) if timeout is not None else delay
            self._sleep(max(0.0, wait - (time.perf_counter() - started)))
        cut: Cut | None = fault.drop if fault else None
        with self._lock:
            release(self._world)
            self.calls.add(request, 0 if cut or late else reply.status)
        return Delivery(reply, cut, timed_out=late)

    def _answer(self, request: Request, fault: Fault | None = None) -> Reply:
        try:
            return self._dispatch(request, fault)
        except ApiError as error:
            return self._refusal(error)
        except Exception as error:
            # Bodies and seeds can hold anything; a caller gets an answer rather than a cut.
            return Reply(500, {"detail": f"The emulator failed: {error!r}"})

    def _refusal(self, error: ApiError) -> Reply:
        quirks, headers = self.settings.current.quirks, dict(error.headers)
        if "Retry-After" in headers and quirks.retry_after != "seconds":
            seconds = int(headers.pop("Retry-After"))
            if quirks.retry_after == "date":
                headers["Retry-After"] = formatdate(self._world.clock() + seconds, usegmt=True)
        if error.status == 404 and quirks.not_found_body == "id":
            return Reply(404, {"id": None}, headers)
        return Reply(error.status, {"detail": error.detail, **error.extra}, headers)

    def _dispatch(self, request: Request, fault: Fault | None) -> Reply:
        world = self._world
        caller = self._caller(request)
        found = world.routes.match(request.path)
        if found is None:
            raise not_found(f"Unknown path {request.path}")
        route, params = found
        if request.method not in route.methods:
            allowed = ", ".join(sorted(route.methods))
            raise ApiError(405, f'Method "{request.method}" not allowed.', headers={"Allow": allowed})
        role = role_for(world, request.method, params, caller)
        handler = self._handlers.get((request.method, route.path))
        if handler is None:
            raise ApiError(501, f"{request.method} {route.path} is not emulated")
        if isinstance(request.body, Malformed):
            raise bad_request(request.body.detail)
        operation = route.methods[request.method]
        shift = fault.shift if fault else 0
        result = handler(Call(world, request, route.path, operation, params, caller, role, shift))
        reply = result if isinstance(result, Reply) else Reply(200, result)
        vnd = self.settings.current.quirks.content_type == "vnd"
        return replace(reply, headers={"Content-Type": "application/vnd.api+json", **reply.headers}) if vnd else reply

    def _caller(self, request: Request) -> Caller:
        """Who calls; a login needs no token, and an hour's budget is spent."""
        world = self._world
        admin, src_ip = request.header(ADMIN_HEADER), request.header("X-Forwarded-For")
        if (request.method, request.path) == ("POST", LOGIN):
            return Caller("", Token(), admin or "Login", src_ip or "127.0.0.1")
        authorization = request.header("Authorization") or session_of(request.header("Cookie"))
        caller = world.tokens.identify(authorization, admin, src_ip)
        settings = self.settings.current
        world.tokens.spend(caller.token, world.clock(), settings.hourly_limit, hour=settings.hour_s)
        return caller
