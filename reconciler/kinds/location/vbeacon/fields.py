"""A virtual beacon: a place on a map that apps can see.

Written by tools/make_models.py from the vendor's OpenAPI document and tools/models.yaml.
"""

from typing import Annotated, Literal

from pydantic import Field

from reconciler.kinds.markers import Default
from reconciler.kinds.shared.base import Model
from reconciler.kinds.shared.types import Uuid


class VirtualBeacon(Model):
    major: int | None = None
    map: str | None = None
    message: str | None = None
    minor: int | None = None
    name: str = Field(min_length=1)
    power: Annotated[int, Default(4)] | None = Field(
        None, ge=-30, le=100, description="Fixed transmit power in dBm; 0 or nothing for automatic"
    )
    power_mode: Annotated[Literal["custom", "default"], Default("default")] | None = None
    url: str | None = None
    uuid: Uuid | None = None
    wayfinding_nodename: str | None = None
    x: float | None = None
    y: float | None = None
