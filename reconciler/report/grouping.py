"""Changes as a reader wants them: the organisation first, then site by site, equal changes of many sites told once.

A plan in, groups out. Inside a group the order is that of the plan, which is the order of application.
"""

from collections import defaultdict
from collections.abc import Iterable

from msgspec import Struct

from reconciler.model.address import Address
from reconciler.model.change import Action, Change
from reconciler.report.alike import ALIKE_FROM, Table, tables
from reconciler.report.differences import members
from reconciler.report.values import inline


class Item(Struct, frozen=True, kw_only=True):
    """One change to show; `also` names further sites that get the same one, `table` what differs in further ones
    of the same template."""

    change: Change
    also: tuple[str, ...] = ()
    table: Table | None = None


class Group(Struct, frozen=True, kw_only=True):
    """The changes of one site, or of the organisation (`site` None)."""

    site: str | None
    items: tuple[Item, ...]

    @property
    def title(self) -> str:
        """The group's heading."""
        return "Organisation" if self.site is None else f"Site {self.site}"

    @property
    def actions(self) -> list[Action]:
        """The actions of its items."""
        return [item.change.action for item in self.items]


def site_of(address: Address) -> str | None:
    """The name of the site that an address is, or lies in; None at organisation level."""
    top = Address(address.text.partition("/")[0])
    return top.name if top.kind == "site" else None


def grouped(changes: Iterable[Change], *, collapse: bool = True, tabled: bool = False) -> tuple[Group, ...]:
    """The groups: the organisation, then the sites by name. `collapse` tells equal changes of many sites once, `tabled`
    those of one template line as a table."""
    by_site: dict[str | None, list[Change]] = defaultdict(list)
    for change in changes:
        by_site[site_of(change.address)].append(change)
    sites = sorted(by_site, key=lambda site: (site is not None, (site or "").casefold(), site or ""))
    ordered = [(site, change) for site in sites for change in by_site[site]]
    followers = _followers(ordered) if collapse else {}
    hidden = {address for _, rest in followers.values() for address in rest}
    alone = [change for _, change in ordered if change.address not in hidden and change.address not in followers]
    alike = tables(change for change in alone if site_of(change.address)) if tabled else {}
    hidden |= {Address(row[0]) for table in alike.values() for row in table.rows}
    groups = []
    for site in sites:
        items = tuple(
            Item(
                change=change,
                also=followers[change.address][0] if change.address in followers else (),
                table=alike.get(change.address),
            )
            for change in by_site[site]
            if change.address not in hidden
        )
        groups += [Group(site=site, items=items)] if items else []
    return tuple(groups)


def _followers(ordered: list[tuple[str | None, Change]]) -> dict[Address, tuple[tuple[str, ...], tuple[Address, ...]]]:
    """For the first of `ALIKE_FROM` or more equal changes: the other sites, and the addresses that it stands for."""
    alike: dict[tuple[str, ...], list[tuple[str, Address]]] = defaultdict(list)
    for site, change in ordered:
        if site is not None:
            alike[_signature(change)].append((site, change.address))
    found = {}
    for twins in alike.values():
        if len({site for site, _ in twins}) == len(twins) >= ALIKE_FROM:
            first, *rest = twins
            found[first[1]] = (tuple(site for site, _ in rest), tuple(address for _, address in rest))
    return found


def _signature(change: Change) -> tuple[str, ...]:
    """What two changes must share to be told as one: everything that is shown but the site."""
    place = change.address.text.partition("/")[2]
    fields = (
        f"{f.path}\0{members(f) or inline(f.before)}\0{inline(f.after)}\0{f.remark}\0{f.cause}" for f in change.fields
    )
    rest = (change.replaces, change.clears, change.deferred, change.roots, change.reaches, change.renamed_from)
    edited = change.edited and (change.edited.admin, change.edited.address, change.edited.shown)
    secrets = repr([f.path for f in change.fields if f.sensitive])
    return (change.kind, change.action, place, secrets, *fields, repr((rest, edited)))
