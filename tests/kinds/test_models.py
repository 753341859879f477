"""Whole objects: a rich sample of each kind passes, a single slip in it does not."""

import copy
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from reconciler.kinds import kinds

SAMPLES: dict[str, dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "samples.yaml").read_text("utf-8"))
SLIPS: list[tuple[str, str, Any, str]] = [
    ("site", "tz", "Europe/Paris", "extra_forbidden"),
    ("site", "name", "", "string_too_short"),
    ("site", "name", None, "string_type"),
    ("site", "latlng", {"lat": 100, "lng": 2}, "latitude"),
    ("site", "sitegroups", "emea", "list_type"),
    ("wlan", "enabled", "yes", "bool_type"),
    ("wlan", "enabled", 1, "bool_type"),
    ("wlan", "max_idletime", True, "int_type"),
    ("wlan", "max_idletime", "1800", "int_type"),
    ("wlan", "max_idletime", 59, "greater_than_equal"),
    ("wlan", "ssid", 4711, "string_type"),
    ("wlan", "auth", {"type": "wpa9"}, "literal_error"),
    ("wlan", "vlan_id", True, "number"),
    ("wlan", "id", "x", "extra_forbidden"),
    ("webhook", "topics", "audits", "list_type"),
    ("webhook", "type", "smoke-signal", "literal_error"),
    ("setting", "vars", {"corp_vlan": 20}, "variable_value"),
    ("setting", "vars", {"corp-vlan": "20"}, "variable"),
    ("setting", "default_port_usage", "x", "extra_forbidden"),
    ("networktemplate", "switch_matching", {"rules": [{"matchname": "x"}]}, "match_key"),
    ("networktemplate", "acl_policies", [{"actions": [{"action": "permit"}]}], "literal_error"),
    ("rftemplate", "band_5", {"bandwidth": 160}, "literal_error"),
    ("wxtag", "op", "not", "literal_error"),
    ("acl_tag", "macs", ["48:50"], "mac"),
    ("wlantemplate", "applies", {"group_ids": ["x"]}, "extra_forbidden"),
    ("sitegroup", "site_ids", [], "extra_forbidden"),
]


def accept(kind: str, body: dict[str, Any]) -> None:
    model = kinds()[kind].model
    assert model is not None
    model.model_validate(body)


def test_there_is_a_sample_of_every_kind() -> None:
    assert SAMPLES.keys() == {kind.name for kind in kinds() if kind.model}


@pytest.mark.parametrize("kind", sorted(SAMPLES))
def test_a_rich_sample_passes(kind: str) -> None:
    accept(kind, SAMPLES[kind])


@pytest.mark.parametrize("kind", sorted(SAMPLES))
def test_null_clears_every_field_but_the_natural_key(kind: str) -> None:
    model, keys = kinds()[kind].model, (kinds()[kind].key, kinds()[kind].key_with)
    assert model is not None
    key = "5c5b350e0001" if kinds()[kind].key_mac else "x"
    accept(kind, {info.alias or name: key if name in keys else None for name, info in model.model_fields.items()})


@pytest.mark.parametrize(("kind", "field", "value", "error"), SLIPS)
def test_one_slip_is_refused_at_its_field(kind: str, field: str, value: Any, error: str) -> None:
    body = {**copy.deepcopy(SAMPLES[kind]), field: value}
    with pytest.raises(ValidationError) as caught:
        accept(kind, body)
    [found] = caught.value.errors()
    assert (found["loc"][0], found["type"]) == (field, error)


def test_an_error_never_repeats_what_was_written() -> None:
    with pytest.raises(ValidationError) as caught:
        accept("wlan", {"ssid": "x", "auth": {"psk": "hunter2"}})
    assert "hunter2" not in str(caught.value)


def test_a_map_may_hold_fixed_keys_beside_free_ones() -> None:
    accept("setting", {"gateway": {"dhcpd_config": {"enabled": True, "corp": {"type": "local"}}}})
    with pytest.raises(ValidationError):
        accept("setting", {"gateway": {"dhcpd_config": {"enabled": True, "corp": {"typ": "local"}}}})


@pytest.mark.parametrize("name", ["time-to-connect", "smsMessageFormat", "as", "import", "class"])
def test_names_that_python_can_not_say_are_written_as_in_the_api(name: str) -> None:
    bodies: dict[str, tuple[str, dict[str, Any]]] = {
        "time-to-connect": ("setting", {"sle_thresholds": {name: 4}}),
        "smsMessageFormat": ("wlan", {"ssid": "x", "portal": {name: "{{code}}"}}),
        "as": ("setting", {"evpn_options": {"overlay": {name: 65000}}}),
        "import": ("setting", {"gateway": {"bgp_config": {"g": {name: "p"}}}}),
        "class": ("wlan", {"ssid": "x", "qos": {name: "voice"}}),
    }
    accept(*bodies[name])
