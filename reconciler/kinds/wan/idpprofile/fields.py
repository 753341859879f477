"""An intrusion detection profile: a base and what it does otherwise.

Written by tools/make_models.py from the vendor's OpenAPI document and tools/models.yaml.
"""

from typing import Annotated, Literal

from pydantic import Field

from reconciler.kinds.markers import KeyedBy
from reconciler.kinds.shared.base import Model
from reconciler.kinds.shared.gateway_policies import IdpOverwrite


class OrgIdpProfile(Model):
    base_profile: Literal["critical", "standard", "strict"] | None = None
    name: str = Field(min_length=1, description="Unique within the organisation")
    overwrites: Annotated[list[IdpOverwrite], KeyedBy("name")] | None = None
