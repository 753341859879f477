"""Ports of WAN edges.

Written by tools/make_models.py from the vendor's OpenAPI document and tools/models.yaml.
"""

from typing import Annotated, Literal

from pydantic import Field

from reconciler.kinds.markers import AsSet
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
    pppoe_auth: Literal["chap", "none", "pap"] | None = None
    pppoe_username: str | None = None
    type: Literal["dhcp", "pppoe", "static"] | None = None
    type6: Literal["autoconf", "dhcp", "static"] | None = None


class TrafficShaping(Model):
    class_percentages: list[int] | None = None
    enabled: bool | None = None
    max_tx_kbps: int | None = None


class WanProbeOverride(Model):
    ip6s: list[str] | None = None
    ips: list[str] | None = None
    probe_profile: Literal["broadband", "lte"] | None = None


class WanSourceNat(Model):
    disabled: bool | None = None
    nat6_pool: str | None = None
    nat_pool: str | None = None


class GatewayVpnPath(Model):
    bfd_profile: Literal["broadband", "lte"] | None = None
    bfd_use_tunnel_mode: bool | None = None
    preference: int | None = None
    role: Literal["hub", "mesh", "spoke"] | None = None
    traffic_shaping: TrafficShaping | None = None


class GatewayPort(Model):
    ae_disable_lacp: bool | None = None
    ae_idx: str | None = None
    ae_lacp_force_up: bool | None = None
    aggregated: bool | None = None
    critical: bool | None = None
    description: str | None = None
    disable_autoneg: bool | None = None
    disabled: bool | None = None
    dsl_type: Literal["adsl", "vdsl"] | None = None
    dsl_vci: int | None = None
    dsl_vpi: int | None = None
    duplex: Literal["auto", "full", "half"] | None = None
    ip_config: GatewayPortIpConfig | None = None
    lte_apn: str | None = None
    lte_auth: Literal["chap", "none", "pap"] | None = None
    lte_backup: bool | None = None
    lte_password: SecretText | None = None
    lte_username: str | None = None
    mtu: int | None = None
    name: str | None = None
    networks: Annotated[list[str], AsSet()] | None = None
    outer_vlan_id: int | None = None
    poe_disabled: bool | None = None
    poe_keep_state_when_reboot: bool | None = None
    port_network: str | None = None
    preserve_dscp: bool | None = None
    redundant: bool | None = None
    redundant_group: int | None = Field(None, ge=1, le=128)
    reth_idx: Number | None = None
    reth_node: str | None = None
    reth_nodes: list[str] | None = None
    speed: str | None = None
    ssr_no_virtual_mac: bool | None = None
    svr_port_range: str | None = None
    traffic_shaping: TrafficShaping | None = None
    usage: Literal["ha_control", "ha_data", "lan", "wan"] | None = None
    vlan_id: VlanId | None = None
    vpn_paths: dict[str, GatewayVpnPath] | None = None
    wan_arp_policer: Literal["default", "max", "recommended"] | None = None
    wan_ext_ip: str | None = None
    wan_ext_ip6: str | None = None
    wan_extra_routes: dict[str, Ipv4Route] | None = None
    wan_extra_routes6: dict[str, Ipv6Route] | None = None
    wan_networks: Annotated[list[str], AsSet()] | None = None
    wan_probe_override: WanProbeOverride | None = None
    wan_source_nat: WanSourceNat | None = None
    wan_speedtest_mode: Literal["auto", "disabled", "enabled"] | None = None
    wan_type: Literal["broadband", "dsl", "lte"] | None = None
