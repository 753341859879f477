"""Floor plans of a site. The picture is no field: it is uploaded."""

from reconciler.kinds.kind import Kind
from reconciler.kinds.shared.entry import MADE_BY_CLOUD, of_site

EXAMPLE = """\
sites:
  - name: HQ
    country_code: FR
    timezone: Europe/Paris
    maps:
      - {name: First floor, type: image, width: 1200, height: 800, ppm: 12.5}
"""

KIND = Kind(
    name="map",
    plural="maps",
    title="map",
    endpoints=(of_site("maps"),),
    fields="reconciler.kinds.location.map.fields.Map",
    schema="map",
    read_only=MADE_BY_CLOUD | {"flags", "thumbnail_url", "url"},
    order=61,
    example=EXAMPLE,
)
