"""What access points and their profiles share beyond radios and ports.

Written by tools/make_models.py from the vendor's OpenAPI document and tools/models.yaml.
"""

from typing import Annotated, Literal

from pydantic import Field

from reconciler.kinds.markers import AsSet, Default
from reconciler.kinds.shared.base import Model
from reconciler.kinds.shared.types import Host, Ipv4Address, Ipv6Address, PortNumber, SecretText, VlanId


class Aeroscout(Model):
    enabled: Annotated[bool, Default(False)] | None = None
    host: str | None = None
    locate_connected: Annotated[bool, Default(False)] | None = None
    port: Annotated[int, Default(1144)] | None = None


class Airista(Model):
    enabled: Annotated[bool, Default(False)] | None = None
    host: str | None = None
    port: Annotated[int, Default(1144)] | None = None


class ApIotInput(Model):
    enabled: Annotated[bool, Default(False)] | None = None
    name: str | None = None
    pullup: Annotated[Literal["external", "internal", "none"], Default("none")] | None = None


class ApIotOutput(Model):
    enabled: Annotated[bool, Default(False)] | None = None
    name: str | None = None
    output: bool | None = None
    pullup: Annotated[Literal["external", "internal", "none"], Default("none")] | None = None
    value: int | None = None


class ApIpConfig(Model):
    dns: list[str] | None = None
    dns_suffix: list[str] | None = Field(None, description="DNS search domains")
    gateway: Ipv4Address | None = None
    gateway6: Ipv6Address | None = None
    ip: Ipv4Address | None = None
    ip6: Ipv6Address | None = None
    mtu: Annotated[int, Default(0)] | None = None
    netmask: str | None = None
    netmask6: str | None = None
    type: Annotated[Literal["dhcp", "static"], Default("dhcp")] | None = None
    type6: Annotated[Literal["autoconf", "dhcp", "disabled", "static"], Default("disabled")] | None = None
    vlan_id: Annotated[int, Default(1)] | None = None


class ApLacp(Model):
    enabled: Annotated[bool, Default(False)] | None = None


class ApMesh(Model):
    bands: Annotated[list[Literal["24", "5", "6"]], AsSet()] | None = None
    enabled: Annotated[bool, Default(False)] | None = None
    group: int | None = Field(None, ge=1, le=9)
    role: Literal["base", "remote"] | None = None
    use_wpa3_on_5: bool | None = None


class ApMqtt(Model):
    broker_host: Host | None = None
    broker_port: PortNumber | None = None
    broker_proto: str | None = None
    enabled: bool | None = None
    format: str | None = None
    password: SecretText | None = None
    username: str | None = None


class ApPower(Model):
    base: Annotated[int, Default(0)] | None = None
    prefer_usb_over_wifi: Annotated[bool, Default(False)] | None = None


class ApSwitchPort(Model):
    enable_vlan: bool | None = None
    port_vlan_id: VlanId | None = None
    vlan_ids: Annotated[list[Annotated[int, Field(ge=1, le=4094)]], AsSet()] | None = None


class ApUsb(Model):
    cacert: str | None = None
    channel: int | None = None
    enabled: bool | None = None
    host: str | None = None
    port: Annotated[int, Default(0)] | None = None
    type: Literal["hanshow", "imagotag", "solum"] | None = None
    verify_cert: bool | None = None
    vlan_id: Annotated[int, Default(1)] | None = None


class ApZigbee(Model):
    allow_join: str | None = None
    channel: int | None = None
    enabled: bool | None = None
    extended_pan_id: str | None = None
    pan_id: str | None = None


class Centrak(Model):
    enabled: Annotated[bool, Default(False)] | None = None


class ClientBridgeAuth(Model):
    psk: SecretText | None = Field(None, min_length=8, max_length=63)
    type: Annotated[Literal["open", "psk"], Default("psk")] | None = None


class EslConfig(Model):
    cacert: str | None = None
    channel: int | None = None
    enabled: Annotated[bool, Default(False)] | None = None
    host: str | None = None
    port: int | None = None
    type: Annotated[Literal["hanshow", "imagotag", "native", "solum"], Default("imagotag")] | None = None
    verify_cert: bool | None = None
    vlan_id: Annotated[int, Default(1)] | None = None


class ApIot(Model):
    a1: ApIotOutput | None = Field(None, alias="A1")
    a2: ApIotOutput | None = Field(None, alias="A2")
    a3: ApIotOutput | None = Field(None, alias="A3")
    a4: ApIotOutput | None = Field(None, alias="A4")
    di1: ApIotInput | None = Field(None, alias="DI1")
    di2: ApIotInput | None = Field(None, alias="DI2")
    do: ApIotOutput | None = Field(None, alias="DO")


class ApSwitch(Model):
    enabled: Annotated[bool, Default(False)] | None = None
    eth0: ApSwitchPort | None = None
    eth1: ApSwitchPort | None = None
    eth2: ApSwitchPort | None = None
    eth3: ApSwitchPort | None = None
    module: ApSwitchPort | None = None
    wds: ApSwitchPort | None = None


class ClientBridge(Model):
    auth: ClientBridgeAuth | None = None
    enabled: Annotated[bool, Default(False)] | None = None
    ssid: str | None = Field(None, min_length=1)
