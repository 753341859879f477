"""Virtual beacons on a map of a site."""

from reconciler.kinds.kind import Kind, Reference
from reconciler.kinds.shared.entry import MADE_BY_CLOUD, of_site

EXAMPLE = """\
sites:
  - name: HQ
    country_code: FR
    timezone: Europe/Paris
    maps: [{name: First floor, type: image}]
    vbeacons:
      - {name: Reception, map: First floor, x: 10.0, y: 12.5, message: Welcome, power: 5}
"""

KIND = Kind(
    name="vbeacon",
    plural="vbeacons",
    title="virtual beacon",
    endpoints=(of_site("vbeacons"),),
    fields="reconciler.kinds.location.vbeacon.fields.VirtualBeacon",
    schema="vbeacon",
    references=(Reference(field="map", api="map_id", kind="map"),),
    read_only=MADE_BY_CLOUD,
    order=63,
    example=EXAMPLE,
)
