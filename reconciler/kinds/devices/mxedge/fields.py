"""A Mist Edge.

Written by tools/make_models.py from the vendor's OpenAPI document and tools/models.yaml.
"""

from typing import Annotated, Literal

from pydantic import Field

from reconciler.kinds.markers import AsSet, Default
from reconciler.kinds.shared.base import Model, OpenModel
from reconciler.kinds.shared.common import Proxy
from reconciler.kinds.shared.mist_edge import MxedgeMgmt, TuntermMonitor
from reconciler.kinds.shared.tunterm import TuntermDhcpd, TuntermRoute
from reconciler.kinds.shared.types import Host, Mac, SecretText, VlanId


class IgmpQuerier(Model):
    max_response_time: int | None = None
    mtu: int | None = None
    query_interval: int | None = None
    robustness: int | None = Field(None, ge=1, le=7)
    version: int | None = None


class MxEdgeOobIpConfig(Model):
    autoconf6: Annotated[bool, Default(True)] | None = None
    dhcp6: Annotated[bool, Default(True)] | None = None
    dns: (
        Annotated[list[str], Default(["8.8.8.8", "8.8.4.4", "2001:4860:4860::8888", "2001:4860:4860::8844"])] | None
    ) = None
    gateway: str | None = None
    gateway6: str | None = None
    ip: str | None = None
    ip6: str | None = None
    netmask: str | None = None
    netmask6: str | None = None
    type: Annotated[Literal["dhcp", "disabled", "static"], Default("dhcp")] | None = None
    type6: Annotated[Literal["autoconf", "dhcp", "disabled", "static"], Default("autoconf", "dhcp")] | None = None


class TuntermIpConfig(Model):
    gateway: str | None = None
    gateway6: str | None = None
    ip: str | None = None
    ip6: str | None = None
    netmask: str | None = None
    netmask6: str | None = None


class TuntermOtherIpConfig(Model):
    ip: str | None = None
    netmask: str | None = None


class TuntermPorts(Model):
    downstream_ports: list[str] | None = None
    separate_upstream_downstream: Annotated[bool, Default(False)] | None = None
    upstream_port_vlan_id: Annotated[int, Default(1)] | None = None
    upstream_ports: list[str] | None = None


class MxEdgeMulticastVlans(Model):
    enabled: bool | None = None
    vlan_ids: Annotated[list[str], AsSet()] | None = None


class TuntermSwitchPort(Model):
    port_vlan_id: int | None = None
    vlan_ids: Annotated[list[VlanId], AsSet()] | None = None


class IgmpSnooping(Model):
    enabled: Annotated[bool, Default(False)] | None = None
    querier: IgmpQuerier | None = None
    vlan_ids: Annotated[list[Annotated[int, Field(ge=0, le=4096)]], AsSet()] | None = None


class MxEdgeMulticast(Model):
    mdns: MxEdgeMulticastVlans | None = None
    ssdp: MxEdgeMulticastVlans | None = None


class TuntermSwitchPorts(OpenModel):
    __pydantic_extra__: dict[str, TuntermSwitchPort | None]

    enabled: bool | None = None


class MxEdge(Model):
    claim_code: SecretText | None = None
    mac: Mac | None = None
    model: str | None = None
    mxcluster: str | None = Field(None, description="The cluster that it belongs to, by name")
    mxedge_mgmt: MxedgeMgmt | None = None
    name: str = Field(min_length=1)
    note: str | None = None
    notes: str | None = None
    ntp_servers: list[Host] | None = Field(None, description="NTP servers")
    oob_ip_config: MxEdgeOobIpConfig | None = None
    proxy: Proxy | None = None
    services: Annotated[list[str], AsSet()] | None = None
    tunterm_dhcpd_config: TuntermDhcpd | None = None
    tunterm_extra_routes: dict[str, TuntermRoute] | None = None
    tunterm_igmp_snooping_config: IgmpSnooping | None = None
    tunterm_ip_config: TuntermIpConfig | None = None
    tunterm_monitoring: list[TuntermMonitor | list[TuntermMonitor]] | None = None
    tunterm_multicast_config: MxEdgeMulticast | None = None
    tunterm_other_ip_configs: dict[str, TuntermOtherIpConfig] | None = None
    tunterm_port_config: TuntermPorts | None = None
    tunterm_switch_config: TuntermSwitchPorts | None = None
    unassign: bool | None = None
