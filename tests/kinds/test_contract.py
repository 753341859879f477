"""What every kind keeps, from its entry and its sample alone: it is created, changed, cleared and deleted wherever it
can live, and after each of these nothing is left to do."""

import os
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any
from zlib import crc32

import pytest
from msgspec.structs import replace

from reconciler.kinds import Endpoint, Kind, kinds
from reconciler.kinds.shared.conditional import lacking
from reconciler.model.address import Address
from reconciler.model.change import Action, Outcome, Status
from reconciler.model.options import Options
from reconciler.model.resource import Resource
from reconciler.model.shape import Shape
from reconciler.model.values import YamlMap
from reconciler.semantics.equality import is_cleared
from reconciler.semantics.forms import api_root, references_in
from reconciler.semantics.naming import is_uuid
from tests.kinds.test_models import SAMPLES
from tests.world import ORG, World, world

OBJECTS = [kind for kind in kinds() if kind.model and not kind.singleton and not kind.composed_only]
CLAIMED = [
    {"mac": SAMPLES[kind.name]["mac"], "type": kind.hardware, "model": "X1"} for kind in OBJECTS if kind.hardware
]
"""Devices can't be made: those of the samples are claimed already."""

PLACES = [(kind, endpoint) for kind in OBJECTS for endpoint in kind.endpoints if endpoint.made]
ALWAYS: defaultdict[str, tuple[str, ...]] = defaultdict(
    tuple, {"wlan": ("auth", "auth_servers"), "wxtag": ("type",), "webhook": ("url",), "assetfilter": ("rssi",)}
)
"""Fields that the emulator refuses to clear, as the document says, and rules of their own speak of."""

NUMBER = int(os.environ.get("RECONCILER_LONG", "0"))
"""Which clouds are drawn; other ones with every number."""

PRUNE = Options(threads=1, prune=True, ack_deletes=1)


def cloud_of(place: tuple[Kind, Endpoint], number: int = NUMBER) -> World:
    """A cloud that answers the open questions in its own way: another one for each kind and place."""
    quirks = {"random": crc32(f"{place_id(place)} {number}".encode()), "mask_secrets": False}
    return world(quirks, inventory=CLAIMED)


def place_id(place: tuple[Kind, Endpoint]) -> str:
    return f"{place[0].name}-{place[1].parent or 'org'}"


def resource(kind: Kind, body: Mapping[str, Any], parent: Address | None) -> Resource:
    key = kind.name_in(body)
    return Resource(
        address=Address.of(kind.name, key, parent=parent),
        kind=kind.name,
        body=YamlMap(dict(body)),
        key=key,
        parent=parent,
    )


@cache
def home(kind: str) -> tuple[Resource, ...]:
    """What has to be declared for an object to live below a kind: that one object."""
    return (resource(kinds()[kind], {kinds()[kind].key: f"home-{kind}"}, None),)


def around(place: tuple[Kind, Endpoint]) -> tuple[Resource, ...]:
    """Everything that the sample of a kind needs in one place: its parent, and what it refers to, by name."""
    kind, endpoint = place
    found: dict[str, Resource] = {}
    parent = home(endpoint.parent) if endpoint.parent else ()
    for item in (*parent, *named_by(kind, SAMPLES[kind.name], parent[0].address if parent else None)):
        found.setdefault(item.address.text, item)
    return tuple(found.values())


def named_by(
    kind: Kind, body: Mapping[str, Any], scope: Address | None, known: frozenset[str] = frozenset()
) -> Iterator[Resource]:
    """The samples of what a body refers to, under the names that it uses; below the same parent where they can only
    live there. Nothing refers back, so that no circle is closed."""
    for reference, name in references_in(kind, body):
        target = kinds()[reference.kind]
        if target.name in {kind.name, *known} or name in target.implicit or target.model is None or is_uuid(name):
            continue
        back = {item.root for item in target.references if item.kind in {kind.name, *known}}
        sample = {key: value for key, value in SAMPLES[target.name].items() if key not in back} | {target.key: name}
        below = scope if scope and target.endpoint(scope.kind) and not target.endpoint(None) else None
        if below is None and target.endpoint(None) is None:
            below = home("site")[0].address
            yield from home("site")
        yield from named_by(target, sample, below, known | {kind.name})
        yield resource(target, sample, below)


def sample_of(place: tuple[Kind, Endpoint], **changes: Any) -> Resource:
    parent = home(place[1].parent)[0].address if place[1].parent else None
    return resource(place[0], {**SAMPLES[place[0].name], **changes}, parent)


def free_fields(kind: Kind) -> list[str]:
    """The fields of a kind's sample that can be cleared."""
    sample, bound = SAMPLES[kind.name], {kind.key, kind.key_with, *kind.required, *ALWAYS[kind.name]}
    return [n for n in sample if n not in bound and not list(lacking(kind.name, {**sample, n: None}, sample))]


def own_fields(kind: Kind) -> list[str]:
    """Those of them whose value is not what the cloud puts there by itself."""
    sample = SAMPLES[kind.name]
    return [name for name in free_fields(kind) if not is_cleared(sample[name], kind.shape.below(name))]


def done(outcomes: tuple[Outcome, ...]) -> None:
    """Everything was applied, and was there when it was read back."""
    assert [(str(item.address), item.status, item.detail) for item in outcomes if item.status != Status.APPLIED] == []
    assert [str(item.address) for item in outcomes if item.action != Action.DELETE and item.verified is False] == []


def settle(acme: World, *declared: Resource) -> None:
    """Applies, and a second plan is empty."""
    done(acme.apply(*declared))
    assert [(str(item.address), item.fields) for item in acme.plan(*declared).changes] == []


@pytest.mark.parametrize("place", PLACES, ids=place_id)
def test_a_sample_is_created_where_it_can_live_and_a_second_plan_is_empty(place: tuple[Kind, Endpoint]) -> None:
    acme = cloud_of(place)
    settle(acme, *around(place), sample_of(place))


def holds_nothing(value: object, shape: Shape) -> bool:
    """Whether nothing is set, or nothing but members that are empty (the `applies` of a template, say)."""
    return is_cleared(value, shape) or (
        isinstance(value, dict) and all(item in ([], {}, "", None) for item in value.values())
    )


@pytest.mark.parametrize("place", PLACES, ids=place_id)
def test_every_field_is_cleared_and_written_again(place: tuple[Kind, Endpoint]) -> None:
    kind, acme = place[0], cloud_of(place)
    others, whole = around(place), sample_of(place)
    settle(acme, *others, whole)
    fields = free_fields(kind)
    clear = sample_of(place, **dict.fromkeys(fields))
    settle(acme, *others, clear)
    live = live_of(acme, clear, *others)
    cleared = {field: holds_nothing(live.get(api_root(kind, field)), kind.shape.below(field)) for field in fields}
    assert cleared == dict.fromkeys(fields, True), live
    settle(acme, *others, whole)


@pytest.mark.parametrize("place", [place for place in PLACES if own_fields(place[0])], ids=place_id)
def test_one_field_changes_alone(place: tuple[Kind, Endpoint]) -> None:
    kind, acme = place[0], cloud_of(place)
    others, whole = around(place), sample_of(place)
    settle(acme, *others, whole)
    field = own_fields(kind)[0]
    (change,) = acme.plan(*others, sample_of(place, **{field: None})).changes
    assert (change.replaces, change.clears) == ((), (field,))


def test_the_samples_hold_what_can_be_cleared() -> None:
    assert {kind.name for kind in OBJECTS if not own_fields(kind)} == {
        "alarmtemplate",
        "asset",
        "rssizone",
        "sitegroup",
        "ssorole",
    }


@pytest.mark.parametrize("place", [place for place in PLACES if not place[0].hardware], ids=place_id)
def test_it_is_deleted_when_its_kind_is_pruned(place: tuple[Kind, Endpoint]) -> None:
    kind, acme = place[0], cloud_of(place)
    others, whole = (*around(place), sample_of(place, **{kind.key: "stays"})), sample_of(place)
    settle(acme, *others, whole)
    manage = {kind.name: {"prune": True}}
    outcomes = acme.apply(*others, options=PRUNE, manage=manage)
    assert [(item.action, str(item.address), item.status) for item in outcomes] == [
        (Action.DELETE, str(whole.address), Status.APPLIED)
    ]
    assert acme.plan(*others, options=replace(PRUNE, ack_deletes=0), manage=manage).changes == ()


def live_of(acme: World, declared: Resource, *others: Resource) -> dict[str, Any]:
    """The live object as the API has it."""
    ids = acme.plan(*others, declared).ids
    endpoint = kinds()[declared.kind].endpoint(declared.parent.kind if declared.parent else None)
    assert endpoint is not None
    parent = ids[str(declared.parent)] if declared.parent else ORG
    path = endpoint.item.format(org_id=ORG, parent_id=parent, id=ids[str(declared.address)])
    return dict(acme.call("GET", path))
