"""Creates many objects in one call, where the API has one: an accelerator in front of the creates one by one.

What the call made is looked for in the list, and told to the changes that wait for it. What it did not make is left to
them: a row that the cloud refuses is then refused alone, under its own name.
"""

import threading
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from msgspec import Struct

from reconciler.errors import ApiError, BadRequest
from reconciler.mist.client import MistClient
from reconciler.model.address import Address
from reconciler.model.change import Change
from reconciler.model.journal import Write
from reconciler.semantics.bulk import FEW, MOST, Group, alone_of_its_key, groups_of, key_of
from reconciler.stages.apply.locator import Locator
from reconciler.stages.apply.twins import Found, Twins

T = TypeVar("T")


def in_batches(rows: Sequence[T], write: Callable[[Sequence[T]], None]) -> None:
    """Writes rows in calls for many; of a refused batch the halves, so that a bad row takes only a few with it."""
    for start in range(0, len(rows), MOST):
        _or_halves(rows[start : start + MOST], write)


def _or_halves(batch: Sequence[T], write: Callable[[Sequence[T]], None]) -> None:
    try:
        write(batch)
    except BadRequest:
        half = len(batch) // 2
        if half >= FEW:
            _or_halves(batch[:half], write)
            _or_halves(batch[half:], write)


class New(Struct, frozen=True):
    """An object to make: what is declared, with secrets sealed, its body for the API, and what tells it from others."""

    change: Change
    declared: Mapping[str, Any]
    body: Mapping[str, Any]
    same: Mapping[str, Any]


MakeNew = Callable[[Change], New | None]
SendMany = Callable[[Sequence[Write], Callable[[], Any]], Any]


class Bulk:
    """The calls for many objects of one run. Safe to use from many threads: the first change of a group makes the call
    for all of them, the others wait for it."""

    def __init__(
        self, changes: Sequence[Change], locator: Locator, client: MistClient, *, twins: Twins, send: SendMany
    ) -> None:
        self._groups = groups_of(changes, locator.kinds)
        self._locator = locator
        self._client = client
        self._twins = twins
        self._send = send
        self._lock = threading.Lock()
        self._locks: defaultdict[Group, threading.Lock] = defaultdict(threading.Lock)
        self._sent: dict[Address, Change] = {}
        self._found: dict[Group, Mapping[Address, list[Found]]] = {}

    def made(self, change: Change, make: MakeNew) -> list[Found] | None:
        """The objects that the call for the change's group made of it; None where it went in none."""
        group = (change.kind, change.address.parent)
        if len(self._groups.get(group, ())) < FEW:
            return None
        with self._lock:
            lock = self._locks[group]
        with lock:
            if group not in self._found:
                self._create(group, make)
                self._found[group] = self._look(group)
        return self._found[group].get(change.address)

    def _create(self, group: Group, make: MakeNew) -> None:
        members: list[New] = []
        for change in self._groups[group]:
            new = make(change) if change.address not in self._sent else None
            if new is not None and not self._twins.before(change, new.same):
                members.append(new)
        if len(members) < FEW:
            return
        held = self._twins.held(members[0].change, members[0].same)
        taken = {key_of(item, group[0], self._locator.kinds) for item in held}
        alone = alone_of_its_key([new.change for new in members], self._locator.kinds, taken)
        chosen = {change.address for change in alone}
        going = [new for new in members if new.change.address in chosen]
        in_batches(going, lambda batch: self._client.look_and_write(lambda: self._one(batch)))

    def _one(self, batch: Sequence[New]) -> None:
        """Sends once. An answer that says nothing is no failure: what was made shows in the list."""
        path = f"{self._locator.collection(batch[0].change)}/{self._locator.endpoint(batch[0].change).bulk}"
        writes = [Write(change=new.change, method="POST", path=path, before={}, after=new.declared) for new in batch]
        try:
            self._send(writes, lambda: self._client.post(path, [new.body for new in batch]))
        except ApiError as error:
            if not error.may_be_done:
                raise
        self._sent.update((new.change.address, new.change) for new in batch)

    def _look(self, group: Group) -> Mapping[Address, list[Found]]:
        """What is there of all that was sent; asked again for a while, since a list may lag."""
        sent = {
            change.declared.key: address
            for address, change in self._sent.items()
            if (change.kind, change.address.parent) == group and change.declared and change.declared.key
        }
        if not sent:
            return {}
        shown: dict[str, list[Found]] = {}

        def look() -> bool | None:
            shown.clear()
            shown.update(self._listed(self._groups[group][0]))
            return sent.keys() <= shown.keys() or None

        self._client.poll(look, seconds=self._client.connection.patience)
        return {address: shown.get(key, []) for key, address in sent.items()}

    def _listed(self, change: Change) -> dict[str, list[Found]]:
        """The objects of the list by natural key, without those that the plan knew."""
        kind = self._locator.kinds[change.kind]
        path, query = self._locator.listing(change) or ("", ())
        found: defaultdict[str, list[Found]] = defaultdict(list)
        for item in self._client.list(path, query=dict(query) or None):
            name = kind.name_in(item)
            if name and not self._locator.knows(str(item["id"])):
                found[name].append(item)
        return dict(found)
