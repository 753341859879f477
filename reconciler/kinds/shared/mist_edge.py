"""Mist Edges and their tunnels.

Written by tools/make_models.py from the vendor's OpenAPI document and tools/models.yaml.
"""

from typing import Annotated, Literal

from pydantic import Field

from reconciler.kinds.markers import AsSet, Default, KeyedBy
from reconciler.kinds.shared.base import Model
from reconciler.kinds.shared.radius import RadiusAcctServer, RadiusAuthServer
from reconciler.kinds.shared.types import Host, SecretText, Subnet, TimeOfDay, VlanNumber


class MxtunnelCluster(Model):
    name: str | None = None
    tunterm_hosts: list[str] | None = None


class AutoPreemption(Model):
    day_of_week: Literal["any", "fri", "mon", "sat", "sun", "thu", "tue", "wed"] | None = None
    enabled: Annotated[bool, Default(False)] | None = None
    time_of_day: Annotated[TimeOfDay, Default("any")] | None = None


class MxedgeDasCoaServer(Model):
    disable_event_timestamp_check: Annotated[bool, Default(False)] | None = None
    enabled: bool | None = None
    host: Host | None = None
    port: Annotated[int, Default(3799)] | None = None
    require_message_authenticator: Annotated[bool, Default(False)] | None = None
    secret: SecretText | None = None


class MxedgeMgmt(Model):
    config_auto_revert: Annotated[bool, Default(False)] | None = None
    fips_enabled: Annotated[bool, Default(False)] | None = None
    mist_password: SecretText | None = None
    oob_ip_type: Annotated[Literal["dhcp", "disabled", "static"], Default("dhcp")] | None = None
    oob_ip_type6: Annotated[Literal["autoconf", "dhcp", "disabled", "static"], Default("autoconf")] | None = None
    root_password: SecretText | None = None


class MxedgeNacClient(Model):
    require_message_authenticator: Annotated[bool, Default(False)] | None = None
    secret: SecretText | None = None
    site: str | None = None
    vendor: (
        Literal[
            "aruba",
            "brocade",
            "cisco-aironet",
            "cisco-dnac",
            "cisco-ios",
            "cisco-meraki",
            "generic",
            "juniper",
            "paloalto",
        ]
        | None
    ) = None


class MxedgeRadsecAcctServer(Model):
    host: Host | None = None
    port: Annotated[int, Default(1813)] | None = None
    secret: SecretText | None = None
    ssids: Annotated[list[str], AsSet()] | None = None


class MxedgeRadsecAuthServer(Model):
    host: Host | None = None
    inband_status_check: Annotated[bool, Default(False)] | None = None
    inband_status_interval: Annotated[int, Default(300)] | None = Field(None, ge=0)
    keywrap_enabled: bool | None = None
    keywrap_format: Annotated[Literal["ascii", "hex"], Default("ascii")] | None = None
    keywrap_kek: SecretText | None = None
    keywrap_mack: SecretText | None = None
    port: Annotated[int, Default(1812)] | None = None
    retry: Annotated[int, Default(2)] | None = None
    secret: SecretText | None = None
    ssids: Annotated[list[str], AsSet()] | None = None
    timeout: Annotated[int, Default(5)] | None = None


class MxtunnelRadsec(Model):
    acct_servers: Annotated[list[RadiusAcctServer], KeyedBy("host", "port")] | None = None
    auth_servers: Annotated[list[RadiusAuthServer], KeyedBy("host", "port")] | None = None
    enabled: Annotated[bool, Default(False)] | None = None
    use_mxedge: bool | None = None


class NacEdge(Model):
    auth_ttl: Annotated[int, Default(604800)] | None = Field(None, ge=60, le=2592000)
    caching_sites: Annotated[list[str], AsSet()] | None = None
    default_dot1x_vlan: str | None = None
    default_vlan: str | None = None
    enabled: bool | None = None
    mxedge_hosts: list[str] | None = None


class TuntermMonitor(Model):
    host: Host | None = None
    port: int | None = None
    protocol: Literal["arp", "ping", "tcp"] | None = None
    src_vlan_id: VlanNumber | None = None
    timeout: Annotated[int, Default(300)] | None = None


class TuntermMulticastVlans(Model):
    enabled: Annotated[bool, Default(False)] | None = None
    vlan_ids: Annotated[list[int], AsSet()] | None = None


class AdditionalMxtunnel(Model):
    clusters: Annotated[list[MxtunnelCluster], KeyedBy("name")] | None = None
    hello_interval: Annotated[int, Default(60)] | None = Field(None, ge=1, le=300)
    hello_retries: Annotated[int, Default(7)] | None = Field(None, ge=2, le=30)
    protocol: Literal["ip", "udp"] | None = None
    vlan_ids: Annotated[list[int], AsSet()] | None = None


class MxedgeDas(Model):
    coa_servers: Annotated[list[MxedgeDasCoaServer], KeyedBy("host", "port")] | None = None
    enabled: Annotated[bool, Default(False)] | None = None


class MxedgeNac(Model):
    acct_server_port: Annotated[int, Default(1813)] | None = None
    auth_server_port: Annotated[int, Default(1812)] | None = None
    client_ips: dict[str, MxedgeNacClient] | None = None
    enabled: Annotated[bool, Default(False)] | None = None
    secret: SecretText | None = None


class MxedgeRadsec(Model):
    acct_servers: Annotated[list[MxedgeRadsecAcctServer], KeyedBy("host", "port")] | None = None
    auth_servers: Annotated[list[MxedgeRadsecAuthServer], KeyedBy("host", "port")] | None = None
    enabled: bool | None = None
    match_ssid: bool | None = None
    nas_ip_source: (
        Annotated[Literal["any", "oob", "oob6", "tunnel", "tunnel6"], Default("passthrough", "any")] | None
    ) = None
    proxy_hosts: list[str] | None = None
    server_selection: Annotated[Literal["ordered", "unordered"], Default("ordered")] | None = None
    src_ip_source: Annotated[Literal["any", "oob", "oob6", "tunnel", "tunnel6"], Default("any")] | None = None


class TuntermMulticast(Model):
    mdns: TuntermMulticastVlans | None = None
    multicast_all: Annotated[bool, Default(False)] | None = None
    ssdp: TuntermMulticastVlans | None = None


class SiteMxtunnel(Model):
    additional_mxtunnels: dict[str, AdditionalMxtunnel] | None = None
    ap_subnets: Annotated[list[Subnet], AsSet()] | None = None
    auto_preemption: AutoPreemption | None = None
    clusters: Annotated[list[MxtunnelCluster], KeyedBy("name")] | None = None
    enabled: bool | None = None
    hello_interval: Annotated[int, Default(60)] | None = Field(None, ge=1, le=300)
    hello_retries: Annotated[int, Default(7)] | None = Field(None, ge=2, le=30)
    hosts: list[str] | None = None
    mtu: Annotated[int, Default(0)] | None = Field(None, ge=0, le=1500)
    protocol: Annotated[Literal["ip", "udp"], Default("udp")] | None = None
    radsec: MxtunnelRadsec | None = None
    vlan_ids: Annotated[list[int], AsSet()] | None = None


class SiteMxedge(Model):
    mist_das: MxedgeDas | None = None
    mist_nac: MxedgeNac | None = None
    mist_nacedge: NacEdge | None = None
    radsec: MxedgeRadsec | None = None
