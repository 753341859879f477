"""Service policies and intrusion detection of WAN edges.

Written by tools/make_models.py from the vendor's OpenAPI document and tools/models.yaml.
"""

from typing import Annotated, Literal

from reconciler.kinds.markers import AsSet, Default, KeyedBy
from reconciler.kinds.shared.base import Model
from reconciler.kinds.shared.common import Toggle
from reconciler.kinds.shared.types import SkyAtpLevel


class IdpMatching(Model):
    attack_name: Annotated[list[str], AsSet()] | None = None
    dst_subnet: list[str] | None = None
    severity: Annotated[list[Literal["critical", "info", "major", "minor"]], AsSet()] | None = None


class ServicePolicyAntivirus(Model):
    avprofile: str | None = None
    enabled: Annotated[bool, Default(False)] | None = None
    profile: str | None = None


class ServicePolicyIdp(Model):
    alert_only: bool | None = None
    enabled: Annotated[bool, Default(False)] | None = None
    idpprofile: str | None = None
    profile: Annotated[str, Default("strict")] | None = None


class ServicePolicySecintel(Model):
    enabled: Annotated[bool, Default(False)] | None = None
    profile: Annotated[Literal["default", "standard", "strict"], Default("default")] | None = None
    secintelprofile: str | None = None


class ServicePolicySkyAtp(Model):
    dns_dga_detection: SkyAtpLevel | None = None
    dns_tunnel_detection: SkyAtpLevel | None = None
    http_inspection: SkyAtpLevel | None = None
    iot_device_policy: SkyAtpLevel | None = None


class ServicePolicySslProxy(Model):
    ciphers_category: Annotated[Literal["medium", "strong", "weak"], Default("strong")] | None = None
    enabled: Annotated[bool, Default(False)] | None = None


class ServicePolicySyslog(Model):
    enabled: bool | None = None
    server_names: Annotated[list[str], AsSet()] | None = None


class ServicePolicyWebFilter(Model):
    alert_only: bool | None = None
    block_message: str | None = None
    enabled: Annotated[bool, Default(False)] | None = None
    profile: Annotated[Literal["critical", "standard", "strict"], Default("strict")] | None = None


class IdpOverwrite(Model):
    action: Annotated[Literal["alert", "close", "drop"], Default("alert")] | None = None
    matching: IdpMatching | None = None
    name: str | None = None


class ServicePolicy(Model):
    action: Literal["allow", "deny"] | None = None
    antivirus: ServicePolicyAntivirus | None = None
    appqoe: Toggle | None = None
    ewf: list[ServicePolicyWebFilter] | None = None
    idp: ServicePolicyIdp | None = None
    local_routing: bool | None = None
    name: str | None = None
    path_preference: str | None = None
    secintel: ServicePolicySecintel | None = None
    servicepolicy: str | None = None
    services: Annotated[list[str], AsSet()] | None = None
    skyatp: ServicePolicySkyAtp | None = None
    ssl_proxy: ServicePolicySslProxy | None = None
    syslog: ServicePolicySyslog | None = None
    tenants: Annotated[list[str], AsSet()] | None = None


class IdpProfile(Model):
    base_profile: Literal["critical", "standard", "strict"] | None = None
    name: str | None = None
    overwrites: Annotated[list[IdpOverwrite], KeyedBy("name")] | None = None
