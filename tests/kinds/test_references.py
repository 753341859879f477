"""References in every place that the cloud knows by id: written by name, sent by id, shown by name."""

from collections.abc import Mapping
from typing import Any

import pytest

from reconciler.kinds import kinds
from reconciler.kinds.shared.checks import each, split
from reconciler.model.change import Status
from reconciler.semantics.forms import references_in
from reconciler.semantics.naming import is_uuid
from tests.world import ORG, World, declare, world

FOREIGN = "99999999-0000-4000-8000-000000000009"
ITEMS = [
    declare("mxcluster.core", {"mist_nacedge": {"enabled": True, "caching_sites": ["New"]}}),
    declare("mxtunnel.tun", {"mxclusters": ["core"], "vlan_ids": ["3"]}),
    declare("wxtunnel.wx", {"peers": ["10.0.0.1"]}),
    declare("wxtag.a%2Fb [c]", {"type": "match", "match": "app", "values": ["netflix"], "op": "in"}),
    declare(
        "deviceprofile_ap.indoor", {"port_config": {"eth1": {"mxtunnel": "tun", "radsec": {"mxclusters": ["core"]}}}}
    ),
    declare(
        "aptemplate.lobby",
        {"ap_matching": {"rules": [{"name": "a", "port_config": {"eth1": {"wxtunnel": "wx", "mxtunnel": "tun"}}}]}},
    ),
    declare("wlantemplate.all", {"deviceprofiles": ["indoor"], "filter_by_deviceprofile": True}),
    declare(
        "wlantemplate.all/wlan.Apps",
        {"app_limit": {"wxtags": {"a/b [c]": 20}}, "mxtunnel": "tun", "radsec": {"mxclusters": ["core"]}},
    ),
    declare("site.New", {"country_code": "FR", "timezone": "Europe/Paris"}),
    declare(
        "site.New/setting",
        {
            "mxedge": {"mist_nac": {"client_ips": {"10.0.0.0/24": {"site": "New"}}}},
            "ap_port_config": {"model_specific": {"AP45": {"eth1": {"mxtunnel": "tun"}}}},
        },
    ),
]
"""One object each with references that lie deep, or that are the keys of a map."""


def live(cloud: World) -> dict[str, dict[str, Any]]:
    """The objects above as the cloud has them."""
    site = cloud.only(f"orgs/{ORG}/sites", name="New")
    paths = {
        "mxcluster.core": "mxclusters", "mxtunnel.tun": "mxtunnels", "aptemplate.lobby": "aptemplates",
        "wlantemplate.all": "templates", "wlantemplate.all/wlan.Apps": "wlans",
        "deviceprofile_ap.indoor": "deviceprofiles",
    }  # fmt: skip
    found = {address: cloud.call("GET", f"orgs/{ORG}/{path}")[0] for address, path in paths.items()}
    return {**found, "site.New/setting": cloud.call("GET", f"sites/{site['id']}/setting")}


def ids_in(name: str, body: Mapping[str, Any]) -> list[str]:
    """What stands where the cloud has the references of a kind."""
    found = []
    for reference in kinds()[name].references:
        for _path, value in each(body, split(reference.api)):
            found += [item for item in (value if isinstance(value, list) else [value]) if item not in ("", None)]
    return found


def test_a_name_is_an_id_in_the_cloud_wherever_it_stands_and_the_second_plan_is_empty() -> None:
    cloud = world(None)
    outcomes = cloud.apply(*ITEMS)
    assert {item.status for item in outcomes} == {Status.APPLIED}
    bodies = live(cloud)
    for item in ITEMS:
        if named := references_in(kinds()[item.kind], item.body):
            ids = ids_in(item.kind, bodies[item.address.text])
            assert len(ids) == len(named), item.address
            assert all(map(is_uuid, ids)), item.address
    assert cloud.plan(*ITEMS).changes == ()


def test_a_template_applies_to_the_organisation_by_true_and_by_its_id() -> None:
    cloud = world(None)
    cloud.apply(declare("wlantemplate.all", {"applies": {"org": True}}))
    assert cloud.only(f"orgs/{ORG}/templates", name="all")["applies"]["org_id"] == ORG
    for same in (True, ORG, ORG.upper()):
        assert cloud.plan(declare("wlantemplate.all", {"applies": {"org": same}})).changes == ()
    cloud.apply(declare("wlantemplate.all", {"applies": {"org": False}}))
    assert not cloud.only(f"orgs/{ORG}/templates", name="all")["applies"].get("org_id")
    assert cloud.plan(declare("wlantemplate.all", {"applies": {"org": False}})).changes == ()


@pytest.mark.parametrize("live_id", [ORG, FOREIGN])
def test_another_organisations_id_is_refused_before_a_call_is_made(live_id: str) -> None:
    cloud = world(None, templates=[{"id": FOREIGN, "name": "all", "applies": {"org_id": live_id}}])
    plan = cloud.plan(declare("wlantemplate.all", {"applies": {"org": FOREIGN}, "filter_by_deviceprofile": True}))
    found = [item.detail for item in plan.diagnostics if item.rule == "not-in-cloud"]
    assert [FOREIGN in text and "write `true`" in text for text in found] == ([True] if live_id == ORG else [])
