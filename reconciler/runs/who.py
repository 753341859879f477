"""Who runs this, and from which commit: environment and directory in, facts for a record out."""

import getpass
import hashlib
import os
import socket
from collections.abc import Mapping
from pathlib import Path

from reconciler.sources.git import git

_SECONDS = 10.0
_REGULAR = (b"100644", b"100755")
_SHA256_DIGITS = 64
_READ = (b".yaml", b".yml", b".j2", b".csv", b".py")


def who(environ: Mapping[str, str]) -> dict[str, str]:
    """`actor` is the person that a pipeline runs for, else user@host; `job` is the address of the pipeline's job."""
    if environ.get("GITHUB_ACTIONS"):
        run = "/actions/runs/".join(environ.get(name, "") for name in ("GITHUB_REPOSITORY", "GITHUB_RUN_ID"))
        job = f"{environ.get('GITHUB_SERVER_URL', 'https://github.com')}/{run}"
        return {"actor": environ.get("GITHUB_ACTOR") or _user(), "job": job}
    if environ.get("GITLAB_CI"):
        return {"actor": environ.get("GITLAB_USER_LOGIN") or _user(), "job": environ.get("CI_JOB_URL", "")}
    return {"actor": _user()}


def _user() -> str:
    try:
        name = getpass.getuser()
    except (ImportError, KeyError, OSError):  # a container may run as a user that nobody named; Windows has no `pwd`
        name = str(getattr(os, "getuid", lambda: "unknown")())
    return f"{name}@{socket.gethostname()}"


def commit_of(directory: Path) -> dict[str, str | bool] | None:
    """The commit that a directory is at, and whether its files differ from it; None outside of git.

    Files are compared here and not by git, which would run the filters that a repository names. Line breaks don't
    count: git may change them when it checks a file out.
    """
    try:
        head = git(directory, "rev-parse", "--verify", "--quiet", "HEAD", seconds=_SECONDS)
        if not head:
            return None
        listing = git(directory, "ls-tree", "-r", "-z", "HEAD", seconds=_SECONDS)
        new = git(directory, "ls-files", "-z", "--others", "--exclude-standard", seconds=_SECONDS)
    except OSError:
        return None
    changed = listing is None or _differs(directory, listing) or any(map(_is_read, (new or b"").split(b"\0")))
    return {"id": head.decode().strip(), "changed": changed}


def _is_read(path: bytes) -> bool:
    """Whether a new file can be a part of the inventory: a saved plan, for one, is none."""
    return path.lower().endswith(_READ) and not any(part.startswith(b".") for part in path.split(b"/"))


def base_of(directory: Path, revision: str) -> str | None:
    """The commit that a directory's own changes are told against: where its branch left `revision`, or that commit
    itself where the directory is at, or behind, it. None where git does not know it, or there is no git."""
    try:
        head = git(directory, "rev-parse", "--verify", "--quiet", "HEAD^{commit}", seconds=_SECONDS)
        named = git(directory, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}", seconds=_SECONDS)
        if not head or not named or revision.startswith("-"):
            return None
        fork = git(directory, "merge-base", head.decode().strip(), named.decode().strip(), seconds=_SECONDS)
    except OSError:
        return None
    return (fork if fork and fork.strip() != head.strip() else named).decode().strip()


def _differs(directory: Path, listing: bytes) -> bool:
    """Whether a file of the commit is missing in the directory, or is another one there."""
    for entry in filter(None, listing.split(b"\0")):
        facts, _, path = entry.partition(b"\t")
        mode, _, blob = facts.split(b" ", 2)
        if mode in _REGULAR and not _is_blob(directory / os.fsdecode(path), blob.decode()):
            return True
    return False


def _is_blob(path: Path, blob: str) -> bool:
    """Whether a file's content has that object id."""
    try:
        content = path.read_bytes() if path.is_file() and not path.is_symlink() else None
    except OSError:
        content = None
    if content is None:
        return False
    return any(has_id(form, blob) for form in (content, content.replace(b"\r\n", b"\n")))


def has_id(content: bytes, blob: str) -> bool:
    """Whether git's id of a content is this one."""
    algorithm = "sha256" if len(blob) == _SHA256_DIGITS else "sha1"
    return hashlib.new(algorithm, b"blob %d\0" % len(content) + content).hexdigest() == blob
