"""Progress on stderr: a bar where a person watches, a plain line every few seconds in a log, nothing when quiet."""

import math
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from msgspec import Struct

from reconciler.cli.options import Output, is_watched
from reconciler.cli.screen import Screen
from reconciler.model.options import Progress, no_progress
from reconciler.report.wording import number

if TYPE_CHECKING:
    from reconciler.mist.connection import Exchange

EVERY_SECONDS = 5.0
EVERY_HELD_SECONDS = 600.0
SAME_WAIT_SECONDS = 2.0
APPLYING, SITES = "applying", "reading sites"
HOLDING = "waiting for the next hour's calls"
AN_HOUR = 5000
"""How many calls a token has in an hour."""
Report = Callable[[str], None]


@dataclass
class Listeners:
    """Who hears of this run's requests and waits just now: the record of an apply, the progress shown."""

    on_request: "Callable[[Exchange], None] | None" = None
    on_wait: Callable[[float], None] | None = None
    on_hold: Callable[[float], None] | None = None
    on_note: Callable[[str], None] | None = None

    def request(self, told: "Exchange") -> None:
        """A request was made."""
        if self.on_request is not None:
            self.on_request(told)

    def wait(self, seconds: float) -> None:
        """The cloud asks to wait."""
        if self.on_wait is not None:
            self.on_wait(seconds)

    def hold(self, seconds: float) -> None:
        """The next hour's calls are so far away."""
        if self.on_hold is not None:
            self.on_hold(seconds)

    def note(self, text: str) -> None:
        """A sentence about the calls of this hour."""
        (self.on_note or _to_stderr)(text)


@dataclass
class Writes:
    """How far an apply has come, for the note after an interruption, the signal that ends the run (0 for none), and who
    listens to its requests."""

    signal: int = 0
    done: int = 0
    total: int = 0
    begun: bool = False
    listeners: Listeners = field(default_factory=Listeners)

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
    """A `Progress` that shows itself on stderr as fits the terminal and the flags, and that counts `writes`; the waits
    that the cloud asks for are told too."""
    if output.quiet:
        yield _counted(no_progress, writes)
    elif is_watched() and not output.debug_http:
        with _bar() as bar, _reported_waits(writes.listeners, bar, clock):
            yield _counted(bar.progress, writes)
    else:
        plain = Shown(
            progress=plain_lines(_to_stderr, clock=clock), report=_to_stderr, hold=hold_lines(_to_stderr, clock=clock)
        )
        with _reported_waits(writes.listeners, plain, clock):
            yield _counted(plain.progress, writes)


class Shown(Struct, frozen=True, kw_only=True):
    """How a run shows itself: its progress, sentences, and the seconds until the next hour's calls."""

    progress: Progress
    report: Report
    hold: Callable[[float], None]


@contextmanager
def _reported_waits(listeners: Listeners, shown: Shown, clock: Callable[[], float]) -> Iterator[None]:
    listeners.on_wait = wait_lines(shown.report, clock=clock)
    listeners.on_hold, listeners.on_note = shown.hold, shown.report
    try:
        yield
    finally:
        listeners.on_wait = listeners.on_hold = listeners.on_note = None


def hold_lines(report: Report, *, clock: Callable[[], float]) -> Callable[[float], None]:
    """`waiting for the next hour's calls: 42:10 left`, at the beginning of a wait and then every ten minutes, however
    many threads wait. A wait of a second or two is none for the next hour, and has been told as what the cloud asks."""
    lock = threading.Lock()
    end = told = float("-inf")

    def holding(seconds: float) -> None:
        nonlocal end, told
        if seconds < SAME_WAIT_SECONDS:
            return
        with lock:
            now = clock()
            if now + seconds - end >= SAME_WAIT_SECONDS or now - told >= EVERY_HELD_SECONDS:
                end, told = now + seconds, now
                report(f"{HOLDING}: {countdown(seconds)} left")

    return holding


def countdown(seconds: float) -> str:
    """`42:10`, or `1:02:05`."""
    minutes, rest = divmod(math.ceil(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def wait_lines(report: Report, *, clock: Callable[[], float]) -> Callable[[float], None]:
    """`the cloud asks to wait 12 s`, once per wait, however many threads are told to."""
    lock = threading.Lock()
    until = float("-inf")

    def waiting(seconds: float) -> None:
        nonlocal until
        with lock:
            end = clock() + seconds
            if end - until >= 1:
                until = end
                report(f"the cloud asks to wait {math.ceil(seconds):,} s: the limit of calls for this token is reached")

    return waiting


def plain_lines(write: Report, *, clock: Callable[[], float]) -> Progress:
    """A line at most every few seconds: `reading sites 120 of 500`, and one at the end of what took so long; short work
    shows nothing."""
    lock = threading.Lock()
    last = clock()
    shown: set[str] = set()

    def progress(what: str, done: int, total: int) -> None:
        nonlocal last
        with lock:
            now = clock()
            if now - last >= EVERY_SECONDS or (what in shown and done == total):
                last = now
                shown.add(what)
                write(f"{what} {done:,} of {total:,}" if total else what)

    return progress


@contextmanager
def _bar() -> Iterator[Shown]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn, TimeElapsedColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    console = Console(file=sys.stderr)
    columns = (
        *(TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()),
        *(TextColumn("left:"), TimeRemainingColumn(compact=True)),
    )
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

        def report(text: str) -> None:
            bar.console.print(text, highlight=False, markup=False)

        def hold(seconds: float) -> None:
            with lock:
                if HOLDING not in tasks:
                    tasks[HOLDING] = bar.add_task(HOLDING, total=None)
                over = seconds <= 1
                bar.update(tasks[HOLDING], description=f"{HOLDING}: {countdown(seconds)}", visible=not over)

        yield Shown(progress=progress, report=report, hold=hold)


def _to_stderr(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def _counted(progress: Progress, writes: Writes) -> Progress:
    def both(what: str, done: int, total: int) -> None:
        writes.seen(what, done, total)
        progress(what, done, total)

    return both


def forecasting(screen: Screen, shown: Progress) -> Progress:
    """Progress that says, before the sites are read, how many calls that takes."""
    told: list[int] = []

    def progress(what: str, done: int, total: int) -> None:
        if what == SITES and not told and total:
            told.append(total)
            more = f", and a token has {AN_HOUR:,} in an hour" if total > AN_HOUR else ""
            screen.note(f"The organisation's lists are read; its sites take {number(total, 'call')}{more}.")
        shown(what, done, total)

    return progress
