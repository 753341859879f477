"""A service policy of the organisation, which WAN edge templates use.

Written by tools/make_models.py from the vendor's OpenAPI document and tools/models.yaml.
"""

from typing import Annotated, Literal

from pydantic import Field

from reconciler.kinds.markers import AsSet, Default
from reconciler.kinds.shared.base import Model
from reconciler.kinds.shared.common import Toggle
from reconciler.kinds.shared.gateway_policies import (
    ServicePolicyAntivirus,
    ServicePolicyIdp,
    ServicePolicySecintel,
    ServicePolicySslProxy,
    ServicePolicyWebFilter,
)


class ServicePolicyAamw(Model):
    aamwprofile: str | None = None
    enabled: Annotated[bool, Default(False)] | None = None
    profile: Annotated[Literal["docsonly", "executables", "standard"], Default("standard")] | None = None


class OrgServicePolicy(Model):
    """Who may use which services over a WAN edge."""

    aamw: ServicePolicyAamw | None = None
    action: Annotated[Literal["allow", "deny"], Default("allow")] | None = None
    antivirus: ServicePolicyAntivirus | None = None
    appqoe: Toggle | None = None
    ewf: list[ServicePolicyWebFilter] | None = None
    idp: ServicePolicyIdp | None = None
    local_routing: bool | None = None
    name: str = Field(min_length=1, description="Unique within the organisation")
    path_preference: str | None = None
    secintel: ServicePolicySecintel | None = None
    services: Annotated[list[str], AsSet()] | None = Field(None, description="Services by name")
    ssl_proxy: ServicePolicySslProxy | None = None
    tenants: Annotated[list[str], AsSet()] | None = Field(None, description="Networks or their users by name")
