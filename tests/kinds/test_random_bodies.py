"""Random bodies of every kind, made from its model, wherever it can live: applied and changed with the fewest writes on
a cloud that answers the open questions at random, they plan to nothing, and what nobody declares any more stays.

`RECONCILER_LONG=50` tries as many of each; `tools/long_promises.py --worlds 2000` runs it for all of them.
"""

import os
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from reconciler.kinds import HANDLING, Endpoint, Kind, kinds
from reconciler.kinds.shared.conditional import lacking
from reconciler.model.address import Address
from reconciler.model.change import Status
from reconciler.model.resource import Resource
from reconciler.semantics.forms import api_form
from tests.kinds.test_contract import ALWAYS, CLAIMED, OBJECTS, around, live_of, place_id
from tests.kinds.test_models import SAMPLES
from tests.stages.apply.test_properties import any_order, lost
from tests.strategies import bodies
from tests.world import World, declare, world

EXAMPLES = int(os.environ.get("RECONCILER_LONG", "2"))
SIZE = 5
"""How large bodies grow; `tools/long_promises.py` makes them larger."""

SINGLETONS = [kind for kind in kinds() if kind.model and kind.singleton]
PLACES = [(kind, end) for kind in [*OBJECTS, *SINGLETONS] for end in kind.endpoints if end.made or kind.hardware]
QUIET = {"mask_secrets": False, "list_lag_s": 0.0, "image_lag_s": 0.0, "rotate_urls": False}

REFUSED: dict[str, tuple[str, ...]] = {"sso": ("scim_secret_token",)}
"""Fields whose random values the cloud does not keep, by the document: a rule of the kind tells."""


def drawn(data: st.DataObject, place: tuple[Kind, Endpoint], label: str) -> Resource:
    """A random body, with the name of the sample and what the cloud can't do without."""
    kind, sample = place[0], SAMPLES[place[0].name]
    body = data.draw(bodies(kind.name, size=SIZE, without=(*HANDLING, *REFUSED.get(kind.name, ()))), label=label)
    held = {kind.key, kind.key_with, *kind.required, *ALWAYS[kind.name]} & set(sample)
    body |= {name: sample[name] for name in held}
    body = {**sample_of_what_lacks(kind, body), **body}
    assume(not list(lacking(kind.name, body, None)))
    home = around(place)[0].address if place[1].parent else None
    return declare(Address.of(kind.name, kind.name_in(body), parent=home).text, body)


def sample_of_what_lacks(kind: Kind, body: dict[str, Any]) -> dict[str, Any]:
    """Roots of the sample that the body lacks."""
    named = {item.detail.split("`")[1] for item in lacking(kind.name, body, None)}
    return {name: value for name, value in SAMPLES[kind.name].items() if name in named}


def settle(acme: World, *declared: Resource) -> int:
    """Applies all, with a second plan that is empty; the number of writes."""
    before = len(acme.writes)
    outcomes = acme.apply(*declared)
    bad = [item for item in outcomes if item.status is not Status.APPLIED or item.verified is False]
    assert [(str(item.address), item.detail) for item in bad] == []
    writes = len(acme.writes) - before
    again = acme.plan(*declared)
    assert [item.detail for item in again.errors] == []
    assert [(str(change.address), change.fields) for change in again.changes] == []
    return writes


@pytest.mark.parametrize("place", PLACES, ids=place_id)
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
@given(data=st.data())
def test_any_body_is_applied_changed_and_plans_to_nothing_on_any_cloud(
    place: tuple[Kind, Endpoint], data: st.DataObject
) -> None:
    kind, others = place[0], around(place)
    acme = world({"random": data.draw(st.integers(0, 1_000_000), label="cloud"), **QUIET}, inventory=CLAIMED)
    settle(acme, *others)
    first = drawn(data, place, "first")
    settle(acme, *others, first)
    before = {key: value for key, value in live_of(acme, first, *others).items() if key not in kind.read_only}
    second = drawn(data, place, "second")
    assert settle(acme, *others, second) <= 1
    after = live_of(acme, second, *others)
    declared = api_form(kind, second.body, lambda _reference, value: value)
    assert lost(any_order(before), any_order(after), declared) == []
