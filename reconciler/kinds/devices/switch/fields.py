"""A switch, or a virtual chassis.

Written by tools/make_models.py from the vendor's OpenAPI document and tools/models.yaml.
"""

from typing import Annotated

from pydantic import Field

from reconciler.kinds.markers import Default, KeyedBy
from reconciler.kinds.shared.acl import AclPolicy, AclTagDefinition
from reconciler.kinds.shared.base import Model
from reconciler.kinds.shared.common import Toggle
from reconciler.kinds.shared.radius import RadiusConfig, SwitchMistNac
from reconciler.kinds.shared.routing import (
    AggregateRoute,
    ExtraRoute,
    OspfArea,
    SwitchBgpConfig,
    SwitchRoutingPolicy,
    VrfInstance,
)
from reconciler.kinds.shared.snmp import SnmpConfig
from reconciler.kinds.shared.switch import (
    DhcpSnooping,
    PortConfig,
    PortMirroring,
    PortUsage,
    StpConfig,
    SwitchMgmt,
    SwitchNetwork,
)
from reconciler.kinds.shared.switch_device import (
    JunosIpConfig,
    LocalPortConfig,
    OtherIpConfig,
    PortOverwrite,
    SwitchDhcpd,
    SwitchIotPort,
    SwitchOobIpConfig,
    SwitchOspf,
    VirtualChassis,
    VrrpConfig,
)
from reconciler.kinds.shared.syslog import RemoteSyslog
from reconciler.kinds.shared.types import Host, IpAddress, Mac, SecretText, VarName, VarValue


class Switch(Model):
    acl_policies: Annotated[list[AclPolicy], KeyedBy("name")] | None = Field(
        None, description="ACL policies, evaluated in order; stateless, so that the way back needs its own"
    )
    acl_tags: dict[str, AclTagDefinition] | None = Field(
        None, description="ACL tags by name; shared ones (acl_tags files) need not be repeated here"
    )
    additional_config_cmds: list[str] | None = Field(
        None, description="Lines of Junos configuration (set commands), applied last"
    )
    aggregate_routes: dict[str, AggregateRoute] | None = None
    aggregate_routes6: dict[str, AggregateRoute] | None = None
    bgp_config: dict[str, SwitchBgpConfig] | None = Field(None, description="BGP groups by name")
    claim_code: SecretText | None = Field(
        None, description="Claims it first, where the organisation has not yet; it may stay in the file"
    )
    default_port_usage: Annotated[str, Default("default")] | None = None
    deviceprofile: str | None = None
    dhcp_snooping: DhcpSnooping | None = Field(None, description="DHCP snooping and what builds on it")
    dhcpd_config: SwitchDhcpd | None = None
    disable_auto_config: Annotated[bool, Default(False)] | None = None
    dns_servers: list[IpAddress] | None = Field(None, description="DNS servers")
    dns_suffix: list[str] | None = Field(None, description="DNS search domains")
    extra_routes: dict[str, ExtraRoute] | None = Field(None, description="Static IPv4 routes; keys are destinations")
    extra_routes6: dict[str, ExtraRoute] | None = Field(None, description="Static IPv6 routes; keys are destinations")
    iot_config: dict[str, SwitchIotPort] | None = None
    ip_config: JunosIpConfig | None = None
    local_port_config: dict[str, LocalPortConfig] | None = None
    mac: Mac = Field(min_length=1)
    managed: Annotated[bool, Default(False)] | None = None
    map: str | None = None
    mist_configured: bool | None = None
    mist_nac: SwitchMistNac | None = None
    name: str | None = None
    networks: dict[str, SwitchNetwork] | None = None
    notes: str | None = None
    ntp_servers: list[Host] | None = Field(None, description="NTP servers")
    oob_ip_config: SwitchOobIpConfig | None = None
    ospf_areas: dict[str, OspfArea] | None = Field(None, description="OSPF areas by number")
    ospf_config: SwitchOspf | None = None
    other_ip_configs: dict[str, OtherIpConfig] | None = None
    port_config: dict[str, PortConfig] | None = None
    port_config_overwrite: dict[str, PortOverwrite] | None = None
    port_mirroring: dict[str, PortMirroring] | None = Field(None, description="Mirror sessions by name")
    port_usages: dict[str, PortUsage] | None = Field(None, description="Port profiles by name: what a port is used for")
    radius_config: RadiusConfig | None = Field(None, description="RADIUS servers for 802.1X on switch ports")
    remote_syslog: RemoteSyslog | None = Field(None, description="Where logs are sent")
    replaces: Mac | None = Field(
        None, description="MAC address of the device at this site whose place and configuration it takes"
    )
    role: str | None = None
    router_id: str | None = None
    routing_policies: dict[str, SwitchRoutingPolicy] | None = Field(None, description="Routing policies by name")
    snmp_config: SnmpConfig | None = Field(None, description="SNMP")
    stp_config: StpConfig | None = None
    switch_mgmt: SwitchMgmt | None = Field(None, description="Access to switches")
    unassign: bool | None = Field(None, description="It leaves this site, and stays in the organisation")
    use_router_id_as_source_ip: Annotated[bool, Default(False)] | None = None
    vars: dict[VarName, VarValue] | None = None
    virtual_chassis: VirtualChassis | None = None
    vrf_config: Toggle | None = Field(None, description="Whether routing instances are used")
    vrf_instances: dict[str, VrfInstance] | None = Field(None, description="Routing instances by name")
    vrrp_config: VrrpConfig | None = None
    x: float | None = None
    y: float | None = None
