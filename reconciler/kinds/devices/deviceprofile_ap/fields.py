"""A device profile for access points.

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
    ApSwitch,
    ApUsb,
    ApZigbee,
    EslConfig,
)
from reconciler.kinds.shared.base import Model
from reconciler.kinds.shared.radio import ApRadio
from reconciler.kinds.shared.types import Host, VarName, VarValue


class ApProfile(Model):
    aeroscout: Aeroscout | None = None
    airista: Airista | None = None
    ble_config: BleConfig | None = None
    disable_eth1: Annotated[bool, Default(False)] | None = None
    disable_eth2: Annotated[bool, Default(False)] | None = None
    disable_eth3: Annotated[bool, Default(False)] | None = None
    disable_module: Annotated[bool, Default(False)] | None = None
    esl_config: EslConfig | None = None
    iot_config: ApIot | None = None
    ip_config: ApIpConfig | None = None
    lacp_config: ApLacp | None = None
    led: Led | None = None
    mesh: ApMesh | None = None
    mqtt_config: ApMqtt | None = None
    name: str = Field(min_length=1)
    ntp_servers: list[Host] | None = Field(None, description="NTP servers")
    poe_passthrough: Annotated[bool, Default(False)] | None = None
    port_config: dict[str, ApPortConfig] | None = None
    pwr_config: ApPower | None = None
    radio_config: ApRadio | None = None
    switch_config: ApSwitch | None = None
    uplink_port_config: UplinkPortConfig | None = None
    usb_config: ApUsb | None = None
    vars: dict[VarName, VarValue] | None = None
    zigbee_config: ApZigbee | None = None
