"""A WxLAN rule: which clients reach what.

Written by tools/make_models.py from the vendor's OpenAPI document and tools/models.yaml.
"""

from typing import Annotated, Literal

from pydantic import Field

from reconciler.kinds.markers import AsSet, Default
from reconciler.kinds.shared.base import Model


class WxRule(Model):
    """Which clients reach what."""

    action: Literal["allow", "block"] | None = Field(None, description="Whether what matches may pass")
    apply_tags: Annotated[list[str], AsSet()] | None = None
    blocked_apps: Annotated[list[str], AsSet()] | None = None
    dst_allow_wxtags: Annotated[list[str], AsSet()] | None = Field(None, description="Tags of what is allowed")
    dst_deny_wxtags: Annotated[list[str], AsSet()] | None = Field(None, description="Tags of what is denied")
    dst_wxtags: Annotated[list[str], AsSet()] | None = None
    enabled: Annotated[bool, Default(True)] | None = None
    name: str = Field(min_length=1, description="Unique within the WLAN template or the site")
    order: int | None = Field(None, ge=-1, description="The greatest comes first; -1 is the last")
    src_wxtags: Annotated[list[str], AsSet()] | None = Field(None, description="Tags of the clients that it is about")
