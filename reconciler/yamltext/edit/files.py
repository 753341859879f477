"""Writes an edited text back to its file: whole or not at all, with the file's own mode and byte order mark."""

import difflib
import os
from collections.abc import Iterable
from pathlib import Path

from reconciler.sources.writing import write_file

BOM = b"\xef\xbb\xbf"


def write_back(path: Path, old: str, new: str) -> None:
    """Replaces a file's text. Raises `OSError` when it can't, or when the file is no longer what was read."""
    target = Path(os.path.realpath(path))
    content = target.read_bytes()
    mark = BOM if content.startswith(BOM) else b""
    if content != mark + old.encode():
        raise OSError(None, "it was changed while it was being edited", str(path))
    write_file(target, mark + new.encode())


def difference(name: str, old: str, new: str, *, hidden: Iterable[str] = ()) -> str:
    """A unified diff; `hidden` texts, the inventory's secrets, are not shown in it."""
    rows = difflib.unified_diff(
        old.splitlines(keepends=True), new.splitlines(keepends=True), f"a/{name}", f"b/{name}", n=3
    )
    text = "".join(row if row.endswith(("\n", "\r")) else f"{row}\n\\ No newline at end of file\n" for row in rows)
    for secret in sorted(set(hidden), key=len, reverse=True):
        if secret:
            text = text.replace(secret, "(secret)")
    return text.replace("\r\n", "\n")
