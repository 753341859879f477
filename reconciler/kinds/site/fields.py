"""A site, and where it stands on the map.

Written by tools/make_models.py from the vendor's OpenAPI document and tools/models.yaml.
"""

from typing import Annotated

from pydantic import Field

from reconciler.kinds.markers import AsSet
from reconciler.kinds.shared.base import Model
from reconciler.kinds.shared.types import CountryCode, Latitude, Longitude, TimeZone, Uuid


class LatLng(Model):
    lat: Latitude | None = None
    lng: Longitude | None = None


class Site(Model):
    address: str | None = None
    alarmtemplate: str | None = None
    aptemplate: str | None = None
    country_code: CountryCode | None = None
    gatewaytemplate: str | None = None
    latlng: LatLng | None = None
    name: str = Field(min_length=1)
    networktemplate: str | None = None
    notes: str | None = None
    rftemplate: str | None = None
    routertemplate_id: Uuid | None = None
    secpolicy: str | None = None
    sitegroups: Annotated[list[str], AsSet()] | None = None
    sitetemplate: str | None = None
    timezone: TimeZone | None = None
