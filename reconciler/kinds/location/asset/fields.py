"""A named Bluetooth tag.

Written by tools/make_models.py from the vendor's OpenAPI document and tools/models.yaml.
"""

from pydantic import Field

from reconciler.kinds.shared.base import Model
from reconciler.kinds.shared.types import Mac, Uuid


class Asset(Model):
    mac: Mac | None = Field(None, description="MAC address of the tag")
    map: str | None = None
    name: str = Field(min_length=1)
    tag_id: Uuid | None = None
