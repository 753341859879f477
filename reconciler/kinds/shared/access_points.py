"""Access points and their radios, ports, Bluetooth and upgrades.

Written by tools/make_models.py from the vendor's OpenAPI document and tools/models.yaml.
"""

from typing import Annotated, Literal

from pydantic import Field

from reconciler.kinds.markers import AsSet, Default, KeyedBy
from reconciler.kinds.shared.base import Model
from reconciler.kinds.shared.radius import ApRadiusConfig, MistNac, Radsec
from reconciler.kinds.shared.types import MacOrText, SecretText, TimeOfDay, Uuid, VlanId, VlanIds


class ApPortDynamicVlan(Model):
    default_vlan_id: VlanId | None = None
    enabled: bool | None = None
    type: str | None = None
    vlans: dict[str, str | None] | None = None


class ApSyntheticTest(Model):
    additional_vlan_ids: VlanIds | None = None


class AutoPlacement(Model):
    orientation: int | None = None
    x: float | None = None
    y: float | None = None


class AutoUpgrade(Model):
    custom_versions: dict[str, str] | None = Field(None, description="Firmware by AP model, for version custom")
    day_of_week: Literal["any", "fri", "mon", "sat", "sun", "thu", "tue", "wed"] | None = Field(
        None, description="Which day"
    )
    enabled: Annotated[bool, Default(False)] | None = Field(
        None, description="Whether access points are upgraded by themselves"
    )
    time_of_day: TimeOfDay | None = Field(None, description="Hour at which upgrades begin")
    version: Annotated[Literal["beta", "custom", "stable"], Default("stable")] | None = Field(
        None, description="Which firmware"
    )


class AutoUpgradeEsl(Model):
    allow_downgrade: Annotated[bool, Default(False)] | None = None
    custom_versions: dict[str, str] | None = None
    day_of_week: Literal["any", "fri", "mon", "sat", "sun", "thu", "tue", "wed"] | None = None
    enabled: Annotated[bool, Default(False)] | None = None
    time_of_day: TimeOfDay | None = None
    version: str | None = None


class BleConfig(Model):
    beacon_enabled: Annotated[bool, Default(True)] | None = None
    beacon_rate: int | None = None
    beacon_rate_mode: Annotated[Literal["custom", "default"], Default("default")] | None = None
    beam_disabled: Annotated[list[int], AsSet()] | None = None
    custom_ble_packet_enabled: Annotated[bool, Default(False)] | None = None
    custom_ble_packet_frame: str | None = None
    custom_ble_packet_freq_msec: Annotated[int, Default(0)] | None = Field(None, ge=0)
    eddystone_uid_adv_power: Annotated[int, Default(0)] | None = Field(None, ge=-100, le=20)
    eddystone_uid_beams: str | None = None
    eddystone_uid_enabled: Annotated[bool, Default(False)] | None = None
    eddystone_uid_freq_msec: Annotated[int, Default(0)] | None = None
    eddystone_uid_instance: str | None = None
    eddystone_uid_namespace: str | None = None
    eddystone_url_adv_power: Annotated[int, Default(0)] | None = Field(None, ge=-100, le=20)
    eddystone_url_beams: str | None = None
    eddystone_url_enabled: Annotated[bool, Default(False)] | None = None
    eddystone_url_freq_msec: Annotated[int, Default(0)] | None = None
    eddystone_url_url: str | None = None
    ibeacon_adv_power: Annotated[int, Default(0)] | None = Field(None, ge=-100, le=20)
    ibeacon_beams: str | None = None
    ibeacon_enabled: Annotated[bool, Default(False)] | None = None
    ibeacon_freq_msec: Annotated[int, Default(0)] | None = None
    ibeacon_major: Annotated[int, Default(0)] | None = Field(None, ge=1, le=65535)
    ibeacon_minor: Annotated[int, Default(0)] | None = Field(None, ge=1, le=65535)
    ibeacon_uuid: Uuid | None = None
    power: Annotated[int, Default(9)] | None = Field(
        None, ge=2, le=7, description="Transmit power, with power_mode custom"
    )
    power_mode: Annotated[Literal["custom", "default"], Default("default")] | None = None


class Led(Model):
    brightness: Annotated[int, Default(255)] | None = Field(None, ge=0, le=255)
    enabled: Annotated[bool, Default(True)] | None = None


class RepeatedAuthFailures(Model):
    duration: int | None = None
    threshold: int | None = None


class Rogue(Model):
    allowed_vlan_ids: Annotated[list[Annotated[int, Field(ge=0, le=4096)]], AsSet()] | None = None
    enabled: Annotated[bool, Default(False)] | None = Field(
        None, description="Whether foreign access points are reported"
    )
    honeypot_enabled: Annotated[bool, Default(False)] | None = Field(
        None, description="Whether foreign access points with our network names are reported"
    )
    min_duration: Annotated[int, Default(10)] | None = Field(
        None, le=59, description="Minutes a neighbour has to be heard"
    )
    min_rogue_duration: Annotated[int, Default(10)] | None = Field(None, le=59)
    min_rogue_rssi: Annotated[int, Default(-80)] | None = Field(None, ge=-85)
    min_rssi: Annotated[int, Default(-80)] | None = Field(
        None, ge=-85, description="Weakest neighbour that is reported, in dBm"
    )
    whitelisted_bssids: Annotated[list[MacOrText], AsSet()] | None = Field(
        None, description="BSSIDs to leave out; may end in *"
    )
    whitelisted_ssids: Annotated[list[str], AsSet()] | None = Field(None, description="Network names to leave out")


class SiteWifi(Model):
    cisco_enabled: Annotated[bool, Default(True)] | None = None
    disable_11k: Annotated[bool, Default(False)] | None = None
    disable_radios_when_power_constrained: Annotated[bool, Default(False)] | None = None
    enable_arp_spoof_check: Annotated[bool, Default(False)] | None = None
    enable_shared_radio_scanning: Annotated[bool, Default(True)] | None = None
    enabled: Annotated[bool, Default(True)] | None = None
    locate_connected: Annotated[bool, Default(True)] | None = None
    locate_unconnected: Annotated[bool, Default(False)] | None = None
    mesh_allow_dfs: Annotated[bool, Default(False)] | None = None
    mesh_enable_crm: Annotated[bool, Default(False)] | None = None
    mesh_enabled: Annotated[bool, Default(False)] | None = Field(
        None, description="Access points may connect over the air"
    )
    mesh_psk: SecretText | None = Field(None, description="Passphrase of the mesh")
    mesh_ssid: str | None = Field(None, description="Network name of the mesh")
    proxy_arp: Literal["default", "disabled", "enabled"] | None = None


class UplinkPortConfig(Model):
    dot1x: Annotated[bool, Default(False)] | None = None
    keep_wlans_up_if_down: Annotated[bool, Default(False)] | None = None


class ApPortConfig(Model):
    disabled: Annotated[bool, Default(False)] | None = None
    dynamic_vlan: ApPortDynamicVlan | None = None
    enable_mac_auth: Annotated[bool, Default(False)] | None = None
    forwarding: Annotated[Literal["all", "limited", "mxtunnel", "site_mxedge", "wxtunnel"], Default("all")] | None = (
        None
    )
    mac_auth_preferred: Annotated[bool, Default(False)] | None = None
    mac_auth_protocol: Annotated[Literal["eap-md5", "eap-peap", "pap"], Default("pap")] | None = None
    mist_nac: MistNac | None = None
    mxtunnel: str | None = None
    mxtunnel_name: str | None = None
    port_auth: Annotated[Literal["dot1x", "none"], Default("none")] | None = None
    port_vlan_id: VlanId | None = None
    radius_config: ApRadiusConfig | None = Field(None, description="RADIUS servers for 802.1X on switch ports")
    radsec: Radsec | None = None
    vlan_id: VlanId | None = None
    vlan_ids: Annotated[list[VlanId], AsSet()] | None = None
    wxtunnel: str | None = None
    wxtunnel_remote_id: str | None = None


class Wids(Model):
    repeated_auth_failures: RepeatedAuthFailures | None = None


class ApMatchingRule(Model):
    match_model: str | None = None
    name: str | None = None
    port_config: dict[str, ApPortConfig] | None = None


class ApPortConfigs(Model):
    model_specific: dict[str, dict[str, ApPortConfig]] | None = None


class ApMatching(Model):
    enabled: bool | None = None
    rules: Annotated[list[ApMatchingRule], KeyedBy("name")] | None = None
