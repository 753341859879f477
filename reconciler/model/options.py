"""What a person asked of a run, beyond the inventory: frozen data from the command line's flags."""

from collections.abc import Callable, Mapping

from msgspec import Struct, field

from reconciler.model.address import Address
from reconciler.model.matching import covers
from reconciler.model.memory import Memory
from reconciler.model.resource import ListId, LiveObject

HERE, ANEW, FILE, BRANCH = "here", "anew", "file", "branch"
"""Which apply a plan's forecast is of: by the same client, by a command that plans again, or of the file that the plan
is saved to, of which a branch's holds what the branch changes and not what is drift."""

Progress = Callable[[str, int, int], None]
"""Called with (what is being done, how many are done, how many in all); from any thread."""


class Options(Struct, frozen=True, kw_only=True):
    """`targets` and `excludes` are address globs; `prune` turns on the deletes that `manage` allows;
    `ack_deletes` acknowledges exactly that many deletes beyond the limits; `refuse_any_stale` refuses the whole
    apply before its first write when anything in it is stale; `threads` is how many calls run side by side. `repeated`:
    the selection is that of a saved plan, so what it names may be gone by now. `reads` narrows what is read, and
    nothing else, to these addresses and what they need; `seen` are objects as a saved plan saw them, read only
    right before their writes. `spared` are lists that a drift report need not read again.
    `base` is the commit that the plan is made against, and `causes` whether each change is told its cause: a base that
    nobody named only releases. `rollback` is the id of the recorded run that the plan puts back, and `delete_created`
    whether what that run made goes. `beside` are kinds whose organisation-wide lists are read whatever is declared, and
    `beside_at` kinds that are read below sites: those of these names, or all where it is None.
    `memory` is what is known already, and takes up what is read. `changed` are the only addresses that a run is about:
    those declared otherwise than at the commit `changed_since`. `members`: the plan names what nobody declared inside
    of what is declared. `host` is what `--host` named, which an apply of the saved plan needs again.
    `forecast` is which apply the plan counts the calls of."""

    targets: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    prune: bool = False
    ack_deletes: int | None = None
    refuse_any_stale: bool = False
    threads: int = 16
    repeated: bool = False
    reads: tuple[str, ...] = ()
    seen: tuple[LiveObject, ...] = ()
    spared: frozenset[ListId] = frozenset()
    base: str = ""
    causes: bool = True
    rollback: str = ""
    delete_created: bool = False
    beside: frozenset[str] = frozenset()
    beside_at: Mapping[str, frozenset[str] | None] = field(default_factory=dict)
    members: bool = False
    memory: Memory | None = None
    changed: frozenset[str] | None = None
    changed_since: str = ""
    host: str = ""
    forecast: str = HERE

    @property
    def narrowed(self) -> bool:
        """Whether something of the inventory is left out."""
        return bool(self.targets or self.excludes or self.changed_since)


def concerns(address: Address, options: Options) -> bool:
    """Whether an address is in the part that was asked for."""
    if options.changed is not None and address.text not in options.changed:
        return False
    return not covers(options.excludes, address) and (not options.targets or covers(options.targets, address))


def no_progress(_what: str, _done: int, _total: int) -> None:
    """A `Progress` that shows nothing."""
