"""Runs a plan's changes in the order of their dependencies: writes side by side where nothing waits for anything.

Writes that share a lane go one after the other. A failure blocks only what depends on it; a refused token or an
exhausted budget stops everything that has not begun, and so does an interrupt. Whatever happens, every change has an
outcome.
"""

import time
from collections.abc import Callable
from functools import partial
from graphlib import TopologicalSorter

from msgspec.structs import replace

from reconciler.errors import ApiError, Fate, RateLimited, RecordFailure, Unauthorized, Unreachable
from reconciler.kinds import Kinds
from reconciler.mist.crew import Hands
from reconciler.model.address import Address
from reconciler.model.change import Change, Outcome, Plan, Status
from reconciler.model.journal import Journal, RunInterrupted
from reconciler.model.options import Options, Progress
from reconciler.stages.apply.lanes import Lanes
from reconciler.stages.apply.locator import NoId
from reconciler.stages.apply.writer import Writer

GRACE_SECONDS = 0.5
"""How long an interrupted run waits for the answers of calls that are under way."""
_DONE = (Status.APPLIED, Status.UNCHANGED)
_STOPS_THE_RUN = (Unauthorized, RateLimited, Unreachable, RecordFailure)
Write = Callable[[Change], Outcome]


class Run:
    """One run over the dependency graph; the calling thread schedules, pool threads send."""

    def __init__(self, plan: Plan, writer: Writer, kinds: Kinds, options: Options) -> None:
        self.plan = plan
        self.writer = writer
        self.kinds = kinds
        self.options = options
        self.changes = {change.address: change for change in plan.changes}
        self.outcomes: dict[Address, Outcome] = {}
        self.stop_reason = ""
        self.order = {address: at for at, address in enumerate(self.changes)}
        self.hands: Hands[Address, Outcome] = Hands(options.threads, name="apply")
        self.results: dict[
            Address, Outcome
        ] = {}  # as threads end with them: an interrupt may come before they are told
        self.closed: set[Address] = set()

    def run(self, progress: Progress, journal: Journal) -> tuple[Outcome, ...]:
        """One outcome per change, in the plan's order. `journal` hears of each outcome. Raises `RunInterrupted` with
        all outcomes when a signal ends the run."""
        try:
            self._first_pass(progress, journal)
            self._second_pass(journal)
        except KeyboardInterrupt:
            self._interrupt(journal)
            raise RunInterrupted(self._in_order()) from None
        finally:
            self.hands.close()
        return self._in_order()

    def _in_order(self) -> tuple[Outcome, ...]:
        return tuple(self.outcomes[change.address] for change in self.plan.changes)

    def _first_pass(self, progress: Progress, journal: Journal) -> None:
        sorter = TopologicalSorter({address: change.depends_on for address, change in self.changes.items()})
        sorter.prepare()
        lanes = Lanes(self.plan.changes, self.kinds)
        while sorter.is_active():
            for address in sorter.get_ready():
                lanes.add(address)
            while self.hands.free and (begun := lanes.take()) is not None:
                self.hands.give(begun, partial(self._one, self.changes[begun]))
            for address, outcome in self._finished():
                self.outcomes[address] = outcome
                sorter.done(address)
                lanes.done(address)
                journal.after(outcome)
                progress("applying", len(self.outcomes), len(self.changes))

    def _second_pass(self, journal: Journal) -> None:
        """The outcome of the first pass stays, unless the second one fails, or changes what needed no change."""
        for change in self.plan.changes:
            if change.deferred and self.outcomes[change.address].status in _DONE:
                self.hands.give(change.address, partial(self._guarded, change, self.writer.second_pass))
        while self.hands.busy:
            for address, second in self._finished():
                first = self.outcomes[address]
                self.closed.add(address)
                if second.status not in _DONE:
                    fields = ", ".join(f"`{root}`" for root in self.changes[address].deferred)
                    detail = f"it was created, but {fields} is not set: {second.detail}"
                    self.outcomes[address] = replace(first, status=Status.FAILED, detail=detail)
                elif second.status is Status.APPLIED:
                    self.outcomes[address] = replace(first, status=Status.APPLIED)
                journal.after(self.outcomes[address])

    def _finished(self) -> list[tuple[Address, Outcome]]:
        """Waits for the next outcomes, and takes them."""
        return sorted(self.hands.take(), key=lambda item: self.order[item[0]])

    def _interrupt(self, journal: Journal) -> None:
        """Ends the run: what is under way gets a moment to be answered, what has not begun never begins."""
        self.stop_reason = "the run was interrupted"
        self.writer.stop()
        until = time.monotonic() + GRACE_SECONDS
        while self.hands.busy and (left := until - time.monotonic()) > 0:
            list(self.hands.take(seconds=left))
        for address, change in self.changes.items():
            if address in self.outcomes:
                continue
            cut_short = self._cut_short(change)
            self.outcomes[address] = self.results.get(address) or cut_short
            journal.after(self.outcomes[address])
        for address, change in self.changes.items():
            if change.deferred and address not in self.closed and self.outcomes[address].status in _DONE:
                detail = "the run was interrupted before its references were set: plan again"
                self.outcomes[address] = replace(self.outcomes[address], status=Status.FAILED, detail=detail)

    def _cut_short(self, change: Change) -> Outcome:
        if self.writer.in_doubt(change.address):
            detail = f"{self.stop_reason} while it was written: plan again to see whether it is stored"
            return _outcome(change, Status.FAILED, detail, unsure=True)
        return _outcome(change, Status.BLOCKED, f"not written: {self.stop_reason}")

    def _one(self, change: Change) -> Outcome:
        self.results[change.address] = outcome = self._outcome_of(change)
        return outcome

    def _outcome_of(self, change: Change) -> Outcome:
        for address in change.depends_on:
            found = self.outcomes.get(address)
            if found and found.status not in _DONE:
                return _outcome(change, Status.BLOCKED, f"waits for {address}, which was not applied")
        return self._guarded(change, self.writer.write)

    def _guarded(self, change: Change, write: Write) -> Outcome:
        """A change that ends in whatever error is that change's failure."""
        if self.stop_reason:
            return _outcome(change, Status.BLOCKED, f"not begun: {self.stop_reason}")
        try:
            return write(change)
        except _STOPS_THE_RUN as error:
            self.stop_reason = self.stop_reason or error.message
            problem: Exception = error
        except (ApiError, NoId) as error:
            if isinstance(error, ApiError) and error.fate is Fate.BARRED:
                self.stop_reason = self.stop_reason or error.message
            problem = error
        except Exception as error:
            name = f"{type(error).__module__}.{type(error).__qualname__}"
            problem = RuntimeError(f"an unforeseen error ({name}), which is a mistake in reconciler itself")
        unsure = self.writer.in_doubt(change.address)
        if isinstance(problem, ApiError) and problem.fate is Fate.BARRED and not unsure:
            return _outcome(change, Status.BLOCKED, f"not written: {problem}")
        detail = f"{problem}" + (" (whether it is stored is not known: plan again)" if unsure else "")
        return _outcome(change, Status.FAILED, detail, unsure=unsure)


def _outcome(change: Change, status: Status, detail: str, *, unsure: bool = False) -> Outcome:
    return Outcome(address=change.address, action=change.action, status=status, detail=detail, unsure=unsure)
