"""EVPN fabrics.

Written by tools/make_models.py from the vendor's OpenAPI document and tools/models.yaml.
"""

from typing import Annotated, Literal

from pydantic import Field

from reconciler.kinds.markers import Default
from reconciler.kinds.shared.base import Model
from reconciler.kinds.shared.common import NamedNetworks


class EvpnOverlay(Model):
    as_: Annotated[int, Default(65000)] | None = Field(None, alias="as", ge=1, le=65535)


class EvpnUnderlay(Model):
    as_base: Annotated[int, Default(65001)] | None = Field(None, ge=1, le=65535)
    routed_id_prefix: str | None = None
    subnet: str | None = None
    use_ipv6: Annotated[bool, Default(False)] | None = None


class EvpnOptions(Model):
    auto_loopback_subnet: Annotated[str, Default("172.16.192.0/24")] | None = None
    auto_loopback_subnet6: Annotated[str, Default("fd33:ab00:2::/64")] | None = None
    auto_router_id_subnet: Annotated[str, Default("172.16.254.0/23")] | None = None
    auto_router_id_subnet6: str | None = None
    core_as_border: Annotated[bool, Default(False)] | None = None
    enable_inband_mgmt: bool | None = None
    enable_inband_ztp: Annotated[bool, Default(False)] | None = None
    overlay: EvpnOverlay | None = None
    per_vlan_vga_v4_mac: Annotated[bool, Default(False)] | None = None
    per_vlan_vga_v6_mac: Annotated[bool, Default(False)] | None = None
    routed_at: Annotated[Literal["core", "distribution", "edge"], Default("edge")] | None = None
    underlay: EvpnUnderlay | None = None
    vs_instances: dict[str, NamedNetworks] | None = None
