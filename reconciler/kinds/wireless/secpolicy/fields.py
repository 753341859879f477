"""A security policy: WLANs that the sites which name it must have.

Written by tools/make_models.py from the vendor's OpenAPI document and tools/models.yaml.
"""

from typing import Annotated

from pydantic import Field

from reconciler.kinds.markers import KeyedBy
from reconciler.kinds.shared.base import Model
from reconciler.kinds.shared.wlan import Wlan


class SecPolicy(Model):
    name: str = Field(min_length=1)
    wlans: Annotated[list[Wlan], KeyedBy("ssid", ordered=False)] | None = None
