"""A site, and where it stands on the map.

Written by tools/make_models.py from the vendor's OpenAPI document and tools/models.yaml.
"""

from typing import Annotated

from pydantic import Field

from reconciler.kinds.markers import AsSet, Default
from reconciler.kinds.shared.base import Model
from reconciler.kinds.shared.common import LatLng
from reconciler.kinds.shared.types import CountryCode, TimeZone, Uuid


class Site(Model):
    """A site."""

    address: str | None = Field(None, description="Postal address, shown on maps")
    alarmtemplate: str | None = Field(None, description="Name of the alarm template")
    aptemplate: str | None = Field(None, description="Name of the AP template")
    country_code: CountryCode | None = Field(
        None, description="Country (ISO 3166, two capital letters); decides which radio channels are legal"
    )
    gatewaytemplate: str | None = Field(None, description="Name of the WAN edge template")
    latlng: LatLng | None = Field(None, description="Coordinates")
    name: str = Field(min_length=1, description="Unique within the organisation; the site's address is site.NAME")
    networktemplate: str | None = Field(None, description="Name of the network template (switches)")
    notes: str | None = Field(None, description="Anything worth knowing")
    rftemplate: str | None = Field(None, description="Name of the RF template (radios)")
    routertemplate_id: Uuid | None = Field(None, description="Id of the router template")
    secpolicy: str | None = Field(None, description="Name of the security policy")
    sitegroups: Annotated[list[str], AsSet()] | None = Field(
        None, description="Names of the site groups that the site belongs to"
    )
    sitetemplate: str | None = Field(None, description="Name of the site template")
    timezone: Annotated[TimeZone, Default("UTC")] | None = Field(
        None, description="IANA time zone, such as Europe/Paris"
    )
