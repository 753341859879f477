"""What is live and nobody declared: what was read in, the addresses out, apart from those that are known. Pure.

Known is what `external` lists, what something declared refers to, and what `ignore` accepts as a whole.
"""

from collections.abc import Iterable
from datetime import date

from msgspec import Struct

from reconciler.drift.exceptions import expired
from reconciler.kinds import Kinds
from reconciler.model.address import Address
from reconciler.model.match import Matches
from reconciler.model.matching import is_meant
from reconciler.model.project import Ignore, Project
from reconciler.model.resource import LiveObject
from reconciler.semantics.forms import references_in


class Undeclared(Struct, frozen=True, kw_only=True):
    """The addresses that nobody declared: `new` ones, and those that the project file accepts."""

    new: tuple[Address, ...]
    accepted: tuple[Address, ...]


def undeclared(matches: Matches, project: Project, *, kinds: Kinds, today: date) -> Undeclared:
    """Every live object that nothing declares, in the order of addresses."""
    own = {(item.live.kind, item.live.id) for item in matches.matches if item.live and item.declared}
    known = _known(matches, project, kinds)
    unclear = {(item.kind, _folded(item.key or ""), item.parent) for item in matches.left_out}
    found = [
        item.address
        for item in matches.live.objects
        if item.address
        and not kinds[item.kind].singleton
        and (item.kind, item.id) not in own
        and (item.kind, _name(item)) not in known
        and (item.kind, _folded(_name(item)), item.address.parent) not in unclear
    ]
    rules = [rule for rule in project.ignore if not expired(rule, today)]
    accepted = [address for address in found if is_accepted(address.text, rules)]
    return Undeclared(new=tuple(sorted({*found} - {*accepted})), accepted=tuple(sorted(accepted)))


def is_accepted(address: str, rules: Iterable[Ignore]) -> bool:
    """Whether a rule in force names the whole object."""
    return any(rule.field in (None, "*") and is_meant(address, rule.address) for rule in rules)


def _known(matches: Matches, project: Project, kinds: Kinds) -> set[tuple[str, str]]:
    """Kinds and names that the inventory speaks of without declaring them."""
    found = {
        (kind.name, name) for word, listed in project.external.items() if (kind := kinds.find(word)) for name in listed
    }
    declared = [item.declared for item in matches.matches if item.declared]
    for resource in (*declared, *matches.left_out):
        found |= {(reference.kind, name) for reference, name in references_in(kinds[resource.kind], resource.body)}
    return found


def _name(item: LiveObject) -> str:
    """The name without the id that tells twins apart."""
    name = (item.address.name if item.address else "") or ""
    return name.removesuffix(f"#{item.id}")


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())
