"""A Bluetooth beacon of somebody else, and where it hangs.

Written by tools/make_models.py from the vendor's OpenAPI document and tools/models.yaml.
"""

from typing import Annotated, Literal

from pydantic import Field

from reconciler.kinds.markers import Default
from reconciler.kinds.shared.base import Model
from reconciler.kinds.shared.types import Mac, Uuid


class Beacon(Model):
    eddystone_instance: str | None = None
    eddystone_namespace: str | None = None
    eddystone_url: str | None = None
    ibeacon_major: int | None = None
    ibeacon_minor: int | None = None
    ibeacon_uuid: Uuid | None = None
    mac: Mac | None = None
    map: str | None = None
    name: str = Field(min_length=1)
    power: Annotated[int, Default(-12)] | None = Field(
        None, ge=-12, le=100, description="Fixed transmit power in dBm; 0 or nothing for automatic"
    )
    type: Annotated[Literal["eddystone-uid", "eddystone-url", "ibeacon"], Default("eddystone-uid")] | None = None
    x: float | None = None
    y: float | None = None
