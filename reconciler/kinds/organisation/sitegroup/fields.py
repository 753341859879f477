"""The one field of a site group."""

from pydantic import Field

from reconciler.kinds.shared.base import Model


class SiteGroup(Model):
    """A site group has a name and nothing else that can be written."""

    name: str = Field(min_length=1, description="Unique within the organisation")
