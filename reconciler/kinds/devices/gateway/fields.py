"""A WAN edge (gateway), or a cluster of two.

Written by tools/make_models.py from the vendor's OpenAPI document and tools/models.yaml.
"""

from typing import Annotated

from pydantic import Field

from reconciler.kinds.markers import KeyedBy
from reconciler.kinds.shared.base import Model
from reconciler.kinds.shared.common import NamedNetworks, Toggle
from reconciler.kinds.shared.gateway import (
    DhcpdConfig,
    GatewayIpConfig,
    GatewayMgmt,
    GatewayOobIpConfig,
    PathPreferences,
)
from reconciler.kinds.shared.gateway_networks import Network
from reconciler.kinds.shared.gateway_policies import IdpProfile, ServicePolicy
from reconciler.kinds.shared.gateway_ports import GatewayPort
from reconciler.kinds.shared.gateway_tunnels import TunnelConfig, TunnelProviderOptions
from reconciler.kinds.shared.routing import BgpConfig, Ipv4Route, Ipv6Route, RoutingPolicy
from reconciler.kinds.shared.types import Host, IpAddress, Mac, SecretText, VarName, VarValue


class GatewayPortMirror(Model):
    family_type: str | None = None
    ingress_port_ids: list[str] | None = None
    output_port_id: str | None = None
    rate: int | None = None
    run_length: int | None = Field(None, ge=0)


class GatewayPortMirroring(Model):
    port_mirror: GatewayPortMirror | None = None


class WanEdge(Model):
    additional_config_cmds: list[str] | None = Field(
        None, description="Lines of Junos configuration (set commands), applied last"
    )
    bgp_config: dict[str, BgpConfig] | None = Field(None, description="BGP groups by name")
    claim_code: SecretText | None = Field(
        None, description="Claims it first, where the organisation has not yet; it may stay in the file"
    )
    deviceprofile: str | None = None
    dhcpd_config: DhcpdConfig | None = None
    dns_servers: list[IpAddress] | None = Field(None, description="DNS servers")
    dns_suffix: list[str] | None = Field(None, description="DNS search domains")
    extra_routes: dict[str, Ipv4Route] | None = Field(None, description="Static IPv4 routes; keys are destinations")
    extra_routes6: dict[str, Ipv6Route] | None = Field(None, description="Static IPv6 routes; keys are destinations")
    gateway_mgmt: GatewayMgmt | None = None
    idp_profiles: dict[str, IdpProfile] | None = None
    ip_configs: dict[str, GatewayIpConfig] | None = None
    mac: Mac = Field(min_length=1)
    managed: bool | None = None
    map: str | None = None
    mist_configured: bool | None = None
    name: str | None = None
    networks: Annotated[list[Network], KeyedBy("name", ordered=False)] | None = None
    notes: str | None = None
    ntp_servers: list[Host] | None = Field(None, description="NTP servers")
    oob_ip_config: GatewayOobIpConfig | None = None
    path_preferences: dict[str, PathPreferences] | None = None
    port_config: dict[str, GatewayPort] | None = None
    port_mirroring: GatewayPortMirroring | None = Field(None, description="Mirror sessions by name")
    replaces: Mac | None = Field(
        None, description="MAC address of the device at this site whose place and configuration it takes"
    )
    router_id: str | None = None
    routing_policies: dict[str, RoutingPolicy] | None = Field(None, description="Routing policies by name")
    service_policies: Annotated[list[ServicePolicy], KeyedBy("name", "servicepolicy")] | None = None
    ssr_additional_config_cmds: list[str] | None = None
    tunnel_configs: dict[str, TunnelConfig] | None = None
    tunnel_provider_options: TunnelProviderOptions | None = None
    unassign: bool | None = Field(None, description="It leaves this site, and stays in the organisation")
    url_filtering_deny_msg: str | None = None
    vars: dict[VarName, VarValue] | None = None
    vrf_config: Toggle | None = Field(None, description="Whether routing instances are used")
    vrf_instances: dict[str, NamedNetworks] | None = Field(None, description="Routing instances by name")
    x: float | None = None
    y: float | None = None
