"""A rule of the access policy: who gets onto the network, and with what.

Written by tools/make_models.py from the vendor's OpenAPI document and tools/models.yaml.
"""

from typing import Annotated, Literal

from pydantic import Field

from reconciler.kinds.markers import AsSet, Default
from reconciler.kinds.shared.base import Model


class NacRuleMatching(Model):
    auth_type: Literal["cert", "device-auth", "eap-peap", "eap-teap", "eap-tls", "eap-ttls", "idp", "mab"] | None = None
    family: Annotated[list[str], AsSet()] | None = None
    mfg: Annotated[list[str], AsSet()] | None = None
    model: Annotated[list[str], AsSet()] | None = None
    nactags: Annotated[list[str], AsSet()] | None = None
    os: Annotated[list[str], AsSet()] | None = None
    os_type: Annotated[list[str], AsSet()] | None = None
    port_types: Annotated[list[Literal["wired", "wireless"]], AsSet()] | None = None
    sitegroups: Annotated[list[str], AsSet()] | None = None
    sites: Annotated[list[str], AsSet()] | None = None
    vendor: Annotated[list[str], AsSet()] | None = None
    vendors: Annotated[list[str], AsSet()] | None = None


class NacRule(Model):
    """Who gets onto the network, and with what."""

    action: Literal["allow", "block"] | None = None
    apply_tags: Annotated[list[str], AsSet()] | None = Field(None, description="Labels that say what the client gets")
    dry_run: bool | None = None
    enabled: Annotated[bool, Default(True)] | None = None
    guest_auth_state: Literal["authorized", "unknown"] | None = None
    matching: NacRuleMatching | None = None
    name: str = Field(min_length=1, description="Unique within the organisation")
    not_matching: NacRuleMatching | None = None
    order: int | None = Field(None, ge=0, description="The smallest comes first")
