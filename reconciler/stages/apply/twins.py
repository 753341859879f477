"""Objects that a create would double: searched in the list, and where a list can lag behind, by their ids.

A list may show a new object only seconds later, while the object itself can be read at once by its id. Ids of new
objects are known from this machine's run records and from the organisation's audit log. Both are hints: an object
counts when it can be read.
"""

import threading
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from reconciler.errors import ApiError, BadRequest, Fate, Forbidden, NotFound
from reconciler.mist.client import MistClient
from reconciler.model.address import Address
from reconciler.model.change import Change
from reconciler.stages.apply.locator import Listing, Locator

LOG_QUERY = {"duration": "1h", "limit": "1000", "page": "1", "sort": "-timestamp"}
_MOST_TRIED = 5
_NO_OBJECTS = frozenset({"id", "admin_id", "org_id"})
Found = dict[str, Any]


class Twins:
    """Finds objects that are the same as one that is about to be created. Safe to use from many threads."""

    def __init__(self, client: MistClient, locator: Locator, earlier: Mapping[str, str]) -> None:
        self._client = client
        self._locator = locator
        self._earlier = earlier
        self._lock = threading.Lock()
        self._lists: dict[Listing | None, list[Found]] = {}
        self._log: list[Mapping[str, Any]] | None = None
        self._no_log = False
        self._new_parents: set[Address | None] = set()

    def created(self, address: Address) -> None:
        """Notes an object that this run made: nothing was below it before."""
        self._new_parents.add(address)

    def before(self, change: Change, is_same: Callable[[Mapping[str, Any]], bool]) -> list[Found]:
        """What is there before the first POST of a change: one list per collection and one look into the log for the
        whole run, none below a parent that this run made."""
        if change.address.parent in self._new_parents:
            return []
        if self._earlier.get(change.address.text) == "":  # an earlier run was killed before it knew the answer
            return self.after(change, is_same)
        listing = self._locator.listing(change)
        with self._lock:
            if listing not in self._lists:
                self._lists[listing] = self._list(listing)
            if self._log is None:
                self._log = self._read_log()
        return self._listed(self._lists[listing], is_same) or list(self._by_id(change, is_same, self._log))

    def now(self, change: Change, is_same: Callable[[Mapping[str, Any]], bool]) -> list[Found]:
        """What is there at this moment."""
        found = self._list(self._locator.listing(change))
        return self._listed(found, is_same) or list(self._by_id(change, is_same, self._read_log()))

    def after(self, change: Change, is_same: Callable[[Mapping[str, Any]], bool]) -> list[Found]:
        """What a POST made whose answer is of no use: looked for with patience, and where no log tells of it for as
        long as a list may need."""
        wait = self._client.connection
        seconds = max(wait.patience, wait.settle) if self._no_log else wait.patience
        return self._client.poll(lambda: self.now(change, is_same) or None, seconds=seconds) or []

    def _listed(self, items: list[Found], is_same: Callable[[Mapping[str, Any]], bool]) -> list[Found]:
        known = self._locator.known_ids()
        return [item for item in items if is_same(item) and str(item["id"]) not in known]

    def _by_id(
        self, change: Change, is_same: Callable[[Mapping[str, Any]], bool], log: list[Mapping[str, Any]]
    ) -> Iterator[Found]:
        known = self._locator.known_ids()
        ids = dict.fromkeys(filter(None, (self._earlier.get(change.address.text), *_ids_in(log, change))))
        for object_id in [item for item in ids if item not in known][:_MOST_TRIED]:
            try:
                found = self._client.get(self._locator.item(change, object_id=object_id))
            except (NotFound, Forbidden, BadRequest):
                continue  # it is of another kind or parent, or is gone
            if found.get("id") == object_id and is_same(found):
                yield found

    def _list(self, listing: Listing | None) -> list[Found]:
        path, query = listing or ("", ())
        return self._client.list(path, query=dict(query))

    def _read_log(self) -> list[Mapping[str, Any]]:
        """The newest entries of the last hour; none where the log can't be read, and then it is not asked again."""
        if self._no_log:
            return []
        try:
            results = self._client.get(f"orgs/{self._locator.org_id}/logs", query=LOG_QUERY).get("results")
        except ApiError as error:
            if error.fate is Fate.BARRED:
                raise
            self._no_log = True
            return []
        return [item for item in results if isinstance(item, dict)] if isinstance(results, list) else []


def _ids_in(log: list[Mapping[str, Any]], change: Change) -> Iterator[str]:
    """Ids of objects that the log's entries about a name speak of, the newest first."""
    name = f'"{change.declared.key}"' if change.declared else ""
    for event in log:
        if name and name in str(event.get("message")):
            for key, value in event.items():
                if (
                    key.endswith("_id")
                    and key not in _NO_OBJECTS
                    and isinstance(value, str)
                    and len(value) > len("None")
                ):
                    yield value
