"""How Mist Edges end tunnels: their DHCP relay and routes.

Written by tools/make_models.py from the vendor's OpenAPI document and tools/models.yaml.
"""

from typing import Annotated, Literal

from reconciler.kinds.markers import Default
from reconciler.kinds.shared.base import Model, OpenModel


class TuntermDhcpdVlan(Model):
    enabled: Annotated[bool, Default(False)] | None = None
    servers: list[str] | None = None
    type: Annotated[Literal["relay"], Default("relay")] | None = None


class TuntermRoute(Model):
    via: str | None = None


class TuntermDhcpd(OpenModel):
    __pydantic_extra__: dict[str, TuntermDhcpdVlan | None]

    enabled: Annotated[bool, Default(False)] | None = None
    servers: list[str] | None = None
    type: Annotated[Literal["relay"], Default("relay")] | None = None
