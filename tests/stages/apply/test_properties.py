"""The promise of the tool: nothing undeclared is ever lost, and the second plan is always empty.

On the real models of every kind, through the emulator. The oracle below shares no code with the overlay.
"""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reconciler.kinds import Kind, kinds
from reconciler.model.change import Status
from reconciler.model.values import revealed
from reconciler.semantics.forms import api_form
from tests.strategies import bodies
from tests.world import ORG, World, declare, world

SITE = "22222222-0000-4000-8000-000000000001"
TEMPLATE = "55555555-0000-4000-8000-000000000001"
PLAIN = {"reorder": "none", "rotate_urls": False, "mask_secrets": False, "server_defaults": "none"}
ADDRESSES = {
    "site": "site.Here",
    "setting": "site.Here/setting",
    "sitegroup": "sitegroup.here",
    "wlantemplate": "wlantemplate.here",
    "networktemplate": "networktemplate.here",
    "rftemplate": "rftemplate.here",
    "webhook": "webhook.here",
    "wxtag": "wxtag.here",
    "wlan": "wlantemplate.corp/wlan.here",
}
EXAMPLES = settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


SIZE = 6
"""How large bodies grow; `tools/long_promises.py` makes them larger."""

REFUSED = {"webhook": ["assetfilters"]}
"""Fields that the cloud refuses where the test's object lives."""

REQUIRED: dict[str, dict[str, Any]] = {"wxtag": {"type": "client", "mac": "5c5b350e0001"}}
"""Fields without which the cloud creates nothing."""


def drawn(data: st.DataObject, name: str, label: str) -> dict[str, Any]:
    body = data.draw(bodies(name, size=SIZE, without=REFUSED.get(name, ())), label=label)
    return {**body, **REQUIRED.get(name, {})}


def parents() -> dict[str, Any]:
    return {
        "sites": [{"id": SITE, "name": "Here"}],
        "templates": [{"id": TEMPLATE, "name": "corp"}],
    }


def holder(kind: Kind) -> list[Any]:
    """What has to be declared beside an object of the kind."""
    return {"setting": [declare("site.Here")], "wlan": [declare("wlantemplate.corp")]}.get(kind.name, [])


def make_live(cloud: World, kind: Kind, body: dict[str, Any]) -> str:
    """Creates the object by hand with a whole body in the API's form, and returns its path."""
    name = ADDRESSES[kind.name].rpartition(".")[2]
    raw = api_form(kind, revealed(without_nulls(body)), lambda _reference, value: value)
    if kind.name == "setting":
        cloud.call("PUT", f"sites/{SITE}/setting", raw)
        return f"sites/{SITE}/setting"
    if kind.name == "site":
        cloud.call("PUT", f"sites/{SITE}", {**raw, "name": "Here"})
        return f"sites/{SITE}"
    endpoint = kind.endpoint("wlantemplate" if kind.name == "wlan" else None)
    assert endpoint is not None
    assert endpoint.collection is not None
    collection = endpoint.collection.format(org_id=ORG)
    extra = {"template_id": TEMPLATE} if kind.name == "wlan" else {}
    made = cloud.call("POST", collection, {**raw, kind.key: name, **extra})
    return endpoint.item.format(org_id=ORG, id=made["id"])


def without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: without_nulls(item) for key, item in value.items() if item is not None}
    if isinstance(value, list):
        return [without_nulls(item) for item in value]
    return value


def empty(value: Any) -> bool:
    return value in (None, "", [], {})


def lost(before: Any, after: Any, declared: Any, path: str = "") -> list[str]:
    """Undeclared leaves that are not as before."""
    if declared is ...:
        same = before == after or (empty(before) and empty(after))
        return [] if same else [path]
    if not isinstance(before, dict) or not isinstance(declared, dict):
        return []
    found: list[str] = []
    for key, value in before.items():
        if value is not None:
            rest = after.get(key) if isinstance(after, dict) else None
            found += lost(value, rest, declared.get(key, ...), f"{path}.{key}")
    return found


@pytest.mark.parametrize("name", sorted(ADDRESSES))
@EXAMPLES
@given(data=st.data())
def test_every_undeclared_leaf_stays_as_it_was(name: str, data: st.DataObject) -> None:
    kind = kinds()[name]
    live_body = drawn(data, name, "live")
    declared = drawn(data, name, "declared")
    cloud = world(PLAIN, **parents())
    path = make_live(cloud, kind, live_body)
    before = cloud.call("GET", path)
    own = {key: value for key, value in declared.items() if kind.singleton or key != kind.key}
    outcomes = cloud.apply(*holder(kind), declare(ADDRESSES[name], own))
    after = cloud.call("GET", path)
    assert [item.detail for item in outcomes if item.status is not Status.APPLIED] == []
    before = {key: value for key, value in before.items() if key not in kind.read_only}
    assert lost(before, after, api_form(kind, own, lambda _reference, value: value)) == []
    assert all(item.verified for item in outcomes)


@pytest.mark.parametrize("name", sorted(ADDRESSES))
@EXAMPLES
@given(data=st.data())
def test_the_second_plan_is_empty_with_all_quirks_on(name: str, data: st.DataObject) -> None:
    kind = kinds()[name]
    cloud = world(**parents())
    if data.draw(st.booleans(), label="exists"):
        make_live(cloud, kind, drawn(data, name, "live"))
    declared = drawn(data, name, "declared")
    own = {key: value for key, value in declared.items() if kind.singleton or key != kind.key}
    resources = [*holder(kind), declare(ADDRESSES[name], own)]
    outcomes = cloud.apply(*resources)
    assert [item.detail for item in outcomes if item.status is not Status.APPLIED or not item.verified] == []
    second = cloud.plan(*resources)
    assert [field.path for change in second.changes for field in change.fields] == []


def any_order(value: Any) -> Any:
    """The value with lists in one order: under some quirks those that are sets move."""
    if isinstance(value, dict):
        return {key: any_order(item) for key, item in value.items()}
    return sorted(map(any_order, value), key=repr) if isinstance(value, list) else value
