"""Routing: static routes, OSPF, BGP, virtual routers and policies.

Written by tools/make_models.py from the vendor's OpenAPI document and tools/models.yaml.
"""

from typing import Annotated, Literal

from pydantic import Field

from reconciler.kinds.markers import AsSet, Default
from reconciler.kinds.shared.base import Model
from reconciler.kinds.shared.types import AsNumber, NextHop, Number, SecretText


class AggregateRoute(Model):
    discard: Annotated[bool, Default(False)] | None = None
    metric: int | None = Field(None, ge=0, le=4294967295)
    preference: int | None = Field(None, ge=0, le=4294967295)


class BgpNeighbor(Model):
    disabled: Annotated[bool, Default(False)] | None = None
    export_policy: str | None = None
    hold_time: Annotated[int, Default(90)] | None = Field(None, ge=0, le=65535)
    import_policy: str | None = None
    multihop_ttl: int | None = Field(None, ge=0, le=255)
    neighbor_as: AsNumber | None = None
    tunnel_via: Annotated[str, Default("primary")] | None = None


class NextQualified(Model):
    metric: int | None = None
    preference: int | None = None


class Ipv4Route(Model):
    via: NextHop | None = None


class Ipv6Route(Model):
    via: NextHop | None = None


class OspfNetwork(Model):
    auth_keys: dict[str, SecretText] | None = None
    auth_password: SecretText | None = None
    auth_type: Annotated[Literal["md5", "none", "password"], Default("none")] | None = None
    bfd_minimum_interval: int | None = Field(None, ge=1, le=255000)
    dead_interval: int | None = Field(None, ge=1, le=65535)
    export_policy: str | None = None
    hello_interval: int | None = Field(None, ge=1, le=255)
    import_policy: str | None = None
    interface_type: Annotated[Literal["broadcast", "nbma", "p2mp", "p2p"], Default("broadcast")] | None = None
    metric: int | None = Field(None, ge=1, le=65535)
    no_readvertise_to_overlay: Annotated[bool, Default(False)] | None = None
    passive: Annotated[bool, Default(False)] | None = None


class RouteExists(Model):
    route: str | None = None
    vrf_name: Annotated[str, Default("default")] | None = None


class RoutingPolicyActions(Model):
    accept: bool | None = None
    add_community: list[str] | None = None
    add_target_vrfs: list[str] | None = None
    community: list[str] | None = None
    exclude_as_path: list[str] | None = None
    exclude_community: list[str] | None = None
    export_communities: list[str] | None = None
    local_preference: str | None = None
    prepend_as_path: list[str] | None = None


class VpnPathSla(Model):
    max_jitter: int | None = None
    max_latency: int | None = None
    max_loss: int | None = None


class SwitchBgpNeighbor(Model):
    export_policy: str | None = None
    hold_time: int | None = Field(None, ge=0, le=65535)
    import_policy: str | None = None
    multihop_ttl: int | None = Field(None, ge=1, le=255)
    neighbor_as: AsNumber | None = None


class SwitchRoutingPolicyActions(Model):
    accept: bool | None = None
    community: list[str] | None = None
    local_preference: Number | None = None
    prepend_as_path: list[str] | None = None


class SwitchRoutingPolicyMatching(Model):
    as_path: list[Number] | None = None
    community: list[str] | None = None
    prefix: list[str] | None = None
    protocol: list[Literal["aggregate", "bgp", "direct", "evpn", "ospf", "static"]] | None = None


class VrrpNetwork(Model):
    ip: str | None = None


class BgpConfig(Model):
    auth_key: SecretText | None = None
    bfd_minimum_interval: Annotated[int, Default(350)] | None = Field(None, ge=1, le=255000)
    bfd_multiplier: Annotated[int, Default(3)] | None = Field(None, ge=1, le=255)
    disable_bfd: Annotated[bool, Default(False)] | None = None
    export: str | None = None
    export_policy: str | None = None
    extended_v4_nexthop: bool | None = None
    graceful_restart_time: Annotated[int, Default(0)] | None = Field(None, ge=0, le=4095)
    hold_time: Annotated[int, Default(90)] | None = Field(None, ge=0, le=65535)
    import_: str | None = Field(None, alias="import")
    import_policy: str | None = None
    local_as: AsNumber | None = None
    neighbor_as: AsNumber | None = None
    neighbors: dict[str, BgpNeighbor] | None = None
    networks: Annotated[list[str], AsSet()] | None = None
    no_private_as: Annotated[bool, Default(False)] | None = None
    no_readvertise_to_overlay: Annotated[bool, Default(False)] | None = None
    tunnel_name: str | None = None
    type: Literal["external", "internal"] | None = None
    via: Annotated[Literal["lan", "tunnel", "vpn", "wan"], Default("lan")] | None = None
    vpn_name: str | None = None
    wan_name: str | None = None


class ExtraRoute(Model):
    discard: Annotated[bool, Default(False)] | None = None
    metric: int | None = Field(None, ge=0, le=2147483647)
    next_qualified: dict[str, NextQualified] | None = None
    no_resolve: Annotated[bool, Default(False)] | None = None
    preference: int | None = Field(None, ge=0, le=2147483647)
    via: NextHop | None = None


class VrfInstance(Model):
    aggregate_routes: dict[str, AggregateRoute] | None = None
    aggregate_routes6: dict[str, AggregateRoute] | None = None
    evpn_auto_loopback_subnet: str | None = None
    evpn_auto_loopback_subnet6: str | None = None
    extra_routes: dict[str, Ipv4Route] | None = Field(None, description="Static IPv4 routes; keys are destinations")
    extra_routes6: dict[str, Ipv6Route] | None = Field(None, description="Static IPv6 routes; keys are destinations")
    networks: Annotated[list[str], AsSet()] | None = None


class OspfArea(Model):
    include_loopback: Annotated[bool, Default(False)] | None = None
    networks: dict[str, OspfNetwork] | None = None
    type: Annotated[Literal["default", "nssa", "stub"], Default("default")] | None = None


class RoutingPolicyMatching(Model):
    as_path: list[str] | None = None
    community: list[str] | None = None
    network: list[str] | None = None
    prefix: list[str] | None = None
    protocol: list[str] | None = None
    route_exists: RouteExists | None = None
    vpn_neighbor_mac: list[str] | None = None
    vpn_path: list[str] | None = None
    vpn_path_sla: VpnPathSla | None = None


class SwitchBgpConfig(Model):
    auth_key: SecretText | None = None
    bfd_minimum_interval: int | None = Field(None, ge=1, le=255000)
    export_policy: str | None = None
    hold_time: int | None = Field(None, ge=0, le=65535)
    import_policy: str | None = None
    local_as: AsNumber | None = None
    neighbors: dict[str, SwitchBgpNeighbor] | None = None
    networks: Annotated[list[str], AsSet()] | None = None
    type: Literal["external", "internal"] | None = None


class SwitchRoutingPolicyTerm(Model):
    actions: SwitchRoutingPolicyActions | None = None
    matching: SwitchRoutingPolicyMatching | None = None
    name: str | None = None


class VrrpGroup(Model):
    auth_key: SecretText | None = None
    auth_password: SecretText | None = None
    auth_type: Annotated[Literal["md5", "simple"], Default("md5")] | None = None
    networks: dict[str, VrrpNetwork] | None = None


class RoutingPolicyTerm(Model):
    actions: RoutingPolicyActions | None = None
    matching: RoutingPolicyMatching | None = None


class SwitchRoutingPolicy(Model):
    terms: Annotated[list[SwitchRoutingPolicyTerm], AsSet()] | None = None


class RoutingPolicy(Model):
    terms: Annotated[list[RoutingPolicyTerm], AsSet()] | None = None
