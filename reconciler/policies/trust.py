"""Whether the inventory is trusted: whether its code may be run and its secrets looked up. Policies can do whatever the
person who runs the command can, so that a pull request from a stranger must not bring its own."""

import json
from collections.abc import Mapping
from pathlib import Path

from reconciler.errors import UsageError

VARIABLE = "RECONCILER_POLICIES"
_ON = ("on", "true", "1", "yes")
_OFF = ("off", "false", "0", "no")
_LARGEST_EVENT = 16 * 1024 * 1024


def why_not(environ: Mapping[str, str], *, no_policies: bool) -> str:
    """Why policies are not run: the flag, the variable, or a pipeline for a pull request from a fork; empty when they
    are. `RECONCILER_POLICIES=on` allows them there too. Raises `UsageError` for a value that is neither."""
    if no_policies:
        return "--no-policies was given"
    said = environ.get(VARIABLE, "").strip().lower()
    if said in _OFF:
        return f"{VARIABLE} is {said}"
    if said in _ON:
        return ""
    if said:
        raise UsageError(f"{VARIABLE} is neither on nor off: {said[:40]!r}", remedy="Set it to on or off, or unset it")
    if from_a_fork(environ):
        return f"this pipeline is for a pull request from a fork (allow it with {VARIABLE}=on)"
    return ""


def is_allowed(environ: Mapping[str, str]) -> bool:
    """Whether the environment allows any policy to run."""
    return environ.get(VARIABLE, "").strip().lower() in _ON


def is_untrusted(environ: Mapping[str, str]) -> bool:
    """Whether this pipeline is for a pull request from a fork, and `RECONCILER_POLICIES=on` does not trust it."""
    return not is_allowed(environ) and from_a_fork(environ)


def from_a_fork(environ: Mapping[str, str]) -> bool:
    """What GitHub and GitLab say about the source of a pull or merge request."""
    if environ.get("GITHUB_EVENT_NAME", "").startswith("pull_request"):
        return _github_fork(environ.get("GITHUB_EVENT_PATH", ""))
    source = environ.get("CI_MERGE_REQUEST_SOURCE_PROJECT_ID")
    return bool(source) and source != environ.get("CI_MERGE_REQUEST_PROJECT_ID")


def _github_fork(path: str) -> bool:
    """Whether the pull request of GitHub's event file comes from another repository; yes when it can't be told."""
    try:
        with Path(path).open("rb") as file:
            request = json.loads(file.read(_LARGEST_EVENT))["pull_request"]
        head, base = request["head"]["repo"], request["base"]["repo"]
        return bool(head["full_name"] != base["full_name"])
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return True
