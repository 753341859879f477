"""Reads back what was written and compares it with what is declared: the cloud's 200 is not the last word.

Written, unread and different are three things: `verified` is True, None or False. The run ends when lists show what it
created, or says that they don't yet.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from threading import Lock
from typing import Any

from reconciler.errors import ApiError, Forbidden, NotFound
from reconciler.mist.client import MistClient
from reconciler.model.change import Action, Change, Outcome, Plan, Status
from reconciler.model.options import Progress, no_progress
from reconciler.semantics.compare import differences
from reconciler.stages.apply.locator import Locator

Lists = Mapping[str, Mapping[str, dict[str, Any]]]
"""Objects by id, by the path of their list; a list that could not be read is not in it."""


def verify(
    plan: Plan,
    outcomes: Iterable[Outcome],
    client: MistClient,
    locator: Locator,
    *,
    progress: Progress = no_progress,
) -> tuple[Outcome, ...]:
    """The outcomes with `verified` set for everything applied. Lists that should show new objects are read, and those
    of two or more objects; what a list does not show (yet) is read by itself."""
    return _Verifier(plan, client, locator, progress).run(tuple(outcomes))


class _Verifier:
    def __init__(self, plan: Plan, client: MistClient, locator: Locator, progress: Progress) -> None:
        self.changes = {change.address: change for change in plan.changes}
        self.client = client
        self.locator = locator
        self.progress = progress
        self.lock = Lock()
        self.done = 0

    def run(self, outcomes: tuple[Outcome, ...]) -> tuple[Outcome, ...]:
        written = [self.changes[item.address] for item in outcomes if item.status is Status.APPLIED]
        made = [
            self.changes[item.address]
            for item in outcomes
            if item.action is Action.CREATE
            and item.status in (Status.APPLIED, Status.UNCHANGED)
            and self.locator.collection(self.changes[item.address])
        ]
        paths = Counter(self.locator.collection(change) for change in written)
        wanted = {path for path, count in paths.items() if path and count > 1}
        lists = self._read(wanted | {self.locator.collection(change) or "" for change in made})
        again = self._read({path for change in written if (path := self._shows_deleted(change, lists))})
        lists = {**lists, **again}

        def check(change: Change) -> Outcome:
            found = self._checked(change, lists)
            with self.lock:
                self.done += 1
                self.progress("verifying", self.done, len(written))
            return found

        checked = {outcome.address: outcome for outcome in self.client.map(check, written)}
        hidden = self._await_lists(made, lists)
        return tuple(self._result(item, checked.get(item.address), hidden) for item in outcomes)

    def _result(self, item: Outcome, checked: Outcome | None, hidden: Mapping[Any, str]) -> Outcome:
        if checked:
            item = replace(item, verified=checked.verified, detail=checked.detail)
        if (why := hidden.get(item.address)) and not item.detail:
            item = replace(item, detail=why)
        return item

    def _read(self, paths: Iterable[str]) -> dict[str, dict[str, dict[str, Any]]]:
        found = {}
        for path in sorted(paths):
            try:
                found[path] = {str(item["id"]): item for item in self.client.list(path)}
            except ApiError:
                continue  # each object is then read by itself
        return found

    def _shown(self, change: Change, lists: Lists) -> dict[str, Any] | None:
        path = self.locator.collection(change)
        return lists.get(path or "", {}).get(self.locator.id_of(change.address) or "")

    def _shows_deleted(self, change: Change, lists: Lists) -> str:
        """The list that still shows what was deleted; "" when none does."""
        shown = change.action is Action.DELETE and self._shown(change, lists) is not None
        return (self.locator.collection(change) or "") if shown else ""

    def _checked(self, change: Change, lists: Lists) -> Outcome:
        try:
            return self._deleted(change, lists) if change.action is Action.DELETE else self._written(change, lists)
        except ApiError as error:
            return _outcome(change, verified=None, detail=f"it was written, and can't be read back: {error}")
        except Exception as error:
            name = f"{type(error).__module__}.{type(error).__qualname__}"
            return _outcome(change, verified=None, detail=f"it was written; reading it back failed ({name})")

    def _written(self, change: Change, lists: Lists) -> Outcome:
        answer = self._shown(change, lists) or self.client.get(self.locator.item(change))
        kind = self.locator.kinds[change.kind]
        body = self.locator.to_inventory(kind, answer, change.address.parent)
        declared = change.declared.body if change.declared else {}
        for root in (*change.replaces, *change.clears):
            missing = next(differences(declared.get(root), body.get(root), kind.shape.below(root), root), None)
            if missing:
                detail = f"the cloud took it, but `{missing.path}` is not as declared"
                return _outcome(change, verified=False, detail=detail)
        return _outcome(change, verified=True)

    def _deleted(self, change: Change, lists: Lists) -> Outcome:
        """A list that was read whole and does not show an object says that it is gone; one that still shows it says
        nothing: it may lag, so the object itself is asked for."""
        path = self.locator.collection(change) or ""
        if path in lists and self._shown(change, lists) is None:
            return _outcome(change, verified=True)
        gone = self.client.poll(lambda: self._is_gone(change, path), seconds=self.client.connection.patience)
        return _outcome(change, verified=bool(gone), detail="" if gone else "the cloud still shows it")

    def _is_gone(self, change: Change, path: str) -> bool | None:
        """404 says so; 403 (a deleted site gives it) only together with a list that does not show the object."""
        try:
            self.client.get(self.locator.item(change))
        except NotFound:
            return True
        except Forbidden:
            shown = {str(item["id"]) for item in self.client.list(path)}
            return self.locator.id_of(change.address) not in shown or None
        return None

    def _await_lists(self, made: Iterable[Change], lists: Lists) -> dict[Any, str]:
        """Waits until lists show what was created: a run after this one looks for it there. Why not, by address."""
        seconds = self.client.connection.settle
        hidden = {change.address: change for change in made if self._shown(change, lists) is None}
        total = len(hidden)

        def look() -> bool | None:
            self.progress("waiting for lists to show what was created", total - len(hidden), total)
            shown = self._read({self.locator.collection(change) or "" for change in hidden.values()})
            for address in [item for item, change in hidden.items() if self._shown(change, shown) is not None]:
                del hidden[address]
            return None if hidden else True

        if hidden:
            self.client.poll(look, seconds=seconds)
        why = f"it is there, but the cloud's list does not show it yet (waited {seconds:g} s)"
        return dict.fromkeys(hidden, why)


def _outcome(change: Change, *, verified: bool | None, detail: str = "") -> Outcome:
    return Outcome(
        address=change.address, action=change.action, status=Status.APPLIED, detail=detail, verified=verified
    )
