"""A template of the location app: texts and colours.

Written by tools/make_models.py from the vendor's OpenAPI document and tools/models.yaml.
"""

from pydantic import Field

from reconciler.kinds.shared.base import Model


class SdkTemplate(Model):
    bg_image: str | None = None
    btn_flr_bgcolor: str | None = None
    default: bool | None = None
    header_txt: str | None = None
    name: str = Field(min_length=1)
    search_txtcolor: str | None = None
    welcome_msg: str | None = None
