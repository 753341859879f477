"""The picture's data: what was matched and planned in, the sites with their place and state out. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from reconciler.model.address import Address
from reconciler.model.change import Plan
from reconciler.model.drift import SitePlace, SiteState
from reconciler.model.match import Matches
from reconciler.model.resource import LiveObject, Resource

SITE = "site"


def site_places(plan: Plan, matches: Matches) -> tuple[SitePlace, ...]:
    """Every declared or live site, by name. The worst state that is true of a site counts."""
    live = matches.live
    differs = Counter(top.name for change in plan.changes if (top := _site(change.address)))
    unread = {miss.parent_id for miss in live.unread} - {None}
    names = {item.id: item.address.name for item in live.objects if item.kind == SITE and item.address}
    unread_names = {names.get(found or "") for found in unread}
    unread_names |= {top.name for address in matches.blocked if (top := _site(address))}
    found: dict[str, SitePlace] = {}
    for item in matches.matches:
        name = item.address.name
        if item.kind != SITE or name is None:
            continue
        place = _latlng([item.live, item.declared])
        state = _state(name in unread_names, differs[name], item.declared is not None)
        found[name] = SitePlace(name=name, state=state, differs=differs[name], latitude=place[0], longitude=place[1])
    for name in sorted(filter(None, unread_names)):
        found.setdefault(name, SitePlace(name=name, state=SiteState.UNREAD))
    return tuple(found[name] for name in sorted(found, key=lambda name: (name.casefold(), name)))


def _state(unread: bool, differs: int, declared: bool) -> SiteState:
    if unread:
        return SiteState.UNREAD
    if differs:
        return SiteState.DRIFTED
    return SiteState.IN_SYNC if declared else SiteState.UNMANAGED


def _site(address: Address) -> Address | None:
    top = Address(address.text.partition("/")[0])
    return top if top.kind == SITE else None


def _latlng(sources: Iterable[LiveObject | Resource | None]) -> tuple[float | None, float | None]:
    """The first usable place among the objects."""
    for source in sources:
        value: Any = source.body.get("latlng") if source else None
        if isinstance(value, Mapping):
            latitude, longitude = _number(value.get("lat"), 90), _number(value.get("lng"), 180)
            if latitude is not None and longitude is not None and (latitude, longitude) != (0.0, 0.0):
                return latitude, longitude
    return None, None


def _number(value: Any, most: int) -> float | None:
    usable = isinstance(value, int | float) and not isinstance(value, bool) and -most <= value <= most
    return float(value) if usable else None
