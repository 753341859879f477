"""A security intelligence profile.

Written by tools/make_models.py from the vendor's OpenAPI document and tools/models.yaml.
"""

from typing import Annotated, Literal

from pydantic import Field

from reconciler.kinds.markers import Default, KeyedBy
from reconciler.kinds.shared.base import Model


class SecintelCategory(Model):
    action: Annotated[Literal["default", "standard", "strict"], Default("default")] | None = None
    category: Literal["CC", "DNS", "IH"] | None = None


class SecintelProfile(Model):
    categories: Annotated[list[SecintelCategory], KeyedBy("category", ordered=False)] | None = None
    name: str = Field(min_length=1)
