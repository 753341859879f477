"""A client that access assurance knows by its MAC address.

Written by tools/make_models.py from the vendor's OpenAPI document and tools/models.yaml.
"""

from typing import Annotated

from pydantic import Field

from reconciler.kinds.markers import AsSet
from reconciler.kinds.shared.base import Model
from reconciler.kinds.shared.types import Mac


class UserMac(Model):
    labels: Annotated[list[str], AsSet()] | None = None
    mac: Mac = Field(min_length=1)
    name: str | None = None
    notes: str | None = None
    radius_group: str | None = None
    vlan: str | None = None
