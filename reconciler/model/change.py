"""Changes, plans and outcomes: what a run would do, and what it did."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

from msgspec import Struct, field

from reconciler.diagnostics import Diagnostic, Severity, SourceRange
from reconciler.model.address import Address
from reconciler.model.resource import LiveObject, Resource


class Action(StrEnum):
    """What happens to an object."""

    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"


class Note(StrEnum):
    """What the values of a difference can't say: only the order differs (both values are keys), a list whose order
    does not count, a list of which only some elements are declared; of a secret, that it is new or goes; that a value
    goes because nobody declared it, and the inventory is strict there."""

    ORDER = "order"
    UNORDERED = "unordered"
    MERGE = "merge"
    SET = "set"
    REMOVED = "removed"
    UNDECLARED = "undeclared"


class Cause(StrEnum):
    """Why something would change, against a base commit: the files, somebody's hand, or both; `RELEASED`: the base
    declares it, the files don't any more, and live still is what the base said."""

    CONFIG = "config"
    DRIFT = "drift"
    BOTH = "both"
    RELEASED = "released"


class Edit(Struct, frozen=True, kw_only=True):
    """An edit of a live object, from the organisation's audit log: who, when (seconds since 1970), the log's own
    words, and the network address it was made from. `shown`: the log itself shows that the field changed then; without
    it this is just the last edit of the object. `UNKNOWN` says that the log was asked and does not tell."""

    admin: str
    timestamp: float
    message: str = ""
    address: str = ""
    shown: bool = False

    @property
    def known(self) -> bool:
        """Whether the log tells anything."""
        return bool(self.admin)


UNKNOWN = Edit(admin="", timestamp=0.0)
NOT_APPLIED = Edit(admin="", timestamp=0.0, message="not applied yet")
"""No edit at all: what the base declares is live, and what the files say since then was not applied."""


class FieldChange(Struct, frozen=True, kw_only=True):
    """One difference, as a reviewer reads it.

    `path` is in inventory form: `auth.psk`, `acl_policies[iot].actions[any].action`, `topics`. `before` and
    `after` are plain values (None for absent; both None when `sensitive`). `likeness` says in words which old element
    of a list a new one is most like, `place` where a new element of a list of which only some are declared comes to
    stand (`before block-all`, `last`). `cause` is known against a base commit; `edited` is set for drift reports: who
    made live differ here.
    """

    path: str
    before: Any = None
    after: Any = None
    sensitive: bool = False
    note: Note | None = None
    likeness: str = ""
    place: str = ""
    cause: Cause | None = None
    edited: Edit | None = None

    @property
    def root(self) -> str:
        """The root key that the difference is in."""
        return root_of(self.path)

    @property
    def remark(self) -> str:
        """The note, the place or the likeness, for people."""
        return self.note or self.place or self.likeness


def root_of(path: str) -> str:
    """The root key of a path: `auth` of `auth.psk`, `acl_policies` of `acl_policies[iot].actions`."""
    return path.partition(".")[0].partition("[")[0]


class RootSummary(Struct, frozen=True, kw_only=True):
    """A root that the PUT replaces whole, and what it holds: `before` and `after` count its elements; `gains`
    and `loses` name elements of a list or keys of a map; `keeps` counts undeclared leaves sent back unchanged;
    `drops` lists undeclared leaves that the write would lose."""

    root: str
    before: int = 0
    after: int = 0
    gains: tuple[str, ...] = ()
    loses: tuple[str, ...] = ()
    keeps: int = 0
    drops: tuple[str, ...] = ()


class Resulting(Struct, frozen=True, kw_only=True):
    """A value that decides what others mean and that nobody declared: what it comes to, and whether it is the live one
    or what the cloud gives a new object."""

    path: str
    value: Any
    live: bool


class Taken(Struct, frozen=True, kw_only=True):
    """What the cloud deletes, or sets free, together with a deleted object: `count` objects of one kind and name.
    `part` is what every such object has (a site's setting): it goes too, and counts as no object of its own. `answer`
    is the one object as it was read, where it was read whole; it is shown nowhere and takes no part in equality."""

    kind: str
    name: str
    count: int = 1
    part: bool = False
    answer: Mapping[str, Any] | None = None

    def __repr__(self) -> str:
        return f"Taken({self._told!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Taken) and self._told == other._told

    def __hash__(self) -> int:
        return hash(self._told)

    @property
    def _told(self) -> tuple[str, str, int, bool]:
        return self.kind, self.name, self.count, self.part


class Placement(Struct, frozen=True, kw_only=True):
    """How a device comes to its site before it is configured there: `claims` it with its claim code; `before` is the
    site that it is at now (None: at none) and `site_id` that site's id; `replaces` is the MAC address of the device
    whose place and configuration it takes. `leaves`: it is unassigned from its site instead."""

    before: Address | None = None
    site_id: str | None = None
    claims: bool = False
    replaces: str = ""
    leaves: bool = False


class Change(Struct, frozen=True, kw_only=True):
    """One object's change. `replaces` are the root keys (inventory form) that will be sent, `roots` what those that
    hold lists and maps gain and lose by it; `clears` are those that are removed; `deferred` those sent in a second
    pass because their referents are made in this run and refer back. `reaches` names the sites that a changed or
    deleted template applies to; `takes` is what the cloud deletes with a deleted object and `releases` what it sets
    free (devices go back to the claimed ones); `moved_from` is the address of what holds the object now, where the
    change moves it; `placement` is how a device comes to its site; `results` are undeclared
    values that a reader must know; `edited` is set for drift reports."""

    address: Address
    kind: str
    action: Action
    fields: tuple[FieldChange, ...] = ()
    replaces: tuple[str, ...] = ()
    clears: tuple[str, ...] = ()
    deferred: tuple[str, ...] = ()
    roots: tuple[RootSummary, ...] = ()
    depends_on: tuple[Address, ...] = ()
    reaches: tuple[str, ...] = ()
    results: tuple[Resulting, ...] = ()
    takes: tuple[Taken, ...] = ()
    releases: tuple[Taken, ...] = ()
    renamed_from: str | None = None
    moved_from: str | None = None
    placement: Placement | None = None
    cause: Cause | None = None
    declared: Resource | None = None
    live: LiveObject | None = None
    edited: Edit | None = None

    @property
    def source(self) -> SourceRange | None:
        """Where the object is declared; None for a delete."""
        return self.declared.source if self.declared else None

    @property
    def taken(self) -> int:
        """How many other objects go with it."""
        return sum(item.count for item in self.takes if not item.part)


class Differences(Struct, frozen=True, kw_only=True):
    """`changes` include a delete for every unmanaged live object: `plan` decides which of these may happen.
    `unchanged` counts declared objects that are live as declared."""

    changes: tuple[Change, ...] = ()
    unchanged: int = 0


GUARD_RULES = frozenset(
    {"limit-deletes", "limit-changes", "emptied-inventory", "acknowledged-deletes", "unwanted-finding"}
)
"""Findings by which a guard refuses a plan that is right in itself."""

OBJECT_RULES = frozenset(
    {
        "alias-elsewhere",
        "ambiguous-live",
        "bad-row",
        "case-differs",
        "changed-since",
        "device-elsewhere",
        "device-member",
        "device-type",
        "members-apart",
        "not-at-site",
        "not-claimed",
        "not-here",
        "not-in-cloud",
        "not-in-record",
        "pinned-id-missing",
        "taken-name",
        "unread",
        "unread-belongings",
        "waits-for-left-out",
    }
)
"""Findings about one object, which is left out of the plan: the rest goes on without it."""


class Compared(Struct, frozen=True, kw_only=True):
    """What a run looked at: `objects` declared ones were compared, of these `kinds` (plurals). `unread` are the kinds
    and lists of the cloud that nobody asked for. `masked` are the secrets, as address and path, that the cloud hides
    from this token, and `missing` those without a value here: nothing can be said of them. `strange` are live
    roots, as plural and name, that neither a declaration nor a model has. `spared` is how many lists are known from an
    earlier look, because the audit log shows no change in them since."""

    objects: int = 0
    kinds: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    masked: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    strange: tuple[str, ...] = ()
    spared: int = 0


class Plan(Struct, frozen=True, kw_only=True):
    """What a run would do: changes in the order of application, and everything that a reviewer should know.

    `unmanaged` are live objects of managed kinds that nothing declares (and prune does not cover).
    `reads`, `writes` and `applying` count API calls: reads made for this plan, the writes of its apply, and all calls
    of its apply if nothing disturbs it. `ids` are the live ids by address text; apply turns names into ids with them.
    `timezones` are those of the live sites, by address text. `policies` are the ids of policies whose errors refuse
    the plan as a guard's do. `beside` names, as address and path, what nobody declared inside of what is declared,
    where that was asked for.
    """

    org_id: str
    org_name: str
    changes: tuple[Change, ...] = ()
    unchanged: int = 0
    unmanaged: tuple[Address, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    reads: int = 0
    writes: int = 0
    applying: int = 0
    ids: Mapping[str, str] = field(default_factory=dict)
    timezones: Mapping[str, str] = field(default_factory=dict)
    policies: frozenset[str] = frozenset()
    compared: Compared = field(default_factory=Compared)
    beside: tuple[str, ...] = ()

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        """The findings that refuse the plan as it is, or leave an object out of it."""
        return tuple(item for item in self.diagnostics if item.severity is Severity.ERROR)

    @property
    def refusals(self) -> tuple[Diagnostic, ...]:
        """The errors that refuse the whole plan: all but those about one object."""
        return tuple(item for item in self.errors if item.rule not in OBJECT_RULES)

    @property
    def refused_by_guard(self) -> bool:
        """Whether a guard, or a policy of the inventory, is among those that refuse it."""
        return any(item.rule in GUARD_RULES or item.rule in self.policies for item in self.refusals)

    def count(self, action: Action) -> int:
        """How many changes of one action."""
        return sum(change.action is action for change in self.changes)

    @property
    def taken(self) -> int:
        """How many objects go with those that are deleted."""
        return sum(change.taken for change in self.changes)


class Status(StrEnum):
    """What became of a change."""

    APPLIED = "applied"
    UNCHANGED = "unchanged"
    STALE = "stale"
    FAILED = "failed"
    BLOCKED = "blocked"


class Outcome(Struct, frozen=True, kw_only=True):
    """What became of one change: `detail` says why it failed, was stale or was blocked. `api_id` is the live id
    after a create. `verified` says whether the cloud holds what was sent; None when that was not read. `unsure`: a
    write was sent, and whether it is stored is not known."""

    address: Address
    action: Action
    status: Status
    detail: str = ""
    api_id: str | None = None
    verified: bool | None = None
    unsure: bool = False


def sites_reached(changes: Iterable[Change]) -> frozenset[str]:
    """The names of the sites that changes are in, or reach by way of a template."""
    found: set[str] = set()
    for change in changes:
        top = Address(change.address.text.partition("/")[0])
        found.update(change.reaches, (top.name or "",) if top.kind == "site" else ())
    return frozenset(found)
