"""The entries of the kinds fit their models, each other, and the vendor's document."""

import json
import re
from typing import Any

import pytest

from reconciler.kinds import Kind, kinds
from reconciler.kinds.shapes import shape_of
from reconciler.kinds.shared.checks import split
from reconciler.model.shape import ListAs
from reconciler.schema import FACTS
from reconciler.stages.compose.forms import form_of
from tests.kinds.walk import all_fields, all_models, nullable
from tests.world import ORG, TOKEN, world

MODELLED = [kind for kind in kinds() if kind.model]
UNKEYED = {
    # nothing in their elements identifies them
    "AclTag.specs",
    "AclTagDefinition.specs",
    "AppQos.others",
    "PathPreferences.paths",
    "PortUsage.rules",
    "ProtectRe.custom",
    "RoutingPolicy.terms",
    "MxCluster.tunterm_monitoring",
    "MxEdge.tunterm_monitoring",
    "OrgServicePolicy.ewf",
    "Service.specs",
    "ServicePolicy.ewf",
    "Zone.vertices",
    "SwitchRoutingPolicy.terms",
    "SyntheticTest.lan_networks",
    "SyntheticTest.vlans",
    "TunnelConfig.ike_proposals",
    "TunnelConfig.ipsec_proposals",
    "WxTag.specs",
    "DeviceNaming.rules",
    "HostOutSyslog.servers",
    "ProfileAssignment.rules",
    "SiteAssignment.rules",
    # its name is a secret
    "SnmpConfig.v2c_config",
}


def test_every_kind_has_its_place_in_the_order() -> None:
    assert [kind.name for kind in kinds()] == sorted(
        (kind.name for kind in kinds()), key=lambda name: (kinds()[name].order, name)
    )


@pytest.mark.parametrize("kind", MODELLED, ids=lambda kind: kind.name)
def test_only_the_natural_key_has_to_be_given_and_everything_else_may_be_cleared(kind: Kind) -> None:
    assert kind.model is not None
    required = {name for name, info in kind.model.model_fields.items() if info.is_required()}
    assert required == (set() if kind.singleton else {kind.key, kind.key_with} - {None})


@pytest.mark.parametrize("kind", MODELLED, ids=lambda kind: kind.name)
def test_what_a_create_needs_is_a_field(kind: Kind) -> None:
    assert kind.model is not None
    assert set(kind.required) <= kind.shape.fields.keys() - {kind.key}


def test_every_other_field_may_be_null_and_has_no_default() -> None:
    for name, info in all_fields():
        assert info.is_required() or (nullable(info) and info.default is None), name


@pytest.mark.parametrize("kind", MODELLED, ids=lambda kind: kind.name)
def test_no_field_has_the_name_of_a_key_that_means_something_else(kind: Kind) -> None:
    assert not kind.shape.fields.keys() & {*form_of(kind, kinds()).removed, "raw"}


@pytest.mark.parametrize("kind", MODELLED, ids=lambda kind: kind.name)
def test_references_are_fields_of_the_model_and_name_a_kind(kind: Kind) -> None:
    for reference in kind.references:
        assert reference.kind in kinds()
        assert len(split(reference.field)) == len(split(reference.api))
        shape = kind.shape
        for step in split(reference.field):
            assert shape.values if step in ("[]", "*", "{}") else step in shape.fields
            shape = shape.below(0) if step in ("[]", "*", "{}") else shape.below(step)
        assert (shape.list_as is ListAs.SET) is reference.many


@pytest.mark.parametrize("kind", MODELLED, ids=lambda kind: kind.name)
def test_what_the_cloud_makes_is_no_field(kind: Kind) -> None:
    assert kind.model is not None
    assert not kind.read_only & kind.model.model_fields.keys()
    assert kind.composed_only or {"id", "org_id", "created_time", "modified_time"} <= kind.read_only


def test_every_list_of_objects_has_a_key_or_was_looked_at() -> None:
    found = {
        f"{model.__name__}.{name}"
        for model in all_models()
        for name, shape in shape_of(model).fields.items()
        if shape.values and shape.values.fields and shape.list_as is not ListAs.KEYED and is_list(model, name)
    }
    assert found == UNKEYED


def is_list(model: Any, name: str) -> bool:
    info = next(info for key, info in model.model_fields.items() if (info.alias or key) == name)
    return "list[" in str(info.annotation)


def test_keys_of_lists_are_fields_of_their_elements() -> None:
    for model in all_models():
        for name, shape in shape_of(model).fields.items():
            assert set(shape.key) <= shape.below(0).fields.keys(), f"{model.__name__}.{name}"


def test_one_class_for_one_shape_and_one_name_for_one_class() -> None:
    names = [model.__name__ for model in all_models()]
    assert sorted(set(names)) == sorted(names)


@pytest.mark.parametrize(
    ("kind", "path", "list_as", "key"),
    [
        ("site", "sitegroups", ListAs.SET, ()),
        ("webhook", "topics", ListAs.SET, ()),
        ("wlan", "auth_servers", ListAs.KEYED, ("host", "port")),
        ("wlan", "coa_servers", ListAs.KEYED, ("ip", "port")),
        ("wlan", "bands", ListAs.SET, ()),
        ("wlan", "vlan_ids", ListAs.SET, ()),
        ("networktemplate", "acl_policies", ListAs.KEYED, ("name",)),
        ("networktemplate", "dns_servers", ListAs.ORDERED, ()),
        ("networktemplate", "additional_config_cmds", ListAs.ORDERED, ()),
        ("networktemplate", "radius_config.auth_servers", ListAs.KEYED, ("host", "port")),
        ("networktemplate", "switch_matching.rules", ListAs.KEYED, ("name",)),
        ("setting", "ssh_keys", ListAs.SET, ()),
        ("setting", "rogue.whitelisted_ssids", ListAs.SET, ()),
        ("setting", "switch.acl_policies", ListAs.KEYED, ("name",)),
        ("wlantemplate", "applies.sites", ListAs.SET, ()),
    ],
)
def test_lists_compare_as_the_cloud_treats_them(kind: str, path: str, list_as: ListAs, key: tuple[str, ...]) -> None:
    shape = kinds()[kind].shape
    for step in path.split("."):
        shape = shape.fields[step]
    assert (shape.list_as, shape.key) == (list_as, key)


def test_nested_keys_and_numbers_in_text_are_known() -> None:
    template = kinds()["networktemplate"].shape
    policy = template.below("acl_policies").below(0)
    assert policy.below("actions").key == ("dst_tag",)
    assert policy.below("src_tags").list_as is ListAs.SET
    assert template.below("networks").below("corp").below("vlan_id").number_text
    assert kinds()["wlan"].shape.below("vlan_id").number_text
    assert not kinds()["wlan"].shape.below("enabled").number_text
    dhcp = kinds()["setting"].shape.below("gateway").below("dhcpd_config")
    assert "ip_start" in dhcp.below("corp").fields
    assert not dhcp.below("enabled").fields


@pytest.mark.parametrize("kind", MODELLED, ids=lambda kind: kind.name)
def test_a_kind_with_a_model_names_its_schema_in_the_vendors_document(kind: Kind) -> None:
    assert kind.schema


@pytest.mark.parametrize(
    ("kind", "some"),
    [
        ("site", {"sites/{parent_id}/wlans", "sites/{parent_id}/setting", "sites/{parent_id}/maps"}),
        ("wlantemplate", {"orgs/{org_id}/wlans"}),
        ("webhook", set()),
    ],
)
def test_what_goes_with_a_delete_is_known(kind: str, some: set[str]) -> None:
    found = kinds().deleted_with(kind)
    assert list(found) == sorted(found)
    assert some <= set(found)
    assert bool(found) is (kind in kinds().holders)
    assert not set(found) & set(kinds()[kind].releases)


def test_devices_go_back_to_the_claimed_ones_when_their_site_goes() -> None:
    assert "sites/{parent_id}/devices" in kinds()["site"].releases


def test_the_emulator_deletes_with_a_site_what_the_entry_names() -> None:
    acme = world()
    site = acme.call("POST", f"orgs/{ORG}/sites", {"name": "Paris"})["id"]
    listed = [path.format(parent_id=site) for path in kinds().deleted_with("site")]
    assert all(acme.emulator.call("GET", f"/api/v1/{path}", token=TOKEN).status == 200 for path in listed)
    acme.call("DELETE", f"sites/{site}")
    assert all(acme.emulator.call("GET", f"/api/v1/{path}", token=TOKEN).status in (403, 404) for path in listed)


def test_site_writes_are_serial_and_clear_as_the_cloud_wants() -> None:
    site = kinds()["site"]
    assert site.serial == "sitegroups"
    assert {"networktemplate_id", "rftemplate_id", "routertemplate_id"} <= site.null_clears
    assert site.empty_clears == {"sitegroup_ids"}


@pytest.mark.parametrize("kind", list(kinds()), ids=lambda kind: kind.name)
def test_endpoints_are_paths_of_the_api(kind: Kind) -> None:
    paths = {re.sub(r"\{\w+\}", "{}", path) for path in json.loads(FACTS.read_text("utf-8"))["paths"]}
    for endpoint in kind.endpoints:
        for path in filter(None, (endpoint.collection, endpoint.item)):
            assert "/api/v1/" + re.sub(r"\{\w+\}", "{}", path) in paths
    for path in (*kind.cascades, *kind.releases):
        assert "/api/v1/" + re.sub(r"\{\w+\}", "{}", path) in paths
