"""Areas of a site that are defined by how strongly devices hear a client."""

from reconciler.kinds.kind import Kind, Reference
from reconciler.kinds.shared.entry import MADE_BY_CLOUD, of_site

EXAMPLE = """\
sites:
  - name: HQ
    country_code: FR
    timezone: Europe/Paris
    aps: [{mac: 5c:5b:35:0e:00:a1, name: lobby-1}]
    rssizones:
      - {name: Entrance, devices: [{device: lobby-1, rssi: -60}]}
"""

KIND = Kind(
    name="rssizone",
    plural="rssizones",
    title="RSSI zone",
    endpoints=(of_site("rssizones"),),
    fields="reconciler.kinds.location.rssizone.fields.RssiZone",
    schema="rssi_zone",
    references=(Reference(field="devices.[].device", api="devices.[].device_id", kind="ap"),),
    required=("devices",),
    read_only=MADE_BY_CLOUD,
    order=63,
    example=EXAMPLE,
)
