"""References inside of lists and maps, and those that the cloud itself keeps by name: from files to the API."""

import pytest

from reconciler.kinds import Endpoint, Kind, Reference, kinds
from reconciler.model.change import Status
from reconciler.model.values import YamlList, YamlMap
from reconciler.semantics.forms import api_form, inventory_form, references_in, with_references
from tests.kinds.stages import Stages, rules, summary
from tests.world import ORG

PROFILE = "00000000-0000-4000-8000-00000000000a"
WAN = """
idpprofiles: [{name: careful, base_profile: strict}]
services: [{name: Voice, type: custom, addresses: [10.9.0.0/24]}]
servicepolicies: [{name: voice-out, services: [Voice, any], idp: {enabled: true, idpprofile: careful}}]
gatewaytemplates:
  - name: branch
    service_policies:
      - name: calls
        tenants: [any]
        services: [Voice]
        action: allow
        idp: {enabled: true, idpprofile: careful}
      - {servicepolicy: voice-out}
"""
KIND = Kind(
    name="thing",
    plural="things",
    title="thing",
    endpoints=(Endpoint(item="things/{id}", collection="things"),),
    references=(
        Reference(field="rows.[].site", api="rows.[].site_id", kind="site"),
        Reference(field="ports.*.tags", api="ports.*.tag_ids", kind="wxtag", many=True),
        Reference(field="vpns.{}", api="vpns.{}", kind="vpn", by_name=True),
    ),
)
BODY = {
    "rows": [{"site": "A", "x": 1}, {"y": 2}, "odd"],
    "ports": {"ge-0": {"tags": ["t", "u"]}, "ge-1": None},
    "vpns": {"overlay": {}},
}


def test_names_become_ids_in_every_element_and_back_again() -> None:
    api = api_form(KIND, BODY, lambda reference, name: f"{reference.kind}:{name}")
    assert api == {
        "rows": [{"site_id": "site:A", "x": 1}, {"y": 2}, "odd"],
        "ports": {"ge-0": {"tag_ids": ["wxtag:t", "wxtag:u"]}, "ge-1": None},
        "vpns": {"overlay": {}},
    }
    assert inventory_form(KIND, api, lambda _reference, value: value.partition(":")[2]) == BODY


def test_every_name_is_found_wherever_it_stands() -> None:
    assert [(item.kind, name) for item, name in references_in(KIND, BODY)] == [
        ("site", "A"),
        ("wxtag", "t"),
        ("wxtag", "u"),
        ("vpn", "overlay"),
    ]


def test_what_the_inventory_knows_of_a_list_is_kept() -> None:
    rows = YamlList([YamlMap({"site": "A"}, marks={"site": ("a.yaml", 2, 3)})], mark=("a.yaml", 1, 1), merge=True)
    found = with_references(KIND, YamlMap({"rows": rows}), lambda _reference, name: name.lower())["rows"]
    assert found == [{"site": "a"}]
    assert (found.merge, found.mark, found[0].marks) == (True, ("a.yaml", 1, 1), {"site": ("a.yaml", 2, 3)})
    assert rows == [{"site": "A"}]


def test_what_refers_from_inside_a_list_is_made_after_what_it_names() -> None:
    stages = Stages(kinds())
    assert rules(stages.inventory(WAN)) == {}
    made = [address for _action, address in summary(stages.plan(WAN))]
    assert (
        made.index("idpprofile.careful") < made.index("servicepolicy.voice-out") < made.index("gatewaytemplate.branch")
    )
    assert {outcome.status for outcome in stages.apply(WAN)} == {Status.APPLIED}
    assert stages.plan(WAN).changes == ()
    profile = stages.acme.only(f"orgs/{ORG}/idpprofiles", name="careful")["id"]
    policy = stages.acme.only(f"orgs/{ORG}/servicepolicies", name="voice-out")["id"]
    template = stages.acme.only(f"orgs/{ORG}/gatewaytemplates", name="branch")
    assert template["service_policies"][0]["idp"]["idpprofile_id"] == profile
    assert template["service_policies"][1]["servicepolicy_id"] == policy
    assert template["service_policies"][0]["services"] == ["Voice"]


def test_the_apis_key_inside_a_list_is_the_same_reference() -> None:
    stages = Stages(kinds())
    text = WAN.replace("idpprofile: careful}\n      -", f"idpprofile_id: {PROFILE}}}\n      -")
    (template,) = [item for item in stages.inventory(text).resources if item.kind == "gatewaytemplate"]
    assert template.body["service_policies"][0]["idp"] == {"enabled": True, "idpprofile": PROFILE}


def test_both_keys_in_one_element_are_refused_at_their_place() -> None:
    text = "gatewaytemplates:\n  - name: b\n    service_policies:\n      - {servicepolicy: a}\n"
    text += f"      - {{servicepolicy: a, servicepolicy_id: {PROFILE}}}\n"
    found = [item for item in Stages(kinds()).inventory(text).diagnostics if item.rule == "two-spellings"]
    assert [item.source.line for item in found if item.source] == [5]


@pytest.mark.parametrize(
    ("text", "rule", "where"),
    [
        (
            WAN.replace("idpprofile: careful}\n      -", "idpprofile: carefull}\n      -"),
            "unknown-reference",
            "careful",
        ),
        (WAN.replace("services: [Voice, any]", "services: [Voic, any]"), "unknown-name", "Voic"),
        (
            "networks: [{name: Staff, subnet: 10.1.0.0/24, vpn_access: {overlay: {routed: true}}}]",
            "unknown-name",
            "VPN",
        ),
    ],
)
def test_a_name_that_means_nothing_is_found_inside_too(text: str, rule: str, where: str) -> None:
    found = rules(Stages(kinds()).inventory(text))
    assert list(found) == [rule]
    assert where in found[rule]


def test_passphrases_of_one_name_on_two_ssids_are_two_objects() -> None:
    stages = Stages(kinds())
    text = "psks:\n" + "".join(
        f"  - {{name: Lobby, ssid: {ssid}, passphrase: correct-horse-{ssid}}}\n" for ssid in ("Guest", "Corp")
    )
    declared = stages.inventory(text).resources
    assert [str(item.address) for item in declared] == ["psk.Lobby@Corp", "psk.Lobby@Guest"]
    stages.acme.apply(*declared)
    assert len(stages.acme.call("GET", f"orgs/{ORG}/psks")) == 2
    assert stages.acme.plan(*declared).changes == ()


def test_a_field_that_has_another_name_here_has_its_own_in_the_api() -> None:
    stages = Stages(kinds())
    text = "secintelprofiles: [{name: feeds, categories: [{category: CC, action: strict}]}]"
    stages.apply(text)
    live = stages.acme.only(f"orgs/{ORG}/secintelprofiles", name="feeds")
    assert live["profiles"] == [{"category": "CC", "action": "strict"}]
    assert stages.plan(text).changes == ()


def test_a_field_that_can_not_be_cleared_is_refused_and_one_that_a_create_needs_is_missed() -> None:
    stages = Stages(kinds())
    assert "clears-required" in rules(stages.inventory("nacrules: [{name: a, action: null}]"))
    assert "`action`" in rules(stages.inventory("nacrules: [{name: a}]"))["required-field"]


def test_two_rules_of_one_place_in_the_order_are_told() -> None:
    text = "nacrules: [{name: a, action: allow, order: 1}, {name: b, action: block, order: %d}]"
    assert "nacrule.a" in rules(Stages(kinds()).inventory(text % 1))["same-order"]
    assert rules(Stages(kinds()).inventory(text % 2)) == {}
