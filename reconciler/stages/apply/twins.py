"""Objects that a create would double: searched in the list, and where a list can lag behind, by their ids.

A list may show a new object only seconds later, while the object itself can be read at once by its id. Ids of new
objects are known from this machine's run records and from the organisation's audit log. Both are hints: an object
counts when it can be read.
"""

import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from reconciler.errors import BadRequest, Forbidden, NotFound
from reconciler.mist.client import MistClient
from reconciler.model.address import Address
from reconciler.model.change import Change
from reconciler.stages.apply.audit import AuditLog, read_audit_log
from reconciler.stages.apply.locator import Listing, Locator

_MOST_TRIED = 5
_LOG: Listing = ("", ())
Found = dict[str, Any]


class Listed:
    """A list by the values of one root key: who looks for one object doesn't look at all of them."""

    def __init__(self, items: Iterable[Found], key: str) -> None:
        self.items = list(items)
        self._key = key
        self._by_value: defaultdict[str, list[Found]] = defaultdict(list)
        for item in self.items:
            self._by_value[str(item.get(key))].append(item)

    def like(self, same: Mapping[str, Any]) -> list[Found]:
        """The items that are equal in all of `same`, which has this list's key."""
        return [item for item in self._by_value.get(str(same[self._key]), ()) if _is_same(item, same)]


class Twins:
    """Finds objects that are the same as one that is about to be created. Safe to use from many threads.

    `same` are the root keys, with their values, in which the same object is equal; the first one tells most apart.
    """

    def __init__(self, client: MistClient, locator: Locator, earlier: Mapping[str, str]) -> None:
        self._client = client
        self._locator = locator
        self._earlier = earlier
        self._lock = threading.Lock()
        self._reading: dict[Listing | None, threading.Lock] = {}
        self._lists: dict[Listing | None, Listed] = {}
        self._log: AuditLog | None = None
        self._new_parents: set[Address | None] = set()

    def created(self, address: Address) -> None:
        """Notes an object that this run made: nothing was below it before."""
        self._new_parents.add(address)

    def is_new(self, address: Address | None) -> bool:
        """Whether this run made the object."""
        return address in self._new_parents

    def before(self, change: Change, same: Mapping[str, Any]) -> list[Found]:
        """What is there before the first POST of a change: one list per collection and one look into the log for the
        whole run, none below a parent that this run made."""
        if self.is_new(change.address.parent):
            return []
        if self._earlier.get(change.address.text) == "":  # an earlier run was killed before it knew the answer
            return self.after(change, same)
        listing = self._locator.listing(change)
        with self._alone(listing):  # lists are read side by side, each once
            if listing not in self._lists:
                self._lists[listing] = self._list(listing, same)
        with self._alone(_LOG):
            if self._log is None:
                self._log = self._read_log()
        return self._listed(self._lists[listing], same) or list(self._by_id(change, same, self._log))

    def seen(self, listing: Listing | None) -> Sequence[Found]:
        """What a list held when `before` read it; nothing where it did not."""
        return self._lists[listing].items if listing in self._lists else ()

    def now(self, change: Change, same: Mapping[str, Any]) -> list[Found]:
        """What is there at this moment."""
        found = self._list(self._locator.listing(change), same)
        return self._listed(found, same) or list(self._by_id(change, same, self._read_log()))

    def after(self, change: Change, same: Mapping[str, Any]) -> list[Found]:
        """What a POST made whose answer is of no use: looked for with patience, and where no log tells of it for as
        long as a list may need."""
        wait = self._client.connection
        no_log = self._log is not None and not self._log.readable
        seconds = max(wait.patience, wait.settle) if no_log else wait.patience
        return self._client.poll(lambda: self.now(change, same) or None, seconds=seconds) or []

    def _alone(self, listing: Listing | None) -> threading.Lock:
        with self._lock:
            return self._reading.setdefault(listing, threading.Lock())

    def _listed(self, listed: Listed, same: Mapping[str, Any]) -> list[Found]:
        return [item for item in listed.like(same) if not self._locator.knows(str(item["id"]))]

    def _by_id(self, change: Change, same: Mapping[str, Any], log: AuditLog) -> Iterator[Found]:
        name = change.declared.key if change.declared else None
        ids = dict.fromkeys(filter(None, (self._earlier.get(change.address.text), *log.ids_named(name))))
        for object_id in [item for item in ids if not self._locator.knows(item)][:_MOST_TRIED]:
            try:
                found = self._client.get(self._locator.item(change, object_id=object_id))
            except (NotFound, Forbidden, BadRequest):
                continue  # it is of another kind or parent, or is gone
            if found.get("id") == object_id and _is_same(found, same):
                yield found

    def _list(self, listing: Listing | None, same: Mapping[str, Any]) -> Listed:
        path, query = listing or ("", ())
        return Listed(self._client.list(path, query=dict(query)), next(iter(same)))

    def _read_log(self) -> AuditLog:
        """The entries of the last hour; where the log could not be read once it is not asked again."""
        if self._log is not None and not self._log.readable:
            return self._log
        found = read_audit_log(self._client, self._locator.org_id)
        if not found.readable:
            self._log = found
        return found


def _is_same(item: Mapping[str, Any], same: Mapping[str, Any]) -> bool:
    return all(item.get(name) == value for name, value in same.items())
