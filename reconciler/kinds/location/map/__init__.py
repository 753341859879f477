"""Floor plans of a site. The picture is no field: it is uploaded."""

from reconciler.kinds.kind import Kind
from reconciler.kinds.shared.entry import MADE_BY_CLOUD, of_site

KIND = Kind(
    name="map",
    plural="maps",
    title="map",
    endpoints=(of_site("maps"),),
    fields="reconciler.kinds.location.map.fields.Map",
    schema="map",
    read_only=MADE_BY_CLOUD | {"flags", "thumbnail_url", "url"},
    order=61,
)
