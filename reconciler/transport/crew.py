"""Threads that share out items: a function and items in, all results in the order of the items out.

A pool of futures takes a third of a call's processor time for itself: each item gets a future with locks of its own,
and who waits for the first failure visits all of them. Here a thread takes the next item when it is done with one.
"""

from collections.abc import Callable, Sequence
from threading import Event, Lock, Thread
from typing import Generic, TypeVar

Item = TypeVar("Item")
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
