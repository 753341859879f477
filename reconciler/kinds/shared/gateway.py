"""Configuration of WAN edges (gateways) inside a site setting.

Written by tools/make_models.py from the vendor's OpenAPI document and tools/models.yaml.
"""

from typing import Annotated, Literal

from pydantic import Field

from reconciler.kinds.markers import AsSet, Default, KeyedBy
from reconciler.kinds.shared.base import Model, OpenModel
from reconciler.kinds.shared.common import NamedNetworks, Toggle
from reconciler.kinds.shared.gateway_networks import Network
from reconciler.kinds.shared.gateway_policies import IdpProfile, ServicePolicy
from reconciler.kinds.shared.gateway_ports import GatewayPort
from reconciler.kinds.shared.gateway_tunnels import TunnelConfig, TunnelProviderOptions
from reconciler.kinds.shared.routing import BgpConfig, Ipv4Route, Ipv6Route, RoutingPolicy
from reconciler.kinds.shared.switch import ProtectRe
from reconciler.kinds.shared.types import (
    Host,
    IpAddress,
    Ipv4Address,
    Ipv6Address,
    MatchKey,
    SecretText,
    TimeOfDay,
    VlanId,
)


class AppProbingCustomApp(Model):
    address: str | None = None
    app_type: str | None = None
    hostnames: Annotated[list[str], AsSet()] | None = None
    key: str | None = None
    name: str | None = None
    network: str | None = None
    packet_size: int | None = Field(None, alias="packetSize", ge=0, le=65400)
    protocol: Annotated[Literal["http", "icmp"], Default("http")] | None = None
    url: str | None = None
    vrf: str | None = None


class AutoSignatureUpdate(Model):
    day_of_week: Literal["any", "fri", "mon", "sat", "sun", "thu", "tue", "wed"] | None = None
    enable: Annotated[bool, Default(True)] | None = None
    time_of_day: TimeOfDay | None = None


class DhcpdFixedBinding(Model):
    ip: str | None = None
    ip6: str | None = None
    name: str | None = None


class DhcpdOption(Model):
    type: Literal["boolean", "hex", "int16", "int32", "ip", "string", "uint16", "uint32"] | None = None
    value: str | None = None


class GatewayIpConfig(Model):
    ip: Ipv4Address | None = None
    ip6: Ipv6Address | None = None
    netmask: str | None = None
    netmask6: str | None = None
    secondary_ips: list[str] | None = None
    type: Annotated[Literal["dhcp", "static"], Default("dhcp")] | None = None
    type6: Annotated[Literal["autoconf", "dhcp", "disabled", "static"], Default("disabled")] | None = None


class GatewayMatchingRule(OpenModel):
    __pydantic_extra__: dict[MatchKey, str | None]

    additional_config_cmds: list[str] | None = Field(
        None, description="Lines of Junos configuration (set commands), applied last"
    )
    name: str | None = None
    port_config: dict[str, GatewayPort] | None = None


class GatewayOobIpNode(Model):
    gateway: str | None = None
    ip: str | None = None
    netmask: str | None = None
    type: Annotated[Literal["dhcp", "static"], Default("dhcp")] | None = None
    use_mgmt_vrf: Annotated[bool, Default(False)] | None = None
    use_mgmt_vrf_for_host_out: Annotated[bool, Default(False)] | None = None
    vlan_id: VlanId | None = None


class PathPreference(Model):
    cost: int | None = None
    disabled: bool | None = None
    gateway_ip: str | None = None
    internet_access: bool | None = None
    name: str | None = None
    networks: Annotated[list[str], AsSet()] | None = None
    target_ips: list[str] | None = None
    type: Literal["local", "tunnel", "vpn", "wan"] | None = None
    wan_name: str | None = None


class AppProbing(Model):
    apps: Annotated[list[str], AsSet()] | None = None
    custom_apps: Annotated[list[AppProbingCustomApp], KeyedBy("name", ordered=False)] | None = None
    enabled: bool | None = None


class DhcpdNetwork(Model):
    dns_servers: list[IpAddress] | None = Field(None, description="DNS servers")
    dns_suffix: list[str] | None = Field(None, description="DNS search domains")
    fixed_bindings: dict[str, DhcpdFixedBinding] | None = None
    gateway: str | None = None
    ip6_end: str | None = None
    ip6_start: str | None = None
    ip_end: str | None = None
    ip_start: str | None = None
    lease_time: Annotated[int, Default(86400)] | None = Field(None, ge=3600, le=604800)
    options: dict[str, DhcpdOption] | None = None
    server_id_override: Annotated[bool, Default(False)] | None = None
    servers: list[str] | None = None
    serversv6: list[str] | None = None
    type: Annotated[Literal["local", "none", "relay"], Default("local")] | None = None
    type6: Annotated[Literal["local", "none", "relay"], Default("none")] | None = None
    vendor_encapsulated: dict[str, DhcpdOption] | None = None


class GatewayMatching(Model):
    enable: bool | None = None
    rules: Annotated[list[GatewayMatchingRule], KeyedBy("name")] | None = None


class GatewayOobIpConfig(Model):
    gateway: str | None = None
    ip: str | None = None
    netmask: str | None = None
    node1: GatewayOobIpNode | None = None
    type: Annotated[Literal["dhcp", "static"], Default("dhcp")] | None = None
    use_mgmt_vrf: Annotated[bool, Default(True, False)] | None = None
    use_mgmt_vrf_for_host_out: Annotated[bool, Default(False)] | None = None
    vlan_id: VlanId | None = None


class PathPreferences(Model):
    paths: list[PathPreference] | None = None
    strategy: Annotated[Literal["ecmp", "ordered", "weighted"], Default("ordered")] | None = None


class GatewayMgmt(Model):
    admin_sshkeys: Annotated[list[str], AsSet()] | None = None
    app_probing: AppProbing | None = None
    app_usage: bool | None = None
    auto_signature_update: AutoSignatureUpdate | None = None
    config_revert_timer: Annotated[int, Default(10)] | None = Field(None, ge=1, le=30)
    disable_console: Annotated[bool, Default(False)] | None = None
    disable_oob: Annotated[bool, Default(False)] | None = None
    disable_usb: Annotated[bool, Default(False)] | None = None
    fips_enabled: Annotated[bool, Default(False)] | None = None
    probe_hosts: list[Ipv4Address] | None = None
    probe_hostsv6: list[Ipv6Address] | None = None
    protect_re: ProtectRe | None = None
    root_password: SecretText | None = None
    security_log_source_address: Ipv4Address | None = None
    security_log_source_interface: str | None = None


class DhcpdConfig(OpenModel):
    __pydantic_extra__: dict[str, DhcpdNetwork | None]

    enabled: Annotated[bool, Default(True)] | None = None


class Gateway(Model):
    additional_config_cmds: list[str] | None = Field(
        None, description="Lines of Junos configuration (set commands), applied last"
    )
    bgp_config: dict[str, BgpConfig] | None = Field(None, description="BGP groups by name")
    dhcpd_config: DhcpdConfig | None = None
    dns_override: Annotated[bool, Default(False)] | None = Field(None, alias="dnsOverride")
    dns_servers: list[IpAddress] | None = Field(None, description="DNS servers")
    dns_suffix: list[str] | None = Field(None, description="DNS search domains")
    extra_routes: dict[str, Ipv4Route] | None = Field(None, description="Static IPv4 routes; keys are destinations")
    extra_routes6: dict[str, Ipv6Route] | None = Field(None, description="Static IPv6 routes; keys are destinations")
    gateway_matching: GatewayMatching | None = None
    gateway_mgmt: GatewayMgmt | None = None
    idp_profiles: dict[str, IdpProfile] | None = None
    ip_configs: dict[str, GatewayIpConfig] | None = None
    name: str | None = None
    networks: Annotated[list[Network], KeyedBy("name", ordered=False)] | None = None
    ntp_override: Annotated[bool, Default(False)] | None = Field(None, alias="ntpOverride")
    ntp_servers: list[Host] | None = Field(None, description="NTP servers")
    oob_ip_config: GatewayOobIpConfig | None = None
    path_preferences: dict[str, PathPreferences] | None = None
    port_config: dict[str, GatewayPort] | None = None
    router_id: str | None = None
    routing_policies: dict[str, RoutingPolicy] | None = Field(None, description="Routing policies by name")
    service_policies: Annotated[list[ServicePolicy], KeyedBy("name", "servicepolicy")] | None = None
    ssr_additional_config_cmds: list[str] | None = None
    tunnel_configs: dict[str, TunnelConfig] | None = None
    tunnel_provider_options: TunnelProviderOptions | None = None
    type: Annotated[Literal["spoke", "standalone"], Default("standalone")] | None = None
    url_filtering_deny_msg: Annotated[str, Default("Access to this URL Category has been blocked")] | None = None
    vrf_config: Toggle | None = Field(None, description="Whether routing instances are used")
    vrf_instances: dict[str, NamedNetworks] | None = Field(None, description="Routing instances by name")
