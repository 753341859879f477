"""Where a drift report without drift is remembered: beside the records of applies, in what git ignores."""

import contextlib
from pathlib import Path

from reconciler.runs.record import DIRECTORY, own_directory
from reconciler.sources.writing import write_file

FILE = "looked.json"


def recalled(inventory: Path) -> str:
    """What the last report without drift left behind; nothing where there is none, or none that can be read."""
    try:
        return (inventory / DIRECTORY.parent / FILE).read_text("utf-8")
    except (OSError, ValueError):
        return ""


def remember(inventory: Path, text: str) -> None:
    """Keeps it for the next report. Where nothing can be written the next one reads all again."""
    with contextlib.suppress(OSError):
        write_file(own_directory(inventory) / FILE, text, mode=0o600)
