"""A WLAN of a WLAN template or of a site.

Written by tools/make_models.py from the vendor's OpenAPI document and tools/models.yaml.
"""

from typing import Annotated, Literal

from pydantic import Field

from reconciler.kinds.markers import AsSet, Default, KeyedBy
from reconciler.kinds.shared.base import Model
from reconciler.kinds.shared.common import Hours
from reconciler.kinds.shared.radius import CoaServer, MistNac, RadiusAcctServer, RadiusAuthServer, Radsec
from reconciler.kinds.shared.types import KbpsLimit, Psk, SecretText, Subnet, VlanId, VlanIds, VlanRange
from reconciler.kinds.shared.wlan_portal import Portal
from reconciler.kinds.shared.wlan_services import (
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
    default_psk: Psk | None = Field(None, description="Passphrase when RADIUS gives none")
    default_vlan_id: VlanId | None = Field(None, description="VLAN when RADIUS gives none")
    enabled: Annotated[bool, Default(False)] | None = None
    force_lookup: Annotated[bool, Default(False)] | None = None
    source: Annotated[Literal["cloud_psks", "radius"], Default("radius")] | None = Field(
        None, description="Where passphrases come from"
    )


class DynamicVlan(Model):
    default_vlan_id: Annotated[VlanId, Default(999)] | None = None
    default_vlan_ids: Annotated[list[VlanRange], AsSet()] | None = Field(
        None, description="VLANs when RADIUS gives none"
    )
    enabled: Annotated[bool, Default(False)] | None = None
    local_vlan_ids: Annotated[list[VlanId], AsSet()] | None = Field(
        None, description="VLANs that are bridged at the AP"
    )
    type: Annotated[Literal["airespace-interface-name", "standard"], Default("standard")] | None = Field(
        None, description="How RADIUS names the VLAN"
    )
    vlans: dict[str, str] | None = Field(None, description="VLAN ids and their names in RADIUS")


class WlanAuth(Model):
    anticlog_threshold: Annotated[int, Default(16)] | None = Field(None, ge=16, le=32)
    eap_reauth: Annotated[bool, Default(False)] | None = None
    enable_beacon_protection: bool | None = None
    enable_gcmp256: bool | None = None
    enable_mac_auth: Annotated[bool, Default(False)] | None = Field(
        None, description="Authenticate by MAC address, too"
    )
    key_idx: Annotated[int, Default(1)] | None = Field(
        None, ge=1, le=4, description="Which of the keys is sent, for type wep"
    )
    keys: list[SecretText | None] | None = Field(None, description="Keys, for type wep")
    multi_psk_only: Annotated[bool, Default(False)] | None = Field(
        None, description="Only passphrases per client are accepted"
    )
    owe: Annotated[Literal["disabled", "enabled", "required"], Default("disabled")] | None = Field(
        None, description="Encryption without a passphrase, for type open"
    )
    pairwise: (
        Annotated[
            list[Literal["wpa1-ccmp", "wpa1-tkip", "wpa2-ccmp", "wpa2-tkip", "wpa3"] | None],
            AsSet(),
            Default(["wpa2-ccmp"]),
        ]
        | None
    ) = Field(None, description="Encryption; wpa2-ccmp and wpa3 are current")
    private_wlan: Annotated[bool, Default(False)] | None = Field(
        None, description="Clients with the same passphrase form a private network"
    )
    psk: Psk | None = Field(None, description="Passphrase of 8 to 63 characters, for type psk")
    type: (
        Annotated[Literal["eap", "eap192", "open", "psk", "psk-tkip", "psk-wpa2-tkip", "wep"], Default("open")] | None
    ) = Field(None, description="How clients authenticate: open, passphrase (psk) or 802.1X (eap)")
    wep_as_secondary_auth: Annotated[bool, Default(False)] | None = None


class WlanSchedule(Model):
    enabled: Annotated[bool, Default(False)] | None = None
    hours: Hours | None = None


class Wlan(Model):
    """A WLAN."""

    acct_immediate_update: Annotated[bool, Default(False)] | None = None
    acct_interim_interval: Annotated[int, Default(0)] | None = Field(
        None, ge=0, le=65535, description="Seconds between interim accounting records; 0 for none"
    )
    acct_servers: Annotated[list[RadiusAcctServer], KeyedBy("host", "port")] | None = Field(
        None, description="RADIUS accounting servers, the first is the primary"
    )
    airwatch: Airwatch | None = None
    allow_ipv6_ndp: Annotated[bool, Default(True)] | None = Field(
        None, description="Let IPv6 neighbour discovery through limit_bcast"
    )
    allow_mdns: Annotated[bool, Default(False)] | None = Field(None, description="Let mDNS through limit_bcast")
    allow_ssdp: Annotated[bool, Default(False)] | None = Field(None, description="Let SSDP through limit_bcast")
    app_limit: AppLimit | None = None
    app_qos: AppQos | None = None
    apply_to: Annotated[Literal["aps", "site", "wxtags"], Default("site")] | None = Field(
        None, description="Every AP of the site, some APs, or APs by tags"
    )
    aps: Annotated[list[str], AsSet()] | None = Field(
        None, description="Access points by name or MAC address, with apply_to aps"
    )
    arp_filter: Annotated[bool, Default(False)] | None = Field(
        None, description="Answer ARP for clients and drop the rest"
    )
    auth: WlanAuth | None = Field(None, description="How clients authenticate and how traffic is encrypted")
    auth_server_selection: Annotated[Literal["ordered", "unordered"], Default("ordered")] | None = Field(
        None, description="In order, or spread"
    )
    auth_servers: Annotated[list[RadiusAuthServer], KeyedBy("host", "port")] | None = Field(
        None, description="RADIUS authentication servers, the first is the primary"
    )
    auth_servers_nas_id: str | None = Field(None, description="NAS identifier, may hold variables")
    auth_servers_nas_ip: str | None = Field(None, description="NAS IP address")
    auth_servers_retries: Annotated[int, Default(2)] | None = Field(
        None, description="How often to ask a RADIUS server again"
    )
    auth_servers_timeout: Annotated[int, Default(5)] | None = Field(
        None, description="Seconds to wait for a RADIUS server"
    )
    band: str | None = None
    band_steer: Annotated[bool, Default(False)] | None = Field(None, description="Move clients to better bands")
    band_steer_force_band5: Annotated[bool, Default(False)] | None = None
    bands: Annotated[list[Literal["24", "5", "6"]], AsSet(), Default(["24", "5"], ["24", "5", "6"])] | None = Field(
        None, description="Bands that the WLAN is on, in GHz"
    )
    block_blacklist_clients: Annotated[bool, Default(False)] | None = None
    bonjour: Bonjour | None = None
    cisco_cwa: CiscoCwa | None = None
    client_limit_down: Annotated[KbpsLimit, Default("1000")] | None = Field(
        None, description="Limit per client towards the client, in kbit/s"
    )
    client_limit_down_enabled: Annotated[bool, Default(False)] | None = None
    client_limit_up: Annotated[KbpsLimit, Default("512")] | None = Field(
        None, description="Limit per client towards the network, in kbit/s"
    )
    client_limit_up_enabled: Annotated[bool, Default(False)] | None = None
    coa_servers: Annotated[list[CoaServer], KeyedBy("ip", "port")] | None = Field(
        None, description="Who may send changes of authorisation"
    )
    disable_11ax: Annotated[bool, Default(False)] | None = Field(None, description="No 802.11ax on this WLAN")
    disable_11be: Annotated[bool, Default(False)] | None = Field(None, description="No 802.11be on this WLAN")
    disable_ht_vht_rates: Annotated[bool, Default(False)] | None = None
    disable_message_authenticator_check: bool | None = None
    disable_uapsd: Annotated[bool, Default(False)] | None = None
    disable_v1_roam_notify: Annotated[bool, Default(False)] | None = None
    disable_v2_roam_notify: Annotated[bool, Default(False)] | None = None
    disable_when_gateway_unreachable: Annotated[bool, Default(False)] | None = None
    disable_when_mxtunnel_down: Annotated[bool, Default(False)] | None = None
    disable_wmm: Annotated[bool, Default(False)] | None = None
    dns_server_rewrite: DnsServerRewrite | None = None
    dtim: Annotated[int, Default(2)] | None = None
    dynamic_psk: DynamicPsk | None = Field(None, description="Passphrase per client")
    dynamic_vlan: DynamicVlan | None = Field(None, description="VLAN that RADIUS chooses per client")
    enable_ftm: Annotated[bool, Default(False)] | None = None
    enable_local_keycaching: Annotated[bool, Default(False)] | None = None
    enable_wireless_bridging: Annotated[bool, Default(False)] | None = None
    enable_wireless_bridging_dhcp_tracking: Annotated[bool, Default(False)] | None = None
    enabled: Annotated[bool, Default(True)] | None = Field(None, description="Whether the WLAN is on air")
    fast_dot1x_timers: Annotated[bool, Default(False)] | None = None
    hide_ssid: Annotated[bool, Default(False)] | None = Field(None, description="Don't announce the network name")
    hostname_ie: Annotated[bool, Default(False)] | None = None
    hotspot20: Hotspot20 | None = None
    inject_dhcp_option_82: DhcpOption82 | None = None
    interface: (
        Annotated[Literal["all", "eth0", "eth1", "eth2", "eth3", "mxtunnel", "site_mxedge", "wxtunnel"], Default("all")]
        | None
    ) = Field(None, description="Where traffic leaves the AP")
    isolation: Annotated[bool, Default(False)] | None = Field(
        None, description="Clients of one AP can't reach each other"
    )
    l2_isolation: Annotated[bool, Default(False)] | None = Field(
        None, description="Clients of one subnet can't reach each other"
    )
    legacy_overds: Annotated[bool, Default(False)] | None = None
    limit_bcast: Annotated[bool, Default(False)] | None = Field(
        None, description="Drop broadcasts that clients can do without"
    )
    limit_probe_response: Annotated[bool, Default(False)] | None = None
    max_idletime: Annotated[int, Default(1800)] | None = Field(
        None, ge=60, le=86400, description="Seconds until an idle client is forgotten"
    )
    max_num_clients: Annotated[int, Default(0)] | None = Field(
        None, ge=0, le=128, description="Clients per AP; 0 for no limit"
    )
    mist_nac: MistNac | None = Field(None, description="Authentication by Mist Access Assurance")
    mxtunnel: str | None = None
    mxtunnel_name: list[str] | None = Field(None, description="Names of site Mist tunnels, with interface site_mxedge")
    mxtunnels: Annotated[list[str], AsSet()] | None = Field(
        None, description="Names of Mist tunnels, with interface mxtunnel"
    )
    no_static_dns: Annotated[bool, Default(False)] | None = Field(
        None, description="Clients must use the DNS servers that DHCP gives"
    )
    no_static_ip: Annotated[bool, Default(False)] | None = Field(None, description="Clients must use DHCP")
    portal: Portal | None = Field(None, description="Guest portal")
    portal_allowed_hostnames: Annotated[list[str], AsSet()] | None = Field(
        None, description="Host names that are open before login"
    )
    portal_allowed_subnets: Annotated[list[Subnet], AsSet()] | None = Field(
        None, description="Subnets that are open before login"
    )
    portal_denied_hostnames: Annotated[list[str], AsSet()] | None = Field(
        None, description="Exceptions from portal_allowed_hostnames"
    )
    qos: WlanQos | None = Field(None, description="Priority of the WLAN's traffic")
    radsec: Radsec | None = Field(None, description="RADIUS over TLS")
    rateset: dict[str, DataRates] | None = Field(None, description="Data rates by band")
    reconnect_clients_when_roaming_mxcluster: Annotated[bool, Default(False)] | None = None
    roam_mode: Annotated[Literal["11r", "NONE", "OKC"], Default("none", "NONE")] | None = Field(
        None, description="Fast roaming"
    )
    schedule: WlanSchedule | None = Field(None, description="When the WLAN is on air")
    sle_excluded: Annotated[bool, Default(False)] | None = None
    ssid: str = Field(min_length=1, description="Network name on air; also the object's name in its address")
    use_eapol_v1: Annotated[bool, Default(False)] | None = None
    vlan_enabled: Annotated[bool, Default(False)] | None = Field(None, description="Tag the WLAN's traffic")
    vlan_id: VlanId | None = Field(None, description="VLAN of the WLAN's clients, or a site variable")
    vlan_ids: VlanIds | None = Field(None, description="VLANs to spread clients over, with vlan_pooling")
    vlan_pooling: Annotated[bool, Default(False)] | None = Field(None, description="Spread clients over vlan_ids")
    wlan_limit_down: Annotated[KbpsLimit, Default("20000")] | None = Field(
        None, description="Limit of the WLAN towards clients, in kbit/s"
    )
    wlan_limit_down_enabled: Annotated[bool, Default(False)] | None = None
    wlan_limit_up: Annotated[KbpsLimit, Default("10000")] | None = Field(
        None, description="Limit of the WLAN towards the network, in kbit/s"
    )
    wlan_limit_up_enabled: Annotated[bool, Default(False)] | None = None
    wxtags: Annotated[list[str], AsSet()] | None = Field(None, description="Names of WxLAN tags, with apply_to wxtags")
    wxtunnel: str | None = Field(None, description="Name of a WxLAN tunnel, with interface wxtunnel")
    wxtunnel_remote_id: str | None = None
