"""RADIUS, RadSec, TACACS+ and NAC servers.

Written by tools/make_models.py from the vendor's OpenAPI document and tools/models.yaml.
"""

from typing import Annotated, Literal

from pydantic import Field

from reconciler.kinds.markers import AsSet, KeyedBy
from reconciler.kinds.shared.base import Model
from reconciler.kinds.shared.types import Host, IpAddress, Ipv4Address, Number, Port, SecretText, Uuid


class RadiusAcctServer(Model):
    host: Host | None = None
    keywrap_enabled: bool | None = None
    keywrap_format: Literal["ascii", "hex"] | None = None
    keywrap_kek: SecretText | None = None
    keywrap_mack: SecretText | None = None
    port: Port | None = None
    secret: SecretText | None = None


class RadiusAuthServer(Model):
    host: Host | None = None
    keywrap_enabled: bool | None = None
    keywrap_format: Literal["ascii", "hex"] | None = None
    keywrap_kek: SecretText | None = None
    keywrap_mack: SecretText | None = None
    port: Port | None = None
    require_message_authenticator: bool | None = None
    secret: SecretText | None = None


class CoaServer(Model):
    disable_event_timestamp_check: bool | None = None
    enabled: bool | None = None
    ip: Ipv4Address | None = None
    port: Port | None = None
    secret: SecretText | None = None


class MistNac(Model):
    acct_interim_interval: int | None = Field(None, ge=0, le=65535)
    auth_servers_retries: int | None = Field(None, ge=1, le=10)
    auth_servers_timeout: int | None = Field(None, ge=1, le=30)
    coa_enabled: bool | None = None
    coa_port: int | None = Field(None, ge=1, le=65535)
    enabled: bool | None = None
    fast_dot1x_timers: bool | None = None
    network: str | None = None
    source_ip: str | None = None


class RadsecServer(Model):
    host: Host | None = None
    port: int | None = Field(None, ge=1, le=65535)


class SwitchMistNac(Model):
    enabled: bool | None = None
    network: str | None = None


class TacacsServer(Model):
    host: Host | None = None
    port: Port | None = None
    secret: SecretText | None = None
    timeout: int | None = None


class ApRadiusConfig(Model):
    acct_interim_interval: int | None = Field(None, ge=0, le=65535)
    acct_servers: Annotated[list[RadiusAcctServer], KeyedBy("host", "port")] | None = None
    auth_servers: Annotated[list[RadiusAuthServer], KeyedBy("host", "port")] | None = None
    auth_servers_retries: int | None = None
    auth_servers_timeout: int | None = None
    coa_enabled: bool | None = None
    coa_port: int | None = Field(None, ge=1, le=65535)
    network: str | None = None
    source_ip: IpAddress | None = None


class RadiusConfig(Model):
    acct_immediate_update: bool | None = None
    acct_interim_interval: int | None = Field(None, ge=0, le=65535)
    acct_servers: Annotated[list[RadiusAcctServer], KeyedBy("host", "port")] | None = None
    auth_server_selection: Literal["ordered", "unordered"] | None = None
    auth_servers: Annotated[list[RadiusAuthServer], KeyedBy("host", "port")] | None = None
    auth_servers_retries: int | None = None
    auth_servers_timeout: int | None = None
    coa_enabled: bool | None = None
    coa_port: Port | None = None
    fast_dot1x_timers: bool | None = None
    network: str | None = None
    source_ip: IpAddress | None = None


class Radsec(Model):
    coa_enabled: bool | None = None
    enabled: bool | None = None
    idle_timeout: Number | None = None
    mxcluster_ids: Annotated[list[Uuid], AsSet()] | None = None
    proxy_hosts: list[str] | None = None
    server_name: str | None = None
    servers: Annotated[list[RadsecServer], KeyedBy("host", "port")] | None = None
    use_mxedge: bool | None = None
    use_site_mxedge: bool | None = None


class Tacacs(Model):
    acct_servers: Annotated[list[TacacsServer], KeyedBy("host", "port")] | None = None
    default_role: Literal["admin", "helpdesk", "none", "read"] | None = None
    enabled: bool | None = None
    network: str | None = None
    tacplus_servers: Annotated[list[TacacsServer], KeyedBy("host", "port")] | None = None


class SwitchRadius(Model):
    enabled: bool | None = None
    radius_config: RadiusConfig | None = None
    use_different_radius: str | None = None
