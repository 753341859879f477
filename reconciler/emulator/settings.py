"""The emulator's settings: latency, the hourly limit, where webhooks may go, and the quirks.

In: mappings as the control endpoint takes them.  Out: frozen settings; a wrong name or type is an EmulatorError.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

from reconciler.emulator import quirks as quirk_table
from reconciler.emulator.answers import Devices, parse_devices
from reconciler.emulator.errors import EmulatorError
from reconciler.emulator.quirks import Quirks

WEBHOOKS = ("loopback", "anywhere", "off")


@dataclass(frozen=True)
class Settings:
    """latency_ms    what every answer takes at least
    hourly_limit  calls per token and clock hour
    hour_s        the seconds of such an hour: a shorter one is over sooner
    ahead_s       seconds by which the cloud's clock is ahead of this machine's: time that has passed
    webhooks      where messages are sent: to this machine only, anywhere, or nowhere
    devices       what devices say of their configuration, see reconciler.emulator.device_events
    quirks        see reconciler.emulator.quirks
    """

    latency_ms: float = 0
    hourly_limit: int = 5000
    hour_s: float = 3600
    ahead_s: float = 0
    webhooks: str = "loopback"
    devices: Devices = field(default_factory=Devices)
    quirks: Quirks = field(default_factory=Quirks)

    def updated(self, changes: Mapping[str, Any]) -> Settings:
        """These settings with the given ones changed; quirks that are not named keep their value.

        `"quirks": "random"` with `"seed": n` is short for `"quirks": {"random": n}`.
        """
        values = dict(changes)
        if values.get("quirks") == "random":
            values["quirks"] = {"random": values.pop("seed", 0)}
        if "quirks" in values:
            values["quirks"] = quirk_table.changed(self.quirks, values["quirks"])
        if "devices" in values:
            values["devices"] = parse_devices(values["devices"])
        known = {f.name for f in fields(self)}
        for name, value in values.items():
            if name not in known:
                raise EmulatorError(f"settings: unknown setting {name}; known are {', '.join(sorted(known))}")
            if name == "webhooks" and value not in WEBHOOKS:
                raise EmulatorError(f"settings: webhooks has a wrong value: {value!r}; known are {', '.join(WEBHOOKS)}")
            amount = name in ("latency_ms", "hourly_limit", "hour_s", "ahead_s")
            if amount and not (_is_amount(value) and (value or name != "hour_s")):
                raise EmulatorError(f"settings: {name} has a wrong value: {value!r}")
        return replace(self, **values)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def _is_amount(value: Any) -> bool:
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return number and value >= 0 and math.isfinite(value)


class SettingsControl:
    """The settings in force; replaced as a whole, so that readers need no lock."""

    def __init__(self, current: Settings) -> None:
        self.current = current

    def update(self, changes: Mapping[str, Any]) -> Settings:
        self.current = self.current.updated(changes)
        return self.current
