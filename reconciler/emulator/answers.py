"""What devices answer to a new configuration, and which of them stay where they are, as a setting of the emulator.

In: the setting as the control endpoint takes it.  Out: frozen `Devices`; a wrong name or value is an EmulatorError.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from reconciler.emulator.errors import EmulatorError


@dataclass(frozen=True)
class Devices:
    """delay_s  how long a device takes to say what became of its configuration
    refuse   MAC addresses of those that refuse it, with the text that they give
    silent   MAC addresses of those that never say
    stay     MAC addresses of those that the cloud neither assigns nor takes from a site, with its reason
    """

    delay_s: float = 0
    refuse: Mapping[str, str] = field(default_factory=dict)
    silent: tuple[str, ...] = ()
    stay: Mapping[str, str] = field(default_factory=dict)


def parse_devices(raw: Any) -> Devices:
    """The setting as the control endpoint takes it: MAC addresses in any form."""
    if not isinstance(raw, Mapping) or not raw.keys() <= {"delay_s", "refuse", "silent", "stay"}:
        raise EmulatorError("settings: devices takes delay_s, refuse and stay ({MAC: text}) and silent ([MAC])")
    delay, refuse, silent = raw.get("delay_s", 0), raw.get("refuse", {}), raw.get("silent", [])
    stay = raw.get("stay", {})
    if isinstance(delay, bool) or not isinstance(delay, int | float) or not 0 <= delay < 1e9:
        raise EmulatorError(f"settings: devices.delay_s has a wrong value: {delay!r}")
    if not isinstance(refuse, Mapping) or not isinstance(stay, Mapping) or not isinstance(silent, list | tuple):
        raise EmulatorError("settings: devices.refuse and devices.stay are objects of texts, devices.silent a list")
    return Devices(
        delay_s=delay,
        refuse={_plain(mac): str(text) for mac, text in refuse.items()},
        silent=tuple(_plain(mac) for mac in silent),
        stay={_plain(mac): str(text) for mac, text in stay.items()},
    )


def _plain(mac: Any) -> str:
    return re.sub(r"[^0-9a-f]", "", str(mac).lower())
