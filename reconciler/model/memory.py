"""What this run has read, or knows from an earlier one, by what was asked: so that nothing is asked twice."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Asked = tuple[str, tuple[tuple[str, str], ...]]
"""The path and the query of a list or a singleton."""
Body = Mapping[str, Any]


def named_by(org_id: str) -> Asked:
    """Under what an organisation's name is kept: `/self` tells it without the rest of the object."""
    return f"orgs/{org_id}/name", ()


@dataclass(slots=True, kw_only=True, eq=False)
class Memory:
    """`answers` as the API gave them, or as an earlier run kept them: these are the `recalled` ones. `alone`: nothing
    is asked. Filled by many threads."""

    answers: dict[Asked, Sequence[Body]] = field(default_factory=dict)
    kinds: dict[Asked, frozenset[str]] = field(default_factory=dict)
    recalled: set[Asked] = field(default_factory=set)
    alone: bool = False
    sealed: dict[tuple[str, str], Body] = field(default_factory=dict)
    """The body of each live object with its secrets sealed, by its kind and id."""

    def answer(self, asked: Asked) -> Sequence[Body] | None:
        """What is known, None where it has to be asked for."""
        return self.answers.get(asked)

    def learn(self, asked: Asked, bodies: Sequence[Body]) -> None:
        """Keeps an answer."""
        self.answers[asked] = bodies
        self.recalled.discard(asked)

    def is_for(self, asked: Asked, kind: str) -> None:
        """Notes that objects of a kind are looked for in a list."""
        self.kinds[asked] = self.kinds.get(asked, frozenset()) | {kind}

    @property
    def reused(self) -> int:
        """How many lists that were looked for were not asked for."""
        return sum(asked in self.kinds for asked in self.recalled)

    def forget(self, places: Iterable[Asked]) -> int:
        """Takes out what was recalled of these places, which are asked again; says how many there were."""
        found = self.recalled.intersection(places)
        for asked in found:
            del self.answers[asked]
        self.recalled -= found
        return len(found)
