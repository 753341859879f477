"""Where an inventory's files come from: a directory on disk, as a `FileTree`.

Nothing outside of the root is ever read: not through a link, not through `..`, and nothing that is no regular
file (a FIFO would hang the run).
"""

import os
import stat
from typing import Any

from reconciler.model.limits import MAX_BYTES

_WANTED = ("O_RDONLY", "O_BINARY", "O_NONBLOCK", "O_NOFOLLOW", "O_CLOEXEC")


def flags_of(system: Any) -> int:
    """How a file is opened, as far as the system can: bytes as they are, no waiting for a FIFO, through no link."""
    return sum(getattr(system, name, 0) for name in _WANTED)


def is_below(path: str, root: str, *, rules: Any = os.path) -> bool:
    """Whether a resolved path is a directory or lies in it, by the rules of a system's paths (`ntpath`: on Windows)."""
    try:
        common: str = rules.commonpath([rules.normcase(path), rules.normcase(root)])
    except ValueError:  # two drives, or one path that is relative
        return False
    return common == str(rules.normcase(root))


def inner_name(path: str, root: str, *, rules: Any = os.path) -> str:
    """The name of a file below a directory, with `/` on every system."""
    name: str = rules.relpath(path, root)
    return name.replace(rules.sep, "/")


_FLAGS = flags_of(os)


class DirectoryTree:
    """The files below one directory; hidden files and directories are no part of it."""

    def __init__(self, root: str | os.PathLike[str]) -> None:
        self.root = os.path.realpath(root)
        self._inside: dict[str, bool] = {}

    def paths(self) -> tuple[str, ...]:
        """Every file, relative, with `/`, sorted. A directory that can't be entered ends in `/`; reading it says why.

        Raises `OSError` when the root itself can't be listed."""
        found: list[str] = []
        waiting = [""]
        while waiting:
            prefix = waiting.pop()
            try:
                entries = os.scandir(os.path.join(self.root, prefix))
            except OSError:
                if not prefix:
                    raise
                found.append(prefix)
                continue
            with entries:
                for entry in entries:
                    if entry.name.startswith("."):
                        continue
                    if _is_link_to_directory(entry):
                        found.append(f"{prefix}{entry.name}/")
                    elif entry.is_dir(follow_symlinks=False):
                        waiting.append(f"{prefix}{entry.name}/")
                    else:
                        found.append(prefix + entry.name)
        return tuple(sorted(found))

    def read(self, path: str) -> bytes:
        """A file's content, at most a byte more than may be read; raises `OSError` with a reason for the user."""
        full = os.path.join(self.root, path)
        if path.endswith("/"):
            raise OSError(self._why_not_entered(full.rstrip("/")))
        parent = os.path.dirname(full)
        if parent not in self._inside:
            self._inside[parent] = self._is_inside(parent)
        if not self._inside[parent] or "\0" in path:
            raise OSError("it lies outside of the inventory")
        if os.path.islink(full):
            return self._read_link(full)
        try:
            descriptor = os.open(full, _FLAGS)
        except OSError as error:
            raise OSError(error.strerror) from error
        try:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode):
                raise OSError("it is not a regular file")
            return _read_all(descriptor, min(status.st_size, MAX_BYTES) + 1)
        finally:
            os.close(descriptor)

    def _is_inside(self, full: str) -> bool:
        return is_below(os.path.realpath(full), self.root)

    def _read_link(self, full: str) -> bytes:
        real = os.path.realpath(full)
        if not self._is_inside(real):
            raise OSError("it is a link that leads out of the inventory")
        if os.path.islink(real) or not os.path.exists(real):
            raise OSError("it is a link that leads nowhere")
        return self.read(inner_name(real, self.root))

    def _why_not_entered(self, full: str) -> str:
        if os.path.islink(full) or _is_junction(full):
            return "it is a link to a directory; links to directories are not followed"
        return "the directory can't be listed"


def _is_junction(path: str) -> bool:
    """A junction of Windows is a link that calls itself a directory; it may lead out, or in a circle."""
    check = getattr(os.path, "isjunction", None)  # Python 3.12
    return bool(check and check(path))


def _is_link_to_directory(entry: os.DirEntry[str]) -> bool:
    if entry.is_dir(follow_symlinks=False):
        return _is_junction(entry.path)
    return entry.is_symlink() and os.path.isdir(entry.path)


def _read_all(descriptor: int, size: int) -> bytes:
    """Up to `size` bytes: one more than the file has, so that one call nearly always reads it to its end."""
    content = os.read(descriptor, size)
    while 0 < len(content) < size and (more := os.read(descriptor, size - len(content))):
        content += more
    return content
