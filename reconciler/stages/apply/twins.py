"""Objects that a create would double: searched in the list, and where a list can lag behind, by their ids.

A list may show a new object only seconds later, while the object itself can be read at once by its id. Ids of new
objects are known from this machine's run records and from the organisation's audit log. Both are hints: an object
counts when it can be read. The plan has read every list in which it makes something; a list is read again where the
log of the time since can't be read, or speaks of the name.
"""

import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from reconciler.errors import ApiError, BadRequest, Forbidden, NotFound
from reconciler.mist.client import MistClient
from reconciler.model.address import Address
from reconciler.model.change import Action, Change
from reconciler.semantics.namesakes import is_anothers
from reconciler.stages.apply.audit import AuditLog, read_audit_log
from reconciler.stages.apply.locator import Listing, Locator

_MOST_TRIED = 5
_FRESH_SECONDS = 1800.0
"""How old what the plan read may be: half of what the log is asked for."""
_QUICK = (0, 503)
_QUICK_SECONDS = 5.0
"""A connection that was cut so soon, or a 503: most likely nothing was stored."""
_LOG: Listing = ("", ())
Found = dict[str, Any]
_Name = tuple[str, Address | None, str | None]


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

    def __init__(
        self, changes: Iterable[Change], client: MistClient, locator: Locator, earlier: Mapping[str, str]
    ) -> None:
        self._client = client
        self._locator = locator
        self._earlier = earlier
        self._lock = threading.Lock()
        self._reading: dict[Listing | None, threading.Lock] = {}
        self._lists: dict[Listing | None, Listed] = {}
        self._log: AuditLog | None = None
        self._new_parents: set[Address | None] = set()
        self._doubted: dict[Address, Mapping[str, Any]] = {}
        self._made: defaultdict[_Name, list[Change]] = defaultdict(list)
        for change in changes:
            if change.action is Action.CREATE and change.declared and change.declared.key:
                self._made[self._family(change)].append(change)

    def created(self, address: Address) -> None:
        """Notes an object that this run made: nothing was below it before."""
        self._new_parents.add(address)

    def is_new(self, address: Address | None) -> bool:
        """Whether this run made the object."""
        return address in self._new_parents

    def before(self, change: Change, same: Mapping[str, Any]) -> list[Found]:
        """What is there before the first POST of a change: one look into the log for the whole run, at most one into
        each list, none below a parent that this run made."""
        if self.is_new(change.address.parent):
            return []
        if self._earlier.get(change.address.text) == "":  # an earlier run was killed before it knew the answer
            return self.after(change, same)
        with self._alone(_LOG):
            if self._log is None:
                self._log = self._read_log()
        if self._shows_all_since(self._log, change):
            return list(self._by_id(change, same, self._log))
        return self._listed(change, self._held(change, same), same) or list(self._by_id(change, same, self._log))

    def held(self, change: Change, same: Mapping[str, Any]) -> Sequence[Found]:
        """What the list of a change holds, read once in a run; nothing below a parent that this run made."""
        return () if self.is_new(change.address.parent) else self._held(change, same).items

    def _held(self, change: Change, same: Mapping[str, Any]) -> Listed:
        listing = self._locator.listing(change)
        with self._alone(listing):  # lists are read side by side, each once
            if listing not in self._lists:
                self._lists[listing] = self._list(listing, same)
        return self._lists[listing]

    @property
    def has_log(self) -> bool:
        """Whether the audit log of the time before the first create was read whole: the next run can do so too."""
        return self._log is not None and self._log.readable and self._log.whole

    def _shows_all_since(self, log: AuditLog, change: Change) -> bool:
        """Whether the log shows that nothing of that name has come to the list since the plan read it."""
        whole = log.readable and log.whole and self._client.age < _FRESH_SECONDS
        return whole and not any(log.named(self._name(change), site_id=self._site_of(change)))

    def _site_of(self, change: Change) -> str | None:
        parent = change.address.parent
        return self._locator.id_of(parent) if parent and parent.kind == "site" else None

    def now(self, change: Change, same: Mapping[str, Any]) -> list[Found]:
        """What is there at this moment."""
        found = self._list(self._locator.listing(change), same)
        return self._listed(change, found, same) or list(self._by_id(change, same, self._read_log()))

    def after(
        self, change: Change, same: Mapping[str, Any], *, error: ApiError | None = None, seconds: float = 0.0
    ) -> list[Found]:
        """What a POST made whose answer is of no use: looked for with patience, and where no log tells of it for as
        long as a list may need. After an `error` that came within so few `seconds` that most likely nothing is stored
        one look is enough, if the log can be read: there is another one right before the repeat, and one at the end of
        the run."""
        quick = error is not None and error.status in _QUICK and seconds < _QUICK_SECONDS
        wait = self._client.connection
        first = self.now(change, same)
        no_log = self._log is not None and not self._log.readable
        self._doubted[change.address] = same
        if first or (quick and not no_log):
            return first
        seconds = max(wait.patience, wait.settle) if no_log else wait.patience
        return self._client.poll(lambda: self.now(change, same) or None, seconds=seconds) or []

    def beside(self, change: Change) -> list[str]:
        """The ids of objects that are the same as one whose create was sent twice; most often none."""
        same = self._doubted.get(change.address)
        return [] if same is None else sorted(str(item["id"]) for item in self.now(change, same))

    def _alone(self, listing: Listing | None) -> threading.Lock:
        with self._lock:
            return self._reading.setdefault(listing, threading.Lock())

    def _listed(self, change: Change, listed: Listed, same: Mapping[str, Any]) -> list[Found]:
        return [
            item
            for item in listed.like(same)
            if not self._locator.knows(str(item["id"])) and not self._is_siblings(change, item)
        ]

    def _name(self, change: Change) -> str | None:
        """What the cloud calls the object: nothing of a key that it has here, or of what belongs to its natural key."""
        kind, declared = self._locator.kinds[change.kind], change.declared
        if declared is None or kind.key_mac:
            return declared.key if declared else None
        return str(declared.body.get(kind.key) or declared.key)

    def _family(self, change: Change) -> _Name:
        return change.kind, change.address.parent, self._name(change)

    def _is_siblings(self, change: Change, found: Found) -> bool:
        """Whether what was found is what another create of this run made: one of the same name, in the same place."""
        siblings = [
            item.declared.body
            for item in self._made.get(self._family(change), ())
            if item.declared and item.address != change.address
        ]
        if not siblings or change.declared is None:
            return False
        kind = self._locator.kinds[change.kind]
        body = self._locator.to_inventory(kind, found, change.address.parent)
        return is_anothers(body, change.declared.body, siblings, kind.shape)

    def _by_id(self, change: Change, same: Mapping[str, Any], log: AuditLog) -> Iterator[Found]:
        told = log.ids_named(self._name(change), site_id=self._site_of(change))
        ids = dict.fromkeys(filter(None, (self._earlier.get(change.address.text), *told)))
        for object_id in [item for item in ids if not self._locator.knows(item)][:_MOST_TRIED]:
            try:
                found = self._client.get(self._locator.item(change, object_id=object_id))
            except (NotFound, Forbidden, BadRequest):
                continue  # it is of another kind or parent, or is gone
            if found.get("id") == object_id and _is_same(found, same) and not self._is_siblings(change, found):
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
