"""A stand-in for the Juniper Mist cloud: for tests (in process), for demos and for trying things (on a port).

Its routes and field facts are made from the vendor's OpenAPI document; it imports nothing else of this project, so
that it stays a second opinion on how the cloud behaves.
"""

from typing import TYPE_CHECKING

from reconciler.emulator.core import Emulator
from reconciler.emulator.errors import EmulatorError
from reconciler.emulator.faults import Fault
from reconciler.emulator.messages import Delivery, Reply, Request
from reconciler.emulator.quirks import Quirks
from reconciler.emulator.seed import read_seed
from reconciler.emulator.settings import Settings

if TYPE_CHECKING:
    from reconciler.emulator.adapter import EmulatorAdapter

__all__ = [
    "Delivery",
    "Emulator",
    "EmulatorAdapter",
    "EmulatorError",
    "Fault",
    "Quirks",
    "Reply",
    "Request",
    "Settings",
    "read_seed",
]


def __getattr__(name: str) -> object:
    """The adapter, and with it `requests`, only for those who ask for it."""
    if name == "EmulatorAdapter":
        from reconciler.emulator.adapter import EmulatorAdapter

        return EmulatorAdapter
    raise AttributeError(name)
