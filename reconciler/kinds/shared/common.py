"""Small models that many others use.

Written by tools/make_models.py from the vendor's OpenAPI document and tools/models.yaml.
"""

from typing import Annotated

from pydantic import Field

from reconciler.kinds.markers import AsSet, Default
from reconciler.kinds.shared.base import Model
from reconciler.kinds.shared.types import Latitude, Longitude, Url


class Hours(Model):
    fri: str | None = None
    mon: str | None = None
    sat: str | None = None
    sun: str | None = None
    thu: str | None = None
    tue: str | None = None
    wed: str | None = None


class LatLng(Model):
    """Where a site stands, in decimal degrees."""

    lat: Latitude | None = Field(None, description="Latitude, north is positive")
    lng: Longitude | None = Field(None, description="Longitude, east is positive")


class NamedNetworks(Model):
    networks: Annotated[list[str], AsSet()] | None = None


class Proxy(Model):
    disabled: Annotated[bool, Default(False)] | None = None
    url: Url | None = Field(None, description="URL of the proxy")


class Toggle(Model):
    enabled: Annotated[bool, Default(False)] | None = None
