"""What an apply tells as it goes, for a record of the run: who listens decides whether a write may happen."""

from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct, field

from reconciler.model.address import Address
from reconciler.model.change import Change, Outcome


class Along(Struct, frozen=True, kw_only=True):
    """An object that goes with a delete, in inventory form. `id` is None for a singleton."""

    address: Address
    kind: str
    id: str | None
    body: Mapping[str, Any]


class Write(Struct, frozen=True, kw_only=True):
    """One write that is about to be sent. `before` is what it overwrites, in inventory form and with secrets sealed:
    the roots of an update, a whole object that is deleted, nothing for a create. `after` is what it leaves there, in
    the same form: the roots that it sends (None for one that it clears), a whole new object, nothing for a delete.
    `along` are the objects that go with a delete, as far as they were read whole."""

    change: Change
    method: str
    path: str
    before: Mapping[str, Any]
    after: Mapping[str, Any] = field(default_factory=dict)
    along: tuple[Along, ...] = ()


def _nothing(_event: object) -> None:
    """Listens to nothing."""


class Journal(Struct, frozen=True, kw_only=True):
    """`before` is called before each write and may raise `RecordFailure`: then nothing is sent. `after` is called
    with each outcome. Both are called from any thread. `earlier` is what runs of the last hour created, from their
    records: ids by address text, "" where a run was killed before it knew the id."""

    before: Callable[[Write], None] = _nothing
    after: Callable[[Outcome], None] = _nothing
    earlier: Mapping[str, str] = field(default_factory=dict)


NO_JOURNAL = Journal()


class RunInterrupted(KeyboardInterrupt):
    """A signal ended an apply. `outcomes` has one for each change: done, under way, or not begun."""

    def __init__(self, outcomes: tuple[Outcome, ...]) -> None:
        super().__init__()
        self.outcomes = outcomes
