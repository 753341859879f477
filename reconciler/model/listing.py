"""The live objects of an organisation, and how many of them an inventory declares."""

from collections import Counter
from collections.abc import Iterable, Mapping

from msgspec import Struct, field

from reconciler.diagnostics import Diagnostic
from reconciler.model.address import Address
from reconciler.model.change import Edit


class Listed(Struct, frozen=True, kw_only=True):
    """One live object. `declared` is None where there is no inventory to look into; `modified` is the cloud's own time
    of its last change (seconds since 1970)."""

    address: Address
    kind: str
    id: str
    declared: bool | None = None
    modified: float | None = None
    edited: Edit | None = None


class Share(Struct, frozen=True, kw_only=True):
    """How many of the live objects of something are declared."""

    declared: int = 0
    live: int = 0

    @property
    def percent(self) -> int:
        """The whole percents that are declared; 100 only where all are, and 100 of nothing."""
        return self.declared * 100 // self.live if self.live else 100


def shares_of(found: Iterable[tuple[str, bool]]) -> dict[str, Share]:
    """How much of each kind is declared, by plural: of each live object its kind's plural, and whether it is."""
    counts = Counter(found)
    return {
        plural: Share(declared=counts[plural, True], live=counts[plural, True] + counts[plural, False])
        for plural in sorted({plural for plural, _ in counts})
    }


def whole_of(shares: Mapping[str, Share]) -> Share | None:
    """The share of all of them; None where there is none."""
    if not shares:
        return None
    found = shares.values()
    return Share(declared=sum(one.declared for one in found), live=sum(one.live for one in found))


class Listing(Struct, frozen=True, kw_only=True):
    """Live objects by kind and address; `shares` by plural, in the kinds' order, where there is an inventory."""

    org_id: str
    org_name: str
    objects: tuple[Listed, ...] = ()
    shares: Mapping[str, Share] = field(default_factory=dict)
    diagnostics: tuple[Diagnostic, ...] = ()
    calls: int = 0

    @property
    def whole(self) -> Share | None:
        """The share of all of them; None without an inventory."""
        return whole_of(self.shares)
