"""An access policy label, which classifies clients or says what they get.

Written by tools/make_models.py from the vendor's OpenAPI document and tools/models.yaml.
"""

from typing import Annotated, Literal

from pydantic import Field

from reconciler.kinds.markers import AsSet, Default
from reconciler.kinds.shared.base import Model
from reconciler.kinds.shared.types import GbpTag


class NacTag(Model):
    """A label of the access policy."""

    allow_usermac_override: Annotated[bool, Default(False)] | None = None
    egress_vlan_names: list[str] | None = None
    gbp_tag: GbpTag | None = None
    match: (
        Literal[
            "cert_cn",
            "cert_eku",
            "cert_issuer",
            "cert_san",
            "cert_serial",
            "cert_sub",
            "cert_template",
            "client_mac",
            "edr_health",
            "hostname",
            "idp_role",
            "ingress_vlan",
            "mdm_status",
            "nas_ip",
            "radius_group",
            "realm",
            "ssid",
            "user_name",
            "usermac_label",
        ]
        | None
    ) = None
    match_all: Annotated[bool, Default(False)] | None = None
    nacportal: str | None = None
    name: str = Field(min_length=1, description="Unique within the organisation")
    radius_attrs: list[str] | None = None
    radius_group: str | None = None
    radius_vendor_attrs: list[str] | None = None
    session_timeout: int | None = None
    type: (
        Literal[
            "egress_vlan_names",
            "gbp_tag",
            "match",
            "radius_attrs",
            "radius_group",
            "radius_vendor_attrs",
            "redirect_nacportal_id",
            "session_timeout",
            "username_attr",
            "vlan",
        ]
        | None
    ) = Field(None, description="Whether it classifies clients (match), or what it gives")
    username_attr: Literal["automatic", "cn", "dns", "email", "upn"] | None = None
    values: Annotated[list[str], AsSet()] | None = Field(
        None, description="What to match; * at either end and a leading ! are understood"
    )
    vlan: str | None = None
