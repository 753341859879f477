"""Reads back what was written and compares it with what is declared: the cloud's 200 is not the last word.

Written, unread and different are three things: `verified` is True, None or False. The run ends when lists show what it
created, or says that they don't yet.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from threading import Lock
from typing import Any

from msgspec.structs import replace

from reconciler.errors import ApiError, Forbidden, NotFound
from reconciler.mist.client import MistClient
from reconciler.model.change import Action, Change, Outcome, Plan, Status
from reconciler.model.options import Progress, no_progress
from reconciler.stages.apply.locator import Listing, Locator
from reconciler.stages.apply.readback import first_difference
from reconciler.stages.apply.writer import Writer

FEW_LISTS = 2
"""So many lists are read rather than one of each kind."""
Lists = Mapping[Listing, Mapping[str, dict[str, Any]]]
"""Objects by id, by their list; a list that could not be read is not in it."""


def verify(
    plan: Plan,
    outcomes: Iterable[Outcome],
    client: MistClient,
    locator: Locator,
    writer: Writer,
    *,
    progress: Progress = no_progress,
) -> tuple[Outcome, ...]:
    """The outcomes with `verified` set for everything applied. What the writer knows to be as declared from the answer
    to its write is not read again. Lists tell what is deleted, and show what is new; what a list does not show (yet) is
    read by itself."""
    return _Verifier(plan, client, locator, writer, progress).run(tuple(outcomes))


class _Verifier:
    def __init__(self, plan: Plan, client: MistClient, locator: Locator, writer: Writer, progress: Progress) -> None:
        self.changes = {change.address: change for change in plan.changes}
        self.client = client
        self.locator = locator
        self.writer = writer
        self.progress = progress
        self.lock = Lock()
        self.done = 0
        self.failed: dict[Listing, str] = {}

    def run(self, outcomes: tuple[Outcome, ...]) -> tuple[Outcome, ...]:
        applied = [self.changes[item.address] for item in outcomes if item.status is Status.APPLIED]
        written = [change for change in applied if not self.writer.is_read_back(change.address)]
        made = [
            self.changes[item.address]
            for item in outcomes
            if item.action is Action.CREATE
            and item.status in (Status.APPLIED, Status.UNCHANGED)
            and self.locator.listing(self.changes[item.address])
        ]
        gone = [change for change in written if is_leaving(change)]
        asked = Counter(self.locator.listing(change) for change in written if self._is_whole(change))
        wanted = {listing for listing, count in asked.items() if listing and count > 1} | self._listings(gone)
        watched = self._watched(made)
        lists = self._read(wanted | self._listings(watched))
        again = self._read({listing for change in gone if (listing := self._shows_deleted(change, lists))})
        lists = {**lists, **again}

        def check(change: Change) -> Outcome:
            shown = self.writer.is_read_back(change.address)
            found = self._doubled(change) or (
                _outcome(change, verified=True) if shown else self._checked(change, lists)
            )
            with self.lock:
                self.done += 1
                self.progress("verifying", self.done, len(applied))
            return found

        checked = {outcome.address: outcome for outcome in self.client.map(check, applied)}
        late = any(self._shown(change, lists) is None for change in watched)
        hidden = self._await_lists(made if late else watched, lists)
        return tuple(self._result(item, checked.get(item.address), hidden) for item in outcomes)

    def _watched(self, made: Sequence[Change]) -> Sequence[Change]:
        """Of what was created, what lists are asked for. Of many lists the last one of each kind below sites, and the
        last one of the organisation, stand for the others, where the audit log can be asked: it tells the next run
        before a create what a list does not show yet."""
        if len(self._listings(made)) <= FEW_LISTS or not self.writer.twins.has_log:
            return made
        kinds = {
            change.address: "" if is_organisations(self.locator.collection(change)) else change.kind for change in made
        }
        last = {kinds[change.address]: self.locator.listing(change) for change in made}
        return [change for change in made if self.locator.listing(change) == last[kinds[change.address]]]

    def _result(self, item: Outcome, checked: Outcome | None, hidden: Mapping[Any, str]) -> Outcome:
        if checked:
            item = replace(item, verified=checked.verified, detail=checked.detail)
        why = hidden.get(item.address, "")
        if why in self.failed.values():
            return replace(item, verified=None, detail=item.detail or f"it is there; its list can't be read: {why}")
        return replace(item, detail=item.detail or why)

    def _listings(self, changes: Iterable[Change]) -> set[Listing]:
        return set(filter(None, map(self.locator.listing, changes)))

    def _read(self, listings: Iterable[Listing]) -> dict[Listing, dict[str, dict[str, Any]]]:
        found = {}
        for path, query in sorted(listings):
            try:
                items = self.client.list(path, query=dict(query) or None)
                found[path, query] = {str(item["id"]): item for item in items}
                self.failed.pop((path, query), None)
            except ApiError as error:
                self.failed[path, query] = str(error)  # each object is then read by itself
        return found

    def _shown(self, change: Change, lists: Lists) -> dict[str, Any] | None:
        listing = self.locator.listing(change)
        found = lists.get(listing, {}) if listing else {}
        return found.get(self.locator.id_of(change.address) or "")

    def _is_whole(self, change: Change) -> bool:
        """Whether a list shows the whole object."""
        return not self.locator.endpoint(change).partial

    def _shows_deleted(self, change: Change, lists: Lists) -> Listing | None:
        """The list that still shows what was deleted; None when none does."""
        return self.locator.listing(change) if self._shown(change, lists) is not None else None

    def _checked(self, change: Change, lists: Lists) -> Outcome:
        try:
            return self._deleted(change, lists) if is_leaving(change) else self._written(change, lists)
        except ApiError as error:
            return _outcome(change, verified=None, detail=f"it was written, and can't be read back: {error}")
        except Exception as error:
            name = f"{type(error).__module__}.{type(error).__qualname__}"
            return _outcome(change, verified=None, detail=f"it was written; reading it back failed ({name})")

    def _doubled(self, change: Change) -> Outcome | None:
        """What is said of a create that was sent again after a lost answer, and was stored both times."""
        try:
            ids = self.writer.twins.beside(change)
        except ApiError as error:
            return _outcome(change, verified=None, detail=f"it was sent twice, and can't be looked for: {error}")
        if not ids:
            return None
        mine = self.locator.id_of(change.address)
        detail = f"it was made twice, because an answer was lost: keep {mine}, and delete {', '.join(ids)}"
        return _outcome(change, verified=False, detail=detail)

    def _written(self, change: Change, lists: Lists) -> Outcome:
        shown = self._shown(change, lists) if self._is_whole(change) else None
        answer = shown or self.client.get(self.locator.item(change))
        body = self.locator.seen(change, answer)
        if path := first_difference(change, self.locator.kinds[change.kind], body):
            return _outcome(change, verified=False, detail=f"the cloud took it, but `{path}` is not as declared")
        return _outcome(change, verified=True)

    def _deleted(self, change: Change, lists: Lists) -> Outcome:
        """A list that was read whole and does not show an object says that it is gone; one that still shows it says
        nothing: it may lag, so the object itself is asked for."""
        listing = self.locator.listing(change)
        if listing in lists and self._shown(change, lists) is None:
            return _outcome(change, verified=True)
        gone = self.client.poll(lambda: self._is_gone(change, listing), seconds=self.client.connection.patience)
        return _outcome(change, verified=bool(gone), detail="" if gone else "the cloud still shows it")

    def _is_gone(self, change: Change, listing: Listing | None) -> bool | None:
        """404 says so; 403 (a deleted site gives it) only together with a list that does not show the object."""
        try:
            self.client.get(self.locator.item(change))
        except NotFound:
            return True
        except Forbidden:
            path, query = listing or ("", ())
            shown = {str(item["id"]) for item in self.client.list(path, query=dict(query) or None)}
            return self.locator.id_of(change.address) not in shown or None
        return None

    def _await_lists(self, made: Iterable[Change], lists: Lists) -> dict[Any, str]:
        """Waits until lists show what was created: a run after this one looks for it there. Why not, by address."""
        seconds = self.client.connection.settle
        hidden = {change.address: change for change in made if self._shown(change, lists) is None}
        total = len(hidden)

        def look() -> bool | None:
            self.progress("waiting for lists to show what was created", total - len(hidden), total)
            shown = self._read(self._listings(hidden.values()))
            for address in [item for item, change in hidden.items() if self._shown(change, shown) is not None]:
                del hidden[address]
            return None if any(self._failure(change) == "" for change in hidden.values()) else True

        if hidden:
            self.client.poll(look, seconds=seconds)
        why = f"it is there, but the cloud's list does not show it yet (waited {seconds:g} s)"
        return {address: self._failure(change) or why for address, change in hidden.items()}

    def _failure(self, change: Change) -> str:
        """Why the list that holds an object could not be read; "" when it could."""
        listing = self.locator.listing(change)
        return self.failed.get(listing, "") if listing else ""


def _outcome(change: Change, *, verified: bool | None, detail: str = "") -> Outcome:
    return Outcome(
        address=change.address, action=change.action, status=Status.APPLIED, detail=detail, verified=verified
    )


def is_leaving(change: Change) -> bool:
    """Whether the object is gone from its list when the change is made."""
    return change.action is Action.DELETE or bool(change.placement and change.placement.leaves)


def is_organisations(path: str | None) -> bool:
    """Whether a list is the organisation's own."""
    return (path or "").startswith("orgs/")
