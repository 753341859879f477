"""A WxLAN tunnel (L2TPv3) from access points.

Written by tools/make_models.py from the vendor's OpenAPI document and tools/models.yaml.
"""

from typing import Annotated, Literal

from pydantic import Field

from reconciler.kinds.markers import Default, KeyedBy
from reconciler.kinds.shared.base import Model
from reconciler.kinds.shared.types import SecretText


class WxTunnelDmvpn(Model):
    enabled: Annotated[bool, Default(False)] | None = None
    holding_time: Annotated[int, Default(600)] | None = None
    host_routes: list[str] | None = None


class WxTunnelIpsec(Model):
    enabled: Annotated[bool, Default(False)] | None = None
    psk: SecretText | None = None


class WxTunnelSession(Model):
    ap_as_session_id: str | None = None
    ap_session_id: str | None = None
    comment: str | None = None
    enable_cookie: bool | None = None
    ethertype: Annotated[Literal["ethernet", "vlan"], Default("ethernet")] | None = None
    local_session_id: int | None = Field(None, ge=1, le=4294967295)
    pseudo_8021ad_enabled: bool | None = None
    remote_id: str | None = None
    remote_session_id: int | None = Field(None, ge=1, le=4294967295)
    use_ap_as_session_ids: Annotated[bool, Default(False)] | None = None


class WxTunnel(Model):
    dmvpn: WxTunnelDmvpn | None = None
    for_mgmt: Annotated[bool, Default(False)] | None = None
    hello_interval: Annotated[float, Default(60)] | None = Field(None, ge=0, le=300)
    hello_retries: Annotated[int, Default(7)] | None = Field(None, ge=2, le=30)
    hostname: str | None = None
    ipsec: WxTunnelIpsec | None = None
    is_static: Annotated[bool, Default(False)] | None = None
    mtu: Annotated[int, Default(0)] | None = Field(None, ge=0, le=1500)
    name: str = Field(min_length=1)
    peers: list[str] | None = None
    router_id: str | None = None
    secret: SecretText | None = None
    sessions: Annotated[list[WxTunnelSession], KeyedBy("remote_id", ordered=False)] | None = None
    udp_port: int | None = None
    use_udp: Annotated[bool, Default(False)] | None = None
