"""Asset filters: which Bluetooth tags count as assets, in the organisation or at a site."""

from reconciler.kinds.kind import Kind
from reconciler.kinds.shared.entry import MADE_BY_CLOUD, of_organisation, of_site
from reconciler.kinds.shared.needs import needs

KIND = Kind(
    name="assetfilter",
    plural="assetfilters",
    title="asset filter",
    endpoints=(of_organisation("assetfilters"), of_site("assetfilters")),
    fields=f"{__name__}.fields.AssetFilter",
    schema="asset_filter",
    read_only=MADE_BY_CLOUD,
    order=62,
    check=needs(
        "ap_mac|beam|eddystone_uid_namespace|eddystone_url|ibeacon_major|ibeacon_uuid|mfg_company_id|rssi|service_uuid"
    ),
    example="assetfilters:\n  - {name: beds, rssi: -80}\n",
)
