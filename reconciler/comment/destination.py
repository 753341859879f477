"""Where a comment, an issue or a pull request goes: the CI's environment and flags in, a `Destination` out.

Nothing of the inventory takes part: a pull request can't choose where the token is sent.
"""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from msgspec import Struct, field
from msgspec.structs import replace

from reconciler.comment.web import Login
from reconciler.errors import UsageError
from reconciler.model.values import Secret

GITHUB, GITLAB = "github", "gitlab"
LABEL = "mist-drift"
_REPOSITORY = re.compile(r"[\w.-]+/[\w.-]+", re.ASCII)
_PROJECT = re.compile(r"\d+|[\w.-]+(?:/[\w.-]+)+", re.ASCII)
_EVENT_BYTES = 32 * 1024 * 1024


class Asked(Struct, frozen=True, kw_only=True):
    """What the command line says; None where it says nothing."""

    platform: str | None = None
    api_url: str | None = None
    repository: str | None = None
    number: int | None = None
    issue: bool = False
    branches: tuple[str, str] | None = None
    """For a pull request: the branch that it brings, and the one that it is for."""


class Destination(Struct, frozen=True, kw_only=True):
    """A list of comments or issues and how its items are written.

    `items` is the path of the list, `item` that of one (`{id}`), `id_field` names an item's id, `text_field` its text,
    `author` its author's object. `create` goes beside the text of a new one, `close` is sent to close an issue.
    """

    title: str
    root: str
    login: Login
    headers: Mapping[str, str]
    items: str
    item: str
    update: str
    query: Mapping[str, str]
    id_field: str
    text_field: str
    author: str
    link_field: str
    create: Mapping[str, Any] = field(default_factory=dict)
    close: Mapping[str, Any] = field(default_factory=dict)


def destination_of(asked: Asked, environ: Mapping[str, str]) -> Destination:
    """The destination that flags and environment name. Raises UsageError with what is missing."""
    platform = asked.platform or _platform(environ)
    return _github(asked, environ) if platform == GITHUB else _gitlab(asked, environ)


def _platform(environ: Mapping[str, str]) -> str:
    if environ.get("GITHUB_REPOSITORY"):
        return GITHUB
    if environ.get("CI_PROJECT_ID"):
        return GITLAB
    raise UsageError(
        "This is neither a GitHub nor a GitLab job: GITHUB_REPOSITORY and CI_PROJECT_ID are not set",
        remedy="Name the destination: --platform, --repository and --number; or look at the text with --dry-run",
    )


def _as_request(found: Destination, items: str, title: str, create: Mapping[str, Any]) -> Destination:
    """The destination of issues, as that of pull or merge requests."""
    query = {name: value for name, value in found.query.items() if name != "labels"}
    return replace(found, title=title, items=items, item=f"{items}/{{id}}", query=query, create=create)


def request_of(asked: Asked, environ: Mapping[str, str]) -> Destination:
    """Where pull or merge requests are opened, from one branch into another. Raises as `destination_of`."""
    found = destination_of(replace(asked, issue=True), environ)
    source, target = asked.branches or ("", "")
    below = found.items.rpartition("/")[0]
    if (asked.platform or _platform(environ)) == GITHUB:
        return _as_request(found, f"{below}/pulls", "pull request", {"head": source, "base": target})
    branches = {"source_branch": source, "target_branch": target, "remove_source_branch": True}
    return _as_request(found, f"{below}/merge_requests", "merge request", branches)


def _github(asked: Asked, environ: Mapping[str, str]) -> Destination:
    repository = _named(asked.repository or environ.get("GITHUB_REPOSITORY"), _REPOSITORY, "GITHUB_REPOSITORY")
    login = _login(environ, ("GITHUB_TOKEN", "GH_TOKEN"), header="Authorization", prefix="Bearer ")
    below = f"repos/{repository}"
    issues, query = f"{below}/issues", {"per_page": "100"}
    number = 0 if asked.issue else asked.number or _github_number(environ)
    return Destination(
        title=f"issues of {repository}" if asked.issue else f"pull request {number} of {repository}",
        root=asked.api_url or environ.get("GITHUB_API_URL") or "https://api.github.com",
        login=login,
        headers={"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28"},
        items=issues if asked.issue else f"{issues}/{number}/comments",
        item=f"{issues}/{{id}}" if asked.issue else f"{issues}/comments/{{id}}",
        update="PATCH",
        query={**query, "state": "open", "labels": LABEL} if asked.issue else query,
        id_field="number" if asked.issue else "id",
        text_field="body",
        author="user",
        link_field="html_url",
        create={"labels": [LABEL]} if asked.issue else {},
        close={"state": "closed"},
    )


def _gitlab(asked: Asked, environ: Mapping[str, str]) -> Destination:
    # In a fork's merge request CI_PROJECT_ID is the fork; the merge request lives in the project that it goes to.
    known = environ.get("CI_PROJECT_ID") if asked.issue else environ.get("CI_MERGE_REQUEST_PROJECT_ID")
    project = _named(asked.repository or known or environ.get("CI_PROJECT_ID"), _PROJECT, "CI_PROJECT_ID")
    login = _login(environ, ("GITLAB_TOKEN",), header="PRIVATE-TOKEN", prefix="")
    below = f"projects/{quote(project, safe='')}"
    number = 0 if asked.issue else asked.number or _gitlab_number(environ)
    notes = f"{below}/merge_requests/{number}/notes"
    return Destination(
        title=f"issues of project {project}" if asked.issue else f"merge request {number} of project {project}",
        root=asked.api_url or environ.get("CI_API_V4_URL") or "https://gitlab.com/api/v4",
        login=login,
        headers={"Accept": "application/json"},
        items=f"{below}/issues" if asked.issue else notes,
        item=f"{below}/issues/{{id}}" if asked.issue else f"{notes}/{{id}}",
        update="PUT",
        query={"per_page": "100", "state": "opened", "labels": LABEL}
        if asked.issue
        else {"per_page": "100", "sort": "asc", "order_by": "created_at"},
        id_field="iid" if asked.issue else "id",
        text_field="description" if asked.issue else "body",
        author="author",
        link_field="web_url",
        create={"labels": LABEL} if asked.issue else {},
        close={"state_event": "close"},
    )


def _named(text: str | None, form: re.Pattern[str], variable: str) -> str:
    if text and form.fullmatch(text) and ".." not in text.split("/"):
        return text
    said = "is not set" if not text else f"is no repository: {text[:80]!r}"
    raise UsageError(
        f"{variable} {said}", remedy="Name it with --repository: owner/name, or the project's id on GitLab"
    )


def _login(environ: Mapping[str, str], names: tuple[str, ...], *, header: str, prefix: str) -> Login:
    for name in names:
        value = environ.get(name, "").strip()
        if value:
            return Login(header=header, prefix=prefix, variable=name, token=Secret(value, origin=f"env:{name}"))
    raise UsageError(
        f"No token: {names[0]} is not set",
        remedy=f"Give the job a token in the environment variable {names[0]}; it is never a flag",
    )


def _github_number(environ: Mapping[str, str]) -> int:
    """The pull request of this job: from the event's file, or from a ref such as `refs/pull/12/merge`."""
    event = _event(environ.get("GITHUB_EVENT_PATH"))
    for part in (event.get("pull_request"), event.get("issue")):
        number = part.get("number") if isinstance(part, dict) else None
        if isinstance(number, int) and number > 0:
            return number
    found = re.fullmatch(r"refs/pull/(\d+)/(?:merge|head)", environ.get("GITHUB_REF", ""), re.ASCII)
    if found:
        return int(found[1])
    raise UsageError(
        "This job belongs to no pull request", remedy="Run it on `pull_request`, or name one with --number"
    )


def _gitlab_number(environ: Mapping[str, str]) -> int:
    text = environ.get("CI_MERGE_REQUEST_IID", "")
    if text.isdecimal() and int(text):
        return int(text)
    raise UsageError(
        "This job belongs to no merge request: CI_MERGE_REQUEST_IID is not set",
        remedy='Run it in a merge request pipeline (`$CI_PIPELINE_SOURCE == "merge_request_event"`), or name one with '
        "--number",
    )


def _event(path: str | None) -> Mapping[str, Any]:
    if not path:
        return {}
    try:
        file = Path(path)
        found = json.loads(file.read_bytes()) if file.stat().st_size <= _EVENT_BYTES else {}
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
