"""Assets: Bluetooth tags by name, in the organisation or at a site."""

from reconciler.kinds.kind import Kind, Reference
from reconciler.kinds.shared.entry import MADE_BY_CLOUD, of_organisation, of_site

EXAMPLE = """\
assets:
  - {name: forklift 1, mac: 5c:5b:35:0e:00:01}
"""

KIND = Kind(
    name="asset",
    plural="assets",
    title="asset",
    endpoints=(
        of_organisation("assets", bulk="import", bulk_fields=("name", "mac")),
        of_site("assets", bulk="import", bulk_fields=("name", "mac")),
    ),
    fields="reconciler.kinds.location.asset.fields.Asset",
    schema="asset",
    references=(Reference(field="map", api="map_id", kind="map"),),
    required=("mac",),
    read_only=MADE_BY_CLOUD,
    order=63,
    example=EXAMPLE,
)
