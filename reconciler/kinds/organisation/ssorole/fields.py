"""What administrators of an identity provider's role may do.

Written by tools/make_models.py from the vendor's OpenAPI document and tools/models.yaml.
"""

from typing import Annotated, Literal

from pydantic import Field

from reconciler.kinds.markers import AsSet, KeyedBy
from reconciler.kinds.shared.base import Model


class Privilege(Model):
    role: Literal["admin", "helpdesk", "installer", "read", "write"] | None = None
    scope: Literal["org", "site", "sitegroup"] | None = None
    site: str | None = None
    sitegroup: str | None = None
    views: (
        Annotated[
            list[
                Literal[
                    "lobby_admin",
                    "location",
                    "marketing",
                    "mxedge_admin",
                    "reporting",
                    "security",
                    "super_observer",
                    "switch_admin",
                ]
            ],
            AsSet(),
        ]
        | None
    ) = None


class SsoRole(Model):
    name: str = Field(
        min_length=1,
        max_length=32,
        description="The role that the identity provider sends; unique within the organisation",
    )
    privileges: Annotated[list[Privilege], KeyedBy("scope", "role", "site", "sitegroup", ordered=False)] | None = None
