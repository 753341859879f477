"""An advanced anti-malware profile.

Written by tools/make_models.py from the vendor's OpenAPI document and tools/models.yaml.
"""

from typing import Annotated, Literal

from pydantic import Field

from reconciler.kinds.markers import Default, KeyedBy
from reconciler.kinds.shared.base import Model


class AamwCategory(Model):
    category: (
        Literal[
            "archive",
            "configuration",
            "document",
            "executable",
            "java",
            "library",
            "mobile",
            "os_package",
            "pdf",
            "rich_application",
            "script",
        ]
        | None
    ) = None
    hash_lookup_only: Annotated[bool, Default(False)] | None = None


class AamwProfile(Model):
    categories: Annotated[list[AamwCategory], KeyedBy("category", ordered=False)] | None = None
    fallback_action: Annotated[Literal["block", "permit"], Default("block")] | None = None
    file_action: Annotated[Literal["block", "permit"], Default("block")] | None = None
    name: str = Field(min_length=1)
    verdict_threshold: Annotated[int, Default(8)] | None = Field(None, ge=1, le=10)
