"""The setting of the organisation.

Written by tools/make_models.py from the vendor's OpenAPI document and tools/models.yaml.
"""

from typing import Annotated, Literal

from pydantic import Field

from reconciler.kinds.markers import AsSet, Default
from reconciler.kinds.organisation.organisation_setting.access import OrgGatewayMgmt, OrgMistNac
from reconciler.kinds.shared.access_points import AutoUpgrade
from reconciler.kinds.shared.base import Model
from reconciler.kinds.shared.common import Toggle
from reconciler.kinds.shared.mist_edge import MxedgeMgmt
from reconciler.kinds.shared.monitoring import Marvis, SimpleAlert, SrxAutoUpgrade, Ssr, SyntheticTest
from reconciler.kinds.shared.switch_device import SwitchAutoUpgrade
from reconciler.kinds.shared.types import SecretText, Subnet


class ApiPolicy(Model):
    no_reveal: Annotated[bool, Default(False)] | None = None
    src_ips: Annotated[list[Subnet], AsSet()] | None = None


class AssignmentRule(Model):
    create_new_site_if_needed: Annotated[bool, Default(False)] | None = None
    expression: str | None = None
    gatewaytemplate: str | None = None
    match_country: str | None = None
    match_device_type: Annotated[Literal["ap", "gateway", "switch"], Default("ap")] | None = None
    match_model: str | None = None
    model: str | None = None
    prefix: str | None = None
    src: (
        Literal["dns_suffix", "ext_ip", "geoip", "lldp_port_desc", "lldp_system_name", "model", "name", "subnet"] | None
    ) = None
    subnet: str | None = None
    suffix: str | None = None
    value: str | None = None


class Celona(Model):
    api_key: SecretText | None = None
    api_prefix: str | None = None


class Cloudshark(Model):
    apitoken: SecretText | None = None
    url: str | None = None


class DeviceCert(Model):
    cert: str | None = None
    key: SecretText | None = None


class DeviceNamingRule(Model):
    expression: str | None = None
    match_device: Annotated[Literal["ap", "gateway", "switch"], Default("ap")] | None = None
    prefix: str | None = None
    src: Literal["lldp_port_desc", "mac"] | None = None
    suffix: str | None = None


class Installer(Model):
    allow_all_devices: bool | None = None
    allow_all_sites: bool | None = None
    extra_sites: Annotated[list[str], AsSet()] | None = None
    grace_period: int | None = None


class Jcloud(Model):
    org_apitoken: SecretText | None = None
    org_apitoken_name: str | None = None
    org_id: str | None = None


class OpticPort(Model):
    channelized: Annotated[bool, Default(False)] | None = None
    speed: str | None = None


class OrgJuniperSrx(Model):
    auto_upgrade: SrxAutoUpgrade | None = None


class OrgMgmt(Model):
    mxtunnels: Annotated[list[str], AsSet()] | None = None
    use_mxtunnel: Annotated[bool, Default(False)] | None = None
    use_wxtunnel: Annotated[bool, Default(False)] | None = None


class OrgPcap(Model):
    bucket: str | None = None
    max_pkt_len: Annotated[int, Default(128)] | None = Field(None, le=128)


class OrgSecurity(Model):
    disable_local_ssh: bool | None = None
    fips_zeroize_password: SecretText | None = None
    limit_ssh_access: Annotated[bool, Default(False)] | None = None


class OrgSwitch(Model):
    auto_upgrade: SwitchAutoUpgrade | None = None


class OrgSwitchMgmt(Model):
    ap_affinity_threshold: Annotated[int, Default(12)] | None = None


class PasswordPolicy(Model):
    enabled: Annotated[bool, Default(False)] | None = None
    expiry_in_days: int | None = None
    min_length: Annotated[int, Default(8)] | None = None
    requires_special_char: Annotated[bool, Default(False)] | None = None
    requires_two_factor_auth: Annotated[bool, Default(False)] | None = None


class ShellAccess(Model):
    admin: Annotated[Literal["admin", "none", "viewer"], Default("admin")] | None = None
    helpdesk: Annotated[Literal["admin", "none", "viewer"], Default("none")] | None = None
    read: Annotated[Literal["admin", "none", "viewer"], Default("none")] | None = None
    write: Annotated[Literal["admin", "none", "viewer"], Default("admin")] | None = None


class VpnOptions(Model):
    as_base: int | None = Field(None, ge=1, le=2147483647)
    enable_ipv6: Annotated[bool, Default(False)] | None = None
    st_subnet: Annotated[str, Default("10.224.0.0/12")] | None = None


class ProfileAssignment(Model):
    enable: bool | None = None
    rules: list[AssignmentRule] | None = None


class SiteAssignment(Model):
    enable: bool | None = None
    rules: list[AssignmentRule] | None = None


class DeviceNaming(Model):
    enable: bool | None = None
    rules: list[DeviceNamingRule] | None = None


class OrgSetting(Model):
    allow_mist: bool | None = None
    ap_updown_threshold: Annotated[int, Default(0)] | None = Field(None, ge=0, le=240)
    api_policy: ApiPolicy | None = None
    auto_device_naming: DeviceNaming | None = None
    auto_deviceprofile_assignment: ProfileAssignment | None = None
    auto_site_assignment: SiteAssignment | None = None
    auto_upgrade: AutoUpgrade | None = None
    cacerts: Annotated[list[str], AsSet()] | None = None
    celona: Celona | None = None
    cloudshark: Cloudshark | None = None
    device_cert: DeviceCert | None = None
    device_updown_threshold: Annotated[int, Default(0)] | None = Field(None, ge=0, le=240)
    disable_pcap: Annotated[bool, Default(False)] | None = None
    disable_remote_shell: Annotated[bool, Default(False)] | None = None
    gateway_mgmt: OrgGatewayMgmt | None = None
    gateway_tunnel_updown_threshold: int | None = Field(None, ge=0)
    gateway_updown_threshold: Annotated[int, Default(0)] | None = Field(None, ge=0, le=240)
    installer: Installer | None = None
    jcloud: Jcloud | None = None
    jcloud_ra: Jcloud | None = None
    juniper_srx: OrgJuniperSrx | None = None
    junos_shell_access: ShellAccess | None = None
    marvis: Marvis | None = None
    mgmt: OrgMgmt | None = None
    mist_nac: OrgMistNac | None = None
    mxedge_mgmt: MxedgeMgmt | None = None
    optic_port_config: dict[str, OpticPort] | None = None
    password_policy: PasswordPolicy | None = None
    pcap: OrgPcap | None = None
    security: OrgSecurity | None = None
    simple_alert: SimpleAlert | None = None
    ssr: Ssr | None = None
    switch: OrgSwitch | None = None
    switch_mgmt: OrgSwitchMgmt | None = Field(None, description="Access to switches")
    switch_updown_threshold: Annotated[int, Default(0)] | None = None
    synthetic_test: SyntheticTest | None = None
    tags: list[str] | None = None
    ui_idle_timeout: Annotated[int, Default(0)] | None = Field(None, ge=0, le=480)
    ui_no_tracking: Annotated[bool, Default(False)] | None = None
    vpn_options: VpnOptions | None = None
    wan_pma: Toggle | None = None
    wired_pma: Toggle | None = None
    wireless_pma: Annotated[Toggle, Default(True, at="enabled")] | None = None
