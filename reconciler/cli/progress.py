"""Progress on stderr: a bar where a person watches, a plain line every few seconds in a log, nothing when quiet."""

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from reconciler.cli.options import Output
from reconciler.model.options import Progress, no_progress

EVERY_SECONDS = 5.0
APPLYING = "applying"


@dataclass
class Writes:
    """How far an apply has come, for the note after an interruption."""

    done: int = 0
    total: int = 0
    begun: bool = False

    def begin(self, total: int) -> None:
        """An apply begins; from now on something may have been written."""
        self.done, self.total, self.begun = 0, total, True

    def seen(self, what: str, done: int, total: int) -> None:
        """Told of progress."""
        if what == APPLYING:
            self.done, self.total = max(self.done, done), total

    def sentence(self) -> str:
        """What an interrupted run has written."""
        if not self.begun:
            return "Nothing was written."
        return (
            f"{self.done} of {self.total} changes were finished; those under way may have been written or not. "
            "Plan again to see what is left."
        )


@contextmanager
def shown_progress(
    output: Output, writes: Writes, *, clock: Callable[[], float] = time.monotonic
) -> Iterator[Progress]:
    """A `Progress` that shows itself on stderr as fits the terminal and the flags, and that counts `writes`."""
    if output.quiet:
        yield _counted(no_progress, writes)
    elif sys.stderr.isatty() and not output.debug_http:
        with _bar() as progress:
            yield _counted(progress, writes)
    else:
        yield _counted(plain_lines(_to_stderr, clock=clock), writes)


def plain_lines(write: Callable[[str], None], *, clock: Callable[[], float]) -> Progress:
    """A line at most every few seconds: `reading 120 of 500`; short work shows nothing."""
    lock = threading.Lock()
    last = clock()

    def progress(what: str, done: int, total: int) -> None:
        nonlocal last
        with lock:
            if clock() - last >= EVERY_SECONDS:
                last = clock()
                write(f"{what} {done} of {total}" if total else what)

    return progress


@contextmanager
def _bar() -> Iterator[Progress]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    console = Console(file=sys.stderr)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    lock = threading.Lock()
    with Bar(*columns, console=console, transient=True) as bar:
        tasks: dict[str, TaskID] = {}

        def progress(what: str, done: int, total: int) -> None:
            with lock:
                if what not in tasks:
                    for earlier in tasks.values():
                        bar.update(earlier, visible=False)
                    tasks[what] = bar.add_task(what, total=total or None)
                bar.update(tasks[what], completed=done, total=total or None)

        yield progress


def _to_stderr(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def _counted(progress: Progress, writes: Writes) -> Progress:
    def both(what: str, done: int, total: int) -> None:
        writes.seen(what, done, total)
        progress(what, done, total)

    return both
