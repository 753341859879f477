"""Site groups. Which sites belong to one is written at the sites (`sitegroups:`)."""

from pydantic import Field

from reconciler.kinds.kind import Endpoint, Kind
from reconciler.kinds.shared.base import Model
from reconciler.kinds.shared.entry import MADE_BY_CLOUD


class SiteGroup(Model):
    """A site group has a name and nothing else that can be written."""

    name: str = Field(min_length=1, description="Unique within the organisation")


KIND = Kind(
    name="sitegroup",
    plural="sitegroups",
    title="site group",
    endpoints=(Endpoint(collection="orgs/{org_id}/sitegroups", item="orgs/{org_id}/sitegroups/{id}"),),
    model=SiteGroup,
    schema="sitegroup",
    read_only=MADE_BY_CLOUD | {"site_ids"},
    order=30,
)
