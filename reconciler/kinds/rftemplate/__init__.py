"""RF templates: radio settings that sites share."""

from reconciler.kinds.kind import Endpoint, Kind
from reconciler.kinds.rftemplate.fields import RfTemplate
from reconciler.kinds.rftemplate.rules import check_rftemplate
from reconciler.kinds.shared.entry import MADE_BY_CLOUD

KIND = Kind(
    name="rftemplate",
    plural="rftemplates",
    title="RF template",
    endpoints=(Endpoint(collection="orgs/{org_id}/rftemplates", item="orgs/{org_id}/rftemplates/{id}"),),
    model=RfTemplate,
    read_only=MADE_BY_CLOUD,
    order=12,
    check=check_rftemplate,
)
