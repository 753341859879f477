"""Radio bands of access points, in RF templates and in site settings.

Written by tools/make_models.py from the vendor's OpenAPI document and tools/models.yaml.
"""

from typing import Annotated, Literal

from pydantic import Field

from reconciler.kinds.markers import AsSet, Default
from reconciler.kinds.shared.base import Model


class ApBand24(Model):
    allow_rrm_disable: Annotated[bool, Default(False)] | None = None
    ant_gain: Annotated[int, Default(0)] | None = Field(
        None, ge=0, le=10, description="Gain of external antennas in dBi"
    )
    antenna_mode: Annotated[Literal["1x1", "2x2", "3x3", "4x4", "default"], Default("default")] | None = Field(
        None, description="Transmit and receive chains"
    )
    bandwidth: Annotated[Literal[0, 20, 40], Default(20)] | None = Field(None, description="Channel width in MHz")
    channel: Annotated[int, Default(0)] | None = Field(None, ge=0, le=13)
    channels: Annotated[list[int], AsSet()] | None = Field(
        None, description="Channels to choose from; empty for those that the country allows"
    )
    disabled: Annotated[bool, Default(False)] | None = None
    power: int | None = Field(None, ge=0, le=25, description="Fixed transmit power in dBm; 0 or nothing for automatic")
    power_max: Annotated[int, Default(17)] | None = Field(
        None, ge=0, le=18, description="Greatest transmit power in dBm, when automatic"
    )
    power_min: Annotated[int, Default(8)] | None = Field(
        None, ge=0, le=18, description="Least transmit power in dBm, when automatic"
    )
    preamble: Annotated[Literal["auto", "long", "short"], Default("short")] | None = Field(
        None, description="Length of the 802.11 preamble"
    )


class ApBand5(Model):
    allow_rrm_disable: Annotated[bool, Default(False)] | None = None
    ant_gain: Annotated[int, Default(0)] | None = Field(
        None, ge=0, le=10, description="Gain of external antennas in dBi"
    )
    antenna_beam_pattern: str | None = None
    antenna_mode: Annotated[Literal["1x1", "2x2", "3x3", "4x4", "default"], Default("default")] | None = Field(
        None, description="Transmit and receive chains"
    )
    bandwidth: Annotated[Literal[0, 20, 40, 80], Default(40)] | None = Field(None, description="Channel width in MHz")
    channel: Annotated[int, Default(0)] | None = None
    channels: Annotated[list[int], AsSet()] | None = Field(
        None, description="Channels to choose from; empty for those that the country allows"
    )
    disabled: Annotated[bool, Default(False)] | None = None
    power: int | None = Field(None, ge=0, le=25, description="Fixed transmit power in dBm; 0 or nothing for automatic")
    power_max: Annotated[int, Default(17)] | None = Field(
        None, ge=0, le=18, description="Greatest transmit power in dBm, when automatic"
    )
    power_min: Annotated[int, Default(8)] | None = Field(
        None, ge=0, le=18, description="Least transmit power in dBm, when automatic"
    )
    preamble: Annotated[Literal["auto", "long", "short"], Default("short")] | None = Field(
        None, description="Length of the 802.11 preamble"
    )


class ApBand6(Model):
    allow_rrm_disable: Annotated[bool, Default(False)] | None = None
    ant_gain: Annotated[int, Default(0)] | None = Field(
        None, ge=0, le=10, description="Gain of external antennas in dBi"
    )
    antenna_beam_pattern: str | None = None
    antenna_mode: Annotated[Literal["1x1", "2x2", "3x3", "4x4", "default"], Default("default")] | None = Field(
        None, description="Transmit and receive chains"
    )
    bandwidth: Annotated[Literal[0, 20, 40, 80, 160], Default(80)] | None = Field(
        None, description="Channel width in MHz"
    )
    channel: Annotated[int, Default(0)] | None = None
    channels: Annotated[list[int], AsSet()] | None = Field(
        None, description="Channels to choose from; empty for those that the country allows"
    )
    disabled: Annotated[bool, Default(False)] | None = None
    power: int | None = Field(None, ge=0, le=25, description="Fixed transmit power in dBm; 0 or nothing for automatic")
    power_max: Annotated[int, Default(18)] | None = Field(
        None, ge=0, le=18, description="Greatest transmit power in dBm, when automatic"
    )
    power_min: Annotated[int, Default(8)] | None = Field(
        None, ge=0, le=18, description="Least transmit power in dBm, when automatic"
    )
    preamble: Annotated[Literal["auto", "long", "short"], Default("short")] | None = Field(
        None, description="Length of the 802.11 preamble"
    )
    standard_power: Annotated[bool, Default(False)] | None = None


class RfBand24(Model):
    allow_rrm_disable: Annotated[bool, Default(False)] | None = None
    ant_gain: Annotated[int, Default(0)] | None = Field(
        None, ge=0, le=10, description="Gain of external antennas in dBi"
    )
    antenna_mode: Annotated[Literal["1x1", "2x2", "3x3", "4x4", "default"], Default("default")] | None = Field(
        None, description="Transmit and receive chains"
    )
    bandwidth: Annotated[Literal[0, 20, 40], Default(20)] | None = Field(None, description="Channel width in MHz")
    channels: Annotated[list[int], AsSet()] | None = Field(
        None, description="Channels to choose from; empty for those that the country allows"
    )
    disabled: Annotated[bool, Default(False)] | None = None
    power: int | None = Field(None, ge=0, le=25, description="Fixed transmit power in dBm; 0 or nothing for automatic")
    power_max: Annotated[int, Default(17)] | None = Field(
        None, ge=0, le=18, description="Greatest transmit power in dBm, when automatic"
    )
    power_min: Annotated[int, Default(8)] | None = Field(
        None, ge=0, le=18, description="Least transmit power in dBm, when automatic"
    )
    preamble: Annotated[Literal["auto", "long", "short"], Default("short")] | None = Field(
        None, description="Length of the 802.11 preamble"
    )


class RfBand5(Model):
    allow_rrm_disable: Annotated[bool, Default(False)] | None = None
    ant_gain: Annotated[int, Default(0)] | None = Field(
        None, ge=0, le=10, description="Gain of external antennas in dBi"
    )
    antenna_mode: Annotated[Literal["1x1", "2x2", "3x3", "4x4", "default"], Default("default")] | None = Field(
        None, description="Transmit and receive chains"
    )
    bandwidth: Annotated[Literal[0, 20, 40, 80], Default(40)] | None = Field(None, description="Channel width in MHz")
    channels: Annotated[list[int], AsSet()] | None = Field(
        None, description="Channels to choose from; empty for those that the country allows"
    )
    disabled: Annotated[bool, Default(False)] | None = None
    power: int | None = Field(None, ge=0, le=25, description="Fixed transmit power in dBm; 0 or nothing for automatic")
    power_max: Annotated[int, Default(17)] | None = Field(
        None, ge=0, le=18, description="Greatest transmit power in dBm, when automatic"
    )
    power_min: Annotated[int, Default(8)] | None = Field(
        None, ge=0, le=18, description="Least transmit power in dBm, when automatic"
    )
    preamble: Annotated[Literal["auto", "long", "short"], Default("short")] | None = Field(
        None, description="Length of the 802.11 preamble"
    )


class RfBand6(Model):
    allow_rrm_disable: Annotated[bool, Default(False)] | None = None
    ant_gain: Annotated[int, Default(0)] | None = Field(
        None, ge=0, le=10, description="Gain of external antennas in dBi"
    )
    antenna_mode: Annotated[Literal["1x1", "2x2", "3x3", "4x4", "default"], Default("default")] | None = Field(
        None, description="Transmit and receive chains"
    )
    bandwidth: Annotated[Literal[0, 20, 40, 80, 160], Default(80)] | None = Field(
        None, description="Channel width in MHz"
    )
    channels: Annotated[list[int], AsSet()] | None = Field(
        None, description="Channels to choose from; empty for those that the country allows"
    )
    disabled: Annotated[bool, Default(False)] | None = None
    power: int | None = Field(None, ge=0, le=25, description="Fixed transmit power in dBm; 0 or nothing for automatic")
    power_max: Annotated[int, Default(18)] | None = Field(
        None, ge=0, le=18, description="Greatest transmit power in dBm, when automatic"
    )
    power_min: Annotated[int, Default(8)] | None = Field(
        None, ge=0, le=18, description="Least transmit power in dBm, when automatic"
    )
    preamble: Annotated[Literal["auto", "long", "short"], Default("short")] | None = Field(
        None, description="Length of the 802.11 preamble"
    )
    standard_power: Annotated[bool, Default(False)] | None = None


class ApRadio(Model):
    allow_rrm_disable: Annotated[bool, Default(False)] | None = None
    ant_gain_24: int | None = Field(None, ge=0)
    ant_gain_5: int | None = Field(None, ge=0)
    ant_gain_6: int | None = Field(None, ge=0)
    antenna_mode: Annotated[Literal["1x1", "2x2", "3x3", "4x4", "default"], Default("default")] | None = Field(
        None, description="Transmit and receive chains"
    )
    antenna_select: Literal["", "external", "internal"] | None = None
    band_24: ApBand24 | None = None
    band_24_usage: Literal["24", "5", "6", "auto"] | None = None
    band_5: ApBand5 | None = None
    band_5_on_24_radio: ApBand5 | None = None
    band_6: ApBand6 | None = None
    full_automatic_rrm: Annotated[bool, Default(False)] | None = None
    indoor_use: Annotated[bool, Default(False)] | None = None
    rrm_managed: bool | None = None
    scanning_enabled: bool | None = None
