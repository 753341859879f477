"""Files that this program writes: whole or not at all, through no link, and nothing left over of a run that was killed.

In: a path and its content.  Out: the file, on the disk, under its own name. A file that grows (a run's record) is
opened here as well.
"""

import contextlib
import os
import stat
import tempfile
import time
from pathlib import Path

_SUFFIX = ".tmp"
_LONGEST_NAME = 60
_LEFT_OVER_SECONDS = 60.0
"""A temporary file lives for the blink of an eye: one of this age belongs to a run that was killed."""


def write_file(path: Path, content: bytes | str, *, mode: int | None = None) -> None:
    """Replaces a file, or makes it. `mode` are its permissions; without it an older file's stay, and a new file has
    the usual ones. Raises `OSError`, and then the older file is as it was."""
    data = content.encode() if isinstance(content, str) else content
    older = _mode_of(path)
    if mode is None:
        mode = _usual_mode() if older is None else older
    prefix = f".{path.name[:_LONGEST_NAME]}."
    _remove_left_over(path.parent, prefix)
    descriptor, name = tempfile.mkstemp(prefix=prefix, suffix=_SUFFIX, dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, mode)
        os.replace(name, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise
    sync_directory(path.parent)


def open_log(path: Path) -> int:
    """A new file of its owner only, to append to; returns its descriptor. Raises `OSError`, also where it exists."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | getattr(os, "O_NOFOLLOW", 0)
    descriptor = os.open(path, flags, 0o600)
    sync_directory(path.parent)
    return descriptor


def sync_directory(directory: Path) -> None:
    """Puts the names in a directory on the disk, where the system can."""
    with contextlib.suppress(OSError):  # Windows opens no directories
        descriptor = os.open(directory, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _mode_of(path: Path) -> int | None:
    """The permissions of a file, None without one; raises `OSError` for what is no regular file."""
    try:
        found = path.lstat()
    except FileNotFoundError:
        return None
    if not stat.S_ISREG(found.st_mode):
        what = "it is a link, and links are not followed" if stat.S_ISLNK(found.st_mode) else "it is no regular file"
        raise OSError(None, what, str(path))
    return stat.S_IMODE(found.st_mode)


def _usual_mode() -> int:
    """The permissions of a new file. The mask can only be read by setting it: to one that lets nobody else in."""
    mask = os.umask(0o077)
    os.umask(mask)
    return 0o666 & ~mask


def _remove_left_over(directory: Path, prefix: str) -> None:
    """Removes temporary files of the same name that are too old to be under way."""
    with contextlib.suppress(OSError), os.scandir(directory) as entries:
        for entry in entries:
            if entry.name.startswith(prefix) and entry.name.endswith(_SUFFIX):
                with contextlib.suppress(OSError):
                    if time.time() - entry.stat(follow_symlinks=False).st_mtime > _LEFT_OVER_SECONDS:
                        os.unlink(entry.path)
