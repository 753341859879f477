"""A network template, the configuration that switches of many sites share.

Written by tools/make_models.py from the vendor's OpenAPI document and tools/models.yaml.
"""

from typing import Annotated

from pydantic import Field

from reconciler.kinds.markers import AsSet, KeyedBy
from reconciler.kinds.shared.acl import AclPolicy, AclTagDefinition
from reconciler.kinds.shared.base import Model
from reconciler.kinds.shared.common import Toggle
from reconciler.kinds.shared.radius import RadiusConfig, SwitchMistNac
from reconciler.kinds.shared.routing import ExtraRoute, OspfArea, SwitchBgpConfig, SwitchRoutingPolicy, VrfInstance
from reconciler.kinds.shared.snmp import SnmpConfig
from reconciler.kinds.shared.switch import (
    DhcpSnooping,
    PortMirroring,
    PortUsage,
    SwitchMatching,
    SwitchMgmt,
    SwitchNetwork,
)
from reconciler.kinds.shared.syslog import RemoteSyslog
from reconciler.kinds.shared.types import Host, IpAddress


class NetworkTemplate(Model):
    acl_policies: Annotated[list[AclPolicy], KeyedBy("name")] | None = None
    acl_tags: dict[str, AclTagDefinition] | None = None
    additional_config_cmds: list[str] | None = None
    bgp_config: dict[str, SwitchBgpConfig] | None = None
    dhcp_snooping: DhcpSnooping | None = None
    dns_servers: list[IpAddress] | None = None
    dns_suffix: list[str] | None = None
    extra_routes: dict[str, ExtraRoute] | None = None
    extra_routes6: dict[str, ExtraRoute] | None = None
    import_org_networks: Annotated[list[str], AsSet()] | None = None
    mist_nac: SwitchMistNac | None = None
    name: str = Field(min_length=1)
    networks: dict[str, SwitchNetwork] | None = None
    ntp_servers: list[Host] | None = None
    ospf_areas: dict[str, OspfArea] | None = None
    port_mirroring: dict[str, PortMirroring] | None = None
    port_usages: dict[str, PortUsage] | None = None
    radius_config: RadiusConfig | None = None
    remote_syslog: RemoteSyslog | None = None
    remove_existing_configs: bool | None = None
    routing_policies: dict[str, SwitchRoutingPolicy] | None = None
    snmp_config: SnmpConfig | None = None
    switch_matching: SwitchMatching | None = None
    switch_mgmt: SwitchMgmt | None = None
    vrf_config: Toggle | None = None
    vrf_instances: dict[str, VrfInstance] | None = None
