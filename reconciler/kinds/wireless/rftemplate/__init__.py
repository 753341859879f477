"""RF templates: radio settings that sites share."""

from reconciler.kinds.kind import Endpoint, Kind
from reconciler.kinds.shared.entry import MADE_BY_CLOUD
from reconciler.kinds.wireless.rftemplate.fields import RfTemplate
from reconciler.kinds.wireless.rftemplate.rules import check_rftemplate

KIND = Kind(
    name="rftemplate",
    plural="rftemplates",
    title="RF template",
    endpoints=(Endpoint(collection="orgs/{org_id}/rftemplates", item="orgs/{org_id}/rftemplates/{id}"),),
    model=RfTemplate,
    schema="rf_template",
    read_only=MADE_BY_CLOUD,
    order=12,
    check=check_rftemplate,
)
