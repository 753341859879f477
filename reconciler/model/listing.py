"""The live objects of an organisation, and how many of them an inventory declares."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from reconciler.diagnostics import Diagnostic
from reconciler.model.address import Address
from reconciler.model.change import Edit


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One live object. `declared` is None where there is no inventory to look into; `modified` is the cloud's own time
    of its last change (seconds since 1970)."""

    address: Address
    kind: str
    id: str
    declared: bool | None = None
    modified: float | None = None
    edited: Edit | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """How many of the live objects of something are declared."""

    declared: int = 0
    live: int = 0

    @property
    def percent(self) -> int:
        """The whole percents that are declared; 100 only where all are, and 100 of nothing."""
        return self.declared * 100 // self.live if self.live else 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
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
        if not self.shares:
            return None
        found = self.shares.values()
        return Share(declared=sum(one.declared for one in found), live=sum(one.live for one in found))
