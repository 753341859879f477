"""WLAN templates: the API calls them `templates`."""

from reconciler.kinds.kind import Endpoint, Kind, Reference
from reconciler.kinds.shared.entry import MADE_BY_CLOUD
from reconciler.kinds.wireless.wlantemplate.fields import WlanTemplate
from reconciler.kinds.wireless.wlantemplate.rules import check_wlantemplate

KIND = Kind(
    name="wlantemplate",
    plural="wlantemplates",
    title="WLAN template",
    endpoints=(Endpoint(collection="orgs/{org_id}/templates", item="orgs/{org_id}/templates/{id}"),),
    model=WlanTemplate,
    schema="template",
    references=tuple(
        Reference(field=f"{root}.{kind}s", api=f"{root}.{kind}_ids", kind=kind, many=True)
        for root in ("applies", "exceptions")
        for kind in ("site", "sitegroup")
    ),
    read_only=MADE_BY_CLOUD,
    order=50,
    check=check_wlantemplate,
)
