"""ACL tags and policies of switches. Evaluated in order; stateless.

Written by tools/make_models.py from the vendor's OpenAPI document and tools/models.yaml.
"""

from typing import Annotated, Literal

from pydantic import Field

from reconciler.kinds.markers import AsSet, Default, KeyedBy
from reconciler.kinds.shared.base import Model
from reconciler.kinds.shared.types import Mac, PortRange, Protocol, Subnet


class AclPolicyAction(Model):
    action: Literal["allow", "deny"] | None = Field(None, description="Allow or deny")
    dst_tag: str | None = Field(None, description="Name of an ACL tag; any for everything")


class AclTagSpec(Model):
    port_range: Annotated[PortRange, Default("0")] | None = Field(
        None, description="Destination port or range, for tcp and udp; '0' for any"
    )
    protocol: Annotated[Protocol, Default("any")] | None = Field(
        None, description="tcp, udp, icmp, icmp6, gre, any, or a protocol number as text"
    )


class AclPolicy(Model):
    """One ACL policy: what its sources may and may not reach."""

    actions: Annotated[list[AclPolicyAction], KeyedBy("dst_tag")] | None = Field(
        None, description="What happens by destination; the first that fits counts"
    )
    name: str | None = Field(None, description="Name of the policy, unique in its list")
    src_tags: Annotated[list[str], AsSet()] | None = Field(None, description="Names of ACL tags; any for everything")


class AclTagDefinition(Model):
    """What an ACL tag stands for."""

    ether_types: Annotated[list[str], AsSet(), Default(["any"])] | None = Field(
        None, description="Ethernet types, for destinations"
    )
    gbp_tag: int | None = Field(None, description="Group-based policy tag, for the gbp types")
    macs: Annotated[list[Mac], AsSet()] | None = Field(None, description="MAC addresses, for types mac and static_gbp")
    network: str | None = Field(None, description="Name of a network; says where a policy is attached")
    port_usage: str | None = Field(None, description="Name of a port usage, for type port_usage")
    radius_group: str | None = Field(
        None, description="Group that RADIUS returns, for types radius_group and static_gbp"
    )
    specs: Annotated[list[AclTagSpec], AsSet()] | None = Field(
        None, description="Protocols and ports, for destinations; none means all"
    )
    subnets: Annotated[list[Subnet], AsSet()] | None = Field(
        None, description="Subnets, for types subnet, resource and static_gbp"
    )
    type: (
        Literal[
            "any",
            "dynamic_gbp",
            "gbp_resource",
            "mac",
            "network",
            "port_usage",
            "radius_group",
            "resource",
            "static_gbp",
            "subnet",
        ]
        | None
    ) = Field(None, description="What kind of thing the tag selects; decides which other fields count")
