"""Where an inventory is strict, what nobody declared inside of a declared object goes; everywhere else it stays."""

from typing import Any

import pytest

from reconciler.kinds import Kind
from reconciler.model.change import Note, Plan
from reconciler.model.options import Options
from reconciler.model.resource import Resource
from reconciler.model.values import YamlList, YamlMap
from reconciler.semantics.undeclared import with_undeclared
from tests.kinds.test_contract import OBJECTS, SAMPLES, own_fields
from tests.world import World, declare, world

TEMPLATE = "77777777-0000-4000-8000-000000000001"
LIVE = {
    "id": TEMPLATE,
    "name": "campus",
    "networks": {"corp": {"vlan_id": "10", "subnet": "10.0.0.0/24"}, "by-hand": {"vlan_id": 99}},
    "dns_servers": ["10.0.0.53", "10.9.9.9"],
    "ntp_servers": ["ntp.example.net"],
    "snmp_config": {"v2c_config": [{"community_name": "canary-community"}]},
}
BESIDE = {"networks.by-hand", "ntp_servers", "snmp_config"}


def cloud(**more: Any) -> World:
    return world(networktemplates=[{**LIVE, **more}])


def campus() -> Resource:
    networks = YamlMap({"corp": YamlMap({"vlan_id": 10})})
    servers = YamlList(["10.0.0.53"], merge=True)
    return declare("networktemplate.campus", {"networks": networks, "dns_servers": servers})


def stripped(plan: Plan) -> set[str]:
    return {item.path for change in plan.changes for item in change.fields if item.note is Note.UNDECLARED}


@pytest.mark.parametrize(
    "strict", ["networktemplate", "networktemplates", "networktemplate.campus", "networktemplate.c*"]
)
def test_members_of_declared_maps_and_whole_fields_go_and_the_second_plan_is_empty(strict: str) -> None:
    live = cloud()
    plan = live.plan(campus(), strict=[strict])
    assert stripped(plan) == BESIDE
    assert "canary-community" not in repr([change.fields for change in plan.changes])
    assert all(item.verified for item in live.carry_out(plan))
    assert live.plan(campus(), strict=[strict]).changes == ()
    left = live.only(f"orgs/{plan.org_id}/networktemplates", name="campus")
    assert left["networks"] == {"corp": {"vlan_id": "10", "subnet": "10.0.0.0/24"}}
    assert left["dns_servers"] == LIVE["dns_servers"]  # merged on purpose


@pytest.mark.parametrize("strict", [[], ["site"], ["networktemplate.other"]])
def test_elsewhere_it_stays_and_a_plan_can_name_it(strict: list[str]) -> None:
    live = cloud()
    plan = live.plan(campus(), options=Options(threads=1, members=True), strict=strict)
    assert plan.changes == ()
    assert set(plan.beside) == {f"networktemplate.campus {path}" for path in (*BESIDE, "dns_servers[10.9.9.9]")}


def test_what_came_after_the_plan_stays_for_the_next_one() -> None:
    live = cloud()
    plan = live.plan(campus(), strict=["networktemplate"])
    later = {**LIVE["networks"], "later": {"vlan_id": 5}}  # type: ignore[dict-item]
    live.call("PUT", f"orgs/{plan.org_id}/networktemplates/{TEMPLATE}", {"networks": later})
    live.carry_out(plan)
    again = live.plan(campus(), strict=["networktemplate"])
    assert stripped(again) == {"networks.later"}


def test_more_than_the_limit_is_refused_before_anything_is_written() -> None:
    live = cloud()
    plan = live.plan(campus(), strict=["networktemplate"], limits={"undeclared": 2})
    assert [item.rule for item in plan.refusals] == ["limit-changes"]
    assert plan.refused_by_guard
    assert not live.plan(campus(), strict=["networktemplate"], limits={"undeclared": 3}).refusals


def test_an_exception_of_the_project_file_holds_here_too() -> None:
    ignore = [{"address": "networktemplate.*", "field": "networks.by-hand"}]
    assert stripped(cloud().plan(campus(), strict=["networktemplate"], ignore=ignore)) == BESIDE - {"networks.by-hand"}


@pytest.mark.parametrize("kind", [kind for kind in OBJECTS if not kind.hardware], ids=lambda kind: kind.name)
def test_of_every_kind_just_what_can_be_cleared_and_is_not_there_by_itself_is_meant(kind: Kind) -> None:
    sample = SAMPLES[kind.name]
    kept = {name: value for name, value in sample.items() if name not in own_fields(kind)}
    body, paths = with_undeclared(kind, YamlMap(kept), sample)
    assert set(paths) <= set(own_fields(kind))
    assert all(body[path] is None for path in paths)
    missed = set(own_fields(kind)) - set(paths)
    assert not missed & (kind.shape.fields.keys() - {*kind.read_only}), missed
