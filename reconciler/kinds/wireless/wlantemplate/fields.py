"""A WLAN template, and the sites that it applies to.

Written by tools/make_models.py from the vendor's OpenAPI document and tools/models.yaml.
"""

from typing import Annotated

from pydantic import Field

from reconciler.kinds.markers import AsSet, Default
from reconciler.kinds.shared.base import Model
from reconciler.kinds.shared.types import Itself


class Applies(Model):
    """Where a template applies."""

    org: Itself | None = Field(None, description="Whether it applies to all sites of the organisation")
    sitegroups: Annotated[list[str], AsSet()] | None = Field(None, description="Names of site groups")
    sites: Annotated[list[str], AsSet()] | None = Field(None, description="Names of sites")


class Exceptions(Model):
    """Where a template does not apply."""

    sitegroups: Annotated[list[str], AsSet()] | None = Field(None, description="Names of site groups")
    sites: Annotated[list[str], AsSet()] | None = Field(None, description="Names of sites")


class WlanTemplate(Model):
    """A WLAN template: WLANs, and where they are on air."""

    applies: Applies | None = Field(None, description="Where the template's WLANs are on air")
    deviceprofiles: Annotated[list[str], AsSet()] | None = Field(
        None, description="Device profiles that the template is limited to"
    )
    exceptions: Exceptions | None = Field(None, description="Where they are not, although `applies` says so")
    filter_by_deviceprofile: Annotated[bool, Default(False)] | None = Field(
        None, description="Limit the template to the listed device profiles"
    )
    name: str = Field(min_length=1, description="Unique within the organisation")
