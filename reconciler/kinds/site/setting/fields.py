"""The setting of a site.

Written by tools/make_models.py from the vendor's OpenAPI document and tools/models.yaml.
"""

from typing import Annotated, Literal

from pydantic import Field

from reconciler.kinds.markers import AsSet, Default, KeyedBy
from reconciler.kinds.shared.access_points import (
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
from reconciler.kinds.shared.acl import AclPolicy, AclTagDefinition
from reconciler.kinds.shared.base import Model
from reconciler.kinds.shared.common import Hours, NamedNetworks, Proxy, Toggle
from reconciler.kinds.shared.evpn import EvpnOptions
from reconciler.kinds.shared.gateway import Gateway, GatewayMgmt
from reconciler.kinds.shared.mist_edge import MxedgeMgmt, SiteMxedge, SiteMxtunnel, TuntermMonitor, TuntermMulticast
from reconciler.kinds.shared.monitoring import (
    CriticalUrlMonitoring,
    Engagement,
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
from reconciler.kinds.shared.switch_device import SwitchAutoUpgrade
from reconciler.kinds.shared.syslog import RemoteSyslog
from reconciler.kinds.shared.types import Host, IpAddress, VarName, VarValue


class PushWindow(Model):
    enabled: Annotated[bool, Default(False)] | None = None
    hours: Hours | None = None


class SettingSwitch(Model):
    acl_policies: Annotated[list[AclPolicy], KeyedBy("name")] | None = Field(
        None, description="ACL policies, evaluated in order; stateless, so that the way back needs its own"
    )
    acl_tags: dict[str, AclTagDefinition] | None = Field(
        None, description="ACL tags by name; shared ones (acl_tags files) need not be repeated here"
    )
    additional_config_cmds: list[str] | None = Field(
        None, description="Lines of Junos configuration (set commands), applied last"
    )
    auto_upgrade: SwitchAutoUpgrade | None = None
    bgp_config: dict[str, SwitchBgpConfig] | None = Field(None, description="BGP groups by name")
    dhcp_snooping: DhcpSnooping | None = Field(None, description="DHCP snooping and what builds on it")
    dns_servers: list[IpAddress] | None = Field(None, description="DNS servers")
    dns_suffix: list[str] | None = Field(None, description="DNS search domains")
    extra_routes: dict[str, ExtraRoute] | None = Field(None, description="Static IPv4 routes; keys are destinations")
    extra_routes6: dict[str, ExtraRoute] | None = Field(None, description="Static IPv6 routes; keys are destinations")
    import_org_networks: Annotated[list[str], AsSet()] | None = None
    mist_nac: SwitchMistNac | None = Field(None, description="Mist Access Assurance for switches")
    name: str | None = Field(None, description="Unique within the organisation")
    networks: dict[str, SwitchNetwork] | None = Field(None, description="Networks or VLANs by name")
    ntp_servers: list[Host] | None = Field(None, description="NTP servers")
    ospf_areas: dict[str, OspfArea] | None = Field(None, description="OSPF areas by number")
    port_mirroring: dict[str, PortMirroring] | None = Field(None, description="Mirror sessions by name")
    port_usages: dict[str, PortUsage] | None = Field(None, description="Port profiles by name: what a port is used for")
    radius_config: RadiusConfig | None = Field(None, description="RADIUS servers for 802.1X on switch ports")
    remote_syslog: RemoteSyslog | None = Field(None, description="Where logs are sent")
    remove_existing_configs: Annotated[bool, Default(False)] | None = Field(
        None, description="Remove what is configured on a device and not here"
    )
    routing_policies: dict[str, SwitchRoutingPolicy] | None = Field(None, description="Routing policies by name")
    snmp_config: SnmpConfig | None = Field(None, description="SNMP")
    switch_matching: SwitchMatching | None = Field(
        None, description="Which switches get which ports, by name, model or role"
    )
    switch_mgmt: SwitchMgmt | None = Field(None, description="Access to switches")
    vrf_config: Toggle | None = Field(None, description="Whether routing instances are used")
    vrf_instances: dict[str, VrfInstance] | None = Field(None, description="Routing instances by name")


class VarsAnnotation(Model):
    note: str | None = None
    type: Literal["generic", "mxtunnel_id"] | None = None


class ConfigPushPolicy(Model):
    no_push: Annotated[bool, Default(False)] | None = None
    push_window: PushWindow | None = None


class Setting(Model):
    """The setting of a site."""

    acl_policies: Annotated[list[AclPolicy], KeyedBy("name")] | None = Field(
        None, description="ACL policies, evaluated in order; stateless, so that the way back needs its own"
    )
    acl_tags: dict[str, AclTagDefinition] | None = Field(
        None, description="ACL tags by name; shared ones (acl_tags files) need not be repeated here"
    )
    additional_config_cmds: list[str] | None = Field(
        None, description="Lines of Junos configuration (set commands), applied last"
    )
    allow_mist: Annotated[bool, Default(False)] | None = None
    analytic: Toggle | None = None
    ap_matching: ApMatching | None = None
    ap_port_config: ApPortConfigs | None = None
    ap_synthetic_test: ApSyntheticTest | None = None
    ap_updown_threshold: Annotated[int, Default(0)] | None = Field(
        None, ge=0, le=240, description="Minutes until an access point that went down is reported"
    )
    auto_placement: AutoPlacement | None = None
    auto_upgrade: AutoUpgrade | None = Field(None, description="When access points are upgraded")
    auto_upgrade_esl: AutoUpgradeEsl | None = None
    auto_upgrade_linecard: Annotated[bool, Default(True)] | None = None
    bgp_config: dict[str, SwitchBgpConfig] | None = Field(None, description="BGP groups by name")
    bgp_neighbor_updown_threshold: int | None = Field(None, ge=0)
    ble_config: BleConfig | None = None
    config_auto_revert: Annotated[bool, Default(False)] | None = Field(
        None, description="Access points go back to the last working configuration"
    )
    config_push_policy: ConfigPushPolicy | None = Field(None, description="When configuration is sent to devices")
    critical_url_monitoring: CriticalUrlMonitoring | None = None
    device_updown_threshold: Annotated[int, Default(0)] | None = Field(
        None, ge=0, le=240, description="Minutes until a device that went down is reported"
    )
    dhcp_snooping: DhcpSnooping | None = Field(None, description="DHCP snooping and what builds on it")
    disabled_system_defined_port_usages: Annotated[list[Literal["ap", "iot", "uplink"]], AsSet()] | None = None
    dns_servers: list[IpAddress] | None = Field(None, description="DNS servers")
    dns_suffix: list[str] | None = Field(None, description="DNS search domains")
    enable_unii_4: Annotated[bool, Default(False)] | None = None
    engagement: Engagement | None = Field(None, description="How long visitors stay, by class")
    evpn_options: EvpnOptions | None = None
    extra_routes: dict[str, ExtraRoute] | None = Field(None, description="Static IPv4 routes; keys are destinations")
    extra_routes6: dict[str, ExtraRoute] | None = Field(None, description="Static IPv6 routes; keys are destinations")
    flags: dict[str, bool | int | str] | None = None
    gateway: Gateway | None = None
    gateway_additional_config_cmds: list[str] | None = None
    gateway_mgmt: GatewayMgmt | None = Field(None, description="Access to WAN edges")
    gateway_tunnel_updown_threshold: int | None = Field(None, ge=0)
    gateway_updown_threshold: Annotated[int, Default(0)] | None = Field(
        None, ge=0, le=240, description="Minutes until a WAN edge that went down is reported"
    )
    iotproxy: IotProxy | None = None
    juniper_srx: JuniperSrx | None = None
    led: Led | None = Field(None, description="Lights of access points")
    marvis: Marvis | None = None
    mist_nac: SwitchMistNac | None = None
    mxedge: SiteMxedge | None = None
    mxedge_mgmt: MxedgeMgmt | None = None
    mxtunnel: SiteMxtunnel | None = None
    mxtunnels: SiteMxtunnel | None = None
    networks: dict[str, SwitchNetwork] | None = Field(None, description="Networks or VLANs by name")
    ntp_servers: list[Host] | None = Field(None, description="NTP servers")
    occupancy: Occupancy | None = Field(None, description="Counting of people")
    ospf_areas: dict[str, OspfArea] | None = Field(None, description="OSPF areas by number")
    paloalto_networks: PaloaltoNetworks | None = None
    persist_config_on_device: Annotated[bool, Default(False)] | None = Field(
        None, description="Devices keep their configuration over a restart without the cloud"
    )
    port_mirroring: dict[str, PortMirroring] | None = Field(None, description="Mirror sessions by name")
    port_usages: dict[str, PortUsage] | None = Field(None, description="Port profiles by name: what a port is used for")
    proxy: Proxy | None = Field(None, description="Proxy on the way to the cloud")
    radio_config: ApRadio | None = None
    radius_config: RadiusConfig | None = Field(None, description="RADIUS servers for 802.1X on switch ports")
    remote_syslog: RemoteSyslog | None = Field(None, description="Where logs are sent")
    remove_existing_configs: Annotated[bool, Default(False)] | None = Field(
        None, description="Remove what is configured on a device and not here"
    )
    report_gatt: Annotated[bool, Default(False)] | None = None
    rogue: Rogue | None = Field(None, description="Detection of foreign and hostile access points")
    routing_policies: dict[str, SwitchRoutingPolicy] | None = Field(None, description="Routing policies by name")
    rtsa: Rtsa | None = None
    simple_alert: SimpleAlert | None = None
    skyatp: SkyAtp | None = None
    sle_thresholds: SleThresholds | None = Field(None, description="Limits of service levels")
    snmp_config: SnmpConfig | None = Field(None, description="SNMP")
    srx_app: Toggle | None = None
    ssh_keys: Annotated[list[str], AsSet()] | None = Field(
        None, description="Public keys for support, where the organisation limits access"
    )
    ssr: Ssr | None = None
    status_portal: StatusPortal | None = None
    switch: SettingSwitch | None = None
    switch_matching: SwitchMatching | None = Field(
        None, description="Which switches get which ports, by name, model or role"
    )
    switch_mgmt: SwitchMgmt | None = Field(None, description="Access to switches")
    switch_updown_threshold: Annotated[int, Default(0)] | None = Field(
        None, ge=0, le=240, description="Minutes until a switch that went down is reported"
    )
    synthetic_test: SyntheticTest | None = Field(None, description="Tests of the network by devices")
    track_anonymous_devices: Annotated[bool, Default(False)] | None = None
    tunterm_monitoring: Annotated[list[TuntermMonitor], KeyedBy("host", "protocol", "port", ordered=False)] | None = (
        None
    )
    tunterm_monitoring_disabled: Annotated[bool, Default(False)] | None = None
    tunterm_multicast_config: TuntermMulticast | None = None
    uplink_port_config: UplinkPortConfig | None = None
    uses_description_from_port_usage: bool | None = None
    vars: dict[VarName, VarValue] | None = Field(
        None, description="Site variables by name; used as {{name}} in templates and WLANs"
    )
    vars_annotations: dict[str, VarsAnnotation] | None = Field(None, description="Notes on variables, by name")
    vna: Toggle | None = None
    vpn_path_updown_threshold: int | None = Field(None, ge=0)
    vpn_peer_updown_threshold: int | None = Field(None, ge=0)
    vrf_config: Toggle | None = Field(None, description="Whether routing instances are used")
    vrf_instances: dict[str, VrfInstance] | None = Field(None, description="Routing instances by name")
    vrrp_groups: dict[str, VrrpGroup] | None = None
    vs_instance: dict[str, NamedNetworks] | None = None
    wan_vna: Toggle | None = None
    wids: Wids | None = None
    wifi: SiteWifi | None = Field(None, description="Wi-Fi options of all access points")
    wired_vna: Toggle | None = None
    zone_occupancy_alert: ZoneOccupancyAlert | None = None
