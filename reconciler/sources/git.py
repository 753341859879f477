"""An inventory as it was at a commit: read from git objects, the work tree stays as it is.

In: a directory inside a git work tree, and a revision. Out: a `FileTree` of the same directory at that commit.

A repository can hold programs that git runs by itself. Every call to git goes through `git`, which lets none of them
run: no hooks, no file system monitor, no bare repository that lies among the files, and an environment without secrets.
Only plumbing commands that touch no file of the work tree are asked for: filters run when one is compared or written.
"""

import os
import re
import subprocess
from pathlib import Path

from msgspec import Struct

from reconciler.errors import UsageError

_REGULAR = ("100644", "100755")
_LIMIT_SECONDS = 60
_SAFELY = ("safe.bareRepository=explicit", "core.fsmonitor=false", f"core.hooksPath={os.devnull}", "core.pager=cat")
_PASSED_ON = frozenset(
    {
        *("PATH", "HOME", "USERPROFILE", "SYSTEMROOT", "TMPDIR", "TEMP", "TMP", "XDG_CONFIG_HOME"),
        *("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM", "GIT_CEILING_DIRECTORIES"),
    }
)
_TO_THE_REMOTE = frozenset(
    {
        *("SSH_AUTH_SOCK", "SSH_AGENT_PID", "SSH_ASKPASS", "GIT_SSH", "GIT_SSH_COMMAND", "GIT_ASKPASS"),
        *("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR", "GIT_SSL_CAINFO"),
    }
)
"""What a call over the network needs besides: how the person who runs it reaches the repository's remote."""
_FROM_CONFIG = "GIT_CONFIG_"
_CREDENTIALS = re.compile(r"(?<=://)[^/@\s]+(?=@)")
_QUIETLY = {"GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "GIT_NO_LAZY_FETCH": "1", "LC_ALL": "C"}


class Called(Struct, frozen=True):
    """How a git command ended: what it printed, and why it failed in its own last words, without credentials."""

    code: int
    out: bytes
    why: str


def git(
    directory: str | os.PathLike[str], *words: str, stdin: bytes = b"", seconds: float = _LIMIT_SECONDS
) -> bytes | None:
    """What a git command prints, None when it fails. Raises `OSError` when git can't be run, or not in time."""
    done = call_git(directory, *words, stdin=stdin, seconds=seconds)
    return done.out if done.code == 0 else None


def call_git(
    directory: str | os.PathLike[str],
    *words: str,
    stdin: bytes = b"",
    seconds: float = _LIMIT_SECONDS,
    remote: bool = False,
) -> Called:
    """Runs a git command; `remote`: it speaks with the repository's remote. Raises `OSError` when git can't be run, or
    not in time."""
    options = [part for setting in _SAFELY for part in ("-c", setting)]
    try:
        done = subprocess.run(  # noqa: S603 - fixed program, no shell
            ["git", "-C", os.fspath(directory), "--no-pager", *options, *words],  # noqa: S607 - as the shell finds it
            input=stdin,
            capture_output=True,
            timeout=seconds,
            check=False,
            env=_environment(remote) | _QUIETLY,
        )
    except subprocess.TimeoutExpired as error:
        raise OSError(None, f"git took longer than {seconds:g} s") from error
    said = _CREDENTIALS.sub("***", done.stderr.decode("utf-8", "replace")).strip().splitlines()
    return Called(done.returncode, done.stdout, said[-1] if said else f"git ended with {done.returncode}")


def remote_of(directory: str | os.PathLike[str]) -> str | None:
    """The repository's remote: `origin`, or the only one; None where that is not clear. Raises `OSError` as `git`."""
    known = (git(directory, "remote") or b"").decode("utf-8", "replace").split()
    if "origin" in known:
        return "origin"
    return known[0] if len(known) == 1 else None


def _environment(remote: bool) -> dict[str, str]:
    passed = _PASSED_ON | _TO_THE_REMOTE if remote else _PASSED_ON
    return {
        name: value
        for name, value in os.environ.items()
        if name.upper() in passed or (remote and name.startswith(_FROM_CONFIG))
    }


class GitTree:
    """The regular files below one directory at one commit; hidden files, links and submodules are no part of it."""

    def __init__(self, root: Path, revision: str) -> None:
        """Raises `UsageError` when the directory is in no repository or the revision is unknown."""
        self.root = os.path.realpath(root)
        self.revision = revision
        if not Path(self.root).is_dir():
            raise UsageError(f"{root} is no directory")
        prefix = self._git("rev-parse", "--show-prefix", why="the inventory is in no git repository").decode().strip()
        self.commit = self._commit()
        self._blobs = self._list(prefix)
        self._contents: dict[str, bytes] | None = None

    def paths(self) -> tuple[str, ...]:
        """Every file below the root, relative, sorted."""
        return tuple(self._blobs)

    def read(self, path: str) -> bytes:
        """A file's content at the commit; raises `OSError` for a path that was not there."""
        if path not in self._blobs:
            raise FileNotFoundError(2, f"not in {self.revision}", path)
        if self._contents is None:
            self._contents = self._read_all()
        return self._contents[path]

    def _commit(self) -> str:
        if self.revision.startswith("-"):
            raise UsageError(f"{self.revision!r} is no git revision")
        why = f"git knows no commit {self.revision!r} here; in CI, fetch it first (a shallow clone has only one commit)"
        return self._git("rev-parse", "--verify", "--quiet", f"{self.revision}^{{commit}}", why=why).decode().strip()

    def _list(self, prefix: str) -> dict[str, str]:
        """Object ids by path."""
        listing = self._git(
            "ls-tree", "-r", "-z", "--full-tree", self.commit, "--", f"{prefix or '.'}", why="git failed"
        )
        found: dict[str, str] = {}
        for entry in filter(None, listing.decode("utf-8", "surrogateescape").split("\0")):
            facts, _, path = entry.partition("\t")
            mode, _, blob = facts.split(" ", 2)
            relative = path.removeprefix(prefix)
            if mode in _REGULAR and not any(part.startswith(".") for part in relative.split("/")):
                found[relative] = blob
        return dict(sorted(found.items()))

    def _read_all(self) -> dict[str, bytes]:
        """All contents through one git process."""
        wanted = "".join(f"{blob}\n" for blob in self._blobs.values()).encode()
        output = self._git("cat-file", "--batch", why="git can't read its objects", stdin=wanted)
        contents: dict[str, bytes] = {}
        at = 0
        for path in self._blobs:
            end = output.index(b"\n", at)
            size = int(output[at:end].rsplit(b" ", 1)[1])
            contents[path] = output[end + 1 : end + 1 + size]
            at = end + 1 + size + 1
        return contents

    def _git(self, *words: str, why: str, stdin: bytes = b"") -> bytes:
        try:
            output = git(self.root, *words, stdin=stdin)
        except OSError as error:
            raise UsageError("git can't be run, and --base needs it", remedy="install git") from error
        if output is None:
            raise UsageError(f"--base {self.revision}: {why}")
        return output
