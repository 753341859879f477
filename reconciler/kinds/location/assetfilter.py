"""Asset filters: which Bluetooth tags count as assets, in the organisation or at a site."""

from typing import Annotated

from pydantic import Field

from reconciler.kinds.kind import Kind
from reconciler.kinds.markers import Default
from reconciler.kinds.shared.base import Model
from reconciler.kinds.shared.entry import MADE_BY_CLOUD, of_organisation, of_site
from reconciler.kinds.shared.needs import needs
from reconciler.kinds.shared.types import Mac, Uuid


class AssetFilter(Model):
    """Every field but the natural key may be null, which clears it; `Default` is what the cloud then puts there."""

    name: str = Field(min_length=1, description="Unique within the organisation or the site")
    ap_mac: Mac | None = Field(None, description="Only what this access point hears")
    beam: int | None = None
    disabled: Annotated[bool, Default(False)] | None = None
    eddystone_uid_namespace: str | None = None
    eddystone_url: str | None = None
    ibeacon_major: int | None = None
    ibeacon_uuid: Uuid | None = None
    mfg_company_id: int | None = None
    rssi: int | None = Field(None, description="Tags that are heard more weakly are left out")
    service_uuid: Uuid | None = None


KIND = Kind(
    name="assetfilter",
    plural="assetfilters",
    title="asset filter",
    endpoints=(of_organisation("assetfilters"), of_site("assetfilters")),
    fields=AssetFilter,
    schema="asset_filter",
    read_only=MADE_BY_CLOUD,
    order=62,
    check=needs(
        "ap_mac|beam|eddystone_uid_namespace|eddystone_url|ibeacon_major|ibeacon_uuid|mfg_company_id|rssi|service_uuid"
    ),
    example="assetfilters:\n  - {name: beds, rssi: -80}\n",
)
