"""What an inventory needs to know of the live organisation: checked resources in, `Wants` out. No network.

An organisation-level kind is wanted when it is declared, pruned, referenced by a declared field, or holds something
that is. Below a site a kind is wanted where it is declared or referenced, and where a run may prune it.
"""

from collections.abc import Iterable, Mapping

from msgspec import Struct, field
from msgspec.structs import replace

from reconciler.kinds import Kind, Kinds
from reconciler.model.address import Address, former_address, nfc, plain_mac
from reconciler.model.inventory import Inventory
from reconciler.model.matching import reaches_into
from reconciler.model.project import Project
from reconciler.model.resource import ListId, Resource
from reconciler.stages.read.scope import in_scope, kinds_named_by

SITE = "site"
MOST_BESIDE = 500
"""On how many sites a run reads a kind that they don't declare: a drift report, for which above it the audit log has to
do, and a rollback, which names above it what it did not look at."""


class Below(Struct, frozen=True):
    """On which sites a kind is wanted: those of these names (case-folded) or ids, and those that a glob of `scope`
    may reach into, but for the `spared` ones. On `known` sites nothing of it has to be read."""

    names: frozenset[str] = frozenset()
    ids: frozenset[str] = frozenset()
    scope: tuple[str, ...] = ()
    spared: frozenset[str] = frozenset()
    known: frozenset[str] = frozenset()
    most: int | None = None
    """How many sites only the scope may add; where it would add more, it adds none."""

    def names_it(self, site_id: str, site_name: str) -> bool:
        """Whether the kind is wanted on this live site for something that the inventory says."""
        return site_id not in self.known and (site_id in self.ids or nfc(site_name).casefold() in self.names)

    def includes(self, kind: str, site_id: str, site_name: str) -> bool:
        """Whether the kind is wanted on this live site."""
        return self.names_it(site_id, site_name) or self.reaches(kind, site_id, site_name)

    def reaches(self, kind: str, site_id: str, site_name: str) -> bool:
        """Whether the scope may reach into this live site, which nothing spares."""
        if site_id in self.spared or site_id in self.known:
            return False
        start = f"{Address.of(SITE, site_name)}/{kind}"
        return any(reaches_into(glob, start) for glob in self.scope)


class Wants(Struct, frozen=True):
    """`organisation`: kinds whose organisation-wide lists are wanted. `below`: site-level kinds, and where. `devices`:
    the MAC addresses of declared devices, and of those that they replace. `remembered`: the id of one object that was
    in a list when an earlier run read it."""

    organisation: frozenset[str] = frozenset()
    below: Mapping[str, Below] = field(default_factory=dict)
    devices: frozenset[str] = frozenset()
    remembered: Mapping[ListId, str] = field(default_factory=dict)


def wants_of(
    inventory: Inventory,
    *,
    kinds: Kinds,
    prune: bool = False,
    targets: tuple[str, ...] = (),
    whole: bool = False,
    spared: frozenset[ListId] = frozenset(),
) -> Wants:
    """What has to be read for this inventory; with `prune` also what `manage` allows to delete.

    `targets` narrow it to what they name and what that refers to, unless one of them names nothing that is declared.
    `whole`: every list of the organisation, and on every site the kinds that are declared anywhere or that the project
    file wants to be looked at; but for the `spared` lists, where the inventory doesn't need them. Without `whole` the
    `spared` lists are known, and not wanted at all.
    """
    collected = _Collected(kinds, inventory)
    resources: Iterable[Resource] = inventory.resources
    if targets and not prune:
        resources = in_scope(inventory.resources, targets, kinds=kinds)
    for resource in resources:
        collected.add(resource, kinds_named_by(kinds[resource.kind], resource.body))
    if prune:
        collected.add_pruned(inventory.project)
    if whole and (prune or not targets):
        collected.add_everything(inventory.project, spared)
    if not whole:
        collected.leave_out(spared)
    return collected.wants()


def everything(
    kinds: Kinds, *, chosen: frozenset[str] = frozenset(), sites: str | None = None, named: bool = True
) -> Wants:
    """Every list of the organisation and of its sites; of `chosen` kinds only, with what these lie in and (`named`)
    what they name, and of those sites only whose names a glob means."""
    wanted = set(chosen) or {kind.name for kind in kinds}
    for name in sorted(chosen):
        wanted |= {item.kind for item in kinds[name].references if named and not item.itself and item.kind in kinds}
        wanted |= {end.parent for end in kinds[name].endpoints if end.parent}
    scope = ("*",) if sites is None else (f"{Address.of(SITE, sites)}/*",)
    organisation = {name for name in wanted if organisation_wide(kinds[name])} | {SITE}
    return Wants(
        organisation=frozenset(organisation),
        below={name: Below(scope=scope) for name in sorted(wanted) if kinds[name].endpoint(SITE)},
    )


def with_beside(wants: Wants, organisation: frozenset[str], at: Mapping[str, frozenset[str] | None]) -> Wants:
    """Wants, and these lists of the organisation, and these kinds below the sites of these names, or below all."""
    if not organisation and not at:
        return wants
    below = dict(wants.below)
    for kind, names in at.items():
        there = below.get(kind, Below())
        if names is None:
            below[kind] = there if there.scope else replace(there, scope=("*",), most=MOST_BESIDE)
        else:
            below[kind] = replace(there, names=there.names | {nfc(name).casefold() for name in names})
    more = organisation | ({SITE} if at else frozenset())
    return replace(wants, organisation=wants.organisation | more, below=below)


class _Collected:
    """The wants of one inventory while they are gathered."""

    def __init__(self, kinds: Kinds, inventory: Inventory) -> None:
        self._kinds = kinds
        self._declared = {resource.address: resource for resource in inventory.resources}
        self._organisation: set[str] = set()
        self._names: dict[str, set[str]] = {}
        self._ids: dict[str, set[str]] = {}
        self._scopes: dict[str, tuple[str, ...]] = {}
        self._spared: dict[str, frozenset[str]] = {}
        self._most: dict[str, int | None] = {}
        self._known: dict[str, set[str]] = {}
        self._devices: set[str] = set()
        self._remembered: dict[ListId, str] = {}
        self._wanted: set[tuple[str, Address | None]] = set()

    def add(self, resource: Resource, named: Iterable[str]) -> None:
        """A declared object, what holds it and the kinds that it names."""
        kind = self._kinds[resource.kind]
        if kind.composed_only:
            return
        self._want(kind, resource.parent)
        if resource.known_id:
            self._remember(kind, resource)
        for alias in resource.aliases:
            if former := former_address(alias, resource.kind):
                self._want(kind, former.parent)
        if kind.hardware:
            known_by = (resource.key, resource.body.get("replaces"))
            self._devices.update(plain_mac(mac) for mac in known_by if isinstance(mac, str))
        for target in filter(self._kinds.__contains__, named):
            self._want(self._kinds[target], resource.parent)
            self._want(self._kinds[target], None)

    def _remember(self, kind: Kind, resource: Resource) -> None:
        parent = resource.parent
        endpoint = kind.endpoint(parent.kind if parent else None)
        if endpoint and (endpoint.parent is None or endpoint.parent_field):
            self._remembered.setdefault((kind.name, None), resource.known_id)
        elif parent in self._declared and (holder := self._declared[parent].known_id):
            self._remembered.setdefault((kind.name, holder), resource.known_id)

    def add_pruned(self, project: Project) -> None:
        """Kinds that may be deleted, wherever they live."""
        for word, manage in sorted(project.manage.items()):
            kind = self._kinds.find(word)
            if kind is None or not manage.prune or kind.composed_only:
                continue
            self._want(kind, None)
            if kind.endpoint(SITE):
                self._want_everywhere(kind, tuple(manage.scope))

    def add_everything(self, project: Project, spared: frozenset[ListId]) -> None:
        """Every list of the organisation; on every site what is declared somewhere, or listed under `drift`."""
        self._organisation.update(
            kind.name
            for kind in self._kinds
            if organisation_wide(kind) and not kind.singleton and (kind.name, None) not in spared
        )
        listed = {kind.name for word in project.drift.kinds if (kind := self._kinds.find(word))}
        for name in sorted({*self._names, *listed}):
            kind = self._kinds[name]
            if kind.endpoint(SITE) and (not kind.singleton or name in listed):
                if name not in self._scopes:
                    self._spared[name] = frozenset(site for other, site in spared if other == name and site)
                    self._most[name] = None if name in listed else MOST_BESIDE
                self._want_everywhere(kind, ("*",))

    def leave_out(self, lists: Iterable[ListId]) -> None:
        """Lists of sites that need not be read."""
        for name, site in lists:
            if site is not None:
                self._known.setdefault(name, set()).add(site)

    def _want_everywhere(self, kind: Kind, scope: tuple[str, ...]) -> None:
        self._organisation.add(SITE)
        self._scopes[kind.name] = scope

    def _want(self, kind: Kind, parent: Address | None) -> None:
        """The lists in which an object of `kind` below `parent` would be found."""
        if (kind.name, parent) in self._wanted:
            return
        self._wanted.add((kind.name, parent))
        if parent is not None and parent.kind == SITE and kind.endpoint(SITE):
            self._organisation.add(SITE)
            self._add_site(kind.name, parent)
            if kind.assigning:  # it may be at no site yet, or at another one
                self._organisation.add(kind.name)
            return
        if organisation_wide(kind):
            self._organisation.add(kind.name)
            self._organisation.update(end.parent for end in kind.endpoints if end.parent and end.parent_field)

    def _add_site(self, kind: str, address: Address) -> None:
        site = self._declared.get(address)
        names, ids = self._names.setdefault(kind, set()), self._ids.setdefault(kind, set())
        if site is not None and site.api_id:
            ids.add(site.api_id)
            return
        if site is not None and site.known_id:  # it may have another name by now
            ids.add(site.known_id)
        for name in (site.key, *site.aliases) if site is not None else (address.name,):
            names.update((nfc(name).casefold(),) if name else ())
        ids.update(() if site is not None else (address.name or "",))

    def wants(self) -> Wants:
        """All that was gathered; with a template also the sites, since its plan shows which of them it reaches."""
        if any(_reaches_sites(self._kinds[name], self._kinds) for name in self._organisation):
            self._organisation.add(SITE)
        below = {
            kind: Below(
                names=frozenset(self._names.get(kind, ())),
                ids=frozenset(self._ids.get(kind, ())),
                scope=self._scopes.get(kind, ()),
                spared=self._spared.get(kind, frozenset()),
                known=frozenset(self._known.get(kind, ())),
                most=self._most.get(kind),
            )
            for kind in sorted({*self._names, *self._scopes})
        }
        return Wants(
            organisation=frozenset(self._organisation),
            below=below,
            devices=frozenset(self._devices),
            remembered=self._remembered,
        )


def _reaches_sites(kind: Kind, kinds: Kinds) -> bool:
    """Whether an object of this kind is a site's template, or names sites."""
    if SITE not in kinds or kind.lookup_only:
        return False
    named = {reference.kind for reference in kinds[SITE].references if not reference.many}
    return kind.name in named or any(reference.kind == SITE for reference in kind.references)


def organisation_wide(kind: Kind) -> bool:
    """Whether some list of the organisation holds objects of this kind."""
    return any(endpoint.parent is None or endpoint.parent_field for endpoint in kind.endpoints)
