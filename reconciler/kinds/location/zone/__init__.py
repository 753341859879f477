"""Areas on a map of a site."""

from reconciler.kinds.kind import Kind, Reference
from reconciler.kinds.shared.entry import MADE_BY_CLOUD, of_site

EXAMPLE = """\
sites:
  - name: HQ
    country_code: FR
    timezone: Europe/Paris
    maps: [{name: First floor, type: image}]
    zones:
      - {name: Lobby, map: First floor, vertices: [{x: 0.0, y: 0.0}, {x: 10.5, y: 0.0}, {x: 10.5, y: 8.0}]}
"""

KIND = Kind(
    name="zone",
    plural="zones",
    title="zone",
    endpoints=(of_site("zones"),),
    fields="reconciler.kinds.location.zone.fields.Zone",
    schema="zone",
    references=(Reference(field="map", api="map_id", kind="map"),),
    required=("map",),
    read_only=MADE_BY_CLOUD,
    order=63,
    example=EXAMPLE,
)
