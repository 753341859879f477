"""Where an inventory's files come from: a directory on disk, as a `FileTree`.

Nothing outside of the root is ever read: not through a link, not through `..`, and nothing that is no regular
file (a FIFO would hang the run).
"""

import os
import stat

from reconciler.model.limits import MAX_BYTES

_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)


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
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(f"{prefix}{entry.name}/")
                    elif entry.is_symlink() and os.path.isdir(entry.path):
                        found.append(f"{prefix}{entry.name}/")
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
        try:
            descriptor = os.open(full, _FLAGS)
        except OSError as error:
            if not os.path.islink(full):
                raise OSError(error.strerror) from error
            return self._read_link(full)
        try:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode):
                raise OSError("it is not a regular file")
            return _read_all(descriptor, min(status.st_size, MAX_BYTES) + 1)
        finally:
            os.close(descriptor)

    def _is_inside(self, full: str) -> bool:
        real = os.path.realpath(full)
        return real == self.root or real.startswith(self.root.rstrip("/") + "/")

    def _read_link(self, full: str) -> bytes:
        real = os.path.realpath(full)
        if not self._is_inside(real):
            raise OSError("it is a link that leads out of the inventory")
        if os.path.islink(real) or not os.path.exists(real):
            raise OSError("it is a link that leads nowhere")
        return self.read(os.path.relpath(real, self.root).replace(os.sep, "/"))

    def _why_not_entered(self, full: str) -> str:
        if os.path.islink(full):
            return "it is a link to a directory; links to directories are not followed"
        return "the directory can't be listed"


def _read_all(descriptor: int, size: int) -> bytes:
    """Up to `size` bytes: one more than the file has, so that one call nearly always reads it to its end."""
    content = os.read(descriptor, size)
    while 0 < len(content) < size and (more := os.read(descriptor, size - len(content))):
        content += more
    return content
