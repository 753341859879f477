"""An access point.

Written by tools/make_models.py from the vendor's OpenAPI document and tools/models.yaml.
"""

from typing import Annotated

from pydantic import Field

from reconciler.kinds.markers import Default
from reconciler.kinds.shared.access_points import ApPortConfig, BleConfig, Led, UplinkPortConfig
from reconciler.kinds.shared.ap import (
    Aeroscout,
    Airista,
    ApIot,
    ApIpConfig,
    ApLacp,
    ApMesh,
    ApMqtt,
    ApPower,
    ApUsb,
    ApZigbee,
    Centrak,
    ClientBridge,
    EslConfig,
)
from reconciler.kinds.shared.base import Model
from reconciler.kinds.shared.radio import ApRadio
from reconciler.kinds.shared.types import Host, Mac, SecretText, VarName, VarValue


class Ap(Model):
    aeroscout: Aeroscout | None = None
    airista: Airista | None = None
    ble_config: BleConfig | None = None
    centrak: Centrak | None = None
    claim_code: SecretText | None = Field(
        None, description="Claims it first, where the organisation has not yet; it may stay in the file"
    )
    client_bridge: ClientBridge | None = None
    deviceprofile: str | None = None
    disable_eth1: Annotated[bool, Default(False)] | None = None
    disable_eth2: Annotated[bool, Default(False)] | None = None
    disable_eth3: Annotated[bool, Default(False)] | None = None
    disable_module: Annotated[bool, Default(False)] | None = None
    esl_config: EslConfig | None = None
    flow_control: Annotated[bool, Default(False)] | None = None
    height: float | None = None
    iot_config: ApIot | None = None
    ip_config: ApIpConfig | None = None
    lacp_config: ApLacp | None = None
    led: Led | None = None
    locked: bool | None = None
    mac: Mac = Field(min_length=1)
    map: str | None = None
    mesh: ApMesh | None = None
    mqtt_config: ApMqtt | None = None
    name: str | None = None
    notes: str | None = None
    ntp_servers: list[Host] | None = Field(None, description="NTP servers")
    orientation: int | None = Field(None, ge=0, le=359)
    poe_passthrough: Annotated[bool, Default(False)] | None = None
    port_config: dict[str, ApPortConfig] | None = None
    pwr_config: ApPower | None = None
    radio_config: ApRadio | None = None
    replaces: Mac | None = Field(
        None, description="MAC address of the device at this site whose place and configuration it takes"
    )
    unassign: bool | None = Field(None, description="It leaves this site, and stays in the organisation")
    uplink_port_config: UplinkPortConfig | None = None
    usb_config: ApUsb | None = None
    vars: dict[VarName, VarValue] | None = None
    x: float | None = None
    y: float | None = None
    zigbee_config: ApZigbee | None = None
