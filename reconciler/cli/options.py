"""Options that many commands share. Each is remembered in the context, so that a command's function stays small."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
from msgspec import Struct

if TYPE_CHECKING:
    from reconciler.model.options import Options
    from reconciler.settings import Flags

Command = TypeVar("Command", bound=Callable[..., Any])
Decorator = Callable[[Command], Command]
_KEY = "reconciler.options"


class Output(Struct, frozen=True, kw_only=True):
    """How a command talks."""

    quiet: bool = False
    summary: bool = False
    verbose: bool = False
    debug_http: bool = False
    no_color: bool = False


def is_watched() -> bool:
    """Whether a person sees stderr: a pipeline may have a terminal too, but its log keeps every frame of a bar."""
    return sys.stderr.isatty() and os.environ.get("TERM") != "dumb" and not _in_pipeline()


def _in_pipeline() -> bool:
    return os.environ.get("CI", "").lower() not in ("", "0", "false")


def _remember(context: click.Context, parameter: click.Parameter, value: Any) -> None:
    context.meta.setdefault(_KEY, {})[parameter.name] = value


def remembered(context: click.Context, name: str) -> Any:
    """The value of a shared option; None for a command that does not have it."""
    return context.meta.get(_KEY, {}).get(name)


def remember(context: click.Context, name: str, value: Any) -> None:
    """Sets an option as if it had been given."""
    context.meta.setdefault(_KEY, {})[name] = value


def shared(*names: str, **attributes: Any) -> Decorator[Any]:
    """An option that is remembered instead of passed to the command."""
    return click.option(*names, callback=_remember, expose_value=False, **attributes)


def joined(*decorators: Decorator[Any]) -> Decorator[Any]:
    """Several options as one decorator."""

    def decorate(command: Any) -> Any:
        for decorator in reversed(decorators):
            command = decorator(command)
        return command

    return decorate


inventory_option = shared(
    "--inventory",
    "inventory_option",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="The inventory, before RECONCILER_INVENTORY and the nearest reconciler.yaml from here up.",
)
inventory_argument = joined(
    click.argument("inventory", required=False, type=click.Path(path_type=Path)), inventory_option
)
"""For `reconciler.cli.inventory.inventory_of`, which finds out which one is meant."""

output_options = joined(
    shared("--quiet", "-q", count=True, help="Only the result: no progress on stderr. -qq: --summary as well."),
    shared("--summary", is_flag=True, help="Of plans, drift and outcomes as text: errors and the last line."),
    shared("--verbose", "-v", is_flag=True, help="Everything: nothing collapsed or cut."),
    shared("--no-color", is_flag=True, help="No colour (also with NO_COLOR set, and never in a pipe)."),
    shared("--debug", is_flag=True, help="Show the traceback of an unforeseen error."),
)

environment_option = shared(
    "--env-file",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="NAME=value lines; the environment has precedence.",
)

org_option = shared("--org", metavar="ID", help="Organisation id, before MIST_ORG_ID and reconciler.yaml.")

connection_options = joined(
    environment_option,
    shared("--host", metavar="HOST", help="API host, before MIST_HOST. The token is never a flag: MIST_APITOKEN."),
    org_option,
    shared("--threads", type=click.IntRange(1, 64), metavar="N", help="Calls side by side (16)."),
    shared(
        "--timeout",
        type=click.FloatRange(0, min_open=True),
        metavar="SECONDS",
        help="Longest time of one call with its repeats (120).",
    ),
    shared(
        "--budget",
        type=click.IntRange(10),
        metavar="N",
        help="At most N calls in an hour (what the cloud allows, but for `budget:` in reconciler.yaml).",
    ),
    shared(
        "--wait/--no-wait",
        default=None,
        help="Wait for the next hour where this one's calls are used up. The default in a terminal.",
    ),
    shared("--ca-bundle", type=click.Path(), metavar="FILE", help="Trusted certificates, for a proxy that opens TLS."),
    shared("--debug-http", is_flag=True, help="Log every request to stderr, secrets redacted."),
)

target_option = shared(
    "--target", "-t", multiple=True, metavar="ADDR", help="Only this address or glob, and what it needs."
)
ack_option = shared(
    "--ack-deletes", type=click.IntRange(0), metavar="N", help="Allow exactly N deletes beyond the limits."
)
selection_options = joined(
    target_option,
    shared("--exclude", multiple=True, metavar="ADDR", help="All but this address or glob."),
    shared("--changed-since", metavar="GITREF", help="Only what the files declare otherwise than at this commit."),
    shared("--prune", is_flag=True, help="Allow the deletes that `manage` in reconciler.yaml covers."),
    ack_option,
)
approval_options = joined(
    shared("--max-age", metavar="AGE", default="24h", help="Oldest saved plan to apply: 90m, 24h, 7d (24h)."),
    shared(
        "--refuse-any-stale/--no-refuse-any-stale",
        default=None,
        help="Refuse everything, before any write, when one object is stale. The default where CI is set.",
    ),
)

policy_option = shared(
    "--no-policies", is_flag=True, help="Run no Python of the inventory (also: RECONCILER_POLICIES=off)."
)
untrusted_option = shared(
    "--untrusted", is_flag=True, help="For a stranger's pull request: run nothing of it, look up no secret."
)
lock_option = shared(
    "--lock-timeout",
    type=click.FloatRange(0),
    default=0,
    metavar="SECONDS",
    help="Wait so long for another apply to this organisation to end (0).",
)
record_option = shared("--no-record", is_flag=True, help="Keep no record of this run under .reconciler/runs.")

base_option = shared(
    "--base",
    metavar="GITREF",
    help="Tell this branch's changes from drift, and release what this commit declares and the files don't any more "
    "(the commit of the last complete apply on record).",
)
base_options = joined(
    base_option,
    shared("--with-drift", is_flag=True, help="With --base: --out saves what drifted as well."),
    shared(
        "--fail-on",
        metavar="FINDINGS",
        help="Exit with 5 for any of drift, delete, stale (changed by hand where this branch changes it too), "
        "unmanaged; comma-separated.",
    ),
)
snapshot_options = joined(
    shared(
        "--snapshot",
        type=click.Path(path_type=Path),
        metavar="PATH",
        help="Keep what was read in this file (or directory), and read only what the audit log names since.",
    ),
    shared(
        "--snapshot-max-age", metavar="AGE", default="7d", help="Oldest snapshot to go by: 12h, 7d (7d); else read all."
    ),
)
no_refresh_option = shared(
    "--no-refresh", is_flag=True, help="Plan against the snapshot alone, and ask nothing. `apply` refuses such a plan."
)
watch_option = shared(
    "--watch-devices",
    metavar="TIME",
    help="After the apply, wait up to so long (5m) for what switches and WAN edges say of their configuration, and end "
    "with 6 where one refuses it.",
)

json_option = click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")


def output_of(context: click.Context) -> Output:
    """The output options of this run."""
    return Output(
        quiet=bool(remembered(context, "quiet")),
        summary=bool(remembered(context, "summary")) or int(remembered(context, "quiet") or 0) > 1,
        verbose=bool(remembered(context, "verbose")),
        debug_http=bool(remembered(context, "debug_http")),
        no_color=bool(remembered(context, "no_color")),
    )


def flags_of(context: click.Context) -> "Flags":
    """The connection options of this run."""
    from reconciler.settings import Flags

    return Flags(
        host=remembered(context, "host"),
        org=remembered(context, "org"),
        threads=remembered(context, "threads"),
        timeout=remembered(context, "timeout"),
        ca_bundle=remembered(context, "ca_bundle"),
        budget=remembered(context, "budget"),
        wait=is_watched() if remembered(context, "wait") is None else bool(remembered(context, "wait")),
    )


def options_of(context: click.Context, *, refuse_any_stale: bool = False) -> "Options":
    """What was asked of the pipeline."""
    from reconciler.model.options import Options

    return Options(
        targets=tuple(remembered(context, "target") or ()),
        excludes=tuple(remembered(context, "exclude") or ()),
        prune=bool(remembered(context, "prune")),
        ack_deletes=remembered(context, "ack_deletes"),
        refuse_any_stale=refuse_any_stale,
        threads=remembered(context, "threads") or Options().threads,
        host=remembered(context, "host") or "",
    )


def applying_options(context: click.Context) -> "Options":
    """The options, with a pipeline's caution where CI is set and nothing else was said."""
    said = remembered(context, "refuse_any_stale")
    return options_of(context, refuse_any_stale=_in_pipeline() if said is None else bool(said))
