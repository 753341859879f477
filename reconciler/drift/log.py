"""The organisation's audit log: a client and a number of days in, the log's entries out, newest first.

The one part of a drift report that costs calls of its own: one per 1,000 entries, and never more than `MAX_PAGES`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from reconciler.errors import BadAnswer, Forbidden, NotFound, ServerFailure
from reconciler.mist.client import MistClient
from reconciler.model.drift import LogRead

DAYS = 30
PAGE = 1000
MAX_PAGES = 10

Event = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditLog:
    """The entries, and how far they reach."""

    events: tuple[Event, ...]
    read: LogRead
    calls: int = 0


def read_log(client: MistClient, org_id: str, *, days: int = DAYS, most: int = MAX_PAGES) -> AuditLog:
    """The entries of the last `days`, at most `most` pages of them.

    The log is a hint and never the base of a decision: a token that may not read it gets an empty one with the reason,
    and so does a run in which just the log fails.
    """
    before = client.calls.total
    events: dict[str, Event] = {}
    problem = ""
    for page in range(1, most + 1):
        query = {"duration": f"{days}d", "limit": str(PAGE), "page": str(page), "sort": "-timestamp"}
        try:
            answer = client.get(f"orgs/{org_id}/logs", query=query)
        except (Forbidden, NotFound):
            problem = "this token may not read the audit log"
            break
        except (BadAnswer, ServerFailure):
            problem = "the audit log could not be read"
            break
        found = _entries(answer)
        # What is written while the pages are read moves entries on to the next page: each counts once.
        events.update((str(item.get("id") or f"{page}:{at}"), item) for at, item in enumerate(found))
        if len(found) < PAGE or page * PAGE >= _total(answer):
            break
    else:
        problem = f"only the newest {len(events):,} entries of the audit log were read"
    read = LogRead(days=days, entries=len(events), problem=problem)
    return AuditLog(events=tuple(events.values()), read=read, calls=client.calls.total - before)


def _entries(answer: Mapping[str, Any]) -> list[Event]:
    results = answer.get("results")
    return [item for item in results if isinstance(item, dict)] if isinstance(results, list) else []


def _total(answer: Mapping[str, Any]) -> int:
    total = answer.get("total")
    return total if isinstance(total, int) else PAGE * MAX_PAGES
