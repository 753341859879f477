"""An area on a map.

Written by tools/make_models.py from the vendor's OpenAPI document and tools/models.yaml.
"""

from pydantic import Field

from reconciler.kinds.shared.base import Model


class ZoneVertex(Model):
    x: float | None = None
    y: float | None = None


class Zone(Model):
    map: str | None = Field(None, description="The map that it is on, by name")
    name: str = Field(min_length=1)
    vertices: list[ZoneVertex] | None = None
