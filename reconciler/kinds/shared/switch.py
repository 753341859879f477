"""Switch configuration that network templates and site settings share: networks, ports, matching, management.

Written by tools/make_models.py from the vendor's OpenAPI document and tools/models.yaml.
"""

from typing import Annotated, Literal

from pydantic import Field

from reconciler.kinds.markers import AsSet, Default, KeyedBy
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
    all_networks: bool | None = Field(None, description="On every network")
    enable_arp_spoof_check: bool | None = None
    enable_ip_source_guard: bool | None = None
    enabled: bool | None = None
    networks: Annotated[list[str], AsSet()] | None = Field(None, description="On these networks")


class LocalAccount(Model):
    password: SecretText | None = Field(None, description="The user's password")
    role: Annotated[Literal["admin", "helpdesk", "none", "read"], Default("none")] | None = Field(
        None, description="What the user may do"
    )


class MatchedIpConfig(Model):
    network: str | None = None
    type: Annotated[Literal["dhcp", "static"], Default("dhcp")] | None = None


class MatchedOobIpConfig(Model):
    type: Annotated[Literal["dhcp", "static"], Default("dhcp")] | None = None
    use_mgmt_vrf: Annotated[bool, Default(False)] | None = None
    use_mgmt_vrf_for_host_out: Annotated[bool, Default(False)] | None = None


class PortConfig(Model):
    ae_disable_lacp: bool | None = None
    ae_idx: Number | None = Field(None, description="Number of the aggregate")
    ae_lacp_force_up: bool | None = None
    ae_lacp_passive: bool | None = None
    ae_lacp_slow: bool | None = None
    aggregated: Annotated[bool, Default(False)] | None = Field(None, description="The ports form one aggregate")
    critical: Annotated[bool, Default(False)] | None = Field(None, description="Alert when the port goes down")
    description: str | None = Field(None, description="Description of the ports")
    disable_autoneg: Annotated[bool, Default(False)] | None = None
    duplex: Annotated[Literal["auto", "full", "half"], Default("auto")] | None = None
    dynamic_usage: str | None = None
    esilag: bool | None = None
    mtu: Annotated[int, Default(1514)] | None = None
    networks: Annotated[list[str], AsSet()] | None = None
    no_local_overwrite: Annotated[bool, Default(False, True)] | None = None
    poe_disabled: Annotated[bool, Default(False)] | None = None
    port_network: str | None = None
    speed: (
        Annotated[Literal["100g", "100m", "10g", "10m", "1g", "2.5g", "25g", "40g", "5g", "auto"], Default("auto")]
        | None
    ) = None
    usage: str | None = Field(None, description="Name of the port usage")


class PortMirroring(Model):
    input_networks_ingress: Annotated[list[str], AsSet()] | None = None
    input_port_ids_egress: Annotated[list[str], AsSet()] | None = None
    input_port_ids_ingress: Annotated[list[str], AsSet()] | None = None
    output_ip_address: str | None = None
    output_network: str | None = None
    output_port_id: str | None = None


class PortUsageRule(Model):
    description: str | None = None
    equals: str | None = Field(None, description="The text that it equals")
    equals_any: Annotated[list[str], AsSet()] | None = Field(None, description="Any of these texts")
    expression: str | None = Field(None, description="Which part of the text is compared, such as [0:3] or split(-)[1]")
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
            "radius_group",
            "radius_usermac",
            "radius_username",
        ]
        | None
    ) = Field(None, description="What is looked at")
    usage: str | None = Field(None, description="The port usage to apply")


class StormControl(Model):
    disable_port: Annotated[bool, Default(False)] | None = None
    no_broadcast: Annotated[bool, Default(False)] | None = None
    no_multicast: Annotated[bool, Default(False)] | None = None
    no_registered_multicast: Annotated[bool, Default(False)] | None = None
    no_unknown_unicast: Annotated[bool, Default(False)] | None = None
    percentage: Annotated[int, Default(80)] | None = Field(None, ge=0, le=100)


class ProtectReRule(Model):
    port_range: Annotated[str, Default("0")] | None = None
    protocol: Annotated[Literal["any", "icmp", "tcp", "udp"], Default("any")] | None = None
    subnets: Annotated[list[Subnet], AsSet()] | None = None


class StpConfig(Model):
    bridge_priority: Annotated[str, Default("32k")] | None = None


class SwitchNetwork(Model):
    """One network or VLAN."""

    gateway: IpAddress | None = Field(None, description="IPv4 gateway")
    gateway6: IpAddress | None = Field(None, description="IPv6 gateway")
    isolation: Annotated[bool, Default(False)] | None = Field(
        None, description="Clients reach the uplink only (private VLAN)"
    )
    isolation_vlan_id: VlanId | None = None
    subnet: Subnet | None = Field(None, description="IPv4 subnet, where the switch routes")
    subnet6: Subnet | None = Field(None, description="IPv6 subnet, where the switch routes")
    vlan_id: VlanId | None = Field(None, description="VLAN id, or a site variable")


class PortUsage(Model):
    """What a switch port is used for."""

    all_networks: Annotated[bool, Default(False)] | None = Field(None, description="A trunk carries every network")
    allow_dhcpd: bool | None = None
    allow_multiple_supplicants: Annotated[bool, Default(False)] | None = None
    bypass_auth_when_server_down: Annotated[bool, Default(False)] | None = Field(
        None, description="Let clients in while no RADIUS server answers"
    )
    bypass_auth_when_server_down_for_unknown_client: Annotated[bool, Default(False)] | None = None
    bypass_auth_when_server_down_for_voip: Annotated[bool, Default(False)] | None = None
    community_vlan_id: VlanId | None = None
    description: str | None = Field(None, description="Description of the ports")
    disable_autoneg: Annotated[bool, Default(False)] | None = None
    disabled: Annotated[bool, Default(False)] | None = Field(None, description="Ports are administratively down")
    duplex: Annotated[Literal["auto", "full", "half"], Default("auto")] | None = Field(None, description="Duplex mode")
    dynamic_vlan_networks: Annotated[list[str], AsSet()] | None = None
    enable_mac_auth: Annotated[bool, Default(False)] | None = Field(
        None, description="Authenticate by MAC address, for clients without 802.1X"
    )
    enable_qos: Annotated[bool, Default(False)] | None = None
    guest_network: str | None = Field(None, description="Network of clients that fail or skip 802.1X")
    inter_isolation_network_link: Annotated[bool, Default(False)] | None = None
    inter_switch_link: Annotated[bool, Default(False)] | None = Field(None, description="A link between switches")
    mac_auth_only: Annotated[bool, Default(False)] | None = Field(None, description="Authenticate by MAC address only")
    mac_auth_preferred: bool | None = None
    mac_auth_protocol: Annotated[Literal["eap-md5", "eap-peap", "pap"], Default("eap-md5")] | None = Field(
        None, description="Protocol of MAC authentication"
    )
    mac_limit: Annotated[MacLimit, Default(0)] | None = Field(
        None, description="How many MAC addresses a port may learn; 0 for no limit"
    )
    mode: Annotated[Literal["access", "dynamic", "inet", "trunk"], Default("access")] | None = Field(
        None, description="Access, trunk, or dynamic by rules"
    )
    mtu: Annotated[Mtu, Default(1514)] | None = Field(None, description="Largest frame, in bytes")
    networks: Annotated[list[str], AsSet()] | None = Field(None, description="Tagged networks of a trunk")
    persist_mac: Annotated[bool, Default(False)] | None = Field(
        None, description="Keep learnt MAC addresses over a restart"
    )
    poe_disabled: Annotated[bool, Default(False)] | None = Field(None, description="No power over Ethernet")
    poe_keep_state_when_reboot: Annotated[bool, Default(False)] | None = None
    poe_priority: Literal["low", "high"] | None = Field(None, description="Who keeps power when it runs short")
    port_auth: Literal["dot1x", "none"] | None = Field(None, description="802.1X on the port")
    port_network: str | None = Field(None, description="The untagged network, a key of networks")
    reauth_interval: Annotated[ReauthSeconds, Default(3600)] | None = Field(
        None, description="Seconds between 802.1X authentications"
    )
    reset_default_when: Annotated[Literal["link_down", "none"], Default("link_down")] | None = Field(
        None, description="When a dynamic port goes back to its default"
    )
    rules: list[PortUsageRule] | None = Field(
        None, description="Which usage a device gets, for mode dynamic; the first that fits"
    )
    server_fail_network: str | None = Field(None, description="Network while no RADIUS server answers")
    server_fail_retry_interval: Annotated[int, Default(120)] | None = Field(
        None, ge=120, le=65535, description="Seconds until a failed RADIUS server is tried again"
    )
    server_reject_network: str | None = Field(None, description="Network after a reject")
    speed: (
        Annotated[Literal["100g", "100m", "10g", "10m", "1g", "2.5g", "25g", "40g", "5g", "auto"], Default("auto")]
        | None
    ) = Field(None, description="Port speed")
    storm_control: StormControl | None = Field(None, description="Limits for broadcast, multicast and unknown unicast")
    stp_disable: Annotated[bool, Default(False)] | None = None
    stp_edge: Annotated[bool, Default(False)] | None = Field(None, description="End devices only (edge port)")
    stp_no_root_port: Annotated[bool, Default(False)] | None = None
    stp_p2p: Annotated[bool, Default(False)] | None = None
    stp_required: Annotated[bool, Default(False)] | None = None
    ui_evpntopo_id: Uuid | None = None
    use_vstp: Annotated[bool, Default(False)] | None = None
    voip_network: str | None = Field(None, description="Network of phones")


class ProtectRe(Model):
    allowed_services: Annotated[list[Literal["icmp", "ssh"]], AsSet()] | None = None
    custom: list[ProtectReRule] | None = None
    enabled: Annotated[bool, Default(False)] | None = None
    hit_count: Annotated[bool, Default(False)] | None = None
    trusted_hosts: Annotated[list[Subnet], AsSet()] | None = None


class SwitchMgmt(Model):
    ap_affinity_threshold: Annotated[int, Default(12, 10)] | None = None
    cli_banner: str | None = Field(None, description="Text shown at login")
    cli_idle_timeout: int | None = Field(None, ge=1, le=60, description="Minutes until an idle session ends")
    config_revert_timer: Annotated[int, Default(10)] | None = Field(
        None, ge=1, le=30, description="Minutes until an unconfirmed change is rolled back"
    )
    dhcp_option_fqdn: Annotated[bool, Default(False)] | None = None
    disable_oob_down_alarm: bool | None = None
    fips_enabled: Annotated[bool, Default(False)] | None = None
    local_accounts: dict[str, LocalAccount] | None = Field(None, description="Local users by name")
    mxedge_proxy_host: str | None = None
    mxedge_proxy_port: Annotated[Port, Default(2222)] | None = None
    protect_re: ProtectRe | None = Field(None, description="What may reach the switch itself")
    radius: SwitchRadius | None = Field(None, description="RADIUS for switch logins")
    remove_existing_configs: Annotated[bool, Default(False)] | None = Field(
        None, description="Remove what is configured on a device and not here"
    )
    root_password: SecretText | None = Field(None, description="Password of root")
    tacacs: Tacacs | None = Field(None, description="TACACS+ for switch logins")
    use_mxedge_proxy: bool | None = None


class SwitchMatchingRule(OpenModel):
    """One rule. Conditions are keys such as match_name[0:3], match_model and match_role."""

    __pydantic_extra__: dict[MatchKey, str | None]

    additional_config_cmds: list[str] | None = Field(
        None, description="Lines of Junos configuration (set commands) for switches that fit"
    )
    default_port_usage: Annotated[str, Default("default")] | None = None
    ip_config: MatchedIpConfig | None = None
    name: str | None = Field(
        None, min_length=1, max_length=32, description="Name of the rule; default is reserved for the last one"
    )
    oob_ip_config: MatchedOobIpConfig | None = None
    port_config: dict[str, PortConfig] | None = Field(
        None, description="Port usages by port or range, such as ge-0/0/0-23"
    )
    port_mirroring: dict[str, PortMirroring] | None = Field(None, description="Mirror sessions by name")
    stp_config: StpConfig | None = None
    switch_mgmt: SwitchMgmt | None = Field(None, description="Access to switches")


class SwitchMatching(Model):
    """Rules that assign ports to switches."""

    enable: bool | None = Field(None, description="Whether the rules are used")
    rules: Annotated[list[SwitchMatchingRule], KeyedBy("name")] | None = Field(
        None, description="The first rule that fits a switch applies"
    )
