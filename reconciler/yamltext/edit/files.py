"""Writes an edited text back to its file: whole or not at all, with the file's own mode and byte order mark."""

import difflib
import os
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path

BOM = b"\xef\xbb\xbf"


def write_back(path: Path, old: str, new: str) -> None:
    """Replaces a file's text. Raises `OSError` when it can't, or when the file is no longer what was read."""
    target = Path(os.path.realpath(path))
    content = target.read_bytes()
    mark = BOM if content.startswith(BOM) else b""
    if content != mark + old.encode():
        raise OSError(None, "it was changed while it was being edited", str(path))
    descriptor, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(mark + new.encode())
            file.flush()
            os.fsync(file.fileno())
        shutil.copymode(target, name)
        os.replace(name, target)
    except BaseException:
        os.unlink(name)
        raise


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
