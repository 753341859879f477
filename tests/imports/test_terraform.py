"""A Terraform state becomes an inventory that is what the state says. The facts are those of states that the vendor's
provider made."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.emulator import Emulator
from reconciler.emulator.seed import read_seed
from reconciler.errors import UsageError
from reconciler.model.options import Options
from reconciler.model.values import Secret
from reconciler.pipeline.imports import Import, import_of
from reconciler.pipeline.online import make_plan
from reconciler.yamltext.edit.formatting import formatted
from tests.export.support import QUIET, UUID, inventory_of, objects_in, told
from tests.world import World

EXAMPLES = Path(__file__).parent.parent.parent / "examples"
STATE = EXAMPLES / "terraform" / "state.json"
ORG = "5a1c0e77-3b0d-4c3e-9f50-0d9a6c1b7e01"
SITE = "05000000-0000-4000-8000-000000000001"
TEMPLATE = "07000000-0000-4000-8000-000000000001"
MIST = "registry.terraform.io/juniper/mist"


def an_id(number: int) -> str:
    return f"0c000000-0000-4000-8000-{number:012}"


def resource(address: str, values: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    kind = address.split(".")[-2]
    return {
        "address": address,
        "mode": "managed",
        "type": kind,
        "provider_name": MIST,
        "values": dict(values),
        "sensitive_values": {},
        **more,
    }


def state(*resources: Any, **more: Any) -> bytes:
    root = {"resources": list(resources)}
    return json.dumps({"format_version": "1.0", "values": {"root_module": root}, **more}).encode()


def site(name: str = "Paris", **values: Any) -> dict[str, Any]:
    return resource("mist_site.this", {"id": SITE, "org_id": ORG, "name": name, **values})


GROUP = resource("mist_org_sitegroup.g", {"id": an_id(1), "org_id": ORG, "name": "g"})


def imported(*resources: Any) -> Import:
    return import_of(state(*resources), file="state.json", org_id=ORG)


def body_of(address: str, *resources: Any) -> Mapping[str, Any]:
    return objects_in(imported(*resources).export)[address]


def test_a_state_plans_to_nothing_where_live_is_as_it_was_then() -> None:
    emulator = Emulator(data=read_seed(EXAMPLES / "emulator" / "seed.yaml"))
    emulator.settings.update({"quirks": QUIET})
    result = import_of(STATE.read_bytes(), file="state.json")
    plan = make_plan(inventory_of(result.export), World(emulator).client, org_id=ORG, options=Options(threads=1))
    assert [(change.address.text, change.fields) for change in plan.changes] == []
    assert (plan.errors, result.export.objects, result.resources) == ((), 10, 11)


def test_what_is_written_has_names_and_old_addresses_and_no_id_and_no_secret() -> None:
    export = import_of(STATE.read_bytes(), file="state.json").export
    text = export.files["sites/paris-hq.yaml"]
    assert '# was module.site["Paris / HQ"].mist_site.this\n  - name: Paris-HQ' in text
    assert "networktemplate: campus" in text  # which the state only looked up
    assert '# was mist_org_sitegroup.this["emea"]' in export.files["organisation/sitegroups.yaml"]
    assert sorted(export.secrets) == ["KESTREL_GUEST_PORTAL_PASSWORD", "PARIS_HQ_ROOT_PASSWORD"]
    for file, written in export.files.items():
        assert set(UUID.findall(written)) <= {ORG}, file
        assert "example-only" not in written, file
        if file.endswith(".yaml"):
            assert formatted(written, file) == (written, ()), file
    (words,) = told(export).pop("not-assigned")
    assert words.startswith("None: the state lacks their sites: mist_org_inventory.all 5c5b35000102, ")
    assert told(export).keys() == {"not-assigned"}


def test_two_imports_of_one_state_are_the_same_bytes() -> None:
    turned = json.loads(STATE.read_bytes())
    turned["values"]["root_module"]["resources"].reverse()
    first, again = (
        import_of(text, file="s").export.files for text in (STATE.read_bytes(), json.dumps(turned).encode())
    )
    assert first == again


@pytest.mark.parametrize(
    ("kind", "values", "field", "api"),
    [
        (
            "gatewaytemplate",
            {"dhcpd_config": {"enabled": False, "config": {"lan": {"type": "relay", "servers": ["10.0.0.9"]}}}},
            "dhcpd_config",
            {"enabled": False, "lan": {"type": "relay", "servers": ["10.0.0.9"]}},
        ),
        ("gatewaytemplate", {"dns_override": True, "dns_servers": ["10.0.0.1"]}, "dnsOverride", True),
        (
            "networktemplate",
            {
                "switch_matching": {
                    "enable": True,
                    "rules": [{"name": "a", "match_model": "EX4100", "match_name": "core", "match_name_offset": 2}],
                }
            },
            "switch_matching",
            {"enable": True, "rules": [{"name": "a", "match_model[0:6]": "EX4100", "match_name[2:6]": "core"}]},
        ),
        ("sitegroup", {"site_ids": None}, "name", "x"),
    ],
)
def test_what_the_provider_calls_otherwise_has_the_apis_name(
    kind: str, values: dict[str, Any], field: str, api: Any
) -> None:
    found = body_of(f"{kind}.x", resource(f"mist_org_{kind}.r", {"id": an_id(1), "org_id": ORG, "name": "x", **values}))
    assert found.get(field, found.get("raw", {}).get(field)) == api


def test_the_two_resources_of_a_sites_setting_are_one_object() -> None:
    found = body_of(
        "site.Paris/setting",
        site(),
        resource("mist_site_setting.this", {"site_id": SITE, "persist_config_on_device": True}),
        resource("mist_site_networktemplate.this", {"site_id": SITE, "dns_servers": ["10.0.0.1"]}),
    )
    assert found == {"persist_config_on_device": True, "dns_servers": ["10.0.0.1"]}


def test_a_text_that_the_state_marks_is_a_secret_whatever_its_field_is_and_a_name_is_not() -> None:
    marked = site("Paris", notes="the code is 4711")
    marked["sensitive_values"] = {"notes": True, "name": True}
    export = imported(marked).export
    assert [secret.reveal() for secret in export.secrets.values()] == ["the code is 4711"]
    assert not any("4711" in text for text in export.files.values())
    assert objects_in(export)["site.Paris"]["notes"] == Secret("the code is 4711", origin="live")


def test_a_masked_secret_is_a_name_to_set() -> None:
    wlan = {"id": an_id(1), "site_id": SITE, "ssid": "lab", "auth": {"type": "psk", "psk": "********"}}
    export = imported(site(), resource("mist_site_wlan.lab", wlan)).export
    assert "psk: !secret env:LAB_PSK" in export.files["sites/paris.yaml"]
    assert "LAB_PSK=\n" in export.files["example.env"]


def test_only_the_organisation_that_is_meant_is_the_organisation() -> None:
    own = resource("mist_org.own", {"id": ORG, "name": "Acme", "session_expiry": 60})
    other = resource("mist_org.other", {"id": an_id(9), "name": "Other", "session_expiry": 90})
    result = imported(own, other)
    assert (result.export.org_name, objects_in(result.export)["organisation"]["session_expiry"]) == ("Acme", 60)
    assert told(result.export) == {"other-organisation": ["None: they are not imported: mist_org.other"]}


@pytest.mark.parametrize("broken", [None, True, 1.5, "x", ["a"], {"a": 1}, [None], {"": None}])
def test_a_value_of_another_type_than_the_providers_ends_in_words(broken: Any) -> None:
    fields = {
        "networktemplate": ["switch_matching", "vrf_instances", "org_id", "id", "name"],
        "gatewaytemplate": ["dhcpd_config", "name"],
        "evpn_topology": ["switches"],
        "wlan": ["bonjour", "template_id", "ssid"],
    }
    for kind, roots in fields.items():
        for root in roots:
            for value in (broken, {"config": broken, "rules": [broken], "additional_vlan_ids": broken}):
                values = {"id": an_id(1), "org_id": ORG, "name": "x", root: value}
                result = imported(resource(f"mist_org_{kind}.r", values), GROUP)
                assert "sitegroup.g" in objects_in(result.export)


def test_what_has_no_place_is_told_and_never_lost_in_silence() -> None:
    group = {"org_id": ORG, "name": "one", "id": an_id(1)}
    export = imported(
        resource("mist_org_sitegroup.one", group, tainted=True),
        resource("mist_org_sitegroup.again", group),
        resource("mist_org_sitegroup.twin", {**group, "id": an_id(2), "name": "two"}),
        resource("mist_org_sitegroup.other_twin", {**group, "id": an_id(3), "name": "two"}),
        resource("mist_org_sitegroup.no_id", {"org_id": ORG, "name": "three"}),
        resource("mist_org_sitegroup.rest", {**group, "id": an_id(4)}, deposed_key="0a1b2c3d"),
        resource("mist_org_sitegroup.foreign", {**group, "id": an_id(5), "org_id": an_id(9)}),
        resource(
            "mist_org_networktemplate.v6",
            {
                "org_id": ORG,
                "id": an_id(10),
                "name": "v6",
                "vrf_instances": {
                    "red": {"networks": ["a"], "extra_routes6": {"2001:db8::/32": {"via": "2001:db8::1"}}}
                },
            },
        ),
        resource("mist_org_apitoken.ci", {"org_id": ORG, "id": an_id(6), "key": "do-not-show"}),
        resource("mist_org_sideways.new", {"org_id": ORG, "id": an_id(7)}),
        resource("mist_site_wlan.homeless", {"id": an_id(8), "site_id": SITE, "ssid": "lab"}),
        resource("terraform_data.other", {"id": "x"}, provider_name="terraform.io/builtin/terraform"),
    ).export
    assert list(objects_in(export)) == ["networktemplate.v6", "sitegroup.one"]
    assert objects_in(export)["networktemplate.v6"]["vrf_instances"] == {"red": {"networks": ["a"]}}
    found = {rule: " ".join(texts) for rule, texts in told(export).items()}
    for rule, address in [
        ("tainted", "mist_org_sitegroup.one"),
        ("same-object", "mist_org_sitegroup.again"),
        ("ambiguous-live", "sitegroup.two"),
        ("no-id", "mist_org_sitegroup.no_id"),
        ("deposed", "mist_org_sitegroup.rest"),
        ("other-organisation", "mist_org_sitegroup.foreign"),
        ("not-modelled", "mist_org_apitoken.ci"),
        ("not-modelled", "mist_org_sideways.new"),
        ("wrong-in-state", "mist_org_networktemplate.v6"),
        ("no-holder", "mist_site_wlan.homeless"),
    ]:
        assert address in found[rule], rule
    assert not any("do-not-show" in text for text in [*export.files.values(), *found.values()])


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "state.json:1:1: this is no whole JSON document"),
        (state(GROUP)[:-40], "this is no whole JSON document"),
        (b"\xff\xfe\x00", "it is no text"),
        (b"[]", "no `format_version`"),
        (b'"text"', "no `format_version`"),
        (b"[" * 100_000, "nested too deeply"),
        (json.dumps({"version": 4, "serial": 1, "lineage": "x", "resources": []}).encode(), "and not its JSON"),
        (b"PK\x03\x04rest", "a saved plan"),
        (json.dumps({"format_version": "1.2", "planned_values": {}}).encode(), "a plan that starts from nothing"),
        (state(GROUP, format_version="2.0"), "format version 2.0"),
        (state(), "no resource of the provider"),
        (json.dumps({"format_version": "1.0"}).encode(), "no resource of the provider"),
        (json.dumps({"format_version": "1.0", "values": []}).encode(), "a module in it is no object"),
        (state({"provider_name": MIST}), "no address or type"),
        (state(resource("mist_site_setting.x", {"site_id": SITE})), "which organisation"),
        (
            state(GROUP, resource("mist_org_sitegroup.h", {"id": an_id(2), "org_id": an_id(3), "name": "h"})),
            "2 organisations",
        ),
    ],
)
def test_what_is_no_state_is_refused_with_what_it_is(content: bytes, words: str) -> None:
    with pytest.raises(UsageError) as refused:
        import_of(content, file="state.json")
    assert words in str(refused.value)
    assert refused.value.remedy


def test_of_a_plan_the_state_before_it_is_read_and_a_windows_shells_text_as_well() -> None:
    plan = json.dumps({"format_version": "1.2", "planned_values": {}, "prior_state": json.loads(state(GROUP))})
    for content in (plan.encode(), plan.encode("utf-16"), plan.encode("utf-8-sig")):
        assert list(objects_in(import_of(content, file="plan.json").export)) == ["sitegroup.g"]


TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1, max_size=12)


@settings(max_examples=25, deadline=None)
@given(name=TEXTS.filter(lambda text: text.strip() == text), key=TEXTS)
def test_any_name_and_any_key_of_an_instance_comes_through(name: str, key: str) -> None:
    address = f"mist_org_sitegroup.g[{json.dumps(key)}]"
    found = imported({**GROUP, "address": address, "values": {"id": an_id(1), "org_id": ORG, "name": name}})
    assert [item["name"] for item in objects_in(found.export).values()] == [name]


def test_claimed_devices_are_objects_at_their_sites_and_take_the_profiles_that_they_are_assigned() -> None:
    device = {"mac": "5c5b35000001", "id": "00000000-0000-0000-1000-5c5b35000001", "type": "ap", "site_id": SITE}
    spare = {"mac": "5c5b35000002", "id": "00000000-0000-0000-1000-5c5b35000002", "type": "ap", "site_id": ""}
    member = {**device, "mac": "5c5b35000003", "type": "switch", "vc_mac": "5c5b35000004"}
    edge = {**device, "mac": "5c5b35000005", "type": "mxedge"}
    claimed = {"CODE-1": device, "CODE-2": spare, "x": member, "y": edge, "z": None}
    profile = resource("mist_org_deviceprofile_ap.std", {"id": TEMPLATE, "org_id": ORG, "name": "std", "type": "ap"})
    macs = ["5C:5B:35:00:00:01", "5c5b35000009"]
    assigned = resource(
        "mist_org_deviceprofile_assign.std", {"org_id": ORG, "deviceprofile_id": TEMPLATE, "macs": macs}
    )
    export = imported(
        assigned, resource("mist_org_inventory.all", {"org_id": ORG, "inventory": claimed}), site("HQ"), profile
    )
    found = objects_in(export.export)
    assert found["site.HQ/ap.5c5b35000001"] == {"mac": "5c5b35000001", "deviceprofile": "std"}
    assert [text for text in found if "/ap." in text or "/switch." in text] == ["site.HQ/ap.5c5b35000001"]
    words = " ".join(told(export.export)["not-assigned"])
    assert "mist_org_inventory.all 5c5b35000002" in words
    assert "mist_org_deviceprofile_assign.std 5c5b35000009" in words
    assert "canary" not in "".join(export.export.files.values())


def test_what_is_no_object_of_an_inventory_is_told_with_the_reason() -> None:
    token = resource("mist_org_apitoken.ci", {"org_id": ORG, "id": SITE, "name": "ci", "key": "canary"})
    (words,) = told(imported(token, site("HQ")).export)["not-modelled"]
    assert words == "None: mist_org_apitoken (its key is shown once, when it is made): mist_org_apitoken.ci"


@pytest.mark.parametrize("kind", ["mist_org_usermac", "mist_org_nac_endpoint"])
def test_a_resource_that_the_provider_calls_differently_by_version_is_one_kind(kind: str) -> None:
    values = {"id": an_id(7), "org_id": ORG, "mac": "aabbccddee01", "labels": ["till"], "name": "", "vlan": "30"}
    found = objects_in(imported(resource(f"{kind}.m", values)).export)
    assert found == {"usermac.aabbccddee01": {"mac": "aabbccddee01", "labels": ["till"], "vlan": "30"}}
