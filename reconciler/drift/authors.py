"""Who made the live objects that nobody can tell apart by name, and when: findings and the audit log in, findings with
their authors out. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

from msgspec.structs import replace

from reconciler.diagnostics import Diagnostic
from reconciler.drift.attribution import Log, edit_of, parsed_message
from reconciler.drift.log import Event
from reconciler.kinds import Kinds
from reconciler.model.address import Address
from reconciler.model.resource import LiveObject

_MADE = frozenset({"add", "create"})


def with_authors(
    diagnostics: Iterable[Diagnostic],
    doubtful: Mapping[Address, tuple[LiveObject, ...]],
    events: Iterable[Event],
    *,
    kinds: Kinds,
) -> tuple[Diagnostic, ...]:
    """The findings about a `doubtful` address, each with what the log and the objects tell of when they were made and
    last changed."""
    log = Log(events, kinds=kinds, ids={})
    spoken = {address.text: objects for address, objects in doubtful.items()}
    return tuple(
        replace(item, detail=f"{item.detail}. {_sentences(spoken[item.address], log)}")
        if item.address in spoken
        else item
        for item in diagnostics
    )


def _sentences(objects: Sequence[LiveObject], log: Log) -> str:
    """`It was made ...` of one object, and of several each with its id."""
    if len(objects) == 1:
        return f"It was {_history(objects[0], log)}"
    return "; ".join(f"id {item.id} was {_history(item, log)}" for item in objects)


def _history(item: LiveObject, log: Log) -> str:
    events = log.of_id(item.kind, item.id)
    made = next((event for event in events if _verb(event) in _MADE), None)
    author, last = edit_of(made), edit_of(events[0] if events and events[0] is not made else None)
    body = item.body if item.answer is None else item.answer
    born = author.timestamp if author.known else body.get("created_time")
    words = f"made {_moment(born)}" if isinstance(born, int | float) else "made at a time that nothing tells"
    words += f" by {author.admin}" if author.known else " (by whom is not in the audit log)"
    return words + (f", and last changed {_moment(last.timestamp)} by {last.admin}" if last.known else "")


def _verb(event: Event) -> str:
    return (parsed_message(event) or {}).get("verb", "").casefold()


def _moment(timestamp: float) -> str:
    return f"{datetime.fromtimestamp(timestamp, UTC):%Y-%m-%d %H:%M} UTC"
