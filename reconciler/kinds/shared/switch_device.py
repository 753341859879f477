"""What switches and their profiles have beyond the templates.

Written by tools/make_models.py from the vendor's OpenAPI document and tools/models.yaml.
"""

from typing import Annotated, Literal

from pydantic import Field

from reconciler.kinds.markers import AsSet, Default, KeyedBy
from reconciler.kinds.shared.base import Model, OpenModel
from reconciler.kinds.shared.gateway import DhcpdFixedBinding, DhcpdOption
from reconciler.kinds.shared.switch import StormControl
from reconciler.kinds.shared.types import IpAddress, Mac, MacLimit, Number, ReauthSeconds


class JunosIpConfig(Model):
    dns: list[str] | None = None
    dns_suffix: list[str] | None = Field(None, description="DNS search domains")
    gateway: str | None = None
    ip: str | None = None
    netmask: str | None = None
    network: str | None = None
    type: Annotated[Literal["dhcp", "static"], Default("dhcp")] | None = None


class LocalPortConfig(Model):
    all_networks: Annotated[bool, Default(False)] | None = None
    allow_dhcpd: bool | None = None
    allow_multiple_supplicants: Annotated[bool, Default(False)] | None = None
    bypass_auth_when_server_down: Annotated[bool, Default(False)] | None = None
    bypass_auth_when_server_down_for_unknown_client: Annotated[bool, Default(False)] | None = None
    description: str | None = None
    disable_autoneg: Annotated[bool, Default(False)] | None = None
    disabled: Annotated[bool, Default(False)] | None = None
    duplex: Annotated[Literal["auto", "full", "half"], Default("auto")] | None = None
    dynamic_vlan_networks: Annotated[list[str], AsSet()] | None = None
    enable_mac_auth: Annotated[bool, Default(False)] | None = None
    enable_qos: Annotated[bool, Default(False)] | None = None
    guest_network: str | None = None
    inter_switch_link: Annotated[bool, Default(False)] | None = None
    mac_auth_only: bool | None = None
    mac_auth_preferred: bool | None = None
    mac_auth_protocol: Annotated[Literal["eap-md5", "eap-peap", "pap"], Default("eap-md5")] | None = None
    mac_limit: Annotated[int, Default(0)] | None = Field(None, ge=0)
    mode: Literal["access", "inet", "trunk"] | None = None
    mtu: int | None = None
    networks: Annotated[list[str], AsSet()] | None = None
    note: str | None = None
    persist_mac: Annotated[bool, Default(False)] | None = None
    poe_disabled: Annotated[bool, Default(False)] | None = None
    port_auth: Literal["dot1x", "none"] | None = None
    port_network: str | None = None
    reauth_interval: Annotated[ReauthSeconds, Default(3600)] | None = None
    server_fail_network: str | None = None
    server_reject_network: str | None = None
    speed: (
        Annotated[Literal["100g", "100m", "10g", "10m", "1g", "2.5g", "25g", "40g", "5g", "auto"], Default("auto")]
        | None
    ) = None
    storm_control: StormControl | None = None
    stp_edge: Annotated[bool, Default(False)] | None = None
    stp_no_root_port: Annotated[bool, Default(False)] | None = None
    stp_p2p: Annotated[bool, Default(False)] | None = None
    usage: str | None = None
    use_vstp: Annotated[bool, Default(False)] | None = None
    voip_network: str | None = None


class OtherIpConfig(Model):
    evpn_anycast: Annotated[bool, Default(False)] | None = None
    ip: str | None = None
    ip6: str | None = None
    netmask: str | None = None
    netmask6: str | None = None
    type: Annotated[Literal["dhcp", "static"], Default("dhcp")] | None = None
    type6: Annotated[Literal["autoconf", "dhcp", "disabled", "static"], Default("disabled")] | None = None


class PortOverwrite(Model):
    description: str | None = None
    disabled: Annotated[bool, Default(False)] | None = None
    duplex: Annotated[Literal["auto", "full", "half"], Default("auto")] | None = None
    mac_limit: Annotated[MacLimit, Default(0)] | None = None
    poe_disabled: Annotated[bool, Default(False)] | None = None
    poe_keep_state_when_reboot: Annotated[bool, Default(False)] | None = None
    port_network: str | None = None
    speed: (
        Annotated[Literal["100g", "100m", "10g", "10m", "1g", "2.5g", "25g", "40g", "5g", "auto"], Default("auto")]
        | None
    ) = None


class SwitchAutoUpgrade(Model):
    custom_versions: dict[str, str] | None = None
    enabled: bool | None = None
    snapshot: Annotated[bool, Default(False)] | None = None


class SwitchDhcpdNetwork(Model):
    dns_servers: list[IpAddress] | None = Field(None, description="DNS servers")
    dns_suffix: list[str] | None = Field(None, description="DNS search domains")
    fixed_bindings: dict[str, DhcpdFixedBinding] | None = None
    gateway: str | None = None
    ip_end: str | None = None
    ip_end6: str | None = None
    ip_start: str | None = None
    ip_start6: str | None = None
    lease_time: Annotated[int, Default(86400)] | None = Field(None, ge=3600, le=604800)
    options: dict[str, DhcpdOption] | None = None
    server_id_override: Annotated[bool, Default(False)] | None = None
    servers: list[str] | None = None
    servers6: list[str] | None = None
    type: Literal["none", "relay", "server"] | None = None
    type6: Annotated[Literal["none", "relay", "server"], Default("none")] | None = None
    vendor_encapsulated: dict[str, DhcpdOption] | None = None


class SwitchIotPort(Model):
    alarm_class: Annotated[Literal["major", "minor"], Default("minor")] | None = None
    enabled: Annotated[bool, Default(False)] | None = None
    input_src: Annotated[Literal["IN0", "IN1"], Default("IN0")] | None = None
    name: str | None = None


class SwitchOobIpConfig(Model):
    gateway: str | None = None
    ip: str | None = None
    netmask: str | None = None
    network: str | None = None
    type: Annotated[Literal["dhcp", "static"], Default("dhcp")] | None = None
    use_mgmt_vrf: Annotated[bool, Default(False)] | None = None
    use_mgmt_vrf_for_host_out: Annotated[bool, Default(False)] | None = None


class SwitchOspfArea(Model):
    no_summary: Annotated[bool, Default(False)] | None = None


class VirtualChassisMember(Model):
    mac: Mac | None = None
    member_id: int | None = None
    vc_role: Literal["backup", "linecard", "master"] | None = None


class VrrpPriority(Model):
    preempt: Annotated[bool, Default(False)] | None = None
    priority: int | None = None


class SwitchDhcpd(OpenModel):
    __pydantic_extra__: dict[str, SwitchDhcpdNetwork | None]

    enabled: Annotated[bool, Default(False)] | None = None


class SwitchOspf(Model):
    areas: dict[str, SwitchOspfArea] | None = None
    enabled: Annotated[bool, Default(False)] | None = None
    export_policy: str | None = None
    import_policy: str | None = None
    reference_bandwidth: Number | None = None


class VirtualChassis(Model):
    members: Annotated[list[VirtualChassisMember], KeyedBy("member_id", ordered=False)] | None = None
    preprovisioned: Annotated[bool, Default(False)] | None = None


class VrrpConfig(Model):
    enabled: bool | None = None
    groups: dict[str, VrrpPriority] | None = None
