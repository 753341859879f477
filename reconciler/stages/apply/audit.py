"""The organisation's audit log of the last hour: it tells of new objects that a list does not show yet.

In: a client.  Out: an `AuditLog`. It is a hint: an object counts when it can be read.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from msgspec import Struct

from reconciler.errors import ApiError, Fate
from reconciler.mist.client import MistClient

_PAGE = 1000
_MOST_PAGES = 50
_NO_OBJECTS = frozenset({"id", "admin_id", "org_id"})


class AuditLog(Struct, frozen=True, dict=True):
    """The entries, the newest first. `readable`: the log could be asked; `whole`: these are all of its entries."""

    entries: Sequence[Mapping[str, Any]] = ()
    readable: bool = True
    whole: bool = True

    def named(self, name: str | None, *, site_id: str | None = None) -> Iterator[Mapping[str, Any]]:
        """Entries about a name; with `site_id` those of no other site."""
        quoted = f'"{name}"'
        if not name or quoted not in self._messages:
            return
        for entry in self.entries:
            if quoted in str(entry.get("message")) and (not site_id or entry.get("site_id") in (None, "", site_id)):
                yield entry

    def ids_named(self, name: str | None, *, site_id: str | None = None) -> Iterator[str]:
        """Ids of the objects that entries about a name speak of."""
        for entry in self.named(name, site_id=site_id):
            yield from _ids_in(entry)

    @cached_property
    def _messages(self) -> str:
        """All of them in one text: most names are in none."""
        return "\n".join(str(entry.get("message")) for entry in self.entries)


def read_audit_log(client: MistClient, org_id: str) -> AuditLog:
    """All pages of the log's last hour. Raises `ApiError` only where no call can be made any more."""
    entries: list[Mapping[str, Any]] = []
    try:
        for page in range(1, _MOST_PAGES + 1):
            query = {"duration": "1h", "limit": str(_PAGE), "page": str(page), "sort": "-timestamp"}
            results = client.get(f"orgs/{org_id}/logs", query=query).get("results")
            found = results if isinstance(results, list) else []
            entries += [item for item in found if isinstance(item, dict)]
            if len(found) < _PAGE:
                return AuditLog(entries=tuple(entries))
    except ApiError as error:
        if error.fate is Fate.BARRED:
            raise
        return AuditLog(readable=False, whole=False)
    return AuditLog(entries=tuple(entries), whole=False)


def _ids_in(entry: Mapping[str, Any]) -> Iterator[str]:
    for key, value in entry.items():
        if key.endswith("_id") and key not in _NO_OBJECTS and isinstance(value, str) and len(value) > len("None"):
            yield value
