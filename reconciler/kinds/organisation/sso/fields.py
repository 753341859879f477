"""An identity provider, for administrators or for network access.

Written by tools/make_models.py from the vendor's OpenAPI document and tools/models.yaml.
"""

from typing import Annotated, Literal

from pydantic import Field

from reconciler.kinds.markers import AsSet, Default, KeyedBy
from reconciler.kinds.shared.base import Model
from reconciler.kinds.shared.types import SecretText


class SsoOpenRoaming(Model):
    ssids: Annotated[list[str], AsSet()] | None = None
    wba_cert: str | None = None


class SsoProxyAcctServer(Model):
    host: str | None = None
    port: Annotated[int, Default(1813)] | None = None
    secret: SecretText | None = None


class SsoProxyAuthServer(Model):
    host: str | None = None
    port: Annotated[int, Default(1812)] | None = None
    require_message_authenticator: Annotated[bool, Default(False)] | None = None
    retry: Annotated[int, Default(2)] | None = None
    secret: SecretText | None = None
    timeout: Annotated[int, Default(5)] | None = None


class SsoMxedgeProxy(Model):
    acct_servers: Annotated[list[SsoProxyAcctServer], KeyedBy("host", "port")] | None = None
    auth_servers: Annotated[list[SsoProxyAuthServer], KeyedBy("host", "port")] | None = None
    mxcluster: str | None = None
    operator_name: str | None = None
    proxy_hosts: list[str] | None = None
    ssids: Annotated[list[str], AsSet()] | None = None


class Sso(Model):
    custom_logout_url: str | None = None
    default_role: str | None = None
    group_filter: str | None = None
    idp_cert: str | None = None
    idp_sign_algo: Literal["sha1", "sha256", "sha384", "sha512"] | None = None
    idp_sso_url: str | None = None
    idp_type: Annotated[Literal["ldap", "mxedge_proxy", "oauth", "openroaming", "saml"], Default("saml")] | None = None
    ignore_unmatched_roles: bool | None = None
    issuer: str | None = None
    ldap_base_dn: str | None = None
    ldap_bind_dn: str | None = None
    ldap_bind_password: SecretText | None = None
    ldap_cacerts: list[str] | None = None
    ldap_client_cert: str | None = None
    ldap_client_key: SecretText | None = None
    ldap_group_attr: Annotated[str, Default("memberOf")] | None = None
    ldap_group_dn: Annotated[str, Default("base_dn")] | None = None
    ldap_group_filter: str | None = None
    ldap_resolve_groups: Annotated[bool, Default(False)] | None = None
    ldap_server_hosts: list[str] | None = None
    ldap_type: Annotated[Literal["azure", "custom", "google", "okta"], Default("azure")] | None = None
    ldap_user_filter: str | None = None
    member_filter: str | None = None
    mxedge_proxy: SsoMxedgeProxy | None = None
    name: str = Field(min_length=1)
    nameid_format: Annotated[Literal["email", "unspecified"], Default("email")] | None = None
    oauth_cc_client_id: str | None = None
    oauth_cc_client_secret: SecretText | None = None
    oauth_discovery_url: str | None = None
    oauth_ping_identity_region: Annotated[Literal["asia", "au", "ca", "eu", "us"], Default("us")] | None = None
    oauth_ropc_client_id: str | None = None
    oauth_ropc_client_secret: SecretText | None = None
    oauth_tenant_id: str | None = None
    oauth_type: Annotated[Literal["azure", "azure-gov", "okta", "ping_identity"], Default("azure")] | None = None
    openroaming: SsoOpenRoaming | None = None
    role_attr_extraction: str | None = None
    role_attr_from: Annotated[str, Default("Role")] | None = None
    scim_enabled: Annotated[bool, Default(False)] | None = None
    scim_secret_token: SecretText | None = None
