"""What a policy is given: the inventory and the plan, to be looked at only. Secrets in them are sealed.

Mappings are read-only mappings, lists are tuples, and a secret is a `Sealed`. Everything has a fixed order.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import cached_property
from types import MappingProxyType
from typing import Any

from msgspec import Struct, field

from reconciler.diagnostics import SourceRange
from reconciler.model.address import Address
from reconciler.model.change import Action, Change, FieldChange, Plan
from reconciler.model.matching import is_meant
from reconciler.model.resource import Resource
from reconciler.model.values import Secret, SecretRef


class Sealed(Struct, frozen=True):
    """A secret: where it comes from (`env:LAB_PSK`, `plain`, `live`) and how long it is; None where it is not known
    here, as in a pipeline that checks pull requests. Its value is not to be had."""

    origin: str
    length: int | None = None

    def __repr__(self) -> str:
        return "(secret)"


class ResourceView:
    """One declared object."""

    def __init__(self, resource: Resource, inventory: "InventoryView") -> None:
        self._resource = resource
        self._inventory = inventory

    @property
    def address(self) -> str:
        """`site.Paris-HQ/wlan.Guest`."""
        return str(self._resource.address)

    @property
    def kind(self) -> str:
        """`site`, `wlan`, ..."""
        return self._resource.kind

    @property
    def name(self) -> str:
        """The name in its address (the SSID of a WLAN); empty for a site's setting."""
        return self._resource.address.name or ""

    @cached_property
    def body(self) -> Mapping[str, Any]:
        """Exactly the declared fields, composed, under the names that the inventory uses."""
        found: Mapping[str, Any] = sealed(self._resource.body)
        return found

    def get(self, path: str, default: Any = None) -> Any:
        """The value at a dotted path of keys, such as `auth.type`; `default` where nothing is declared."""
        return _value(self.body, path, default)

    @property
    def parent(self) -> "ResourceView | None":
        """The declared object that holds this one: its site or WLAN template."""
        above = self._resource.parent
        return self._inventory.resource(str(above)) if above else None

    def children(self, kind: str | None = None) -> tuple["ResourceView", ...]:
        """The declared objects in this one, of one kind or of all."""
        return self._inventory.children(self.address, kind)

    @property
    def source(self) -> SourceRange | None:
        """Where it is declared."""
        return self._resource.source

    def __repr__(self) -> str:
        return f"<{self.address}>"


class InventoryView:
    """Everything that is declared."""

    def __init__(self, resources: Iterable[Resource]) -> None:
        self._all = tuple(ResourceView(resource, self) for resource in resources)
        self._pins = {resource.api_id: view for resource, view in _pairs(self._all) if resource.api_id}

    @property
    def resources(self) -> tuple[ResourceView, ...]:
        """All objects, in the order of the inventory."""
        return self._all

    def of(self, kind: str) -> tuple[ResourceView, ...]:
        """The objects of one kind (`wlan`)."""
        return tuple(self._by_kind.get(kind, ()))

    def resource(self, address: str) -> ResourceView | None:
        """The object at an address; None when nothing declares it."""
        return self._by_address.get(address)

    def matching(self, glob: str) -> tuple[ResourceView, ...]:
        """The objects whose address fits a glob such as `site.*/wlan.Guest`."""
        return tuple(item for item in self._all if is_meant(item.address, glob))

    def children(self, address: str, kind: str | None = None) -> tuple[ResourceView, ...]:
        """The objects that the one at an address holds, of one kind or of all."""
        return tuple(item for item in self._by_parent.get(address, ()) if kind in (None, item.kind))

    def sites(self, *, group: str | None = None) -> tuple[ResourceView, ...]:
        """All declared sites, or those of one site group, by its name."""
        sites = self.of("site")
        return sites if group is None else tuple(site for site in sites if group in self.groups(site))

    def groups(self, site: ResourceView) -> tuple[str, ...]:
        """The names of a site's groups."""
        return tuple(self._name_of(str(word)) for word in site.get("sitegroups") or ())

    def sites_of(self, resource: ResourceView) -> tuple[ResourceView, ...]:
        """The declared sites that an object has an effect on: its own, or those that its template applies to."""
        top = resource
        while top.parent is not None:
            top = top.parent
        if top.kind == "site":
            return (top,)
        return tuple(site for site in self.sites() if self._applies(top, site))

    def wlans_on(self, site: ResourceView) -> tuple[ResourceView, ...]:
        """The WLANs that a site broadcasts: its own, and those of the WLAN templates that apply to it."""
        templates = [item for item in self.of("wlantemplate") if self._applies(item, site)]
        return tuple(wlan for holder in (site, *templates) for wlan in holder.children("wlan"))

    def _applies(self, top: ResourceView, site: ResourceView) -> bool:
        if top.kind != "wlantemplate":
            return self._name_of(str(site.get(top.kind) or "")) == top.name
        place = {site.name, *(name for name in [self._id_of(site)] if name)}
        groups = set(self.groups(site))

        def named(part: str) -> bool:
            sites = set(map(str, top.get(f"{part}.sites") or ()))
            return bool(sites & place or {self._name_of(str(x)) for x in top.get(f"{part}.sitegroups") or ()} & groups)

        everywhere = bool(top.get("applies.org"))
        return (everywhere or named("applies")) and not named("exceptions")

    def _name_of(self, word: str) -> str:
        """The name behind a reference, which may be the id that an object is pinned to."""
        return self._pins[word].name if word in self._pins else word

    def _id_of(self, view: ResourceView) -> str:
        return next((api_id for api_id, pinned in self._pins.items() if pinned is view), "")

    @cached_property
    def _by_address(self) -> dict[str, ResourceView]:
        return {item.address: item for item in self._all}

    @cached_property
    def _by_kind(self) -> dict[str, list[ResourceView]]:
        return _grouped(self._all, lambda item: item.kind)

    @cached_property
    def _by_parent(self) -> dict[str, list[ResourceView]]:
        return _grouped(self._all, lambda item: item.address.rpartition("/")[0])


class ChangeView:
    """What would happen to one object."""

    def __init__(self, change: Change, timezones: Mapping[str, str]) -> None:
        self._change = change
        self._timezones = timezones

    @property
    def address(self) -> str:
        """`site.Paris-HQ/wlan.Guest`."""
        return str(self._change.address)

    @property
    def kind(self) -> str:
        """`site`, `wlan`, ..."""
        return self._change.kind

    @property
    def name(self) -> str:
        """The name in its address; empty for a site's setting."""
        return self._change.address.name or ""

    @property
    def action(self) -> str:
        """`create`, `update` or `delete`."""
        return self._change.action.value

    @cached_property
    def before(self) -> Mapping[str, Any]:
        """The live object, under the names that the inventory uses; empty for one that is created."""
        found: Mapping[str, Any] = sealed(self._change.live.body if self._change.live else {})
        return found

    @cached_property
    def after(self) -> Mapping[str, Any]:
        """What is declared; empty for an object that is deleted."""
        found: Mapping[str, Any] = sealed(self._change.declared.body if self._change.declared else {})
        return found

    @property
    def fields(self) -> tuple[FieldChange, ...]:
        """The differences: each has `path`, `before`, `after`, and `sensitive` for one without values."""
        return self._change.fields

    @property
    def site(self) -> str | None:
        """The name of the site that the object is or belongs to; None for what belongs to the organisation."""
        return _site(self._change.address).name if _site(self._change.address).kind == "site" else None

    @property
    def reaches(self) -> tuple[str, ...]:
        """The names of the sites that a changed or deleted template applies to, or the object's own site."""
        return self._change.reaches or ((self.site,) if self.site else ())

    @property
    def timezone(self) -> str | None:
        """The IANA name of its site's time zone, as it is live now; None without a site, or where none is set."""
        return self._timezones.get(str(_site(self._change.address)))

    def local_time(self, now: datetime) -> datetime | None:
        """`now` as the clocks at the site show it; None where the time zone is not known."""
        from zoneinfo import ZoneInfo  # few policies ask

        try:
            return now.astimezone(ZoneInfo(self.timezone)) if self.timezone else None
        except (LookupError, OSError, ValueError):  # a name that the cloud took and this machine does not know
            return None

    @property
    def source(self) -> SourceRange | None:
        """Where the object is declared; None for a delete."""
        return self._change.source

    def __repr__(self) -> str:
        return f"<{self.action} {self.address}>"


class PlanView(Struct, frozen=True):
    """What would change. `applying`: this is the last look before the first write, not just a plan."""

    org_name: str
    changes: tuple[ChangeView, ...]
    applying: bool = False
    unmanaged: tuple[str, ...] = field(default=())

    def creates(self, kind: str | None = None) -> tuple[ChangeView, ...]:
        """The objects that would be created, of one kind or of all."""
        return self._chosen(Action.CREATE, kind)

    def updates(self, kind: str | None = None) -> tuple[ChangeView, ...]:
        """The objects that would be changed."""
        return self._chosen(Action.UPDATE, kind)

    def deletes(self, kind: str | None = None) -> tuple[ChangeView, ...]:
        """The objects that would be deleted."""
        return self._chosen(Action.DELETE, kind)

    def _chosen(self, action: Action, kind: str | None) -> tuple[ChangeView, ...]:
        return tuple(item for item in self.changes if item.action == action.value and kind in (None, item.kind))


def plan_view(plan: Plan, inventory: InventoryView, *, applying: bool) -> PlanView:
    """The view of a plan; the inventory's own sites stand in where live has no time zone yet."""
    declared = {site.address: site.get("timezone") for site in inventory.sites() if site.get("timezone")}
    timezones = {**declared, **plan.timezones}
    return PlanView(
        org_name=plan.org_name,
        changes=tuple(ChangeView(change, timezones) for change in plan.changes),
        applying=applying,
        unmanaged=tuple(map(str, plan.unmanaged)),
    )


def sealed(value: Any) -> Any:
    """A copy that can't be changed, with every secret as a `Sealed`."""
    if isinstance(value, Mapping):
        return MappingProxyType({key: sealed(item) for key, item in value.items()})
    if isinstance(value, list | tuple):
        return tuple(sealed(item) for item in value)
    if isinstance(value, Secret) and not value.hidden:
        return value.shown
    if isinstance(value, Secret):
        return Sealed(value.origin, None if value.masked else len(value.reveal()))
    return Sealed(f"{value.scheme}:{value.target}") if isinstance(value, SecretRef) else value


def _value(body: Mapping[str, Any], path: str, default: Any) -> Any:
    found: Any = body
    for step in path.split("."):
        if not isinstance(found, Mapping) or step not in found:
            return default
        found = found[step]
    return default if found is None else found


def _site(address: Address) -> Address:
    while address.parent:
        address = address.parent
    return address


def _pairs(views: Iterable[ResourceView]) -> Iterable[tuple[Resource, ResourceView]]:
    return ((view._resource, view) for view in views)


def _grouped(views: Iterable[ResourceView], key: Callable[[ResourceView], str]) -> dict[str, list[ResourceView]]:
    found: defaultdict[str, list[ResourceView]] = defaultdict(list)
    for view in views:
        found[key(view)].append(view)
    return dict(found)
