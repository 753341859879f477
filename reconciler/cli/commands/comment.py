"""`reconciler comment`: one sticky comment on a pull or merge request, or one sticky issue for drift."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
from msgspec import Struct

from reconciler.approval.saved import load_plan
from reconciler.cli.failures import OK
from reconciler.cli.inventory import environment
from reconciler.cli.options import environment_option, output_options, remembered, shared
from reconciler.cli.screen import Screen
from reconciler.comment import sticky
from reconciler.comment.destination import Asked, Destination, destination_of
from reconciler.comment.sticky import Done
from reconciler.comment.web import Web
from reconciler.errors import UsageError
from reconciler.model.change import Plan
from reconciler.model.drift import Drift
from reconciler.report.markdown import LIMIT, drift_markdown, plan_markdown
from reconciler.report.reading import drift_of, plan_of

_MAX_BYTES = 256 * 1024 * 1024
_DONE = {
    "created": "Posted to",
    "updated": "Updated in",
    "unchanged": "Already there, in",
    "closed": "No drift any more: closed in",
    "nothing": "No drift, and none open in",
}


class Message(Struct, frozen=True, kw_only=True):
    """What is to be said: `drifted` is None without a drift report."""

    key: str
    text: str
    org: str
    drifted: bool | None = None


@click.command(short_help="Post a plan or a drift report to a pull request.")
@click.option("--plan", "plan_file", type=click.Path(path_type=Path), metavar="PLAN", help="What `plan --out` saved.")
@click.option("--drift", "drift_file", type=click.Path(path_type=Path), metavar="FILE", help="From `drift --json`.")
@click.option("--issue", is_flag=True, help="Drift into an issue instead: opened, updated, closed without drift.")
@click.option("--key", metavar="TEXT", help="Tells several apart (default: organisation and directory).")
@click.option("--dry-run", is_flag=True, help="Print the Markdown; send nothing.")
@shared("--platform", type=click.Choice(("github", "gitlab")), help="Default: from the CI's environment.")
@shared("--repository", metavar="NAME", help="owner/name, or the project on GitLab.")
@shared("--number", type=click.IntRange(1), metavar="N", help="The pull or merge request.")
@shared("--api-url", metavar="URL", help="Of your own server: https://HOST/api/v3 (GitHub), .../api/v4 (GitLab).")
@environment_option
@output_options
@click.pass_context
def comment(
    context: click.Context,
    plan_file: Path | None,
    drift_file: Path | None,
    issue: bool,
    key: str | None,
    dry_run: bool,
) -> int:
    """Post a saved plan or a drift report as one sticky comment, found again by a hidden mark and updated.

    Place and number come from the CI's environment, the token from GITHUB_TOKEN or GITLAB_TOKEN, never from a flag.
    """
    if issue and (plan_file or not drift_file):
        raise UsageError("--issue is for a drift report", remedy="Give --drift FILE, and no --plan")
    message = _message(plan_file, drift_file, key)
    screen = Screen.of(context)
    if dry_run:
        screen.write(message.text)
        return OK
    destination, done = _send(context, message, issue=issue)
    screen.write(f"{_DONE[done.what]} {destination.title}{f': {done.link}' if done.link else ''}\n")
    return OK


def _message(plan_file: Path | None, drift_file: Path | None, key: str | None) -> Message:

    if not plan_file and not drift_file:
        raise UsageError("There is nothing to post", remedy="Give --plan PLAN, --drift FILE, or both")
    limit = (LIMIT - 1_000) // (2 if plan_file and drift_file else 1)
    texts, org, made_in, drifted = [], "", "", None
    if plan_file:
        plan, made_in = _saved(plan_file)
        texts.append(plan_markdown(plan, limit=limit))
        org, name = plan.org_id, plan.org_name
    if drift_file:
        drift = _drift(drift_file)
        texts.append(drift_markdown(drift, limit=limit))
        org, name, drifted = drift.plan.org_id, drift.plan.org_name, drift.drifted
    own = key or "/".join(filter(None, (org, made_in if made_in != "." else "")))
    return Message(key=own, text="\n".join(texts), org=name or org, drifted=drifted)


def _saved(file: Path) -> tuple[Plan, str]:
    """The plan in a file of `plan --out`, and the directory that it was made in."""
    saved = load_plan(file)
    try:
        return plan_of(saved.seen), saved.inventory
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise UsageError(f"{file} is no plan file, or was edited", remedy="Make one with `plan --out FILE`") from error


def _drift(file: Path) -> Drift:

    remedy = "Make one: reconciler drift --json > FILE"
    try:
        if file.stat().st_size > _MAX_BYTES:
            raise UsageError(f"{file} is too large for a drift report", remedy=remedy)
        document: Mapping[str, Any] = json.loads(file.read_text("utf-8"))
        return drift_of(document)
    except OSError as error:
        raise UsageError(f"{file} can't be read: {error.strerror}", remedy=remedy) from error
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise UsageError(f"{file} is no drift report", remedy=remedy) from error


def _send(context: click.Context, message: Message, *, issue: bool) -> tuple[Destination, Done]:

    asked = Asked(
        platform=remembered(context, "platform"),
        api_url=remembered(context, "api_url"),
        repository=remembered(context, "repository"),
        number=remembered(context, "number"),
        issue=issue,
    )
    destination = destination_of(asked, environment(context))
    web = Web(destination.root, destination.login, headers=destination.headers)
    try:
        if issue and not message.drifted:
            return destination, sticky.close(web, destination, key=message.key, text=message.text)
        title = f"Mist drift: {message.org}" if issue else ""
        return destination, sticky.put(web, destination, key=message.key, text=message.text, title=title)
    finally:
        web.close()
