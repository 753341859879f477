"""Site groups. Which sites belong to one is written at the sites (`sitegroups:`)."""

from reconciler.kinds.kind import Endpoint, Kind
from reconciler.kinds.shared.entry import MADE_BY_CLOUD

EXAMPLE = """\
sitegroups:
  - name: emea
sites:
  - name: Paris-HQ
    sitegroups: [emea]
"""

KIND = Kind(
    name="sitegroup",
    plural="sitegroups",
    title="site group",
    endpoints=(Endpoint(collection="orgs/{org_id}/sitegroups", item="orgs/{org_id}/sitegroups/{id}"),),
    fields="reconciler.kinds.organisation.sitegroup.fields.SiteGroup",
    schema="sitegroup",
    read_only=MADE_BY_CLOUD | {"site_ids"},
    order=30,
    example=EXAMPLE,
)
