"""What devices said of a configuration that an apply wrote: frozen data between the watch and its report."""

from collections.abc import Iterable
from enum import StrEnum

from msgspec import Struct


class Answer(StrEnum):
    """What is known of a device when the watch ends."""

    CONFIGURED = "configured"
    REFUSED = "refused"
    SILENT = "silent"
    AWAY = "not connected"


class Heard(Struct, frozen=True, kw_only=True):
    """One device: its MAC address (twelve digits), what it is called, the name of its site, and what it said: the
    type of the event, its text, and its time by the cloud's clock."""

    mac: str
    name: str
    site: str
    answer: Answer
    event: str = ""
    text: str = ""
    time: float | None = None


class Watch(Struct, frozen=True, kw_only=True):
    """What a watch heard, by site and name; `problem` says why nobody could be heard, and `ended` that a person ended
    it before its time."""

    devices: tuple[Heard, ...] = ()
    problem: str = ""
    calls: int = 0
    ended: bool = False

    def of(self, answer: Answer) -> tuple[Heard, ...]:
        """The devices with one answer."""
        return tuple(item for item in self.devices if item.answer is answer)


def in_order(devices: Iterable[Heard]) -> tuple[Heard, ...]:
    """By site, name and MAC address."""
    return tuple(sorted(devices, key=lambda item: (item.site, item.name, item.mac)))
