"""The setting of a site.

Written by tools/make_models.py from the vendor's OpenAPI document and tools/models.yaml.
"""

from typing import Annotated, Literal

from pydantic import Field

from reconciler.kinds.markers import AsSet, KeyedBy
from reconciler.kinds.setting.access_points import (
    ApMatching,
    ApPortConfigs,
    ApSyntheticTest,
    AutoPlacement,
    AutoUpgrade,
    AutoUpgradeEsl,
    BleConfig,
    Led,
    Rogue,
    SiteWifi,
    UplinkPortConfig,
    Wids,
)
from reconciler.kinds.setting.mist_edge import MxedgeMgmt, SiteMxedge, SiteMxtunnel, TuntermMonitor, TuntermMulticast
from reconciler.kinds.setting.monitoring import (
    CriticalUrlMonitoring,
    Engagement,
    EvpnOptions,
    IotProxy,
    JuniperSrx,
    Marvis,
    Occupancy,
    PaloaltoNetworks,
    Rtsa,
    SimpleAlert,
    SkyAtp,
    SleThresholds,
    Ssr,
    StatusPortal,
    SyntheticTest,
    ZoneOccupancyAlert,
)
from reconciler.kinds.shared.acl import AclPolicy, AclTagDefinition
from reconciler.kinds.shared.base import Model
from reconciler.kinds.shared.common import Hours, NamedNetworks, Proxy, Toggle
from reconciler.kinds.shared.gateway import Gateway, GatewayMgmt
from reconciler.kinds.shared.radio import ApRadio
from reconciler.kinds.shared.radius import RadiusConfig, SwitchMistNac
from reconciler.kinds.shared.routing import (
    ExtraRoute,
    OspfArea,
    SwitchBgpConfig,
    SwitchRoutingPolicy,
    VrfInstance,
    VrrpGroup,
)
from reconciler.kinds.shared.snmp import SnmpConfig
from reconciler.kinds.shared.switch import (
    DhcpSnooping,
    PortMirroring,
    PortUsage,
    SwitchMatching,
    SwitchMgmt,
    SwitchNetwork,
)
from reconciler.kinds.shared.syslog import RemoteSyslog
from reconciler.kinds.shared.types import Host, IpAddress, VarName, VarValue


class PushWindow(Model):
    enabled: bool | None = None
    hours: Hours | None = None


class VarsAnnotation(Model):
    note: str | None = None
    type: Literal["generic", "mxtunnel_id"] | None = None


class SwitchAutoUpgrade(Model):
    custom_versions: dict[str, str] | None = None
    enabled: bool | None = None
    snapshot: bool | None = None


class ConfigPushPolicy(Model):
    no_push: bool | None = None
    push_window: PushWindow | None = None


class SettingSwitch(Model):
    acl_policies: Annotated[list[AclPolicy], KeyedBy("name")] | None = None
    acl_tags: dict[str, AclTagDefinition] | None = None
    additional_config_cmds: list[str] | None = None
    auto_upgrade: SwitchAutoUpgrade | None = None
    bgp_config: dict[str, SwitchBgpConfig] | None = None
    dhcp_snooping: DhcpSnooping | None = None
    dns_servers: list[IpAddress] | None = None
    dns_suffix: list[str] | None = None
    extra_routes: dict[str, ExtraRoute] | None = None
    extra_routes6: dict[str, ExtraRoute] | None = None
    import_org_networks: Annotated[list[str], AsSet()] | None = None
    mist_nac: SwitchMistNac | None = None
    name: str | None = None
    networks: dict[str, SwitchNetwork] | None = None
    ntp_servers: list[Host] | None = None
    ospf_areas: dict[str, OspfArea] | None = None
    port_mirroring: dict[str, PortMirroring] | None = None
    port_usages: dict[str, PortUsage] | None = None
    radius_config: RadiusConfig | None = None
    remote_syslog: RemoteSyslog | None = None
    remove_existing_configs: bool | None = None
    routing_policies: dict[str, SwitchRoutingPolicy] | None = None
    snmp_config: SnmpConfig | None = None
    switch_matching: SwitchMatching | None = None
    switch_mgmt: SwitchMgmt | None = None
    vrf_config: Toggle | None = None
    vrf_instances: dict[str, VrfInstance] | None = None


class Setting(Model):
    acl_policies: Annotated[list[AclPolicy], KeyedBy("name")] | None = None
    acl_tags: dict[str, AclTagDefinition] | None = None
    additional_config_cmds: list[str] | None = None
    allow_mist: bool | None = None
    analytic: Toggle | None = None
    ap_matching: ApMatching | None = None
    ap_port_config: ApPortConfigs | None = None
    ap_synthetic_test: ApSyntheticTest | None = None
    ap_updown_threshold: int | None = Field(None, ge=0, le=240)
    auto_placement: AutoPlacement | None = None
    auto_upgrade: AutoUpgrade | None = None
    auto_upgrade_esl: AutoUpgradeEsl | None = None
    auto_upgrade_linecard: bool | None = None
    bgp_config: dict[str, SwitchBgpConfig] | None = None
    bgp_neighbor_updown_threshold: int | None = Field(None, ge=0)
    ble_config: BleConfig | None = None
    config_auto_revert: bool | None = None
    config_push_policy: ConfigPushPolicy | None = None
    critical_url_monitoring: CriticalUrlMonitoring | None = None
    device_updown_threshold: int | None = Field(None, ge=0, le=240)
    dhcp_snooping: DhcpSnooping | None = None
    disabled_system_defined_port_usages: Annotated[list[Literal["ap", "iot", "uplink"]], AsSet()] | None = None
    dns_servers: list[IpAddress] | None = None
    dns_suffix: list[str] | None = None
    enable_unii_4: bool | None = None
    engagement: Engagement | None = None
    evpn_options: EvpnOptions | None = None
    extra_routes: dict[str, ExtraRoute] | None = None
    extra_routes6: dict[str, ExtraRoute] | None = None
    flags: dict[str, str] | None = None
    gateway: Gateway | None = None
    gateway_additional_config_cmds: list[str] | None = None
    gateway_mgmt: GatewayMgmt | None = None
    gateway_tunnel_updown_threshold: int | None = Field(None, ge=0)
    gateway_updown_threshold: int | None = Field(None, ge=0, le=240)
    iotproxy: IotProxy | None = None
    juniper_srx: JuniperSrx | None = None
    led: Led | None = None
    marvis: Marvis | None = None
    mist_nac: SwitchMistNac | None = None
    mxedge: SiteMxedge | None = None
    mxedge_mgmt: MxedgeMgmt | None = None
    mxtunnel: SiteMxtunnel | None = None
    mxtunnels: SiteMxtunnel | None = None
    networks: dict[str, SwitchNetwork] | None = None
    ntp_servers: list[Host] | None = None
    occupancy: Occupancy | None = None
    ospf_areas: dict[str, OspfArea] | None = None
    paloalto_networks: PaloaltoNetworks | None = None
    persist_config_on_device: bool | None = None
    port_mirroring: dict[str, PortMirroring] | None = None
    port_usages: dict[str, PortUsage] | None = None
    proxy: Proxy | None = None
    radio_config: ApRadio | None = None
    radius_config: RadiusConfig | None = None
    remote_syslog: RemoteSyslog | None = None
    remove_existing_configs: bool | None = None
    report_gatt: bool | None = None
    rogue: Rogue | None = None
    routing_policies: dict[str, SwitchRoutingPolicy] | None = None
    rtsa: Rtsa | None = None
    simple_alert: SimpleAlert | None = None
    skyatp: SkyAtp | None = None
    sle_thresholds: SleThresholds | None = None
    snmp_config: SnmpConfig | None = None
    srx_app: Toggle | None = None
    ssh_keys: Annotated[list[str], AsSet()] | None = None
    ssr: Ssr | None = None
    status_portal: StatusPortal | None = None
    switch: SettingSwitch | None = None
    switch_matching: SwitchMatching | None = None
    switch_mgmt: SwitchMgmt | None = None
    switch_updown_threshold: int | None = Field(None, ge=0, le=240)
    synthetic_test: SyntheticTest | None = None
    track_anonymous_devices: bool | None = None
    tunterm_monitoring: Annotated[list[TuntermMonitor], KeyedBy("host", "protocol", "port", ordered=False)] | None = (
        None
    )
    tunterm_monitoring_disabled: bool | None = None
    tunterm_multicast_config: TuntermMulticast | None = None
    uplink_port_config: UplinkPortConfig | None = None
    uses_description_from_port_usage: bool | None = None
    vars: dict[VarName, VarValue] | None = None
    vars_annotations: dict[str, VarsAnnotation] | None = None
    vna: Toggle | None = None
    vpn_path_updown_threshold: int | None = Field(None, ge=0)
    vpn_peer_updown_threshold: int | None = Field(None, ge=0)
    vrf_config: Toggle | None = None
    vrf_instances: dict[str, VrfInstance] | None = None
    vrrp_groups: dict[str, VrrpGroup] | None = None
    vs_instance: dict[str, NamedNetworks] | None = None
    wan_vna: Toggle | None = None
    wids: Wids | None = None
    wifi: SiteWifi | None = None
    wired_vna: Toggle | None = None
    zone_occupancy_alert: ZoneOccupancyAlert | None = None
