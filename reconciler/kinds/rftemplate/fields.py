"""An RF template.

Written by tools/make_models.py from the vendor's OpenAPI document and tools/models.yaml.
"""

from typing import Literal

from pydantic import Field

from reconciler.kinds.shared.base import Model
from reconciler.kinds.shared.radio import RfBand5, RfBand6, RfBand24
from reconciler.kinds.shared.types import CountryCode


class RfModelSettings(Model):
    ant_gain_24: int | None = None
    ant_gain_5: int | None = None
    ant_gain_6: int | None = None
    band_24: RfBand24 | None = None
    band_24_usage: Literal["24", "5", "6", "auto"] | None = None
    band_5: RfBand5 | None = None
    band_5_on_24_radio: RfBand5 | None = None
    band_6: RfBand6 | None = None


class RfTemplate(Model):
    ant_gain_24: int | None = None
    ant_gain_5: int | None = None
    ant_gain_6: int | None = None
    band_24: RfBand24 | None = None
    band_24_usage: Literal["24", "5", "6", "auto"] | None = None
    band_5: RfBand5 | None = None
    band_5_on_24_radio: RfBand5 | None = None
    band_6: RfBand6 | None = None
    country_code: CountryCode | None = None
    model_specific: dict[str, RfModelSettings] | None = None
    name: str = Field(min_length=1)
    scanning_enabled: bool | None = None
