"""A service (application): what a service policy allows or steers.

Written by tools/make_models.py from the vendor's OpenAPI document and tools/models.yaml.
"""

from typing import Annotated, Literal

from pydantic import Field

from reconciler.kinds.markers import AsSet, Default
from reconciler.kinds.shared.base import Model
from reconciler.kinds.shared.types import Dscp, Milliseconds, Percent


class ServiceSpec(Model):
    port_range: str | None = None
    protocol: Annotated[str, Default("any")] | None = None


class Service(Model):
    """An application that service policies allow or steer."""

    addresses: Annotated[list[str], AsSet()] | None = Field(None, description="Subnets, for type custom")
    app_categories: Annotated[list[str], AsSet()] | None = None
    app_subcategories: Annotated[list[str], AsSet()] | None = None
    apps: Annotated[list[str], AsSet()] | None = Field(None, description="Applications by key, for type apps")
    client_limit_down: Annotated[int, Default(0)] | None = Field(None, ge=0, le=107374182)
    client_limit_up: Annotated[int, Default(0)] | None = Field(None, ge=0, le=107374182)
    description: str | None = None
    dscp: Dscp | None = None
    failover_policy: Annotated[Literal["non_revertible", "none", "revertible"], Default("revertible")] | None = None
    hostnames: Annotated[list[str], AsSet()] | None = Field(None, description="Host names, for type custom")
    max_jitter: Milliseconds | None = None
    max_latency: Milliseconds | None = None
    max_loss: Percent | None = None
    name: str = Field(min_length=1, description="Unique within the organisation")
    service_limit_down: Annotated[int, Default(0)] | None = Field(None, ge=0, le=107374182)
    service_limit_up: Annotated[int, Default(0)] | None = Field(None, ge=0, le=107374182)
    sle_enabled: Annotated[bool, Default(False)] | None = None
    specs: Annotated[list[ServiceSpec], AsSet()] | None = Field(
        None, description="Protocols and ports, for type custom"
    )
    ssr_relaxed_tcp_state_enforcement: Annotated[bool, Default(False)] | None = None
    traffic_class: Annotated[Literal["best_effort", "high", "low", "medium"], Default("best_effort")] | None = None
    traffic_type: Annotated[str, Default("data_best_effort")] | None = None
    type: Annotated[Literal["app_categories", "apps", "custom", "urls"], Default("custom")] | None = Field(
        None, description="What it is known by: addresses and ports (custom), applications, categories or URLs"
    )
    urls: Annotated[list[str], AsSet()] | None = Field(None, description="URLs, for type urls")
