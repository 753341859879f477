"""What is watched: service levels, alerts, occupancy, synthetic tests; and other systems that take part.

Written by tools/make_models.py from the vendor's OpenAPI document and tools/models.yaml.
"""

from typing import Annotated, Literal

from pydantic import Field

from reconciler.kinds.markers import AsSet, Default, KeyedBy
from reconciler.kinds.shared.base import Model
from reconciler.kinds.shared.common import Hours, Proxy
from reconciler.kinds.shared.types import Host, PortNumber, SecretText, TimeOfDay, Url, VlanId


class CriticalUrlMonitor(Model):
    url: Url | None = None
    vlan_id: VlanId | None = None


class CustomProbe(Model):
    aggressiveness: Annotated[Literal["auto", "high", "low", "med"], Default("auto")] | None = None
    target: str | None = None
    threshold: int | None = None
    type: Annotated[Literal["application", "curl", "icmp", "reachability", "tcp"], Default("icmp")] | None = None


class DwellTags(Model):
    bounce: Annotated[str, Default("Visitor")] | None = None
    engaged: Annotated[str, Default("Associates")] | None = None
    passerby: Annotated[str, Default("Passerby")] | None = None
    stationed: Annotated[str, Default("Assets")] | None = None


class Visionline(Model):
    access_id: str | None = None
    cacerts: Annotated[list[str], AsSet()] | None = None
    enabled: bool | None = None
    host: Host | None = None
    password: SecretText | None = None
    port: PortNumber | None = None
    username: str | None = None


class SrxAutoUpgrade(Model):
    custom_versions: dict[str, str] | None = None
    enabled: Annotated[bool, Default(False)] | None = None
    snapshot: Annotated[bool, Default(False)] | None = None


class SrxGateway(Model):
    api_key: SecretText | None = None
    api_password: SecretText | None = None
    api_url: Url | None = None
    api_username: str | None = None


class MarvisAutoOperations(Model):
    ap_insufficient_capacity: Annotated[bool, Default(False)] | None = None
    ap_loop: Annotated[bool, Default(False)] | None = None
    ap_non_compliant: Annotated[bool, Default(False)] | None = None
    bounce_port_for_abnormal_poe_client: Annotated[bool, Default(False)] | None = None
    disable_port_when_ddos_protocol_violation: Annotated[bool, Default(False)] | None = None
    disable_port_when_rogue_dhcp_server_detected: Annotated[bool, Default(False)] | None = None
    gateway_non_compliant: Annotated[bool, Default(False)] | None = None
    switch_misconfigured_port: Annotated[bool, Default(False)] | None = None
    switch_port_stuck: Annotated[bool, Default(False)] | None = None


class Occupancy(Model):
    assets_enabled: Annotated[bool, Default(False)] | None = None
    clients_enabled: Annotated[bool, Default(True)] | None = None
    min_duration: Annotated[int, Default(3000)] | None = None
    sdkclients_enabled: Annotated[bool, Default(False)] | None = None
    unconnected_clients_enabled: Annotated[bool, Default(False)] | None = None


class PaloaltoGateway(Model):
    api_key: SecretText | None = None
    api_url: Url | None = None


class Rtsa(Model):
    app_waking: Annotated[bool, Default(False)] | None = None
    disable_dead_reckoning: bool | None = None
    disable_pressure_sensor: Annotated[bool, Default(False)] | None = None
    enabled: bool | None = None
    track_asset: Annotated[bool, Default(False)] | None = None


class SimpleAlertRule(Model):
    client_count: Annotated[int, Default(10)] | None = None
    duration: Annotated[int, Default(20)] | None = Field(None, ge=5, le=60)
    incident_count: Annotated[int, Default(10)] | None = None


class SkyAtp(Model):
    enabled: bool | None = None
    send_ip_mac_mapping: Annotated[bool, Default(False)] | None = None


class SleThresholds(Model):
    capacity: Annotated[int, Default(20)] | None = Field(None, ge=5, le=50)
    coverage: Annotated[int, Default(72, -72)] | None = Field(None, ge=-90, le=-60)
    throughput: Annotated[int, Default(10)] | None = Field(None, ge=1, le=100)
    time_to_connect: Annotated[int, Default(4)] | None = Field(None, alias="time-to-connect", ge=2, le=10)


class SsrAutoUpgrade(Model):
    channel: Annotated[Literal["alpha", "beta", "stable"], Default("stable")] | None = None
    custom_versions: dict[str, str] | None = None
    enabled: Annotated[bool, Default(False)] | None = None
    version: str | None = None


class StatusPortal(Model):
    enabled: Annotated[bool, Default(False)] | None = None
    hostnames: Annotated[list[str], AsSet()] | None = None


class SyntheticTestLan(Model):
    networks: Annotated[list[str], AsSet()] | None = None
    probes: Annotated[list[str], AsSet()] | None = None


class SyntheticTestVlan(Model):
    custom_test_urls: list[str] | None = None
    disabled: Annotated[bool, Default(False)] | None = None
    probes: Annotated[list[str], AsSet()] | None = None
    vlan_ids: Annotated[list[VlanId], AsSet()] | None = None


class WanSpeedtest(Model):
    enabled: bool | None = None
    time_of_day: Annotated[TimeOfDay, Default("any")] | None = None


class ZoneOccupancyAlert(Model):
    email_notifiers: Annotated[list[str], AsSet()] | None = None
    enabled: Annotated[bool, Default(False)] | None = None
    threshold: Annotated[int, Default(5)] | None = Field(None, ge=0, le=30)


class CriticalUrlMonitoring(Model):
    enabled: Annotated[bool, Default(True)] | None = None
    monitors: Annotated[list[CriticalUrlMonitor], KeyedBy("url", ordered=False)] | None = None


class Engagement(Model):
    dwell_tag_names: DwellTags | None = None
    dwell_tags: (
        Annotated[
            DwellTags,
            Default("301-14400", at="bounce"),
            Default("14401-28800", at="engaged"),
            Default("1-300", at="passerby"),
            Default("28801-42000", at="stationed"),
        ]
        | None
    ) = None
    hours: Hours | None = None
    max_dwell: Annotated[int, Default(43200)] | None = Field(None, ge=1, le=68400)
    min_dwell: int | None = Field(None, ge=0)


class IotProxy(Model):
    enabled: bool | None = None
    visionline: Visionline | None = None


class JuniperSrx(Model):
    auto_upgrade: SrxAutoUpgrade | None = None
    gateways: Annotated[list[SrxGateway], KeyedBy("api_url", ordered=False)] | None = None
    send_mist_nac_user_info: bool | None = None


class Marvis(Model):
    auto_operations: MarvisAutoOperations | None = None


class PaloaltoNetworks(Model):
    gateways: Annotated[list[PaloaltoGateway], KeyedBy("api_url", ordered=False)] | None = None
    send_mist_nac_user_info: Annotated[bool, Default(False)] | None = None


class SimpleAlert(Model):
    arp_failure: SimpleAlertRule | None = None
    dhcp_failure: (
        Annotated[SimpleAlertRule, Default(10, at="duration"), Default(10, 20, at="incident_count")] | None
    ) = None
    dns_failure: (
        Annotated[
            SimpleAlertRule,
            Default(20, at="client_count"),
            Default(10, at="duration"),
            Default(10, 30, at="incident_count"),
        ]
        | None
    ) = None


class Ssr(Model):
    auto_upgrade: SsrAutoUpgrade | None = None
    conductor_hosts: list[str] | None = None
    conductor_token: SecretText | None = None
    disable_stats: bool | None = None
    proxy: Proxy | None = None


class SyntheticTest(Model):
    aggressiveness: Annotated[Literal["auto", "high", "low", "med"], Default("auto")] | None = None
    custom_probes: dict[str, CustomProbe] | None = None
    disabled: Annotated[bool, Default(False)] | None = None
    lan_networks: list[SyntheticTestLan] | None = None
    vlans: list[SyntheticTestVlan] | None = None
    wan_speedtest: WanSpeedtest | None = None
