"""An overlay (VPN) between WAN edges, and its paths.

Written by tools/make_models.py from the vendor's OpenAPI document and tools/models.yaml.
"""

from typing import Annotated, Literal

from pydantic import Field

from reconciler.kinds.markers import Default
from reconciler.kinds.shared.base import Model


class VpnPathSelection(Model):
    strategy: Annotated[Literal["disabled", "manual", "simple"], Default("disabled")] | None = None


class VpnPeerPath(Model):
    preference: int | None = None


class VpnTrafficShaping(Model):
    class_percentage: Annotated[list[int], Default([80, 10, 9, 1])] | None = None
    class_percentages: list[int] | None = None
    enabled: bool | None = None
    max_tx_kbps: int | None = None


class VpnPath(Model):
    bfd_profile: Annotated[Literal["broadband", "lte"], Default("broadband")] | None = None
    bfd_use_tunnel_mode: Annotated[bool, Default(False)] | None = None
    ip: str | None = None
    peer_paths: dict[str, VpnPeerPath] | None = None
    pod: Annotated[int, Default(1)] | None = Field(None, ge=1, le=128)
    traffic_shaping: VpnTrafficShaping | None = None


class Vpn(Model):
    """An overlay between WAN edges."""

    name: str = Field(min_length=1, description="Unique within the organisation")
    path_selection: VpnPathSelection | None = None
    paths: dict[str, VpnPath] | None = Field(None, description="Paths by name")
    type: Annotated[Literal["hub_spoke", "mesh"], Default("hub_spoke")] | None = None
