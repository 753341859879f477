"""Declared and live objects side by side."""

from dataclasses import dataclass

from reconciler.diagnostics import Diagnostic
from reconciler.model.address import Address
from reconciler.model.resource import Live, LiveObject, Resource


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """One object: declared and live, only declared (to be created), or only live (unmanaged).

    `renamed_from` is the live name when an alias or a pinned id made the match under another name.
    """

    address: Address
    kind: str
    declared: Resource | None = None
    live: LiveObject | None = None
    renamed_from: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Matches:
    """All matches in a fixed order (declared in inventory order, then unmanaged by address); what could not be
    matched is in `diagnostics` and left out. `blocked` are addresses whose live side could not be read. `live` is all
    that was read, with the addresses and names that hold after pairing (of renamed objects the new ones)."""

    matches: tuple[Match, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    blocked: tuple[Address, ...] = ()
    live: Live
