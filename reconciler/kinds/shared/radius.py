"""RADIUS, RadSec, TACACS+ and NAC servers.

Written by tools/make_models.py from the vendor's OpenAPI document and tools/models.yaml.
"""

from typing import Annotated, Literal

from pydantic import Field

from reconciler.kinds.markers import AsSet, Default, KeyedBy
from reconciler.kinds.shared.base import Model
from reconciler.kinds.shared.types import Host, IpAddress, Ipv4Address, Number, Port, SecretText


class RadiusAcctServer(Model):
    """A RADIUS accounting server."""

    host: Host | None = Field(None, description="Host name or address")
    keywrap_enabled: bool | None = None
    keywrap_format: Literal["ascii", "hex"] | None = None
    keywrap_kek: SecretText | None = None
    keywrap_mack: SecretText | None = None
    port: Port | None = Field(None, description="UDP port; 1813 when not given")
    secret: SecretText | None = Field(None, description="Shared secret")


class RadiusAuthServer(Model):
    """A RADIUS authentication server."""

    host: Host | None = Field(None, description="Host name or address")
    keywrap_enabled: bool | None = None
    keywrap_format: Literal["ascii", "hex"] | None = None
    keywrap_kek: SecretText | None = None
    keywrap_mack: SecretText | None = None
    port: Port | None = Field(None, description="UDP port; 1812 when not given")
    require_message_authenticator: Annotated[bool, Default(False)] | None = Field(
        None, description="Refuse answers without a Message-Authenticator"
    )
    secret: SecretText | None = Field(None, description="Shared secret")


class CoaServer(Model):
    """A server that may send changes of authorisation."""

    disable_event_timestamp_check: Annotated[bool, Default(False)] | None = None
    enabled: Annotated[bool, Default(False)] | None = None
    ip: Ipv4Address | None = Field(None, description="Its address")
    port: Port | None = Field(None, description="UDP port; 3799 when not given")
    secret: SecretText | None = Field(None, description="Shared secret")


class MistNac(Model):
    acct_interim_interval: Annotated[int, Default(0)] | None = Field(None, ge=0, le=65535)
    auth_servers_retries: Annotated[int, Default(2)] | None = Field(None, ge=1, le=10)
    auth_servers_timeout: Annotated[int, Default(5)] | None = Field(None, ge=1, le=30)
    coa_enabled: Annotated[bool, Default(False)] | None = None
    coa_port: int | None = Field(None, ge=1, le=65535)
    enabled: Annotated[bool, Default(False)] | None = None
    fast_dot1x_timers: Annotated[bool, Default(False)] | None = None
    network: str | None = None
    source_ip: str | None = None


class RadsecServer(Model):
    host: Host | None = None
    port: int | None = Field(None, ge=1, le=65535)


class SwitchMistNac(Model):
    enabled: bool | None = None
    network: str | None = None


class TacacsServer(Model):
    host: Host | None = Field(None, description="Host name or address")
    port: Port | None = None
    secret: SecretText | None = Field(None, description="Shared secret")
    timeout: Annotated[int, Default(10)] | None = None


class ApRadiusConfig(Model):
    acct_interim_interval: Annotated[int, Default(0)] | None = Field(None, ge=0, le=65535)
    acct_servers: Annotated[list[RadiusAcctServer], KeyedBy("host", "port")] | None = None
    auth_servers: Annotated[list[RadiusAuthServer], KeyedBy("host", "port")] | None = None
    auth_servers_retries: Annotated[int, Default(3)] | None = None
    auth_servers_timeout: Annotated[int, Default(5)] | None = None
    coa_enabled: Annotated[bool, Default(False)] | None = None
    coa_port: Annotated[int, Default(3799)] | None = Field(None, ge=1, le=65535)
    network: str | None = None
    source_ip: IpAddress | None = None


class RadiusConfig(Model):
    acct_immediate_update: bool | None = None
    acct_interim_interval: Annotated[int, Default(0)] | None = Field(None, ge=0, le=65535)
    acct_servers: Annotated[list[RadiusAcctServer], KeyedBy("host", "port")] | None = Field(
        None, description="Accounting servers, the first is the primary"
    )
    auth_server_selection: Annotated[Literal["ordered", "unordered"], Default("ordered")] | None = Field(
        None, description="In order, or spread"
    )
    auth_servers: Annotated[list[RadiusAuthServer], KeyedBy("host", "port")] | None = Field(
        None, description="Authentication servers, the first is the primary"
    )
    auth_servers_retries: Annotated[int, Default(3)] | None = Field(None, description="How often to ask again")
    auth_servers_timeout: Annotated[int, Default(5)] | None = Field(None, description="Seconds to wait for an answer")
    coa_enabled: Annotated[bool, Default(False)] | None = Field(None, description="Accept changes of authorisation")
    coa_port: Port | None = Field(None, description="Port for changes of authorisation")
    fast_dot1x_timers: Annotated[bool, Default(False)] | None = None
    network: str | None = Field(None, description="Network from which RADIUS is reached")
    source_ip: IpAddress | None = Field(None, description="Address that requests come from")


class Radsec(Model):
    coa_enabled: Annotated[bool, Default(False)] | None = None
    enabled: bool | None = None
    idle_timeout: Annotated[Number, Default(60)] | None = None
    mxclusters: Annotated[list[str], AsSet()] | None = None
    proxy_hosts: list[str] | None = None
    server_name: str | None = None
    servers: Annotated[list[RadsecServer], KeyedBy("host", "port")] | None = None
    use_mxedge: bool | None = None
    use_site_mxedge: Annotated[bool, Default(False)] | None = None


class Tacacs(Model):
    acct_servers: Annotated[list[TacacsServer], KeyedBy("host", "port")] | None = None
    default_role: Annotated[Literal["admin", "helpdesk", "none", "read"], Default("none")] | None = None
    enabled: bool | None = None
    network: str | None = None
    tacplus_servers: Annotated[list[TacacsServer], KeyedBy("host", "port")] | None = None


class SwitchRadius(Model):
    enabled: bool | None = None
    radius_config: RadiusConfig | None = Field(None, description="RADIUS servers for 802.1X on switch ports")
    use_different_radius: str | None = None
