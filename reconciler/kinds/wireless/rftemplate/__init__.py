"""RF templates: radio settings that sites share."""

from reconciler.kinds.kind import Endpoint, Kind
from reconciler.kinds.shared.entry import MADE_BY_CLOUD
from reconciler.kinds.wireless.rftemplate.rules import check_rftemplate

EXAMPLE = """\
rftemplates:
  - name: offices
    country_code: DE
    band_24: {disabled: true}
    band_5: {bandwidth: 40, power_min: 8, power_max: 15}
"""

KIND = Kind(
    name="rftemplate",
    plural="rftemplates",
    title="RF template",
    endpoints=(Endpoint(collection="orgs/{org_id}/rftemplates", item="orgs/{org_id}/rftemplates/{id}"),),
    fields="reconciler.kinds.wireless.rftemplate.fields.RfTemplate",
    schema="rf_template",
    read_only=MADE_BY_CLOUD,
    order=12,
    check=check_rftemplate,
    example=EXAMPLE,
)
