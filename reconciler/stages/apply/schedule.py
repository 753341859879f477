"""Runs a plan's changes in the order of their dependencies: writes side by side where nothing waits for anything.

Kinds marked `serial` go one at a time. A failure blocks only what depends on it; a refused token or an exhausted budget
stops everything that has not begun.
"""

import threading
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import replace
from graphlib import TopologicalSorter

from reconciler.errors import ApiError, RateLimited, RecordFailure, Unauthorized, Unreachable
from reconciler.kinds import Kinds
from reconciler.model.address import Address
from reconciler.model.change import Change, Outcome, Plan, Status
from reconciler.model.journal import Journal
from reconciler.model.options import Options, Progress
from reconciler.stages.apply.locator import NoId
from reconciler.stages.apply.writer import Writer

_STOPS_THE_RUN = (Unauthorized, RateLimited, Unreachable, RecordFailure)


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
        self.serial = threading.Lock()
        self.order = {address: at for at, address in enumerate(self.changes)}

    def run(self, progress: Progress, journal: Journal) -> tuple[Outcome, ...]:
        """One outcome per change, in the plan's order. `journal` hears of each outcome."""
        sorter = TopologicalSorter({address: change.depends_on for address, change in self.changes.items()})
        sorter.prepare()
        with ThreadPoolExecutor(max_workers=self.options.threads) as pool:
            try:
                self._run(sorter, pool, progress, journal)
            except BaseException:
                self.stop_reason = "the run was interrupted"
                pool.shutdown(wait=False, cancel_futures=True)
                raise
        for change in self.plan.changes:
            if change.deferred and self.outcomes[change.address].status is Status.APPLIED:
                self.outcomes[change.address] = self._second_pass(change)
                journal.after(self.outcomes[change.address])
        return tuple(self.outcomes[change.address] for change in self.plan.changes)

    def _run(
        self, sorter: TopologicalSorter[Address], pool: ThreadPoolExecutor, progress: Progress, journal: Journal
    ) -> None:
        running: dict[Future[Outcome], Address] = {}
        while sorter.is_active():
            for address in self._in_plan_order(sorter.get_ready()):
                running[pool.submit(self._one, self.changes[address])] = address
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            for address in self._in_plan_order(running.pop(future) for future in self._recorded(done)):
                sorter.done(address)
                journal.after(self.outcomes[address])
                progress("applying", len(self.outcomes), len(self.changes))

    def _second_pass(self, change: Change) -> Outcome:
        """The outcome of the first pass, unless the second one fails."""
        first, second = self.outcomes[change.address], self._guarded(change, self.writer.second_pass)
        if second.status in (Status.APPLIED, Status.UNCHANGED):
            return first
        fields = ", ".join(f"`{root}`" for root in change.deferred)
        return replace(first, status=Status.FAILED, detail=f"it was created, but {fields} is not set: {second.detail}")

    def _recorded(self, done: Iterable[Future[Outcome]]) -> list[Future[Outcome]]:
        futures = list(done)
        for future in futures:
            outcome = future.result()
            self.outcomes[outcome.address] = outcome
        return futures

    def _in_plan_order(self, addresses: Iterable[Address]) -> list[Address]:
        return sorted(addresses, key=self.order.__getitem__)

    def _one(self, change: Change) -> Outcome:
        for address in change.depends_on:
            found = self.outcomes.get(address)
            if found and found.status not in (Status.APPLIED, Status.UNCHANGED):
                return _outcome(change, Status.BLOCKED, f"waits for {address}, which was not applied")
        if self.kinds[change.kind].serial:
            with self.serial:
                return self._guarded(change, self.writer.write)
        return self._guarded(change, self.writer.write)

    def _guarded(self, change: Change, write: Callable[[Change], Outcome]) -> Outcome:
        if self.stop_reason:
            return _outcome(change, Status.BLOCKED, f"not begun: {self.stop_reason}")
        try:
            return write(change)
        except _STOPS_THE_RUN as error:
            self.stop_reason = self.stop_reason or error.message
            return _outcome(change, Status.FAILED, str(error))
        except (ApiError, NoId) as error:
            return _outcome(change, Status.FAILED, str(error))


def _outcome(change: Change, status: Status, detail: str) -> Outcome:
    return Outcome(address=change.address, action=change.action, status=status, detail=detail)
