"""Who runs this, and from which commit: environment and directory in, facts for a record out."""

import getpass
import os
import socket
import subprocess
from collections.abc import Mapping
from pathlib import Path

_SECONDS = 10


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
    """The commit that a directory is at, and whether its files differ from it; None outside of git."""
    commit = _git(directory, "rev-parse", "--verify", "--quiet", "HEAD")
    if not commit:
        return None
    status = _git(directory, "status", "--porcelain", "--", ".")
    return {"id": commit, "changed": status != ""}


def _git(directory: Path, *words: str) -> str | None:
    try:
        done = subprocess.run(  # noqa: S603 - fixed program and words, no shell
            ["git", "-C", str(directory), "-c", "core.fsmonitor=false", *words],  # noqa: S607 - as the shell finds it
            capture_output=True,
            timeout=_SECONDS,
            check=False,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.decode("utf-8", "replace").strip() if done.returncode == 0 else None
