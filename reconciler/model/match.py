"""Declared and live objects side by side."""

from collections.abc import Mapping

from msgspec import Struct, field

from reconciler.diagnostics import Diagnostic
from reconciler.model.address import Address
from reconciler.model.change import Placement, Taken
from reconciler.model.resource import Live, LiveObject, Resource

WHOLE = "*"
"""In the place of a path: the object itself."""


class Match(Struct, frozen=True, kw_only=True):
    """One object: declared and live, only declared (to be created), or only live (unmanaged).

    `renamed_from` is the live name when an alias or a pinned id made the match under another name. `released` are the
    paths of leaves that a base declares and the inventory doesn't any more, and which `declared` therefore clears;
    `WHOLE` for an object. `stripped` are the paths of what `declared` clears because nobody declared it and the
    inventory is strict. `placement` is set where a device is not at its site yet.
    """

    address: Address
    kind: str
    declared: Resource | None = None
    live: LiveObject | None = None
    renamed_from: str | None = None
    released: frozenset[str] = frozenset()
    stripped: frozenset[str] = frozenset()
    placement: Placement | None = None


class Matches(Struct, frozen=True, kw_only=True):
    """All matches in a fixed order (declared in inventory order, then unmanaged by address); what could not be
    matched is in `diagnostics`, and in `left_out`. `blocked` are addresses whose live side could not be read; `aside`
    are the declared addresses whose list this run had no reason to read. `live` is all that was read, with the
    addresses and names that hold after pairing (of renamed objects the new ones). `before` pairs what a base declares
    with the same live objects. `doubtful` are the live objects that findings about an address speak of: who made them,
    and when, is worth knowing."""

    matches: tuple[Match, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    blocked: tuple[Address, ...] = ()
    left_out: tuple[Resource, ...] = ()
    aside: tuple[Address, ...] = ()
    live: Live
    before: "Matches | None" = None
    doubtful: Mapping[Address, tuple[LiveObject, ...]] = field(default_factory=dict)


class Belongings(Struct, frozen=True, kw_only=True):
    """What goes with the live objects of these ids when they are deleted: deleted too (`takes`), set free
    (`releases`), or why it could not be read (`unread`). `calls` is what it cost to know."""

    takes: Mapping[str, tuple[Taken, ...]] = field(default_factory=dict)
    releases: Mapping[str, tuple[Taken, ...]] = field(default_factory=dict)
    unread: Mapping[str, str] = field(default_factory=dict)
    calls: int = 0


NO_BELONGINGS = Belongings()
