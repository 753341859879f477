"""An alarm template: which alarms are raised, and who hears of them.

Written by tools/make_models.py from the vendor's OpenAPI document and tools/models.yaml.
"""

from typing import Annotated

from pydantic import Field

from reconciler.kinds.markers import AsSet
from reconciler.kinds.shared.base import Model


class Delivery(Model):
    additional_emails: Annotated[list[str], AsSet()] | None = None
    enabled: bool | None = None
    to_org_admins: bool | None = None
    to_site_admins: bool | None = None


class AlarmRule(Model):
    delivery: Delivery | None = None
    enabled: bool | None = None


class AlarmTemplate(Model):
    """Which alarms are raised, and who hears of them."""

    delivery: Delivery | None = Field(None, description="Who hears of alarms that have no delivery of their own")
    name: str = Field(min_length=1, description="Unique within the organisation")
    rules: dict[str, AlarmRule] | None = Field(None, description="Alarms by key")
