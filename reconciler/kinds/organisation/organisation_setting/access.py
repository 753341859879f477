"""Access assurance, and the management of WAN edges, in the setting of the organisation.

Written by tools/make_models.py from the vendor's OpenAPI document and tools/models.yaml.
"""

from typing import Annotated, Any, Literal

from pydantic import Field

from reconciler.kinds.markers import AsSet, Default, KeyedBy
from reconciler.kinds.shared.base import Model
from reconciler.kinds.shared.types import SecretText


class HostInPolicy(Model):
    tenants: Annotated[list[str], AsSet()] | None = None


class HostOutPolicy(Model):
    path_preference: str | None = None


class HostOutSyslogServer(Model):
    host: str | None = None
    path_preference: str | None = None
    server_name: str | None = None


class OrgAppProbing(Model):
    apps: Annotated[list[str], AsSet()] | None = None


class OverlayIp(Model):
    ip: str | None = None
    node1_ip: str | None = None


class OrgNacIdp(Model):
    exclude_realms: list[str] | None = None
    sso: str | None = None
    user_realms: list[str] | None = None


class OrgNacServerCert(Model):
    cert: str | None = None
    key: SecretText | None = None
    password: SecretText | None = None


class HostInPolicies(Model):
    icmp: HostInPolicy | None = None
    snmp: HostInPolicy | None = None


class HostOutSyslog(Model):
    path_preference: str | None = None
    servers: list[HostOutSyslogServer] | None = None


class OrgMistNac(Model):
    allow_teap_machine_auth_only: Annotated[bool, Default(False)] | None = None
    cacerts: Annotated[list[str], AsSet()] | None = None
    default_idp: str | None = None
    disable_rsae_algorithms: Annotated[bool, Default(False)] | None = None
    eap_ssl_security_level: Annotated[int, Default(2)] | None = Field(None, ge=1, le=4)
    eu_only: Annotated[bool, Default(False)] | None = None
    fingerprinting: dict[str, Any] | None = None
    idp_machine_cert_lookup_field: Annotated[Literal["automatic", "cn", "dns"], Default("automatic")] | None = None
    idp_user_cert_lookup_field: Annotated[Literal["automatic", "cn", "email", "upn"], Default("automatic")] | None = (
        None
    )
    idps: Annotated[list[OrgNacIdp], KeyedBy("sso")] | None = None
    mdm: dict[str, Any] | None = None
    server_cert: OrgNacServerCert | None = None
    use_ip_version: Annotated[Literal["v4", "v6"], Default("v4")] | None = None
    use_ssl_port: Annotated[bool, Default(False)] | None = None
    usermac_expiry: Annotated[int, Default(0)] | None = None


class HostOutPolicies(Model):
    dns: HostOutPolicy | None = None
    ntp: HostOutPolicy | None = None
    syslog: HostOutSyslog | None = None


class OrgGatewayMgmt(Model):
    app_probing: OrgAppProbing | None = None
    app_usage: bool | None = None
    fips_enabled: Annotated[bool, Default(False)] | None = None
    host_in_policies: HostInPolicies | None = None
    host_out_policies: HostOutPolicies | None = None
    overlay_ip: OverlayIp | None = None
