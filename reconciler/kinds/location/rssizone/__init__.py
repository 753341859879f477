"""Areas of a site that are defined by how strongly devices hear a client."""

from reconciler.kinds.kind import Kind, Reference
from reconciler.kinds.shared.entry import MADE_BY_CLOUD, of_site

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
)
