"""One name in two Unicode forms is one name: `é` as one sign (NFC) or as two (NFD, which macOS writes)."""

from typing import Any
from unicodedata import normalize

import pytest

from reconciler.model.address import Address
from reconciler.model.options import Options
from reconciler.model.resource import Resource
from reconciler.model.values import YamlList
from tests.stages.validate.support import found, validated
from tests.world import ORG, declare, world

NFC, NFD = "Caf\u00e9", "Cafe\u0301"
FORMS = [(NFC, NFD), (NFD, NFC)]


def written(kind: str, name: str, body: dict[str, Any] | None = None) -> Resource:
    """A declared object whose name is written in this form: its address is in NFC, as compose makes it."""
    return declare(Address.of(kind, name).text, {"name": name, **(body or {})})


@pytest.mark.parametrize(("declared", "live"), FORMS)
def test_a_live_object_is_known_by_its_name_in_either_form(declared: str, live: str) -> None:
    cloud = world(sitegroups=[{"name": live}], sites=[{"name": live}])
    inventory = (written("sitegroup", declared), written("site", declared, {"sitegroups": [declared]}))
    plan = cloud.plan(*inventory)
    assert [str(change.address) for change in plan.changes] == [f"site.{NFC}"]
    assert plan.changes[0].replaces == ("sitegroups",)
    assert all(item.verified for item in cloud.carry_out(plan))
    assert cloud.plan(*inventory).changes == ()
    assert cloud.only(f"orgs/{ORG}/sites")["name"] == live


@pytest.mark.parametrize("form", [NFC, NFD])
def test_a_new_object_gets_the_name_that_was_written(form: str) -> None:
    cloud = world()
    text = f"sitegroups: [{{name: {form}}}]\nsites: [{{name: {form}, sitegroups: [{normalize('NFC', form)}]}}]\n"
    resources = validated(text).resources
    assert all(item.verified for item in cloud.apply(*resources))
    assert cloud.only(f"orgs/{ORG}/sites")["name"] == form
    assert cloud.plan(*resources).changes == ()


@pytest.mark.parametrize(("declared", "live"), FORMS)
def test_names_inside_of_objects_are_one_in_either_form(declared: str, live: str) -> None:
    def body(name: str) -> dict[str, Any]:
        actions = [{"dst_tag": "any", "action": "deny"}]
        policies = [{"name": name, "src_tags": [name], "actions": actions}]
        return {"networks": {name: {"vlan_id": "5"}}, "acl_policies": policies}

    cloud = world(networktemplates=[{"name": "campus", **body(live)}])
    assert cloud.plan(declare("networktemplate.campus", body(declared))).changes == ()
    more = {"networks": {declared: {"vlan_id": "6"}}}
    assert all(item.verified for item in cloud.apply(declare("networktemplate.campus", more)))
    networks = cloud.only(f"orgs/{ORG}/networktemplates")["networks"]
    assert [(name, item["vlan_id"]) for name, item in networks.items()] == [(live, "6")]


@pytest.mark.parametrize(("one", "other"), FORMS)
def test_references_duplicates_aliases_and_externals_are_checked_in_either_form(one: str, other: str) -> None:
    site = "country_code: FR, timezone: UTC"
    assert found(f"sitegroups: [{{name: {one}}}]\nsites: [{{name: A, {site}, sitegroups: [{other}]}}]\n") == []
    assert found(f"sites: [{{name: A, {site}, sitegroups: [{other}]}}]\n", f"external: {{sitegroups: [{one}]}}\n") == []
    twins = found(f"sitegroups: [{{name: {one}}}, {{name: {other}}}]\n")
    assert [item.rule for item in twins] == ["duplicate-object"]
    own = found(f"sitegroups: [{{name: {one}, aliases: [{other}]}}]\n")
    assert [item.rule for item in own] == ["alias-collision"]


@pytest.mark.parametrize(("one", "other"), FORMS)
def test_targets_and_protection_take_either_form(one: str, other: str) -> None:
    cloud = world(sitegroups=[{"name": one}, {"name": "kept"}])
    prune = {"manage": {"sitegroup": {"prune": True}}, "limits": {"deletes": {"absolute": 9}}}
    options = Options(prune=True, threads=1)
    kept = declare("sitegroup.kept")
    assert len(cloud.plan(kept, options=options, **prune).changes) == 1
    assert cloud.plan(kept, options=options, protect=[f"sitegroup.{other}"], **prune).changes == ()
    target = Options(prune=True, threads=1, targets=(f"sitegroup.{other}",))
    assert len(cloud.plan(kept, options=target, **prune).changes) == 1


@pytest.mark.parametrize(("declared", "live"), FORMS)
def test_merged_lists_of_names_are_one_in_either_form(declared: str, live: str) -> None:
    cloud = world(sitegroups=[{"name": live, "id": "33333333-0000-4000-8000-000000000001"}])
    cloud.call("POST", f"orgs/{ORG}/sites", {"name": "A", "sitegroup_ids": ["33333333-0000-4000-8000-000000000001"]})
    site = declare("site.A", {"sitegroups": YamlList([declared], merge=True)})
    assert cloud.plan(written("sitegroup", declared), site).changes == ()
