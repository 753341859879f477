"""The emulator's switches: latency, the hourly limit and the quirks.

In: mappings as the control endpoint takes them.  Out: frozen settings; a wrong name or type is an EmulatorError.
Every quirk is on unless told otherwise, because the cloud has them all; `list_lag_s` is 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any, TypeVar

from reconciler.emulator.errors import EmulatorError


@dataclass(frozen=True)
class Quirks:
    """What the cloud does to objects.

    reorder_sets       set-like lists come back in another order at each read
    rotate_urls        signed URLs differ at each read
    mask_secrets       a read-only token sees asterisks in place of secrets
    server_defaults    defaults are filled into new and changed objects, nested ones and coupled ones too
    numeric_strings    some fields that may be number or text change between the two when stored
    normalise_empty    some empty values are stored as null, or null as an empty list
    racing_sitegroups  of two site writes at the same time that share a site group, the group forgets one
    keep_dangling_ids  a site keeps the id of a template that was deleted (off: it becomes null)
    list_lag_s         so many seconds pass before a new object is in its list
    """

    reorder_sets: bool = True
    rotate_urls: bool = True
    mask_secrets: bool = True
    server_defaults: bool = True
    numeric_strings: bool = True
    normalise_empty: bool = True
    racing_sitegroups: bool = True
    keep_dangling_ids: bool = True
    list_lag_s: float = 0


@dataclass(frozen=True)
class Settings:
    latency_ms: float = 0
    hourly_limit: int = 5000
    quirks: Quirks = field(default_factory=Quirks)

    def updated(self, changes: Mapping[str, Any]) -> Settings:
        """These settings with the given ones changed; quirks that are not named keep their value."""
        values = dict(changes)
        if "quirks" in values:
            values["quirks"] = _changed(self.quirks, values["quirks"], "quirks.")
        return _changed(self, values, "")

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


_Either = TypeVar("_Either", Settings, Quirks)


def _changed(current: _Either, changes: Any, prefix: str) -> _Either:
    if not isinstance(changes, Mapping):
        raise EmulatorError(f"settings: {prefix or 'the body'} must be an object")
    known = {f.name for f in fields(current)}
    for name, value in changes.items():
        if name not in known:
            raise EmulatorError(f"settings: unknown setting {prefix}{name}")
        old = getattr(current, name)
        numeric = isinstance(value, (int, float)) and not isinstance(value, bool) and value >= 0
        if isinstance(old, bool) != isinstance(value, bool) or not (isinstance(value, (bool, Quirks)) or numeric):
            raise EmulatorError(f"settings: {prefix}{name} has a wrong value: {value!r}")
    return replace(current, **changes)


class SettingsControl:
    """The settings in force; replaced as a whole, so that readers need no lock."""

    def __init__(self, current: Settings) -> None:
        self.current = current

    def update(self, changes: Mapping[str, Any]) -> Settings:
        self.current = self.current.updated(changes)
        return self.current
