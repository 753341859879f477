"""The fields of an asset filter."""

from typing import Annotated

from pydantic import Field

from reconciler.kinds.markers import Default
from reconciler.kinds.shared.base import Model
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
