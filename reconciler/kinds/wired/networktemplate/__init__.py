"""Network templates: switch configuration that sites share."""

from reconciler.kinds.kind import Endpoint, Kind
from reconciler.kinds.shared.entry import MADE_BY_CLOUD
from reconciler.kinds.wired.networktemplate.fields import NetworkTemplate
from reconciler.kinds.wired.networktemplate.rules import check_networktemplate

KIND = Kind(
    name="networktemplate",
    plural="networktemplates",
    title="network template",
    endpoints=(Endpoint(collection="orgs/{org_id}/networktemplates", item="orgs/{org_id}/networktemplates/{id}"),),
    model=NetworkTemplate,
    schema="network_template",
    read_only=MADE_BY_CLOUD,
    order=10,
    check=check_networktemplate,
)
