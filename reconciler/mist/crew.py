"""Threads that make calls: a `Crew` shares out items that are all known, `Hands` do what comes up as others end.

A pool of futures takes a third of a call's processor time for itself: each gets locks of its own, and who waits for one
of them visits all. Here a thread takes the next item when it is done with one.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from queue import Empty, SimpleQueue
from threading import Event, Lock, Thread
from typing import Generic, TypeVar

Item = TypeVar("Item")
Key = TypeVar("Key")
Result = TypeVar("Result")


class Crew(Generic[Item, Result]):
    """One piece of work, done once."""

    def __init__(self, function: Callable[[Item], Result], items: Sequence[Item]) -> None:
        self._function = function
        self._items = items
        self._results: dict[int, Result] = {}
        self._errors: dict[int, BaseException] = {}
        self._waiting = iter(range(len(items)))
        self._working = 0
        self._lock = Lock()
        self._done = Event()

    def work(self, threads: int, *, name: str) -> None:
        """Works until all is done; after a failure, until what has begun is. An interrupt of the calling thread ends it
        at once: what has begun goes on, and nothing more begins."""
        self._working = threads
        try:
            for number in range(threads):
                Thread(target=self._share, name=f"{name}_{number}").start()
            self._done.wait()
        except BaseException as interrupt:
            self._errors[len(self._items)] = interrupt
            raise

    def results(self) -> tuple[Result, ...]:
        """All results. Raises the failure of the first item, in order, that has one."""
        if self._errors:
            raise self._errors[min(self._errors)]
        return tuple(self._results[at] for at in range(len(self._items)))

    def _share(self) -> None:
        while (at := self._next()) is not None:
            try:
                self._results[at] = self._function(self._items[at])
            except BaseException as error:
                self._errors[at] = error
        with self._lock:
            self._working -= 1
            if not self._working:
                self._done.set()

    def _next(self) -> int | None:
        with self._lock:
            return None if self._errors else next(self._waiting, None)


class Hands(Generic[Key, Result]):
    """So many threads for work that is given one by one, each under a key. For one thread that gives it out, and ends
    with `close`."""

    def __init__(self, threads: int, *, name: str) -> None:
        self._most = threads
        self._name = name
        self._threads: list[Thread] = []
        self._work: SimpleQueue[tuple[Key, Callable[[], Result]] | None] = SimpleQueue()
        self._done: SimpleQueue[tuple[Key, Callable[[], Result]]] = SimpleQueue()
        self.busy = 0
        """How much work is given out and not taken back."""

    @property
    def free(self) -> bool:
        """Whether a thread has nothing to do."""
        return self.busy < self._most

    def give(self, key: Key, work: Callable[[], Result]) -> None:
        """Begins a piece of work, or lets it wait for a thread."""
        self.busy += 1
        self._work.put((key, work))
        if len(self._threads) < min(self.busy, self._most):
            self._threads.append(Thread(target=self._share, name=f"{self._name}_{len(self._threads)}"))
            self._threads[-1].start()

    def take(self, *, seconds: float | None = None) -> Iterator[tuple[Key, Result]]:
        """Waits for the next result, no longer than `seconds`, and gives all that are there. Raises what the work
        raised."""
        try:
            yield self._taken(self._done.get(timeout=seconds))
            while True:
                yield self._taken(self._done.get_nowait())
        except Empty:
            return

    def close(self) -> None:
        """What has not begun never begins; each thread ends when it is done, and none is waited for."""
        with suppress(Empty):
            while True:
                self._work.get_nowait()
        for _ in self._threads:
            self._work.put(None)

    def _taken(self, found: tuple[Key, Callable[[], Result]]) -> tuple[Key, Result]:
        self.busy -= 1
        key, result = found
        return key, result()

    def _share(self) -> None:
        while (given := self._work.get()) is not None:
            key, work = given
            self._done.put((key, _outcome_of(work)))


def _outcome_of(work: Callable[[], Result]) -> Callable[[], Result]:
    """What work came to: a function that returns it, or raises it."""
    try:
        result = work()
    except BaseException as error:
        failure = error

        def fail() -> Result:
            raise failure

        return fail
    return lambda: result
