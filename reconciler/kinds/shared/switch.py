"""Switch configuration that network templates and site settings share: networks, ports, matching, management.

Written by tools/make_models.py from the vendor's OpenAPI document and tools/models.yaml.
"""

from typing import Annotated, Literal

from pydantic import Field

from reconciler.kinds.markers import AsSet, KeyedBy
from reconciler.kinds.shared.base import Model, OpenModel
from reconciler.kinds.shared.radius import SwitchRadius, Tacacs
from reconciler.kinds.shared.types import (
    IpAddress,
    MacLimit,
    MatchKey,
    Mtu,
    Number,
    Port,
    ReauthSeconds,
    SecretText,
    Subnet,
    Uuid,
    VlanId,
)


class DhcpSnooping(Model):
    all_networks: bool | None = None
    enable_arp_spoof_check: bool | None = None
    enable_ip_source_guard: bool | None = None
    enabled: bool | None = None
    networks: Annotated[list[str], AsSet()] | None = None


class LocalAccount(Model):
    password: SecretText | None = None
    role: Literal["admin", "helpdesk", "none", "read"] | None = None


class MatchedIpConfig(Model):
    network: str | None = None
    type: Literal["dhcp", "static"] | None = None


class MatchedOobIpConfig(Model):
    type: Literal["dhcp", "static"] | None = None
    use_mgmt_vrf: bool | None = None
    use_mgmt_vrf_for_host_out: bool | None = None


class PortConfig(Model):
    ae_disable_lacp: bool | None = None
    ae_idx: Number | None = None
    ae_lacp_force_up: bool | None = None
    ae_lacp_passive: bool | None = None
    ae_lacp_slow: bool | None = None
    aggregated: bool | None = None
    critical: bool | None = None
    description: str | None = None
    disable_autoneg: bool | None = None
    duplex: Literal["auto", "full", "half"] | None = None
    dynamic_usage: str | None = None
    esilag: bool | None = None
    mtu: int | None = None
    networks: Annotated[list[str], AsSet()] | None = None
    no_local_overwrite: bool | None = None
    poe_disabled: bool | None = None
    port_network: str | None = None
    speed: Literal["100g", "100m", "10g", "10m", "1g", "2.5g", "25g", "40g", "5g", "auto"] | None = None
    usage: str | None = None


class PortMirroring(Model):
    input_networks_ingress: Annotated[list[str], AsSet()] | None = None
    input_port_ids_egress: Annotated[list[str], AsSet()] | None = None
    input_port_ids_ingress: Annotated[list[str], AsSet()] | None = None
    output_ip_address: str | None = None
    output_network: str | None = None
    output_port_id: str | None = None


class PortUsageRule(Model):
    description: str | None = None
    equals: str | None = None
    equals_any: Annotated[list[str], AsSet()] | None = None
    expression: str | None = None
    src: (
        Literal[
            "link_peermac",
            "lldp_chassis_id",
            "lldp_hardware_revision",
            "lldp_manufacturer_name",
            "lldp_oui",
            "lldp_serial_number",
            "lldp_system_description",
            "lldp_system_name",
            "radius_dynamicfilter",
            "radius_usermac",
            "radius_username",
        ]
        | None
    ) = None
    usage: str | None = None


class StormControl(Model):
    disable_port: bool | None = None
    no_broadcast: bool | None = None
    no_multicast: bool | None = None
    no_registered_multicast: bool | None = None
    no_unknown_unicast: bool | None = None
    percentage: int | None = Field(None, ge=0, le=100)


class ProtectReRule(Model):
    port_range: str | None = None
    protocol: Literal["any", "icmp", "tcp", "udp"] | None = None
    subnets: Annotated[list[Subnet], AsSet()] | None = None


class StpConfig(Model):
    bridge_priority: str | None = None


class SwitchNetwork(Model):
    gateway: IpAddress | None = None
    gateway6: IpAddress | None = None
    isolation: bool | None = None
    isolation_vlan_id: VlanId | None = None
    subnet: Subnet | None = None
    subnet6: Subnet | None = None
    vlan_id: VlanId | None = None


class PortUsage(Model):
    all_networks: bool | None = None
    allow_dhcpd: bool | None = None
    allow_multiple_supplicants: bool | None = None
    bypass_auth_when_server_down: bool | None = None
    bypass_auth_when_server_down_for_unknown_client: bool | None = None
    bypass_auth_when_server_down_for_voip: bool | None = None
    community_vlan_id: VlanId | None = None
    description: str | None = None
    disable_autoneg: bool | None = None
    disabled: bool | None = None
    duplex: Literal["auto", "full", "half"] | None = None
    dynamic_vlan_networks: Annotated[list[str], AsSet()] | None = None
    enable_mac_auth: bool | None = None
    enable_qos: bool | None = None
    guest_network: str | None = None
    inter_isolation_network_link: bool | None = None
    inter_switch_link: bool | None = None
    mac_auth_only: bool | None = None
    mac_auth_preferred: bool | None = None
    mac_auth_protocol: Literal["eap-md5", "eap-peap", "pap"] | None = None
    mac_limit: MacLimit | None = None
    mode: Literal["access", "dynamic", "inet", "trunk"] | None = None
    mtu: Mtu | None = None
    networks: Annotated[list[str], AsSet()] | None = None
    persist_mac: bool | None = None
    poe_disabled: bool | None = None
    poe_keep_state_when_reboot: bool | None = None
    poe_priority: Literal["low", "high"] | None = None
    port_auth: Literal["dot1x", "none"] | None = None
    port_network: str | None = None
    reauth_interval: ReauthSeconds | None = None
    reset_default_when: Literal["link_down", "none"] | None = None
    rules: list[PortUsageRule] | None = None
    server_fail_network: str | None = None
    server_fail_retry_interval: int | None = Field(None, ge=120, le=65535)
    server_reject_network: str | None = None
    speed: Literal["100g", "100m", "10g", "10m", "1g", "2.5g", "25g", "40g", "5g", "auto"] | None = None
    storm_control: StormControl | None = None
    stp_disable: bool | None = None
    stp_edge: bool | None = None
    stp_no_root_port: bool | None = None
    stp_p2p: bool | None = None
    stp_required: bool | None = None
    ui_evpntopo_id: Uuid | None = None
    use_vstp: bool | None = None
    voip_network: str | None = None


class ProtectRe(Model):
    allowed_services: Annotated[list[Literal["icmp", "ssh"]], AsSet()] | None = None
    custom: list[ProtectReRule] | None = None
    enabled: bool | None = None
    hit_count: bool | None = None
    trusted_hosts: Annotated[list[Subnet], AsSet()] | None = None


class SwitchMgmt(Model):
    ap_affinity_threshold: int | None = None
    cli_banner: str | None = None
    cli_idle_timeout: int | None = Field(None, ge=1, le=60)
    config_revert_timer: int | None = Field(None, ge=1, le=30)
    dhcp_option_fqdn: bool | None = None
    disable_oob_down_alarm: bool | None = None
    fips_enabled: bool | None = None
    local_accounts: dict[str, LocalAccount] | None = None
    mxedge_proxy_host: str | None = None
    mxedge_proxy_port: Port | None = None
    protect_re: ProtectRe | None = None
    radius: SwitchRadius | None = None
    remove_existing_configs: bool | None = None
    root_password: SecretText | None = None
    tacacs: Tacacs | None = None
    use_mxedge_proxy: bool | None = None


class SwitchMatchingRule(OpenModel):
    __pydantic_extra__: dict[MatchKey, str | None]

    additional_config_cmds: list[str] | None = None
    default_port_usage: str | None = None
    ip_config: MatchedIpConfig | None = None
    name: str | None = Field(None, min_length=1, max_length=32)
    oob_ip_config: MatchedOobIpConfig | None = None
    port_config: dict[str, PortConfig] | None = None
    port_mirroring: dict[str, PortMirroring] | None = None
    stp_config: StpConfig | None = None
    switch_mgmt: SwitchMgmt | None = None


class SwitchMatching(Model):
    enable: bool | None = None
    rules: Annotated[list[SwitchMatchingRule], KeyedBy("name")] | None = None
