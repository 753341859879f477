"""A portal where people get their own passphrase.

Written by tools/make_models.py from the vendor's OpenAPI document and tools/models.yaml.
"""

from typing import Annotated, Literal

from pydantic import Field

from reconciler.kinds.markers import AsSet, Default
from reconciler.kinds.shared.base import Model
from reconciler.kinds.shared.types import VlanId


class PassphraseRules(Model):
    alphaberts_enabled: Annotated[bool, Default(True)] | None = None
    alphabets_enabled: bool | None = None
    length: int | None = Field(None, ge=8, le=63)
    max_length: int | None = Field(None, ge=8, le=63)
    min_length: int | None = Field(None, ge=8, le=63)
    numerics_enabled: Annotated[bool, Default(True)] | None = None
    symbols: str | None = None
    symbols_enabled: Annotated[bool, Default(False, True)] | None = None


class PskPortalSso(Model):
    allowed_roles: Annotated[list[str], AsSet()] | None = None
    idp_cert: str | None = None
    idp_sign_algo: Annotated[Literal["sha1", "sha256", "sha384", "sha512"], Default("sha256")] | None = None
    idp_sso_url: str | None = None
    issuer: str | None = None
    nameid_format: str | None = None
    role_mapping: dict[str, str] | None = None
    use_sso_role_for_psk_role: bool | None = None


class PskPortal(Model):
    auth: Annotated[Literal["sponsor", "sso"], Default("sso")] | None = None
    bg_image_url: str | None = None
    cleanup_psk: Annotated[bool, Default(False)] | None = None
    expire_time: int | None = Field(None, description="Minutes that a passphrase is good for")
    expiry_notification_time: int | None = Field(None, description="Days before the end on which a reminder is sent")
    hide_psks_created_by_other_admins: Annotated[bool, Default(False)] | None = None
    max_usage: Annotated[int, Default(0)] | None = None
    name: str = Field(min_length=1)
    notification_renew_url: str | None = None
    notify_expiry: bool | None = None
    notify_on_create_or_edit: Annotated[bool, Default(False)] | None = None
    passphrase_rules: PassphraseRules | None = None
    required_fields: Annotated[list[str], AsSet()] | None = None
    role: str | None = None
    ssid: str | None = None
    sso: PskPortalSso | None = None
    template_url: str | None = None
    type: Literal["admin", "byod"] | None = None
    vlan_id: VlanId | None = None
