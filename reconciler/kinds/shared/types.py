"""Types of single values, each with one clear message: what a model's field may hold beyond a plain text or number.

Wherever the cloud takes text it also takes site variables, alone or inside a text (`{{corp_vlan}}`,
`{{branch_ip}}.182`); ranges and formats are checked for literals only. Patterns run in pydantic's core; what a
pattern can't say is checked by a function, for the few values that need it.
"""

import re
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Annotated, Any, Literal

from msgspec import Struct
from pydantic import AfterValidator, Field, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from reconciler.kinds.markers import AsSet, Expects, MacText, NumberText, Sensitive
from reconciler.kinds.shared.countries import CountryCodes
from reconciler.kinds.shared.texts import (
    VARIABLE,
    is_address,
    is_ipv4,
    is_ipv6,
    is_number,
    is_subnet,
    is_time_zone,
    is_vlan_range,
    is_whole_url,
    time_zones,
)

IP = "an IP address such as 10.0.0.1 or 2001:db8::1"
IPV4 = "an IPv4 address such as 10.0.0.1"
IPV6 = "an IPv6 address such as 2001:db8::1"
SUBNET = "a subnet such as 10.1.0.0/16"
ZONE = "a time zone of the IANA database such as Europe/Paris"


class Told(Struct, frozen=True):
    """Replaces the core's messages for a type by one of ours: `an unfit value: expected {expected}`."""

    rule: str
    expected: str

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Wrap the schema of the type that this mark stands on."""
        return core_schema.custom_error_schema(
            handler(source), custom_error_type=self.rule, custom_error_message=f"expected {self.expected}"
        )


class Numeric(Struct, frozen=True):
    """A whole number, written as a number or as text, or a text with a site variable. Bounds hold for literals."""

    expected: str
    low: int | None = None
    high: int | None = None

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Replace the schema of `int | str`: the number first, because it is the common case."""
        number = core_schema.int_schema(strict=True, ge=self.low, le=self.high)
        text = core_schema.no_info_after_validator_function(
            self._check, core_schema.str_schema(strict=True, pattern=rf"^-?[0-9]{{1,12}}$|{VARIABLE}")
        )
        return core_schema.custom_error_schema(
            core_schema.union_schema([number, text], mode="left_to_right"),
            custom_error_type="number",
            custom_error_message=f"expected {self.expected}, or a text with a site variable such as {{{{name}}}}",
        )

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """An integer with its bounds, or text."""
        bounds = {"minimum": self.low, "maximum": self.high}
        return {
            "anyOf": [
                {"type": "integer", **{key: value for key, value in bounds.items() if value is not None}},
                {"type": "string", "pattern": rf"^-?[0-9]{{1,12}}$|{VARIABLE}"},
            ]
        }

    def _check(self, text: str) -> str:
        if not is_number(text, self.low, self.high):
            raise ValueError(self.expected)
        return text


def _ip_address(text: str) -> str:
    return _must(is_address(text), text, "ip_address", IP)


def _ipv4_address(text: str) -> str:
    return _must(is_ipv4(text), text, "ip_address", IPV4)


def _ipv6_address(text: str) -> str:
    return _must(is_ipv6(text), text, "ip_address", IPV6)


def _subnet(text: str) -> str:
    return _must(is_subnet(text), text, "subnet", SUBNET)


def _must(fits: bool, text: str, rule: Literal["ip_address", "subnet"], expected: str) -> str:
    if not fits:
        raise PydanticCustomError(rule, "expected {expected}", {"expected": expected})
    return text


def _time_zone(text: str) -> str:
    if is_time_zone(text):
        return text
    near = get_close_matches(text, sorted(time_zones()), n=1)
    hint = f" Did you mean {near[0]!r}?" if near else ""
    raise PydanticCustomError("time_zone", "expected {expected}", {"expected": ZONE, "hint": hint})


def _url(text: str) -> str:
    if not is_whole_url(text):
        raise ValueError(text)
    return text


def _vlan_range(text: str) -> str:
    if not is_vlan_range(text):
        raise ValueError(text)
    return text


CHECKED: Mapping[Any, str] = {
    _ip_address: "is_address",
    _ipv4_address: "is_ipv4",
    _ipv6_address: "is_ipv6",
    _subnet: "is_subnet",
    _time_zone: "is_time_zone",
    _url: "is_whole_url",
    _vlan_range: "is_vlan_range",
}
"""The functions of these types, and what of `reconciler.kinds.shared.texts` each of them asks."""

_MAC = r"^(?:[0-9A-Fa-f]{2}[:-]?){5}[0-9A-Fa-f]{2}$|^(?:[0-9A-Fa-f]{4}\.){2}[0-9A-Fa-f]{4}$"
_UUID = r"^[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}$"
_TIME = r"^(?:any|(?:[01][0-9]|2[0-3]):[0-5][0-9])$"
_RANGE = r"^[0-9]{1,5}(?:-[0-9]{1,5})?$"

VlanId = Annotated[int | str, Numeric("a VLAN id from 1 to 4094", 1, 4094)]
VlanNumber = Annotated[int, Field(ge=1, le=4094), Told("vlan_id", "a VLAN id from 1 to 4094, as a number")]
VlanIds = Annotated[
    Annotated[list[VlanId], AsSet()]
    | Annotated[str, Field(pattern=rf"^[0-9]{{1,4}}(?:\s*[,-]\s*[0-9]{{1,4}})*$|{VARIABLE}")],
    Told("vlan_ids", "VLAN ids from 1 to 4094, such as [10, 20] or '10,20'"),
]
VlanRange = Annotated[
    Annotated[int, Field(ge=1, le=4094)]
    | Annotated[str, Field(pattern=rf"^[0-9]{{1,4}}(?:\s*-\s*[0-9]{{1,4}})?$|{VARIABLE}"), AfterValidator(_vlan_range)],
    Told("vlan_range", "a VLAN id from 1 to 4094, or a range such as '10-20'"),
]
Port = Annotated[int | str, Numeric("a port from 1 to 65535", 1, 65535)]
PortNumber = Annotated[int, Field(ge=1, le=65535), Told("port", "a port from 1 to 65535, as a number")]
AsNumber = Annotated[int | str, Numeric("an AS number from 1 to 4294967295", 1, 4294967295)]
Dscp = Annotated[int | str, Numeric("a DSCP value from 0 to 63", 0, 63)]
KbpsLimit = Annotated[int | str, Numeric("kbit/s from 1 to 999000", 1, 999000)]
MacLimit = Annotated[int | str, Numeric("a number of MAC addresses from 0 to 16383", 0, 16383)]
Mtu = Annotated[int | str, Numeric("an MTU from 256 to 9216", 256, 9216)]
ReauthSeconds = Annotated[int | str, Numeric("seconds from 10 to 65535", 10, 65535)]
LinkMinutes = Annotated[int | str, Numeric("minutes from 5 to 60", 5, 60)]
GbpTag = Annotated[int | str, Numeric("a group-based policy tag from 1 to 65535", 1, 65535)]
Milliseconds = Annotated[int | str, Numeric("milliseconds from 0 to 2147483647", 0, 2147483647)]
Percent = Annotated[int | str, Numeric("a percentage from 0 to 100", 0, 100)]
Number = Annotated[int | str, Numeric("a whole number")]
NumberAsText = Annotated[str, NumberText()]

Mac = Annotated[
    str, Field(pattern=f"{_MAC}|{VARIABLE}"), Told("mac", "a MAC address such as 48:50:73:e0:12:34"), MacText()
]
MacOrText = Annotated[str, MacText()]
Uuid = Annotated[
    str, Field(pattern=f"{_UUID}|{VARIABLE}"), Told("uuid", "an id such as 203d3d02-dbc0-4c1b-9f41-76896a3330f4")
]
Itself = Annotated[
    bool | Annotated[str, Field(pattern=f"{_UUID}|{VARIABLE}")],
    Told("itself", "`true` for the organisation itself, or its id"),
]
IpAddress = Annotated[str, AfterValidator(_ip_address), Expects(IP)]
Ipv4Address = Annotated[str, AfterValidator(_ipv4_address), Expects(IPV4)]
Ipv6Address = Annotated[str, AfterValidator(_ipv6_address), Expects(IPV6)]
Subnet = Annotated[str, AfterValidator(_subnet), Expects(SUBNET)]
Host = Annotated[
    str,
    Field(pattern=rf"^[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_.])?$|^[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*$|{VARIABLE}"),
    Told("host", "a host name or an IP address"),
]
Url = Annotated[
    str,
    Field(pattern=rf"^https?://[^\s/?#]+\S*$|{VARIABLE}"),
    AfterValidator(_url),
    Told("url", "a URL that begins with https:// or http://"),
]
TimeOfDay = Annotated[str, Field(pattern=f"{_TIME}|{VARIABLE}"), Told("time_of_day", "HH:MM (24 hours), or any")]
PortRange = Annotated[
    str,
    Field(pattern=f"{_RANGE}|{VARIABLE}"),
    Told("port_range", "a port such as '443', a range such as '8000-8080', or '0'"),
]
Protocol = Annotated[
    str,
    Field(
        pattern=rf"^(?:any|tcp|udp|icmp|icmp6|gre|https|[1-9]|[1-9][0-9]|1[0-9][0-9]|2[0-4][0-9]|25[0-4])$|{VARIABLE}"
    ),
    Told("protocol", "tcp, udp, icmp, icmp6, gre, any, or a protocol number from '1' to '254'"),
]
TimeZone = Annotated[str, AfterValidator(_time_zone), Expects(ZONE)]
CountryCode = Annotated[
    CountryCodes,
    Told("country_code", "an ISO 3166 country code of two capital letters such as FR (the United Kingdom is GB)"),
]
Latitude = Annotated[float, Field(ge=-90, le=90), Told("latitude", "a latitude from -90 to 90")]
Longitude = Annotated[float, Field(ge=-180, le=180), Told("longitude", "a longitude from -180 to 180")]
SecretText = Annotated[str, Sensitive()]
Psk = Annotated[
    str,
    Sensitive(),
    Field(pattern=rf"^[\x20-\x7e]{{8,63}}$|^[0-9A-Fa-f]{{64}}$|{VARIABLE}"),
    Told("psk", "8 to 63 printable characters, or 64 hexadecimal digits"),
]
WebhookUrl = Annotated[
    str,
    Field(pattern=rf"^https?://[^\s/?#]+\S*$|^arn:\S+$|^projects/\S+$|{VARIABLE}"),
    AfterValidator(_url),
    Told("url", "a URL that begins with https:// or http://"),
]
NextHop = Annotated[IpAddress | list[IpAddress], Told("next_hop", "the IP address of a next hop, or a list of them")]
Sponsors = Annotated[list[str] | dict[str, str], Told("sponsors", "e-mail addresses, or a map of address to name")]
SkyAtpLevel = Annotated[
    Literal["default", "disabled", "enabled", "standard", "strict"] | dict[str, Any],
    Told("sky_atp", "disabled, enabled, default, standard or strict, or a map"),
]
MatchKey = Annotated[
    str,
    Field(pattern=r"^match_\w+(?:\[[0-9]*:[0-9]*\])?$"),
    Told("match_key", "a known field, or a condition such as match_name[0:3], match_model or match_role"),
]
VarValue = Annotated[str, Told("variable_value", "a text; put numbers in quotes")]
VarName = Annotated[str, Field(pattern=r"^\w+$"), Told("variable", "a variable's name: letters, digits and _")]

_VARIABLE = re.compile(VARIABLE)


def has_variable(text: str) -> bool:
    """Whether a text holds a site variable."""
    return bool(_VARIABLE.search(text))
