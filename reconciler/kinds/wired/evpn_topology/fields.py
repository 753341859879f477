"""An EVPN fabric: its switches, their roles and their links.

Written by tools/make_models.py from the vendor's OpenAPI document and tools/models.yaml.
"""

from typing import Annotated, Literal

from pydantic import Field

from reconciler.kinds.markers import Default, KeyedBy
from reconciler.kinds.shared.base import Model
from reconciler.kinds.shared.common import Toggle
from reconciler.kinds.shared.evpn import EvpnOptions
from reconciler.kinds.shared.switch import PortConfig, PortUsage, SwitchNetwork
from reconciler.kinds.shared.switch_device import OtherIpConfig
from reconciler.kinds.shared.types import Mac


class EvpnSwitchConfig(Model):
    dhcpd_config: Toggle | None = None
    networks: dict[str, SwitchNetwork] | None = None
    other_ip_configs: dict[str, OtherIpConfig] | None = None
    port_config: dict[str, PortConfig] | None = None
    port_usages: dict[str, PortUsage] | None = Field(None, description="Port profiles by name: what a port is used for")
    router_id: str | None = None
    vrf_config: Toggle | None = Field(None, description="Whether routing instances are used")


class EvpnSwitch(Model):
    config: EvpnSwitchConfig | None = None
    downlinks: list[str] | None = None
    esilaglinks: list[str] | None = None
    mac: Mac | None = None
    pod: Annotated[int, Default(1)] | None = Field(None, ge=1, le=255)
    pods: list[int] | None = None
    role: Literal["access", "collapsed-core", "core", "distribution", "esilag-access", "none"] | None = None
    uplinks: list[str] | None = None


class EvpnTopology(Model):
    evpn_options: EvpnOptions | None = None
    name: str = Field(min_length=1)
    pod_names: dict[str, str] | None = None
    switch_configs: dict[str, EvpnSwitchConfig] | None = None
    switches: Annotated[list[EvpnSwitch], KeyedBy("mac", ordered=False)] | None = None
