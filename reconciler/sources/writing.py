"""Files that this program writes: whole or not at all, through no link, and nothing left over of a run that was killed.

In: a path and its content.  Out: the file, on the disk, under its own name. A file that grows (a run's record) is
opened here as well.
"""

import contextlib
import os
import stat
import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

_SUFFIX = ".tmp"
_LONGEST_NAME = 60
_TOGETHER = 16
_LEFT_OVER_SECONDS = 60.0
"""A temporary file lives for the blink of an eye: one of this age belongs to a run that was killed."""


def write_file(path: Path, content: bytes | str, *, mode: int | None = None, sync: bool = True) -> None:
    """Replaces a file, or makes it. `mode` are its permissions; without it an older file's stay, and a new file has
    the usual ones. Without `sync` it need not outlive the machine, and nobody waits for the disk. Raises `OSError`, and
    then the older file is as it was."""
    temporary = _staged(path, content, mode, sync=sync)
    try:
        os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise
    if sync:
        sync_directory(path.parent)


def write_files(root: Path, texts: Mapping[str, str | bytes], *, removed: Iterable[str] = ()) -> None:
    """Writes several files below a directory and removes others, all of it or nothing: what can fail, a full disk for
    one, fails before the first file has its name. Directories are made. Raises `OSError`, and then all is as it was."""
    made: list[Path] = []
    staged: list[tuple[str, Path]] = []
    older: list[tuple[Path, bytes | None]] = []
    try:
        for name, text in sorted(texts.items()):
            target = root / name
            made += _make_directories(target.parent, root)
            staged.append((_staged(target, text, None, sync=False), target))
        with ThreadPoolExecutor(_TOGETHER) as pool:  # a disk syncs many files in hardly more time than one
            list(pool.map(_sync, [temporary for temporary, _ in staged]))
        for temporary, target in staged:
            older.append((target, target.read_bytes() if target.exists() else None))
            os.replace(temporary, target)
        for target in [root / name for name in sorted(removed)]:
            older.append((target, target.read_bytes()))
            target.unlink()
    except BaseException:
        _undo(older, [temporary for temporary, _ in staged], made)
        raise
    for directory in sorted({target.parent for target, _ in older} | {path.parent for path in made}):
        sync_directory(directory)


def _make_directories(directory: Path, root: Path) -> list[Path]:
    """Makes a directory and those above it that are missing, outermost first; through no link below the root."""
    missing: list[Path] = []
    step = directory
    while not step.is_dir():
        missing.append(step)
        step = step.parent
    while step != root and root in step.parents:
        if step.is_symlink():
            raise OSError(None, "it is a link, and links are not followed", str(step))
        step = step.parent
    made = []
    try:
        for path in reversed(missing):
            path.mkdir()
            made.append(path)
    except OSError:
        _undo((), (), made)
        raise
    return made


def _undo(older: Sequence[tuple[Path, bytes | None]], temporary: Iterable[str], made: Sequence[Path]) -> None:
    """Puts back what was there, and removes what was not."""
    for target, content in reversed(older):
        with contextlib.suppress(OSError):
            if content is None:
                target.unlink()
            elif not target.exists() or target.read_bytes() != content:
                write_file(target, content)
    for name in temporary:
        with contextlib.suppress(OSError):
            os.unlink(name)
    for directory in reversed(made):
        with contextlib.suppress(OSError):
            directory.rmdir()


def _sync(name: str) -> None:
    descriptor = os.open(name, os.O_RDWR if os.name == "nt" else os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _staged(path: Path, content: bytes | str, mode: int | None, *, sync: bool = True) -> str:
    """The content under a temporary name beside the file, with the permissions that it is to have; on the disk, unless
    that is done later."""
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
            if sync:
                os.fsync(file.fileno())
        os.chmod(name, mode)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise
    return name


def open_log(path: Path) -> int:
    """A new file of its owner only, to append to; returns its descriptor. Raises `OSError`, also where it exists."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | getattr(os, "O_NOFOLLOW", 0)
    descriptor = os.open(path, flags, 0o600)
    sync_directory(path.parent)
    return descriptor


def append_to(path: Path, data: bytes) -> None:
    """Adds to the end of a file that is there, on the disk when it returns. Raises `OSError`."""
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | getattr(os, "O_NOFOLLOW", 0))
    try:
        while data:
            data = data[os.write(descriptor, data) :]
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


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
