"""Site templates: settings that sites share."""

from reconciler.kinds.kind import Kind
from reconciler.kinds.shared.entry import MADE_BY_CLOUD, of_organisation

EXAMPLE = """\
sitetemplates:
  - name: shops
    vars: {corp_vlan: "20"}
    auto_upgrade: {enabled: true, day_of_week: sun}
"""

KIND = Kind(
    name="sitetemplate",
    plural="sitetemplates",
    title="site template",
    endpoints=(of_organisation("sitetemplates"),),
    fields="reconciler.kinds.site.sitetemplate.fields.SiteTemplate",
    schema="site_template",
    read_only=MADE_BY_CLOUD,
    order=20,
    example=EXAMPLE,
)
