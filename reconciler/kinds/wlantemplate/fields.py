"""A WLAN template, and the sites that it applies to.

Written by tools/make_models.py from the vendor's OpenAPI document and tools/models.yaml.
"""

from typing import Annotated

from pydantic import Field

from reconciler.kinds.markers import AsSet
from reconciler.kinds.shared.base import Model
from reconciler.kinds.shared.types import Uuid


class Applies(Model):
    org_id: Uuid | None = None
    sitegroups: Annotated[list[str], AsSet()] | None = None
    sites: Annotated[list[str], AsSet()] | None = None


class Exceptions(Model):
    sitegroups: Annotated[list[str], AsSet()] | None = None
    sites: Annotated[list[str], AsSet()] | None = None


class WlanTemplate(Model):
    applies: Applies | None = None
    deviceprofile_ids: Annotated[list[Uuid], AsSet()] | None = None
    exceptions: Exceptions | None = None
    filter_by_deviceprofile: bool | None = None
    name: str = Field(min_length=1)
