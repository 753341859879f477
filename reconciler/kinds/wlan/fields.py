"""A WLAN of a WLAN template or of a site.

Written by tools/make_models.py from the vendor's OpenAPI document and tools/models.yaml.
"""

from typing import Annotated, Literal

from pydantic import Field

from reconciler.kinds.markers import AsSet, KeyedBy
from reconciler.kinds.shared.base import Model
from reconciler.kinds.shared.common import Hours
from reconciler.kinds.shared.radius import CoaServer, MistNac, RadiusAcctServer, RadiusAuthServer, Radsec
from reconciler.kinds.shared.types import KbpsLimit, Psk, SecretText, Subnet, Uuid, VlanId, VlanIds
from reconciler.kinds.wlan.portal import Portal
from reconciler.kinds.wlan.services import (
    Airwatch,
    AppLimit,
    AppQos,
    Bonjour,
    CiscoCwa,
    DataRates,
    DhcpOption82,
    DnsServerRewrite,
    Hotspot20,
    WlanQos,
)


class DynamicPsk(Model):
    default_psk: Psk | None = None
    default_vlan_id: VlanId | None = None
    enabled: bool | None = None
    force_lookup: bool | None = None
    source: Literal["cloud_psks", "radius"] | None = None


class DynamicVlan(Model):
    default_vlan_id: VlanId | None = None
    default_vlan_ids: Annotated[list[VlanId], AsSet()] | None = None
    enabled: bool | None = None
    local_vlan_ids: Annotated[list[VlanId], AsSet()] | None = None
    type: Literal["airespace-interface-name", "standard"] | None = None
    vlans: dict[str, str] | None = None


class WlanAuth(Model):
    anticlog_threshold: int | None = Field(None, ge=16, le=32)
    eap_reauth: bool | None = None
    enable_beacon_protection: bool | None = None
    enable_gcmp256: bool | None = None
    enable_mac_auth: bool | None = None
    key_idx: int | None = Field(None, ge=1, le=4)
    keys: list[SecretText | None] | None = None
    multi_psk_only: bool | None = None
    owe: Literal["disabled", "enabled", "required"] | None = None
    pairwise: (
        Annotated[list[Literal["wpa1-ccmp", "wpa1-tkip", "wpa2-ccmp", "wpa2-tkip", "wpa3"] | None], AsSet()] | None
    ) = None
    private_wlan: bool | None = None
    psk: Psk | None = None
    type: Literal["eap", "eap192", "open", "psk", "psk-tkip", "psk-wpa2-tkip", "wep"] | None = None
    wep_as_secondary_auth: bool | None = None


class WlanSchedule(Model):
    enabled: bool | None = None
    hours: Hours | None = None


class Wlan(Model):
    acct_immediate_update: bool | None = None
    acct_interim_interval: int | None = Field(None, ge=0, le=65535)
    acct_servers: Annotated[list[RadiusAcctServer], KeyedBy("host", "port")] | None = None
    airwatch: Airwatch | None = None
    allow_ipv6_ndp: bool | None = None
    allow_mdns: bool | None = None
    allow_ssdp: bool | None = None
    ap_ids: Annotated[list[Uuid], AsSet()] | None = None
    app_limit: AppLimit | None = None
    app_qos: AppQos | None = None
    apply_to: Literal["aps", "site", "wxtags"] | None = None
    arp_filter: bool | None = None
    auth: WlanAuth | None = None
    auth_server_selection: Literal["ordered", "unordered"] | None = None
    auth_servers: Annotated[list[RadiusAuthServer], KeyedBy("host", "port")] | None = None
    auth_servers_nas_id: str | None = None
    auth_servers_nas_ip: str | None = None
    auth_servers_retries: int | None = None
    auth_servers_timeout: int | None = None
    band: str | None = None
    band_steer: bool | None = None
    band_steer_force_band5: bool | None = None
    bands: Annotated[list[Literal["24", "5", "6"]], AsSet()] | None = None
    block_blacklist_clients: bool | None = None
    bonjour: Bonjour | None = None
    cisco_cwa: CiscoCwa | None = None
    client_limit_down: KbpsLimit | None = None
    client_limit_down_enabled: bool | None = None
    client_limit_up: KbpsLimit | None = None
    client_limit_up_enabled: bool | None = None
    coa_servers: Annotated[list[CoaServer], KeyedBy("ip", "port")] | None = None
    disable_11ax: bool | None = None
    disable_11be: bool | None = None
    disable_ht_vht_rates: bool | None = None
    disable_message_authenticator_check: bool | None = None
    disable_uapsd: bool | None = None
    disable_v1_roam_notify: bool | None = None
    disable_v2_roam_notify: bool | None = None
    disable_when_gateway_unreachable: bool | None = None
    disable_when_mxtunnel_down: bool | None = None
    disable_wmm: bool | None = None
    dns_server_rewrite: DnsServerRewrite | None = None
    dtim: int | None = None
    dynamic_psk: DynamicPsk | None = None
    dynamic_vlan: DynamicVlan | None = None
    enable_ftm: bool | None = None
    enable_local_keycaching: bool | None = None
    enable_wireless_bridging: bool | None = None
    enable_wireless_bridging_dhcp_tracking: bool | None = None
    enabled: bool | None = None
    fast_dot1x_timers: bool | None = None
    hide_ssid: bool | None = None
    hostname_ie: bool | None = None
    hotspot20: Hotspot20 | None = None
    inject_dhcp_option_82: DhcpOption82 | None = None
    interface: Literal["all", "eth0", "eth1", "eth2", "eth3", "mxtunnel", "site_mxedge", "wxtunnel"] | None = None
    isolation: bool | None = None
    l2_isolation: bool | None = None
    legacy_overds: bool | None = None
    limit_bcast: bool | None = None
    limit_probe_response: bool | None = None
    max_idletime: int | None = Field(None, ge=60, le=86400)
    max_num_clients: int | None = Field(None, ge=0, le=128)
    mist_nac: MistNac | None = None
    mxtunnel_id: Uuid | None = None
    mxtunnel_ids: Annotated[list[str], AsSet()] | None = None
    mxtunnel_name: list[str] | None = None
    no_static_dns: bool | None = None
    no_static_ip: bool | None = None
    portal: Portal | None = None
    portal_allowed_hostnames: Annotated[list[str], AsSet()] | None = None
    portal_allowed_subnets: Annotated[list[Subnet], AsSet()] | None = None
    portal_denied_hostnames: Annotated[list[str], AsSet()] | None = None
    qos: WlanQos | None = None
    radsec: Radsec | None = None
    rateset: dict[str, DataRates] | None = None
    reconnect_clients_when_roaming_mxcluster: bool | None = None
    roam_mode: Literal["11r", "NONE", "OKC"] | None = None
    schedule: WlanSchedule | None = None
    sle_excluded: bool | None = None
    ssid: str = Field(min_length=1)
    use_eapol_v1: bool | None = None
    vlan_enabled: bool | None = None
    vlan_id: VlanId | None = None
    vlan_ids: VlanIds | None = None
    vlan_pooling: bool | None = None
    wlan_limit_down: KbpsLimit | None = None
    wlan_limit_down_enabled: bool | None = None
    wlan_limit_up: KbpsLimit | None = None
    wlan_limit_up_enabled: bool | None = None
    wxtags: Annotated[list[str], AsSet()] | None = None
    wxtunnel_id: str | None = None
    wxtunnel_remote_id: str | None = None
