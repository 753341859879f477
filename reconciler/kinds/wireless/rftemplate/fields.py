"""An RF template.

Written by tools/make_models.py from the vendor's OpenAPI document and tools/models.yaml.
"""

from typing import Annotated, Literal

from pydantic import Field

from reconciler.kinds.markers import Default
from reconciler.kinds.shared.base import Model
from reconciler.kinds.shared.radio import RfBand5, RfBand6, RfBand24
from reconciler.kinds.shared.types import CountryCode


class RfModelSettings(Model):
    ant_gain_24: Annotated[int, Default(0)] | None = None
    ant_gain_5: Annotated[int, Default(0)] | None = None
    ant_gain_6: Annotated[int, Default(0)] | None = None
    band_24: RfBand24 | None = None
    band_24_usage: Literal["24", "5", "6", "auto"] | None = None
    band_5: RfBand5 | None = None
    band_5_on_24_radio: RfBand5 | None = None
    band_6: RfBand6 | None = None


class RfTemplate(Model):
    """An RF template: how radios behave at sites of one kind."""

    ant_gain_24: Annotated[int, Default(0)] | None = None
    ant_gain_5: Annotated[int, Default(0)] | None = None
    ant_gain_6: Annotated[int, Default(0)] | None = None
    band_24: RfBand24 | None = Field(None, description="Radio at 2.4 GHz")
    band_24_usage: Literal["24", "5", "6", "auto"] | None = Field(
        None, description="What the radio for 2.4 GHz is used for"
    )
    band_5: RfBand5 | None = Field(None, description="Radio at 5 GHz")
    band_5_on_24_radio: RfBand5 | None = Field(None, description="Radio for 2.4 GHz when it serves 5 GHz")
    band_6: RfBand6 | None = Field(None, description="Radio at 6 GHz")
    country_code: CountryCode | None = Field(None, description="Country whose radio rules apply")
    model_specific: dict[str, RfModelSettings] | None = Field(
        None, description="Other settings for some AP models; keys are models"
    )
    name: str = Field(min_length=1, description="Unique within the organisation")
    scanning_enabled: bool | None = Field(None, description="Whether a scanning radio is used")
