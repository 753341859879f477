"""The verbs that the stages use: objects and whole lists, counted, many at a time.

Paths are relative to /api/v1/. Everything raises errors of `reconciler.errors`; a list that could not be read whole
is an error, never a short list.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from typing import Any, TypeVar

from reconciler.errors import AmbiguousWrite, BadAnswer, Fate, NotFound, ServerFailure, Unreachable
from reconciler.mist.answers import Answer, Sent, bad_answer
from reconciler.mist.connection import Connection
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

    @property
    def calls(self) -> Calls:
        """Requests sent so far, repeats included."""
        return self._session.calls

    def get(self, path: str, *, query: Mapping[str, str] | None = None) -> dict[str, Any]:
        """One object."""

        def read() -> dict[str, Any]:
            return self._object(self._session.request("GET", path, query=query), "GET", path)

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

    def post(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Creates an object and returns it with its id. Raises AmbiguousWrite when it is unknown whether it exists."""
        answer = self._session.request("POST", path, body=body)
        if isinstance(answer.data, dict) and isinstance(answer.data.get("id"), str):
            return answer.data
        error = AmbiguousWrite(
            f"The answer to POST {path} is no object with an id: it may have been created",
            remedy="Plan again: what was created shows as live",
            method="POST",
            path=path,
            status=answer.status,
        )
        error.fate = Fate.UNREADABLE
        raise error

    def put(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Replaces the root keys of `body` in an object and returns the whole object. It is sent once."""
        return self._object(self._session.request("PUT", path, body=body), "PUT", path)

    def delete(self, path: str) -> None:
        """Deletes an object; one that is gone already (404) is fine. It is sent once."""
        try:
            self._session.request("DELETE", path)
        except NotFound:
            return

    def self_(self) -> dict[str, Any]:
        """Who the token is: its name and `privileges`."""
        return self.get("self")

    def look_and_write(self, step: Callable[[], Result]) -> Result:
        """Makes a step that looks, compares and writes once; anew from its look on where the write fails in passing."""
        return self._session.look_and_write(step)

    def poll(self, look: Callable[[], Result | None], *, seconds: float) -> Result | None:
        """What `look` finds, asked again with growing pauses for so long; None when it finds nothing in time."""
        gate = self._session.gate
        waited, pause = 0.0, FIRST_WAIT
        while (found := look()) is None and waited < seconds:
            gate.sleep(min(pause, seconds - waited))
            waited += pause
            pause *= 2
        return found

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
        pool = ThreadPoolExecutor(threads, thread_name_prefix="mist")
        futures = [pool.submit(function, item) for item in todo]
        try:
            wait(futures, return_when=FIRST_EXCEPTION)
        except BaseException:  # an interrupt waits for no answer
            self.stop()
            pool.shutdown(wait=False, cancel_futures=True)
            raise
        pool.shutdown(wait=True, cancel_futures=True)
        return _results(futures)

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

    def _object(self, answer: Answer, method: str, path: str) -> dict[str, Any]:
        if isinstance(answer.data, dict):
            return answer.data
        raise self._bad("is no object", method, path)

    def _bad(self, problem: str, method: str, path: str) -> BadAnswer:
        error = bad_answer(problem, Sent(method=method, path=path, host=self._session.connection.host_name), 200)
        error.fate = Fate.UNREADABLE
        return error


def _results(futures: Sequence[Future[Result]]) -> tuple[Result, ...]:
    """All results; or the exception of the first item, in order, that has one."""
    for future in futures:
        if not future.cancelled() and (error := future.exception()) is not None:
            raise error
    return tuple(future.result() for future in futures)


def connect(connection: Connection, *, adapter: Adapter | None = None, timing: Timing | None = None) -> MistClient:
    """A client; nothing is sent yet. `adapter` replaces the network, `timing` the clock."""
    return MistClient(MistSession(connection, adapter=adapter, timing=timing))
