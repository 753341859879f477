"""What each type of single values accepts and refuses, and what it says."""

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from reconciler.kinds.shared import types

ACCEPTED: dict[str, list[Any]] = {
    "VlanId": [1, 4094, "1", "4094", "{{corp_vlan}}", "{{ corp_vlan }}"],
    "VlanNumber": [1, 4094],
    "VlanIds": [[10, "20", "{{v}}"], [], "10,20", "10, 20", "10-20", "{{vlans}}", "10,{{v}}"],
    "Port": [1, 65535, "1812", "{{custom_port}}"],
    "Dscp": [0, 63, "46"],
    "Number": [0, -5, "7", "{{x}}"],
    "Mac": ["485073e01234", "48:50:73:e0:12:34", "48-50-73-E0-12-34", "4850.73e0.1234", "{{mac}}"],
    "Uuid": ["203d3d02-dbc0-4c1b-9f41-76896a3330f4", "{{tunnel_id}}"],
    "Itself": [True, False, "203d3d02-dbc0-4c1b-9f41-76896a3330f4", "{{org}}"],
    "IpAddress": ["10.0.0.1", "2001:db8::1", "{{dns}}", "{{branch_ip}}.182"],
    "Ipv4Address": ["10.0.0.1", "{{ip}}"],
    "Ipv6Address": ["::1"],
    "Subnet": ["10.0.0.0/8", "10.0.0.1", "10.0.0.1/24", "2001:db8::/32", "{{net}}/24"],
    "Host": ["a", "radius.example.net", "my_host", "10.0.0.1", "2001:db8::1", "{{host}}", "{{h}}.example.net"],
    "Url": ["https://x.example.net", "http://10.0.0.1:3128/a?b=c", "{{url}}", "HTTPS://{{host}}/x"],
    "WebhookUrl": ["https://x.example.net/z", "arn:aws:sns:eu-west-1:1:topic", "projects/p/topics/t"],
    "TimeOfDay": ["any", "00:00", "23:59"],
    "PortRange": ["0", "443", "8000-8080"],
    "Protocol": ["any", "tcp", "icmp6", "1", "254"],
    "TimeZone": ["Europe/Paris", "UTC", "America/Argentina/Buenos_Aires"],
    "CountryCode": ["FR", "NO", "US"],
    "Latitude": [48.86, -90, 90, 0],
    "Longitude": [2.33, -180, 180],
    "Psk": ["12345678", "x" * 63, "0" * 64, "{{p}}"],
    "NextHop": ["10.0.0.1", ["10.0.0.1", "10.0.0.2"]],
    "Sponsors": [["a@example.net"], {"a@example.net": "A"}],
    "SkyAtpLevel": ["strict", {"profile": "x"}],
    "MatchKey": ["match_name", "match_name[0:3]", "match_model[:2]", "match_role"],
    "VarName": ["corp_vlan", "v1"],
    "VarValue": ["20", ""],
}
REFUSED: dict[str, list[Any]] = {
    "VlanId": [0, 4095, "0", "4095", "ten", "", True, 10.0, None, "{{}}", "{x}"],
    "VlanNumber": [0, 4095, "10", True],
    "VlanIds": ["", "10,", "a", [0], 10, [[10]]],
    "Port": [0, 65536, "65536", "-1", False],
    "Dscp": [64, "64"],
    "Number": [1.5, True, "1.5"],
    "Mac": ["48507", "48:50:73:e0:12", "48:50:73:e0:12:3g", 485073, "zz", "48507300000000"],
    "Uuid": ["203d3d02", "203d3d02dbc04c1b9f4176896a3330f4", 1],
    "Itself": ["yes", "203d3d02", 1],
    "IpAddress": ["10.0.0", "10.0.0.256", "10.0.0.0/8", "a.example.net", ""],
    "Ipv4Address": ["::1"],
    "Ipv6Address": ["10.0.0.1"],
    "Subnet": ["10.0.0.0/33", "net", ""],
    "Host": ["", "a b", "-a", "http://a", "a/b"],
    "Url": ["ftp://a", "x.example.net", "https://", "https:// x", ""],
    "WebhookUrl": ["x", "ftp://x"],
    "TimeOfDay": ["24:00", "2:00", "noon", 120],
    "PortRange": ["", "a", "1-", 443],
    "Protocol": ["TCP", "0", "255", 6],
    "TimeZone": ["Europe/Pariss", "europe/paris", "CET/Paris", "", "../etc/passwd"],
    "CountryCode": ["fr", "FRA", "UK", "", False],
    "Latitude": [90.1, -91, "48", True],
    "Longitude": [180.5, "2"],
    "Psk": ["short", "", "x" * 65, "0" * 63 + "gg"],
    "NextHop": ["gateway", ["x"], 1],
    "Sponsors": ["a@example.net", [1]],
    "SkyAtpLevel": ["maximum", 1],
    "MatchKey": ["name", "match_", "match_name[0-3]"],
    "VarName": ["corp-vlan", "", "a b"],
    "VarValue": [20, True, None],
}


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in ACCEPTED.items() for value in values])
def test_a_right_value_is_accepted_as_it_is(name: str, value: Any) -> None:
    assert TypeAdapter(getattr(types, name)).validate_python(value, strict=True) == value


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in REFUSED.items() for value in values])
def test_a_wrong_value_is_refused_with_one_message(name: str, value: Any) -> None:
    with pytest.raises(ValidationError) as caught:
        TypeAdapter(getattr(types, name)).validate_python(value, strict=True)
    [error] = caught.value.errors()
    assert error["msg"].startswith("expected ") or error["type"] == "string_type"


def test_a_near_time_zone_is_suggested() -> None:
    with pytest.raises(ValidationError) as caught:
        TypeAdapter(types.TimeZone).validate_python("Europe/Pariss")
    assert caught.value.errors()[0]["ctx"]["hint"] == " Did you mean 'Europe/Paris'?"


@pytest.mark.parametrize(("text", "expected"), [("{{a}}", True), ("x{{ a_1 }}y", True), ("{{}}", False), ("a", False)])
def test_a_site_variable_is_found_inside_a_text(text: str, expected: bool) -> None:
    assert types.has_variable(text) is expected


def test_a_numbers_json_schema_has_its_bounds() -> None:
    assert TypeAdapter(types.VlanId).json_schema()["anyOf"][0] == {"type": "integer", "minimum": 1, "maximum": 4094}
    assert TypeAdapter(types.Number).json_schema()["anyOf"][0] == {"type": "integer"}
