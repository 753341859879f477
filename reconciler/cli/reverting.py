"""`rollback --pull-request`: what git must do so that the next apply doesn't bring the change back."""

from pathlib import Path

import click
from msgspec import Struct

from reconciler.cli.failures import IN_PART
from reconciler.cli.inventory import Checked, environment
from reconciler.cli.options import remembered
from reconciler.cli.recording import ROLLBACK
from reconciler.cli.screen import Screen
from reconciler.comment import sticky
from reconciler.comment.destination import Asked, Destination, request_of
from reconciler.comment.web import Web
from reconciler.errors import ReconcilerError, UsageError
from reconciler.runs.reading import Run, commits_applied
from reconciler.runs.reverting import Branch, push_revert


class Revert(Struct, frozen=True, kw_only=True):
    """What is to be taken out of the files: those of `commit`, back to what they were at `before`."""

    directory: Path
    run_id: str
    commit: str
    before: str


def revert_of(context: click.Context, found: Checked, past: Run, records: Path, *, org_id: str) -> Revert:
    """What a pull request would revert. Raises `UsageError`, before anything is read or written, where there can be
    none: the run names no commit, or no token or repository is known."""
    commit = past.header.get("commit") or {}
    if ROLLBACK in (past.header.get("source") or {}):
        raise UsageError(
            f"Run {past.run_id} was a rollback itself: there is no commit to revert",
            remedy="leave --pull-request out, and see that the files say what is live then (`reconciler plan`)",
        )
    if not commit or commit.get("changed"):
        why = "was made from files that were in no commit" if commit else "names no commit"
        raise UsageError(
            f"Run {past.run_id} {why}: there is nothing to revert in git",
            remedy="leave --pull-request out, and take out of the files what was put back",
        )
    try:
        _destination(context, Branch(name="head", into="base"))
    except UsageError as error:
        raise UsageError(
            error.message,
            remedy="Set GITHUB_REPOSITORY (owner/name) and GITHUB_TOKEN, or CI_PROJECT_ID and GITLAB_TOKEN; or leave "
            "--pull-request out",
        ) from error
    earlier = commits_applied(records, org_id=org_id, before=past.run_id)
    before = earlier[0] if earlier else ""
    return Revert(directory=found.directory, run_id=past.run_id, commit=str(commit["id"]), before=before)


def open_request(context: click.Context, revert: Revert) -> int:
    """Pushes the branch and opens the pull request, or finds it open. 0, or the exit code for a part that is missing:
    what was rolled back is rolled back all the same."""
    screen = Screen.of(context)
    title = f"Revert what run {revert.run_id} applied"
    text = (
        f"Run `{revert.run_id}` applied commit {revert.commit} and is rolled back. This takes what it brought out of "
        "the files as well: until it is merged, the next apply brings the change back.\n"
    )
    try:
        branch = push_revert(
            revert.directory,
            commit=revert.commit,
            before=revert.before,
            branch=f"revert-{revert.run_id}",
            message=f"{title}\n\nThis reverts what came with commit {revert.commit}.",
        )
        if branch is None:
            screen.note("No pull request is needed: the default branch doesn't have what the run brought any more.")
            return 0
        destination = _destination(context, branch)
        web = Web(destination.root, destination.login, headers=destination.headers)
        try:
            done = sticky.put(web, destination, key=f"revert/{revert.run_id}", text=text, title=title)
        finally:
            web.close()
    except ReconcilerError as error:
        screen.note(f"No pull request was opened: {error}")
        return IN_PART
    what = "Opened" if done.what == "created" else "Already open"
    screen.note(f"{what}, so that the next apply doesn't bring the change back: {done.link or branch.name}")
    return 0


def _destination(context: click.Context, branch: Branch) -> Destination:
    asked = Asked(
        platform=remembered(context, "platform"),
        api_url=remembered(context, "api_url"),
        repository=remembered(context, "repository"),
        branches=(branch.name, branch.into),
    )
    return request_of(asked, environment(context))
