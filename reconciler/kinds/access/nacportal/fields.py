"""A portal of Mist Access Assurance.

Written by tools/make_models.py from the vendor's OpenAPI document and tools/models.yaml.
"""

from typing import Annotated, Literal

from pydantic import Field

from reconciler.kinds.markers import AsSet, Default, KeyedBy
from reconciler.kinds.shared.base import Model


class NacGuestPortal(Model):
    auth: Literal["external", "multi", "none"] | None = None
    expire: int | None = None
    external_portal_url: str | None = None
    force_reconnect: bool | None = None
    forward: bool | None = None
    forward_url: str | None = None
    portal_allowed_hostnames: Annotated[list[str], AsSet()] | None = None
    portal_allowed_subnets: Annotated[list[str], AsSet()] | None = None
    portal_denied_hostnames: Annotated[list[str], AsSet()] | None = None
    privacy: bool | None = None


class NacPortalRole(Model):
    assigned: str | None = None
    match: str | None = None


class NacPortalSso(Model):
    idp_cert: str | None = None
    idp_sign_algo: Annotated[Literal["sha1", "sha256", "sha384", "sha512"], Default("sha256")] | None = None
    idp_sso_url: str | None = None
    issuer: str | None = None
    nameid_format: str | None = None
    sso_role_matching: Annotated[list[NacPortalRole], KeyedBy("match")] | None = None
    use_sso_role_for_cert: bool | None = None


class NacPortal(Model):
    access_type: Annotated[Literal["wireless", "wireless+wired"], Default("wireless")] | None = None
    bg_image_url: str | None = None
    cert_expire_time: int | None = Field(None, description="Days that a certificate is good for")
    eap_type: Annotated[Literal["wpa2", "wpa3"], Default("wpa2")] | None = None
    enable_telemetry: bool | None = None
    expiry_notification_time: int | None = Field(None, description="Days before the end on which a reminder is sent")
    guest_portal_config: NacGuestPortal | None = None
    name: str = Field(min_length=1)
    notify_expiry: bool | None = None
    portal: NacGuestPortal | None = None
    ssid: str | None = None
    sso: NacPortalSso | None = None
    template_url: str | None = None
    tos: str | None = None
    type: Literal["guest_admin", "guest_portal", "marvis_client"] | None = None
