"""The organisation's audit log: a client and a number of days in, the log's entries out, newest first.

The one part of a drift report that costs calls of its own: one per 1,000 entries, and never more than `MAX_PAGES`.
Where the log may not be read, the feed of changes (`events/system/search`) takes its place.
"""

import json
from collections.abc import Mapping
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from reconciler.errors import BadAnswer, Forbidden, NotFound, ServerFailure
from reconciler.mist.client import MistClient
from reconciler.model.drift import LogRead

DAYS = 30
PAGE = 1000
MAX_PAGES = 10
MAX_LOG_PAGES = 50

Event = Mapping[str, Any]


class AuditLog(Struct, frozen=True, kw_only=True):
    """The entries, and how far they reach."""

    events: tuple[Event, ...]
    read: LogRead
    calls: int = 0
    until: float | None = None
    """The end of the time that was asked for, by the cloud's clock."""
    more: bool = False
    """Whether older entries were left out."""


def read_log(client: MistClient, org_id: str, *, days: int = DAYS, most: int = MAX_PAGES) -> AuditLog:
    """The entries of the last `days`, at most `most` pages of them.

    The log is a hint and never the base of a decision: a token that may not read it gets the feed of changes instead,
    which names object and author but no fields, or an empty log with the reason; so does a run in which just the log
    fails.
    """
    before = client.calls.total
    found = _log_or_feed(client, org_id, days=days, most=most)
    return replace(found, calls=client.calls.total - before)


class Since(Struct, frozen=True, kw_only=True):
    """The audit log since a moment: all of its entries, or the `problem` why these can't be known to be all. `until` is
    the end of the time that was asked for, by the cloud's clock."""

    events: tuple[Event, ...] = ()
    until: float | None = None
    problem: str = ""


def read_since(client: MistClient, org_id: str, moment: float | None) -> Since:
    """Every page of the log since a moment of the cloud's clock; without one just the end of the log. Raises `ApiError`
    where no call can be made at all."""
    events: dict[str, Event] = {}
    until: float | None = None
    times = {"duration": "1h"} if moment is None else {"start": str(int(moment)), "sort": "-timestamp"}
    for page in range(1, MAX_LOG_PAGES + 1):
        size = 1 if moment is None else PAGE
        try:
            answer = client.get(f"orgs/{org_id}/logs", query={**times, "limit": str(size), "page": str(page)})
        except (Forbidden, NotFound, BadAnswer, ServerFailure):
            return Since(problem="the audit log could not be read")
        until = _moment(answer) if page == 1 else until
        if until is None or moment is None:
            return Since(until=until, problem="" if until is not None else "the audit log does not say its time")
        found = _entries(answer)
        events.update((str(item.get("id") or f"{page}:{at}"), item) for at, item in enumerate(found))
        if problem := _gap(answer, found, len(events), moment):
            return Since(until=until, problem=problem)
        if _is_last(answer, found):
            return Since(events=tuple(events.values()), until=until)
    return Since(until=until, problem=f"the audit log has more than {MAX_LOG_PAGES * PAGE:,} entries since")


def _gap(answer: Mapping[str, Any], found: list[Event], so_far: int, moment: float) -> str:
    """What is missing of the log, as far as its answer shows it."""
    begin, total = answer.get("start"), answer.get("total")
    if isinstance(begin, int | float) and begin > moment + 1:
        return "the audit log does not reach back to it"
    if _is_last(answer, found) and isinstance(total, int) and so_far < total:
        return "a part of the audit log is missing"
    return ""


def _is_last(answer: Mapping[str, Any], found: list[Event]) -> bool:
    """Whether a page is the last one. The cloud may make pages smaller than they were asked for, and says so."""
    limit = answer.get("limit")
    size = limit if isinstance(limit, int) and 0 < limit < PAGE else PAGE
    return len(found) < size and not answer.get("next")


def _log_or_feed(client: MistClient, org_id: str, *, days: int, most: int) -> AuditLog:
    try:
        return _read(client, f"orgs/{org_id}/logs", days=days, most=most)
    except (Forbidden, NotFound):
        problem = "this token may not read the audit log"
    except (BadAnswer, ServerFailure):
        problem = "the audit log could not be read"
    try:
        found = _read(client, f"orgs/{org_id}/events/system/search", days=days, most=most)
    except (Forbidden, NotFound, BadAnswer, ServerFailure):
        return AuditLog(events=(), read=LogRead(days=days, entries=0, problem=problem))
    events = tuple(event for item in found.events if (event := _of_feed(item)) is not None)
    problem = f"{problem}; authors are those of the feed of changes, which tells no fields"
    return AuditLog(events=events, read=replace(found.read, entries=len(events), problem=problem))


def _read(client: MistClient, path: str, *, days: int, most: int) -> AuditLog:
    """All pages of a search. An error after the first page ends it, and is said."""
    events: dict[str, Event] = {}
    problem, more = "", False
    until: float | None = None
    for page in range(1, most + 1):
        query = {"duration": f"{days}d", "limit": str(PAGE), "page": str(page), "sort": "-timestamp"}
        try:
            answer = client.get(path, query=query)
        except (Forbidden, NotFound, BadAnswer, ServerFailure):
            if page == 1:
                raise
            problem = "the audit log could not be read"
            break
        found = _entries(answer)
        until = _moment(answer) if page == 1 else until
        # What is written while the pages are read moves entries on to the next page: each counts once.
        events.update((str(item.get("id") or f"{page}:{at}"), item) for at, item in enumerate(found))
        if len(found) < PAGE or page * PAGE >= _total(answer):
            break
    else:
        more = True
        problem = f"only the newest {len(events):,} entries of the audit log were read"
    read = LogRead(days=days, entries=len(events), problem=problem)
    return AuditLog(events=tuple(events.values()), read=read, until=until, more=more)


def _of_feed(item: Event) -> Event | None:
    """An event of the feed in the form of the log's entries; None for what is no change by a person or program. Its
    `metadata` is a JSON text with the ids of the objects (vendor's API page)."""
    if item.get("change_cat", "admin_action") != "admin_action":
        return None
    metadata = item.get("metadata")
    if isinstance(metadata, str):
        try:
            metadata = json.loads(metadata)
        except ValueError:
            metadata = None
    ids = {key: value for key, value in metadata.items() if key.endswith("_id")} if isinstance(metadata, dict) else {}
    kept = {key: item[key] for key in ("timestamp", "admin_name", "site_id", "org_id") if key in item}
    return {**ids, **kept, "message": item.get("desc", "")}


def _entries(answer: Mapping[str, Any]) -> list[Event]:
    results = answer.get("results")
    return [item for item in results if isinstance(item, dict)] if isinstance(results, list) else []


def _moment(answer: Mapping[str, Any]) -> float | None:
    end = answer.get("end")
    return float(end) if isinstance(end, int | float) and not isinstance(end, bool) else None


def _total(answer: Mapping[str, Any]) -> int:
    total = answer.get("total")
    return total if isinstance(total, int) else PAGE * MAX_PAGES
