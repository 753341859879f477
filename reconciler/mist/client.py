"""The verbs that the stages use: objects and whole lists, counted, many at a time.

Paths are relative to /api/v1/. Everything raises errors of `reconciler.errors`; a list that could not be read whole
is an error, never a short list.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from reconciler.errors import BadAnswer, Fate, NotFound, ServerFailure, Unreachable
from reconciler.mist.answers import Answer, Sent, bad_answer
from reconciler.mist.connection import Connection
from reconciler.mist.crew import Crew
from reconciler.mist.expected import wrong_object
from reconciler.mist.ledger import Ledger
from reconciler.mist.paging import PAGE_SIZE, Shifted, all_pages
from reconciler.mist.session import Calls, MistSession
from reconciler.transport.pacing import FIRST_WAIT, Timing, backoff
from reconciler.transport.sending import Adapter

__all__ = ["Calls", "MistClient", "connect"]

READ_TRIES = 3
Item = TypeVar("Item")
Result = TypeVar("Result")


class MistClient:
    """The cloud, for many threads."""

    def __init__(self, session: MistSession) -> None:
        self._session = session
        self._self: dict[str, Any] | None = None

    @property
    def calls(self) -> Calls:
        """Requests sent so far, repeats included."""
        return self._session.calls

    @property
    def age(self) -> float:
        """For how many seconds there has been this client: nothing that was read with it is older."""
        return self._session.age

    def know(self, secrets: Iterable[str], *, names: Iterable[str] = ()) -> None:
        """Makes values known that no message and no log of this client may show, and names of fields of which no log
        may show the value."""
        self._session.known.add(secrets)
        self._session.known.add_names(names)

    def get(self, path: str, *, query: Mapping[str, str] | None = None) -> dict[str, Any]:
        """One object."""

        def read() -> dict[str, Any]:
            data = self._session.request("GET", path, query=query).data
            if problem := wrong_object(path, data):
                raise self._bad(problem, "GET", path)
            found: dict[str, Any] = data
            return found

        return self._read(read)

    def list(self, path: str, *, query: Mapping[str, str] | None = None) -> list[dict[str, Any]]:
        """Every object of a collection, in the cloud's order."""

        def read_page(page: int) -> Answer:
            paged = {**(query or {}), "limit": str(PAGE_SIZE), "page": str(page)}
            return self._session.request("GET", path, query=paged)

        def read() -> list[dict[str, Any]]:
            problem = ""
            try:
                return all_pages(read_page)
            except Shifted as shifted:
                problem = str(shifted)
            raise self._bad(problem, "GET", path)

        return self._read(read)

    def constants(self, path: str) -> Sequence[Mapping[str, Any]]:
        """A list that the cloud has for everybody: it comes whole, and its entries have no ids."""

        def read() -> Sequence[Mapping[str, Any]]:
            data = self._session.request("GET", path).data
            if not isinstance(data, list) or not all(isinstance(item, dict) for item in data):
                raise self._bad("is no list of objects", "GET", path)
            found: Sequence[Mapping[str, Any]] = data
            return found

        return self._read(read)

    def post(self, path: str, body: Mapping[str, Any] | Sequence[Any]) -> dict[str, Any]:
        """Creates an object and returns it with its id. Raises AmbiguousWrite when it is unknown whether it exists."""
        created: dict[str, Any] = self._session.request("POST", path, body=body).data
        return created

    def put(self, path: str, body: Mapping[str, Any] | Sequence[Any]) -> dict[str, Any]:
        """Replaces the root keys of `body` in an object and returns the whole object; or those of each of a list. It is
        sent once.

        Raises AmbiguousWrite where the cloud accepts it and its answer can't be used: read back what was stored.
        """
        stored: dict[str, Any] = self._session.request("PUT", path, body=body).data
        return stored

    def delete(self, path: str) -> None:
        """Deletes an object; one that is gone already (404) is fine. It is sent once."""
        try:
            self._session.request("DELETE", path)
        except NotFound:
            return

    def self_(self) -> dict[str, Any]:
        """Who the token is: its name and `privileges`; asked once."""
        if self._self is None:
            self._self = self.get("self")
        return self._self

    def name_of_organisation(self, org_id: str) -> str | None:
        """An organisation's name, as `self_` tells it; None where that was not asked, or doesn't tell."""
        found = self._self.get("privileges") if self._self else None
        for item in found if isinstance(found, list) else ():
            if isinstance(item, dict) and item.get("scope") == "org" and item.get("org_id") == org_id:
                name = item.get("name")
                return name if isinstance(name, str) and name else None
        return None

    def look_and_write(self, step: Callable[[], Result]) -> Result:
        """Makes a step that looks, compares and writes once; anew from its look on where the write fails in passing."""
        return self._session.look_and_write(step)

    def foresee(self, calls: int, what: str) -> None:
        """Before something that takes so many calls: says when it would be done, if this hour has not enough of them.
        Raises `GuardRefusal` where the run may not wait for the next one."""
        if self._session.budget is not None and calls:
            self._session.budget.foresee(calls, what)

    def hide(self, text: str) -> str:
        """A text of the cloud's without the secrets that are known."""
        return self._session.known.hide(text)

    def poll(self, look: Callable[[], Result | None], *, seconds: float, longest: float = math.inf) -> Result | None:
        """What `look` finds, asked again with growing pauses (none is longer than `longest`) for so long; None when it
        finds nothing in time."""
        for pause in (*_pauses(seconds, longest), None):
            if (found := look()) is not None or pause is None:
                return found
            self._session.gate.sleep(pause)
        return None

    @staticmethod
    def looks(*, seconds: float, longest: float = math.inf) -> int:
        """How often a poll looks at most."""
        return 1 + sum(1 for _ in _pauses(seconds, longest))

    @property
    def connection(self) -> Connection:
        """Where the cloud is, and how long things may take."""
        return self._session.connection

    def map(self, function: Callable[[Item], Result], items: Iterable[Item]) -> tuple[Result, ...]:
        """`function` of every item over the session's threads, in the order of the items.

        The first exception cancels what has not begun, and is raised once what has begun is done.
        """
        todo = list(items)
        threads = min(self._session.connection.threads, len(todo))
        if threads <= 1:
            return tuple(function(item) for item in todo)
        crew = Crew(function, todo)
        try:
            crew.work(threads, name="mist")
        except BaseException:  # an interrupt waits for no answer
            self.stop()
            raise
        return crew.results()

    def stop(self) -> None:
        """For an interrupt: no call leaves from now on, and every thread that waits before one ends at once.

        A call that is under way is not cut: what becomes of it should be known. May be called from a signal's handler.
        """
        self._session.gate.stop(Unreachable("The run was interrupted"))

    def close(self) -> None:
        """Closes the connections."""
        self._session.close()

    def _read(self, read: Callable[[], Result]) -> Result:
        """Reads again after an answer that can't be used; the last error is raised."""
        timing = self._session.timing
        attempt = 1
        while True:
            try:
                return read()
            except (BadAnswer, ServerFailure) as error:
                passing = error.status == 500 or (isinstance(error, BadAnswer) and not 300 <= error.status < 400)
                if not passing or attempt == READ_TRIES:
                    raise
            self._session.gate.sleep(backoff(attempt, chance=timing.chance))
            attempt += 1

    def _bad(self, problem: str, method: str, path: str) -> BadAnswer:
        error = bad_answer(problem, self._sent(method, path), 200)
        error.fate = Fate.UNREADABLE
        return error

    def _sent(self, method: str, path: str) -> Sent:
        return Sent(method=method, path=path, host=self._session.connection.host_name)


def _pauses(seconds: float, longest: float) -> Iterator[float]:
    waited, pause = 0.0, FIRST_WAIT
    while waited < seconds:
        yield min(pause, longest, seconds - waited)
        waited += min(pause, longest)
        pause *= 2


def connect(
    connection: Connection,
    *,
    adapter: Adapter | None = None,
    timing: Timing | None = None,
    ledger: Ledger | None = None,
) -> MistClient:
    """A client; nothing is sent yet. `adapter` replaces the network, `timing` the clock; `ledger` is where a budget's
    calls are counted, by this process alone if there is none."""
    return MistClient(MistSession(connection, adapter=adapter, timing=timing, ledger=ledger))
