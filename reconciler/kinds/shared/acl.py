"""ACL tags and policies of switches. Evaluated in order; stateless.

Written by tools/make_models.py from the vendor's OpenAPI document and tools/models.yaml.
"""

from typing import Annotated, Literal

from reconciler.kinds.markers import AsSet, KeyedBy
from reconciler.kinds.shared.base import Model
from reconciler.kinds.shared.types import Mac, PortRange, Protocol, Subnet


class AclPolicyAction(Model):
    action: Literal["allow", "deny"] | None = None
    dst_tag: str | None = None


class AclTagSpec(Model):
    port_range: PortRange | None = None
    protocol: Protocol | None = None


class AclPolicy(Model):
    actions: Annotated[list[AclPolicyAction], KeyedBy("dst_tag")] | None = None
    name: str | None = None
    src_tags: Annotated[list[str], AsSet()] | None = None


class AclTagDefinition(Model):
    ether_types: Annotated[list[str], AsSet()] | None = None
    gbp_tag: int | None = None
    macs: Annotated[list[Mac], AsSet()] | None = None
    network: str | None = None
    port_usage: str | None = None
    radius_group: str | None = None
    specs: Annotated[list[AclTagSpec], AsSet()] | None = None
    subnets: Annotated[list[Subnet], AsSet()] | None = None
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
    ) = None
