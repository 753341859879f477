"""Ports of WAN edges.

Written by tools/make_models.py from the vendor's OpenAPI document and tools/models.yaml.
"""

from typing import Annotated, Literal

from pydantic import Field

from reconciler.kinds.markers import AsSet, Default
from reconciler.kinds.shared.base import Model
from reconciler.kinds.shared.routing import Ipv4Route, Ipv6Route
from reconciler.kinds.shared.types import Ipv4Address, Ipv6Address, Number, SecretText, VlanId


class GatewayPortIpConfig(Model):
    dns: list[str] | None = None
    dns_suffix: list[str] | None = Field(None, description="DNS search domains")
    gateway: str | None = None
    gateway6: str | None = None
    ip: Ipv4Address | None = None
    ip6: Ipv6Address | None = None
    netmask: str | None = None
    netmask6: str | None = None
    network: str | None = None
    poser_password: SecretText | None = None
    pppoe_auth: Annotated[Literal["chap", "none", "pap"], Default("none")] | None = None
    pppoe_username: str | None = None
    type: Annotated[Literal["dhcp", "pppoe", "static"], Default("dhcp")] | None = None
    type6: Annotated[Literal["autoconf", "dhcp", "static"], Default("autoconf")] | None = None


class TrafficShaping(Model):
    class_percentages: list[int] | None = None
    enabled: Annotated[bool, Default(False)] | None = None
    max_tx_kbps: int | None = None


class WanProbeOverride(Model):
    ip6s: list[str] | None = None
    ips: list[str] | None = None
    probe_profile: Annotated[Literal["broadband", "lte"], Default("broadband")] | None = None


class WanSourceNat(Model):
    disabled: Annotated[bool, Default(False)] | None = None
    nat6_pool: str | None = None
    nat_pool: str | None = None


class GatewayVpnPath(Model):
    bfd_profile: Annotated[Literal["broadband", "lte"], Default("broadband")] | None = None
    bfd_use_tunnel_mode: Annotated[bool, Default(False)] | None = None
    preference: int | None = None
    role: Annotated[Literal["hub", "mesh", "spoke"], Default("spoke")] | None = None
    traffic_shaping: TrafficShaping | None = None


class GatewayPort(Model):
    ae_disable_lacp: Annotated[bool, Default(False)] | None = None
    ae_idx: str | None = None
    ae_lacp_force_up: Annotated[bool, Default(False)] | None = None
    aggregated: Annotated[bool, Default(False)] | None = None
    critical: Annotated[bool, Default(False)] | None = None
    description: str | None = None
    disable_autoneg: Annotated[bool, Default(False)] | None = None
    disabled: Annotated[bool, Default(False)] | None = None
    dsl_type: Annotated[Literal["adsl", "vdsl"], Default("vdsl")] | None = None
    dsl_vci: Annotated[int, Default(35)] | None = None
    dsl_vpi: Annotated[int, Default(0)] | None = None
    duplex: Annotated[Literal["auto", "full", "half"], Default("auto")] | None = None
    ip_config: GatewayPortIpConfig | None = None
    lte_apn: str | None = None
    lte_auth: Annotated[Literal["chap", "none", "pap"], Default("none")] | None = None
    lte_backup: bool | None = None
    lte_password: SecretText | None = None
    lte_username: str | None = None
    mtu: Annotated[int, Default(1514)] | None = None
    name: str | None = None
    networks: Annotated[list[str], AsSet()] | None = None
    outer_vlan_id: int | None = None
    poe_disabled: Annotated[bool, Default(False)] | None = None
    poe_keep_state_when_reboot: Annotated[bool, Default(False)] | None = None
    port_network: str | None = None
    preserve_dscp: Annotated[bool, Default(True)] | None = None
    redundant: bool | None = None
    redundant_group: int | None = Field(None, ge=1, le=128)
    reth_idx: Number | None = None
    reth_node: str | None = None
    reth_nodes: list[str] | None = None
    speed: Annotated[str, Default("auto")] | None = None
    ssr_no_virtual_mac: Annotated[bool, Default(False)] | None = None
    svr_port_range: Annotated[str, Default("none")] | None = None
    traffic_shaping: TrafficShaping | None = None
    usage: Literal["ha_control", "ha_data", "lan", "wan"] | None = None
    vlan_id: VlanId | None = None
    vpn_paths: dict[str, GatewayVpnPath] | None = None
    wan_arp_policer: Annotated[Literal["default", "max", "recommended"], Default("default")] | None = None
    wan_ext_ip: str | None = None
    wan_ext_ip6: str | None = None
    wan_extra_routes: dict[str, Ipv4Route] | None = None
    wan_extra_routes6: dict[str, Ipv6Route] | None = None
    wan_networks: Annotated[list[str], AsSet()] | None = None
    wan_probe_override: WanProbeOverride | None = None
    wan_source_nat: WanSourceNat | None = None
    wan_speedtest_mode: Annotated[Literal["auto", "disabled", "enabled"], Default("auto")] | None = None
    wan_type: Annotated[Literal["broadband", "dsl", "lte"], Default("broadband")] | None = None
