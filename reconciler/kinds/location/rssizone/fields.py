"""An area that is defined by how strongly devices hear a client.

Written by tools/make_models.py from the vendor's OpenAPI document and tools/models.yaml.
"""

from typing import Annotated

from pydantic import Field

from reconciler.kinds.markers import KeyedBy
from reconciler.kinds.shared.base import Model


class RssiZoneDevice(Model):
    device: str | None = None
    rssi: int | None = None


class RssiZone(Model):
    devices: Annotated[list[RssiZoneDevice], KeyedBy("device", ordered=False)] | None = None
    name: str = Field(min_length=1)
