"""A floor plan of a site.

Written by tools/make_models.py from the vendor's OpenAPI document and tools/models.yaml.
"""

from typing import Annotated, Literal

from pydantic import Field

from reconciler.kinds.markers import Default, KeyedBy
from reconciler.kinds.shared.base import Model
from reconciler.kinds.shared.types import SecretText


class MapCorner(Model):
    lat: float | str | None = None
    lng: float | str | None = None


class MapPosition(Model):
    x: float | None = None
    y: float | None = None


class WayfindingMicello(Model):
    account_key: SecretText | None = None
    default_level_id: int | None = None
    map_id: str | None = None


class MapNode(Model):
    edges: dict[str, float | str] | None = None
    name: str | None = None
    position: MapPosition | None = None


class Wayfinding(Model):
    micello: WayfindingMicello | None = None
    snap_to_path: bool | None = None


class MapPath(Model):
    coordinate: str | None = None
    nodes: Annotated[list[MapNode], KeyedBy("name", ordered=False)] | None = None


class SurveyPath(Model):
    coordinate: str | None = None
    name: str | None = None
    nodes: Annotated[list[MapNode], KeyedBy("name", ordered=False)] | None = None


class Map(Model):
    """A floor plan."""

    height: int | None = None
    height_m: float | None = None
    latlng_br: MapCorner | None = None
    latlng_tl: MapCorner | None = None
    locked: Annotated[bool, Default(False)] | None = None
    name: str = Field(min_length=1, description="Unique within the site")
    occupancy_limit: int | None = None
    orientation: Annotated[int, Default(0)] | None = Field(None, ge=0, le=359)
    origin_x: float | None = None
    origin_y: float | None = None
    ppm: float | None = Field(None, description="Pixels per metre")
    sitesurvey_path: Annotated[list[SurveyPath], KeyedBy("name", ordered=False)] | None = None
    type: Annotated[Literal["google", "image"], Default("image")] | None = None
    view: Literal["hybrid", "roadmap", "satellite", "terrain"] | None = None
    wall_path: MapPath | None = None
    wayfinding: Wayfinding | None = None
    wayfinding_path: MapPath | None = None
    width: int | None = None
    width_m: float | None = None
