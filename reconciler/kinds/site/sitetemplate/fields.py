"""A site template, the settings that sites share.

Written by tools/make_models.py from the vendor's OpenAPI document and tools/models.yaml.
"""

from typing import Literal

from pydantic import Field

from reconciler.kinds.shared.base import Model
from reconciler.kinds.shared.types import TimeOfDay, VarName, VarValue


class SiteTemplateAutoUpgrade(Model):
    day_of_week: Literal["any", "fri", "mon", "sat", "sun", "thu", "tue", "wed"] | None = None
    enabled: bool | None = None
    time_of_day: TimeOfDay | None = None
    version: str | None = None


class SiteTemplate(Model):
    auto_upgrade: SiteTemplateAutoUpgrade | None = None
    name: str = Field(min_length=1)
    vars: dict[VarName, VarValue] | None = Field(None, description="Site variables")
