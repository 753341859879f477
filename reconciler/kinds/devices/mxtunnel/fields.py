"""A tunnel from access points to Mist Edges.

Written by tools/make_models.py from the vendor's OpenAPI document and tools/models.yaml.
"""

from typing import Annotated, Literal

from pydantic import Field

from reconciler.kinds.markers import AsSet, Default, KeyedBy
from reconciler.kinds.shared.base import Model
from reconciler.kinds.shared.mist_edge import AutoPreemption
from reconciler.kinds.shared.types import IpAddress, Ipv4Address


class MxTunnelRoute(Model):
    dest: str | None = None
    next_hop: Ipv4Address | None = None


class MxTunnelIpsec(Model):
    dns_servers: list[IpAddress] | None = Field(None, description="DNS servers")
    dns_suffix: list[str] | None = Field(None, description="DNS search domains")
    enabled: bool | None = None
    extra_routes: Annotated[list[MxTunnelRoute], KeyedBy("dest", ordered=False)] | None = Field(
        None, description="Static IPv4 routes; keys are destinations"
    )
    split_tunnel: bool | None = None
    use_mxedge: bool | None = None


class MxTunnel(Model):
    anchor_mxtunnels: Annotated[list[str], AsSet()] | None = None
    auto_preemption: AutoPreemption | None = None
    hello_interval: Annotated[float, Default(60)] | None = Field(None, ge=0.5, le=300)
    hello_retries: Annotated[int, Default(7)] | None = Field(None, ge=1, le=30)
    ipsec: MxTunnelIpsec | None = None
    mtu: Annotated[int, Default(0)] | None = Field(None, ge=0, le=1500)
    mxclusters: Annotated[list[str], AsSet()] | None = Field(None, description="Clusters that end it, by name")
    name: str = Field(min_length=1)
    protocol: Annotated[Literal["ip", "udp"], Default("udp")] | None = None
    vlan_ids: Annotated[list[int | str], AsSet()] | None = None
