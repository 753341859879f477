"""What a drift report tells beyond its plan: who, where on the map, which exceptions, and how far the log was read."""

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct, field

from reconciler.model.address import Address
from reconciler.model.change import Edit, Plan
from reconciler.model.listing import Share


class SiteState(StrEnum):
    """How a site stands, the worst first: what could not be read is never shown as in sync."""

    UNREAD = "unread"
    DRIFTED = "drifted"
    UNMANAGED = "unmanaged"
    IN_SYNC = "in sync"


class SitePlace(Struct, frozen=True, kw_only=True):
    """One site of the picture: its state, how many objects of it differ, and where it is, if that is known."""

    name: str
    state: SiteState
    differs: int = 0
    latitude: float | None = None
    longitude: float | None = None


class Unmanaged(Struct, frozen=True, kw_only=True):
    """A live object that nothing declares, and its last edit."""

    address: Address
    edited: Edit | None = None


class Elsewhere(Struct, frozen=True, kw_only=True):
    """What the audit log shows in a list that was not read: its address, the newest edit, and whether it was `made`
    in the time that was asked for."""

    address: Address
    edited: Edit
    made: bool = False


class Member(Struct, frozen=True, kw_only=True):
    """What is live inside of a declared map or list without being declared: no difference, and not planned."""

    address: Address
    path: str
    edited: Edit | None = None


class Hidden(Struct, frozen=True, kw_only=True):
    """A difference that an exception covers: of one field, or of a whole object (`path` empty). `live` and `declared`
    are plain values, None when absent or sensitive."""

    address: Address
    path: str = ""
    declared: object = None
    live: object = None


class DriftException(Struct, frozen=True, kw_only=True):
    """An entry of `ignore` in reconciler.yaml, and what it hides now; nothing when it has expired."""

    address: str
    field: str | None = None
    reason: str | None = None
    until: str | None = None
    expired: bool = False
    hides: tuple[Hidden, ...] = ()


class LogRead(Struct, frozen=True, kw_only=True):
    """How far the audit log was read: `days` back, so many `entries`, and why not further, if so."""

    days: int
    entries: int = 0
    problem: str = ""


class Drift(Struct, frozen=True, kw_only=True):
    """A drift report. The changes of `plan` carry their edits; `edited` of a field is `UNKNOWN` where the log does
    not tell, None where it was not asked."""

    plan: Plan
    unmanaged: tuple[Unmanaged, ...] = ()
    elsewhere: tuple[Elsewhere, ...] = ()
    members: tuple[Member, ...] = ()
    exceptions: tuple[DriftException, ...] = ()
    sites: tuple[SitePlace, ...] = ()
    log: LogRead | None = None
    shares: Mapping[str, Share] = field(default_factory=dict)
    """How much of what was read is declared, by plural; empty where only a part was asked for."""

    @property
    def drifted(self) -> bool:
        """Whether anything differs, or something is live that nobody declared or accepted."""
        return bool(self.plan.changes or self.unmanaged or any(item.made for item in self.elsewhere))


class Done(Struct, frozen=True, kw_only=True):
    """A field that was adopted, and where it was written."""

    address: Address
    path: str
    file: str
    line: int
    override: bool = False


class Refused(Struct, frozen=True, kw_only=True):
    """A difference that was not adopted: why, and what a person can do."""

    address: Address
    path: str
    reason: str
    remedy: str
