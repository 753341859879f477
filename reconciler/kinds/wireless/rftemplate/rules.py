"""Conditional rules of RF templates: power ranges and channels per band.

Facts: the vendor's OpenAPI document (`rftemplate_radio_band24` and its siblings); channel numbers as IEEE 802.11 counts
them. Which of them a country allows is the cloud's business.
"""

from collections.abc import Iterator, Mapping

from reconciler.kinds.kind import Context, Violation
from reconciler.kinds.shared.checks import Body, as_list, as_map, each, given, path_text
from reconciler.kinds.shared.rules import violation
from reconciler.model.resource import Resource
from reconciler.model.values import Path

_FIVE = frozenset({*range(36, 65, 4), *range(100, 145, 4), *range(149, 178, 4)})
CHANNELS: Mapping[str, frozenset[int]] = {
    "band_24": frozenset(range(1, 15)),
    "band_5": _FIVE,
    "band_5_on_24_radio": _FIVE,
    "band_6": frozenset({2, *range(1, 234, 4)}),
}
"""Channels by the field that configures a band; a channel of 40 MHz or more is named by its primary channel."""


def check_rftemplate(_resource: Resource, body: Body, _context: Context) -> Iterator[Violation]:
    """Rules of every band, also of those that hold for one model of access point only."""
    for field in CHANNELS:
        for pattern in ((field,), ("model_specific", "*", field)):
            for path, band in each(body, pattern):
                yield from _band(field, as_map(band), path)


def _band(field: str, band: Body, path: Path) -> Iterator[Violation]:
    low, high, fixed = band.get("power_min"), band.get("power_max"), band.get("power")
    if isinstance(low, int) and isinstance(high, int) and low > high != 0:  # 0 is automatic
        detail = f"`{path_text(path)}`: power_min {low} is above power_max {high}. Swap them."
        yield violation("rf-power-range", detail, (*path, "power_min"))
    if isinstance(fixed, int) and fixed != 0 and (given(low) or given(high)):
        detail = (
            f"`power: {fixed}` fixes the power, so that power_min and power_max don't count. Drop one or the other."
        )
        yield violation("rf-no-effect", detail, (*path, "power"))
    for index, channel in enumerate(as_list(band.get("channels"))):
        if isinstance(channel, int) and not isinstance(channel, bool) and channel not in CHANNELS[field]:
            yield violation("rf-channel", f"Channel {channel} does not exist in `{field}`.", (*path, "channels", index))
    if band.get("disabled") is True and len(band) > 1:
        detail = f"The radio of `{path_text(path)}` is switched off; its other settings don't count."
        yield violation("rf-no-effect", detail, (*path, "disabled"))
