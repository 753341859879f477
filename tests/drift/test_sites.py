"""The picture's data: where each site is and how it stands."""

from typing import Any

import pytest

from reconciler.drift.sites import site_places
from reconciler.model.address import Address
from reconciler.model.change import Action, Change, Plan
from reconciler.model.drift import SiteState
from reconciler.model.match import Match, Matches
from reconciler.model.resource import Live, LiveObject, Resource, Unread
from reconciler.model.values import YamlMap


def declared(name: str, body: dict[str, Any] | None = None) -> Resource:
    return Resource(address=Address(f"site.{name}"), kind="site", body=YamlMap(body or {}), key=name)


def live(name: str, body: dict[str, Any] | None = None) -> LiveObject:
    return LiveObject(kind="site", id=f"id-{name}", body=body or {}, address=Address(f"site.{name}"))


def places(
    matches: list[Match], *, unread: tuple[Unread, ...] = (), blocked: tuple[str, ...] = (), drift: str = ""
) -> dict[str, Any]:
    changes = (Change(address=Address(drift), kind="setting", action=Action.UPDATE),) if drift else ()
    objects = tuple(item.live for item in matches if item.live)
    found = site_places(
        Plan(org_id="o", org_name="O", changes=changes),
        Matches(
            matches=tuple(matches),
            blocked=tuple(map(Address, blocked)),
            live=Live(org_id="o", org_name="O", objects=objects, unread=unread),
        ),
    )
    return {item.name: item for item in found}


def match(name: str, *, is_live: bool = True, is_declared: bool = True, body: dict[str, Any] | None = None) -> Match:
    return Match(
        address=Address(f"site.{name}"),
        kind="site",
        declared=declared(name, body) if is_declared else None,
        live=live(name) if is_live else None,
    )


def test_the_worst_that_is_true_of_a_site_is_its_state() -> None:
    miss = Unread(kind="wlan", parent_id="id-C", reason="500")
    matches = [match("A"), match("B"), match("C"), match("D", is_declared=False), match("E")]
    other = Match(address=Address("webhook.w"), kind="webhook")
    found = places(
        [*matches, other], unread=(miss,), blocked=("site.F", "site.E/setting", "webhook.x"), drift="site.B/setting"
    )
    assert {name: item.state.value for name, item in found.items()} == {
        "A": "in sync",
        "B": "drifted",
        "C": "unread",
        "D": "unmanaged",
        "E": "unread",
        "F": "unread",
    }
    assert found["B"].differs == 1
    assert found["F"].state is SiteState.UNREAD


@pytest.mark.parametrize(
    ("latlng", "place"),
    [
        ({"lat": 48.5, "lng": 2}, (48.5, 2.0)),
        ({"lat": 0, "lng": 0}, (None, None)),
        ({"lat": 91, "lng": 2}, (None, None)),
        ({"lat": True, "lng": 2}, (None, None)),
        ({"lat": "{{x}}", "lng": 2}, (None, None)),
        ("x", (None, None)),
        (None, (None, None)),
    ],
)
def test_a_place_is_taken_where_it_is_one(latlng: Any, place: tuple[float | None, float | None]) -> None:
    found = places([match("A", body={"latlng": latlng})])["A"]
    assert (found.latitude, found.longitude) == place


def test_the_live_place_goes_before_the_declared_one() -> None:
    item = Match(
        address=Address("site.A"),
        kind="site",
        declared=declared("A", {"latlng": {"lat": 1, "lng": 1}}),
        live=live("A", {"latlng": {"lat": 2, "lng": 2}}),
    )
    assert places([item])["A"].latitude == 2
