"""Bluetooth beacons of others, and where they hang."""

from reconciler.kinds.kind import Kind, Reference
from reconciler.kinds.shared.entry import MADE_BY_CLOUD, of_site

EXAMPLE = """\
beacons:
  - site: HQ
    name: door-3
    type: ibeacon
    mac: 5c:5b:35:0e:00:02
    ibeacon_major: 1
    ibeacon_minor: 3
sites:
  - {name: HQ, country_code: FR, timezone: Europe/Paris}
"""

KIND = Kind(
    name="beacon",
    plural="beacons",
    title="beacon",
    endpoints=(of_site("beacons"),),
    fields="reconciler.kinds.location.beacon.fields.Beacon",
    schema="beacon",
    references=(Reference(field="map", api="map_id", kind="map"),),
    read_only=MADE_BY_CLOUD,
    order=63,
    example=EXAMPLE,
)
