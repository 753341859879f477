"""An antivirus profile.

Written by tools/make_models.py from the vendor's OpenAPI document and tools/models.yaml.
"""

from typing import Annotated, Literal

from pydantic import Field

from reconciler.kinds.markers import AsSet, Default
from reconciler.kinds.shared.base import Model


class AvProfile(Model):
    fallback_action: Literal["block", "log-and-permit", "permit"] | None = None
    max_filesize: Annotated[int, Default(10000)] | None = Field(None, ge=20, le=40000)
    mime_whitelist: Annotated[list[str], AsSet()] | None = None
    name: str = Field(min_length=1)
    protocols: Annotated[list[Literal["ftp", "http", "imap", "pop3", "smtp"]], AsSet()] | None = None
    url_whitelist: Annotated[list[str], AsSet()] | None = None
