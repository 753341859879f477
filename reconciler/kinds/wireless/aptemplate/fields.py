"""An AP template, the port configuration that access points of many sites share.

Written by tools/make_models.py from the vendor's OpenAPI document and tools/models.yaml.
"""

from typing import Annotated

from pydantic import Field

from reconciler.kinds.markers import Default, KeyedBy
from reconciler.kinds.shared.access_points import ApPortConfig
from reconciler.kinds.shared.base import Model


class ApTemplateWifi(Model):
    cisco_enabled: bool | None = None
    disable_11k: Annotated[bool, Default(False)] | None = None
    disable_radios_when_power_constrained: bool | None = None
    enable_arp_spoof: bool | None = None
    enable_arp_spoof_check: bool | None = None
    enable_shared_radio_scanning: Annotated[bool, Default(False)] | None = None
    enabled: Annotated[bool, Default(True)] | None = None
    locate_connected: Annotated[bool, Default(False)] | None = None
    locate_unconnected: Annotated[bool, Default(False)] | None = None
    mesh_allow_dfs: Annotated[bool, Default(False)] | None = None
    mesh_enable_crm: bool | None = None
    mesh_enabled: bool | None = None
    proxy_arp: Annotated[bool | str, Default(False)] | None = None


class ApTemplateRule(Model):
    match_model: str | None = Field(None, min_length=1)
    name: str | None = Field(None, min_length=1)
    port_config: dict[str, ApPortConfig] | None = None


class ApTemplateMatching(Model):
    enabled: bool | None = None
    rules: Annotated[list[ApTemplateRule], KeyedBy("name")] | None = None


class ApTemplate(Model):
    ap_matching: ApTemplateMatching | None = None
    name: str = Field(min_length=1)
    wifi: ApTemplateWifi | None = None
