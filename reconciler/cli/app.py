"""The command `reconciler` and its subcommands."""

import click

from reconciler import __version__
from reconciler.cli.apply import apply
from reconciler.cli.comment import comment
from reconciler.cli.drift import drift
from reconciler.cli.drift_back import adopt, ignore, revert
from reconciler.cli.fmt import fmt
from reconciler.cli.inspecting import explain, render
from reconciler.cli.local import demo, emulator
from reconciler.cli.plans import plan, show
from reconciler.cli.policies import policies
from reconciler.cli.runs import runs
from reconciler.cli.schemas import schema
from reconciler.cli.validate import validate

EPILOG = """\b
Exit codes, the same for every output format:
   0  done; for `drift` and `plan --detailed-exitcode`: nothing to do
   1  error            2  changes or drift     3  invalid inventory
   4  stale plan       5  refused by a guard   6  applied in part
  64  usage

The token comes from MIST_APITOKEN, the host from MIST_HOST, the organisation from MIST_ORG_ID (or reconciler.yaml);
a file that --env-file names may hold them. Try `reconciler demo` first: it needs nothing at all.
"""


@click.group(
    epilog=EPILOG,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    subcommand_metavar="COMMAND ...",
)
@click.version_option(__version__, message="reconciler %(version)s")
def app() -> None:
    """Configuration of a Juniper Mist organisation as code: YAML in git, plan, apply, drift."""


for _command in (
    validate,
    plan,
    show,
    apply,
    drift,
    render,
    explain,
    fmt,
    policies,
    runs,
    schema,
    comment,
    demo,
    emulator,
):
    app.add_command(_command)

for _way_back in (adopt, revert, ignore):
    drift.add_command(_way_back)
