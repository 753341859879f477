"""Service policies and intrusion detection of WAN edges.

Written by tools/make_models.py from the vendor's OpenAPI document and tools/models.yaml.
"""

from typing import Annotated, Literal

from reconciler.kinds.markers import AsSet, KeyedBy
from reconciler.kinds.shared.base import Model
from reconciler.kinds.shared.common import Toggle
from reconciler.kinds.shared.types import SkyAtpLevel, Uuid


class IdpMatching(Model):
    attack_name: Annotated[list[str], AsSet()] | None = None
    dst_subnet: list[str] | None = None
    severity: Annotated[list[Literal["critical", "info", "major", "minor"]], AsSet()] | None = None


class ServicePolicyAntivirus(Model):
    avprofile_id: Uuid | None = None
    enabled: bool | None = None
    profile: str | None = None


class ServicePolicyIdp(Model):
    alert_only: bool | None = None
    enabled: bool | None = None
    idpprofile_id: Uuid | None = None
    profile: str | None = None


class ServicePolicySecintel(Model):
    enabled: bool | None = None
    profile: Literal["default", "standard", "strict"] | None = None
    secintelprofile_id: str | None = None


class ServicePolicySkyAtp(Model):
    dns_dga_detection: SkyAtpLevel | None = None
    dns_tunnel_detection: SkyAtpLevel | None = None
    http_inspection: SkyAtpLevel | None = None
    iot_device_policy: SkyAtpLevel | None = None


class ServicePolicySslProxy(Model):
    ciphers_category: Literal["medium", "strong", "weak"] | None = None
    enabled: bool | None = None


class ServicePolicySyslog(Model):
    enabled: bool | None = None
    server_names: Annotated[list[str], AsSet()] | None = None


class ServicePolicyWebFilter(Model):
    alert_only: bool | None = None
    block_message: str | None = None
    enabled: bool | None = None
    profile: Literal["critical", "standard", "strict"] | None = None


class IdpOverwrite(Model):
    action: Literal["alert", "close", "drop"] | None = None
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
    servicepolicy_id: Uuid | None = None
    services: Annotated[list[str], AsSet()] | None = None
    skyatp: ServicePolicySkyAtp | None = None
    ssl_proxy: ServicePolicySslProxy | None = None
    syslog: ServicePolicySyslog | None = None
    tenants: Annotated[list[str], AsSet()] | None = None


class IdpProfile(Model):
    base_profile: Literal["critical", "standard", "strict"] | None = None
    name: str | None = None
    overwrites: Annotated[list[IdpOverwrite], KeyedBy("name")] | None = None
