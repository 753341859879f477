"""Keeps the store in a file between runs.

In: an emulator.  Out: its state as JSON, written to a file beside and renamed, so that the file is always whole.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from reconciler.emulator.core import Emulator
from reconciler.emulator.errors import EmulatorError
from reconciler.emulator.messages import Json


class StateFile:
    """One file; remembers which version of the store it holds."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._written: int | None = None

    def read(self) -> Json | None:
        """The state in the file, or None when there is no file yet."""
        if not self.path.exists():
            return None
        try:
            data = json.loads(self.path.read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise EmulatorError(f"{self.path}: not a state file: {error}") from error
        if not isinstance(data, dict):
            raise EmulatorError(f"{self.path}: not a state file: expected an object")
        return data

    def write_when_changed(self, emulator: Emulator) -> bool:
        version = emulator.version
        if version == self._written:
            return False
        beside = self.path.with_name(f".{self.path.name}.{os.getpid()}")
        try:
            beside.write_text(json.dumps(emulator.state(), indent=1), "utf-8")
            beside.replace(self.path)
        except OSError as error:
            raise EmulatorError(f"{self.path}: cannot be written: {error}") from error
        self._written = version
        return True
