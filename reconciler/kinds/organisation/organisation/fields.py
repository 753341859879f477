"""The organisation's own object.

Written by tools/make_models.py from the vendor's OpenAPI document and tools/models.yaml.
"""

from typing import Annotated

from pydantic import Field

from reconciler.kinds.markers import Default
from reconciler.kinds.shared.base import Model


class Org(Model):
    alarmtemplate: str | None = None
    allow_mist: Annotated[bool, Default(True)] | None = None
    session_expiry: Annotated[int, Default(1440)] | None = Field(None, ge=10, le=20160)
