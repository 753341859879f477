"""What a WLAN does to traffic: limits, quality of service, Bonjour, rates, Hotspot 2.0, integrations.

Written by tools/make_models.py from the vendor's OpenAPI document and tools/models.yaml.
"""

from typing import Annotated, Any, Literal

from pydantic import Field

from reconciler.kinds.markers import AsSet, Default
from reconciler.kinds.shared.base import Model
from reconciler.kinds.shared.types import Dscp, SecretText, Subnet, Url, VlanIds


class Airwatch(Model):
    api_key: SecretText | None = None
    console_url: Url | None = None
    enabled: Annotated[bool, Default(False)] | None = None
    password: SecretText | None = None
    username: str | None = None


class AppLimit(Model):
    apps: dict[str, int] | None = None
    enabled: Annotated[bool, Default(False)] | None = None
    wxtags: dict[str, int] | None = None


class AppQosApp(Model):
    dscp: Dscp | None = None
    dst_subnet: str | None = None
    src_subnet: str | None = None


class AppQosOther(Model):
    dscp: Dscp | None = None
    dst_subnet: str | None = None
    port_ranges: str | None = None
    protocol: str | None = None
    src_subnet: str | None = None


class BonjourService(Model):
    disable_local: Annotated[bool, Default(False)] | None = None
    radius_groups: Annotated[list[str], AsSet()] | None = None
    scope: Annotated[Literal["same_ap", "same_map", "same_site"], Default("same_site")] | None = None


class CiscoCwa(Model):
    allowed_hostnames: Annotated[list[str], AsSet()] | None = None
    allowed_subnets: Annotated[list[Subnet], AsSet()] | None = None
    blocked_subnets: Annotated[list[Subnet], AsSet()] | None = None
    enabled: Annotated[bool, Default(False)] | None = None


class DataRates(Model):
    eht: str | None = None
    he: str | None = None
    ht: str | None = None
    legacy: (
        Annotated[
            list[
                Literal[
                    "1",
                    "11",
                    "11b",
                    "12",
                    "12b",
                    "18",
                    "18b",
                    "1b",
                    "2",
                    "24",
                    "24b",
                    "2b",
                    "36",
                    "36b",
                    "48",
                    "48b",
                    "5.5",
                    "5.5b",
                    "54",
                    "54b",
                    "6",
                    "6b",
                    "9",
                    "9b",
                ]
            ],
            AsSet(),
        ]
        | None
    ) = None
    min_rssi: Annotated[int, Default(0)] | None = None
    template: (
        Annotated[Literal["compatible", "custom", "high-density", "legacy-only", "no-legacy"], Default("compatible")]
        | None
    ) = None
    vht: str | None = None


class DhcpOption82(Model):
    circuit_id: str | None = None
    enabled: Annotated[bool, Default(False)] | None = None


class DnsServerRewrite(Model):
    enabled: Annotated[bool, Default(False)] | None = None
    radius_groups: dict[str, str] | None = None


class Hotspot20(Model):
    domain_name: list[str] | None = None
    enabled: bool | None = None
    nai_realms: list[str | dict[str, Any]] | None = None
    operators: (
        Annotated[
            list[
                Literal[
                    "ameriband",
                    "att",
                    "boingo",
                    "charter",
                    "eduroam",
                    "global_reach",
                    "google",
                    "hughes_systique",
                    "openroaming_legacy",
                    "openroaming_settled",
                    "openroaming_settlement_free",
                    "single_digits",
                    "tmobile",
                    "verizon",
                ]
            ],
            AsSet(),
        ]
        | None
    ) = None
    rcoi: list[str] | None = None
    venue_name: str | None = None


class WlanQos(Model):
    class_: Annotated[Literal["background", "best_effort", "video", "voice"], Default("best_effort")] | None = Field(
        None, alias="class"
    )
    overwrite: Annotated[bool, Default(False)] | None = None


class AppQos(Model):
    apps: dict[str, AppQosApp] | None = None
    enabled: Annotated[bool, Default(False)] | None = None
    others: list[AppQosOther] | None = None


class Bonjour(Model):
    additional_vlan_ids: VlanIds | None = None
    disable_local: bool | None = None
    enabled: Annotated[bool, Default(False)] | None = None
    services: dict[str, BonjourService] | None = None
