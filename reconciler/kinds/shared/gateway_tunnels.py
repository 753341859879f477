"""Tunnels of WAN edges to secure-edge providers.

Written by tools/make_models.py from the vendor's OpenAPI document and tools/models.yaml.
"""

from typing import Annotated, Literal

from pydantic import Field

from reconciler.kinds.markers import AsSet, Default, KeyedBy
from reconciler.kinds.shared.base import Model
from reconciler.kinds.shared.common import LatLng
from reconciler.kinds.shared.types import SecretText


class IkeProposal(Model):
    auth_algo: Literal["md5", "sha1", "sha2"] | None = None
    dh_group: Annotated[Literal["1", "14", "15", "16", "19", "2", "20", "21", "24", "5"], Default("14")] | None = None
    enc_algo: Annotated[Literal["3des", "aes128", "aes256", "aes_gcm128", "aes_gcm256"], Default("aes256")] | None = (
        None
    )


class IpsecProposal(Model):
    auth_algo: Literal["md5", "sha1", "sha2"] | None = None
    dh_group: Annotated[Literal["1", "14", "15", "16", "19", "2", "20", "21", "24", "5"], Default("14")] | None = None
    enc_algo: Annotated[Literal["3des", "aes128", "aes256", "aes_gcm128", "aes_gcm256"], Default("aes256")] | None = (
        None
    )


class JseOptions(Model):
    num_users: int | None = None
    org_name: str | None = None


class PrismaOptions(Model):
    service_account_name: str | None = None


class TunnelAutoProvisionNode(Model):
    probe_ips: list[str] | None = None
    wan_names: list[str] | None = None


class TunnelNode(Model):
    hosts: list[str] | None = None
    internal_ips: list[str] | None = None
    probe_ips: list[str] | None = None
    remote_ids: list[str] | None = None
    wan_names: list[str] | None = None


class TunnelProbe(Model):
    interval: int | None = None
    threshold: int | None = None
    timeout: int | None = None
    type: Annotated[Literal["http", "icmp"], Default("icmp")] | None = None


class ZscalerSubLocation(Model):
    aup_block_internet_until_accepted: Annotated[bool, Default(False)] | None = None
    aup_enabled: Annotated[bool, Default(False)] | None = None
    aup_force_ssl_inspection: Annotated[bool, Default(False)] | None = None
    aup_timeout_in_days: int | None = Field(None, ge=1, le=180)
    auth_required: Annotated[bool, Default(False)] | None = None
    caution_enabled: Annotated[bool, Default(False)] | None = None
    dn_bandwidth: float | None = Field(None, ge=0.1, le=99999)
    idle_time_in_minutes: int | None = Field(None, ge=0, le=43200)
    name: str | None = None
    ofw_enabled: Annotated[bool, Default(False)] | None = None
    surrogate_ip: Annotated[bool, Default(False)] | None = Field(None, alias="surrogate_IP")
    surrogate_ip_enforced_for_known_browsers: bool | None = Field(
        None, alias="surrogate_IP_enforced_for_known_browsers"
    )
    surrogate_refresh_time_in_minutes: int | None = Field(None, ge=1, le=43200)
    up_bandwidth: float | None = Field(None, ge=0.1, le=99999)


class TunnelAutoProvision(Model):
    enabled: bool | None = None
    latlng: LatLng | None = None
    primary: TunnelAutoProvisionNode | None = None
    provider: Literal["jse-ipsec", "zscaler-ipsec"] | None = None
    region: str | None = None
    secondary: TunnelAutoProvisionNode | None = None
    service_connection: str | None = None


class ZscalerOptions(Model):
    aup_block_internet_until_accepted: Annotated[bool, Default(False)] | None = None
    aup_enabled: Annotated[bool, Default(False)] | None = None
    aup_force_ssl_inspection: Annotated[bool, Default(False)] | None = None
    aup_timeout_in_days: int | None = Field(None, ge=1, le=180)
    auth_required: Annotated[bool, Default(False)] | None = None
    caution_enabled: Annotated[bool, Default(False)] | None = None
    dn_bandwidth: float | None = Field(None, ge=0.1, le=99999)
    idle_time_in_minutes: int | None = Field(None, ge=0, le=43200)
    ofw_enabled: Annotated[bool, Default(False)] | None = None
    sub_locations: Annotated[list[ZscalerSubLocation], KeyedBy("name", ordered=False)] | None = None
    surrogate_ip: Annotated[bool, Default(False)] | None = Field(None, alias="surrogate_IP")
    surrogate_ip_enforced_for_known_browsers: bool | None = Field(
        None, alias="surrogate_IP_enforced_for_known_browsers"
    )
    surrogate_refresh_time_in_minutes: int | None = Field(None, ge=1, le=43200)
    up_bandwidth: float | None = Field(None, ge=0.1, le=99999)
    xff_forward_enabled: Annotated[bool, Default(False)] | None = None


class TunnelConfig(Model):
    auto_provision: TunnelAutoProvision | None = None
    ike_lifetime: int | None = None
    ike_mode: Annotated[Literal["aggressive", "main"], Default("main")] | None = None
    ike_proposals: list[IkeProposal] | None = None
    ipsec_lifetime: int | None = None
    ipsec_proposals: list[IpsecProposal] | None = None
    local_id: str | None = None
    local_subnets: list[str] | None = None
    mode: Annotated[Literal["active-active", "active-standby"], Default("active-standby")] | None = None
    networks: Annotated[list[str], AsSet()] | None = None
    primary: TunnelNode | None = None
    probe: TunnelProbe | None = None
    protocol: Literal["gre", "ipsec"] | None = None
    provider: (
        Literal["custom-gre", "custom-ipsec", "jse-ipsec", "prisma-ipsec", "zscaler-gre", "zscaler-ipsec"] | None
    ) = None
    psk: SecretText | None = None
    remote_subnets: list[str] | None = None
    secondary: TunnelNode | None = None
    version: Annotated[Literal["1", "2"], Default("2")] | None = None


class TunnelProviderOptions(Model):
    jse: JseOptions | None = None
    prisma: PrismaOptions | None = None
    zscaler: ZscalerOptions | None = None
