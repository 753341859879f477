"""The guest portal of a WLAN.

Written by tools/make_models.py from the vendor's OpenAPI document and tools/models.yaml.
"""

from typing import Annotated, Literal

from pydantic import Field

from reconciler.kinds.markers import AsSet, Default
from reconciler.kinds.shared.base import Model
from reconciler.kinds.shared.types import LinkMinutes, SecretText, Sponsors, Url


class Portal(Model):
    allow_wlan_id_roam: Annotated[bool, Default(False)] | None = None
    amazon_client_id: str | None = None
    amazon_client_secret: SecretText | None = None
    amazon_email_domains: Annotated[list[str], AsSet()] | None = None
    amazon_enabled: Annotated[bool, Default(False)] | None = None
    amazon_expire: int | None = Field(
        None, description="Minutes until a guest who came by Amazon has to log in again; `expire` if left out"
    )
    auth: (
        Annotated[
            Literal[
                "amazon",
                "azure",
                "email",
                "external",
                "facebook",
                "google",
                "microsoft",
                "multi",
                "none",
                "password",
                "sms",
                "sponsor",
                "sso",
            ],
            Default("none"),
        ]
        | None
    ) = Field(None, description="How guests log in")
    azure_client_id: str | None = None
    azure_client_secret: SecretText | None = None
    azure_enabled: Annotated[bool, Default(False)] | None = None
    azure_expire: int | None = Field(
        None, description="Minutes until a guest who came by Azure has to log in again; `expire` if left out"
    )
    azure_tenant_id: str | None = None
    broadnet_password: SecretText | None = None
    broadnet_sid: str | None = None
    broadnet_user_id: str | None = None
    bypass_when_cloud_down: Annotated[bool, Default(False)] | None = None
    clickatell_api_key: SecretText | None = None
    cross_site: Annotated[bool, Default(False)] | None = None
    email_enabled: Annotated[bool, Default(False)] | None = None
    enabled: Annotated[bool, Default(False)] | None = Field(None, description="Whether guests see a portal")
    expire: Annotated[int, Default(1440)] | None = Field(None, description="Minutes until a guest has to log in again")
    external_portal_url: Url | None = Field(None, description="Address of an external portal, for auth external")
    facebook_client_id: str | None = None
    facebook_client_secret: SecretText | None = None
    facebook_email_domains: Annotated[list[str], AsSet()] | None = None
    facebook_enabled: Annotated[bool, Default(False)] | None = None
    facebook_expire: int | None = Field(
        None, description="Minutes until a guest who came by Facebook has to log in again; `expire` if left out"
    )
    forward: Annotated[bool, Default(False)] | None = None
    forward_url: str | None = Field(None, description="Where guests go after login")
    google_client_id: str | None = None
    google_client_secret: SecretText | None = None
    google_email_domains: Annotated[list[str], AsSet()] | None = None
    google_enabled: Annotated[bool, Default(False)] | None = None
    google_expire: int | None = Field(
        None, description="Minutes until a guest who came by Google has to log in again; `expire` if left out"
    )
    gupshup_password: SecretText | None = None
    gupshup_userid: str | None = None
    microsoft_client_id: str | None = None
    microsoft_client_secret: SecretText | None = None
    microsoft_email_domains: Annotated[list[str], AsSet()] | None = None
    microsoft_enabled: Annotated[bool, Default(False)] | None = None
    microsoft_expire: int | None = Field(
        None, description="Minutes until a guest who came by Microsoft has to log in again; `expire` if left out"
    )
    passphrase_enabled: Annotated[bool, Default(False)] | None = Field(
        None, description="Guests may log in with a passphrase"
    )
    passphrase_expire: int | None = Field(
        None, description="Minutes until a guest who knew the passphrase has to log in again; `expire` if left out"
    )
    password: SecretText | None = Field(None, description="Passphrase of the portal, with passphrase_enabled")
    predefined_sponsors_enabled: Annotated[bool, Default(True)] | None = None
    predefined_sponsors_hide_email: Annotated[bool, Default(False)] | None = None
    privacy: Annotated[bool, Default(False)] | None = None
    puzzel_password: SecretText | None = None
    puzzel_service_id: str | None = None
    puzzel_username: str | None = None
    sms_message_format: Annotated[str, Default("Code {{code}} expires in {{duration}} minutes.")] | None = Field(
        None, alias="smsMessageFormat"
    )
    sms_enabled: Annotated[bool, Default(False)] | None = None
    sms_expire: int | None = Field(
        None, description="Minutes until a guest who got a text message has to log in again; `expire` if left out"
    )
    sms_provider: (
        Annotated[
            Literal["broadnet", "clickatell", "gupshup", "manual", "puzzel", "smsglobal", "telstra", "twilio"],
            Default("manual"),
        ]
        | None
    ) = None
    smsglobal_api_key: SecretText | None = None
    smsglobal_api_secret: SecretText | None = None
    smsglobal_sender: str | None = None
    sponsor_auto_approve: Annotated[bool, Default(False)] | None = None
    sponsor_email_domains: Annotated[list[str], AsSet()] | None = None
    sponsor_enabled: Annotated[bool, Default(False)] | None = None
    sponsor_expire: int | None = Field(
        None, description="Minutes until a sponsored guest has to log in again; `expire` if left out"
    )
    sponsor_link_validity_duration: Annotated[LinkMinutes, Default(60)] | None = None
    sponsor_notify_all: Annotated[bool, Default(False)] | None = None
    sponsor_status_notify: Annotated[bool, Default(False)] | None = None
    sponsors: Sponsors | None = Field(None, description="Who may let guests in")
    sso_default_role: str | None = None
    sso_forced_role: str | None = None
    sso_idp_cert: str | None = None
    sso_idp_sign_algo: Annotated[Literal["sha1", "sha256", "sha384", "sha512"], Default("sha1")] | None = None
    sso_idp_sso_url: Url | None = None
    sso_issuer: str | None = None
    sso_nameid_format: Annotated[Literal["email", "unspecified"], Default("email")] | None = None
    telstra_client_id: str | None = None
    telstra_client_secret: SecretText | None = None
    twilio_auth_token: SecretText | None = None
    twilio_phone_number: str | None = None
    twilio_sid: str | None = None
