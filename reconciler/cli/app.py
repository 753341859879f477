"""The command `reconciler` and its subcommands, each imported when it is asked for."""

import click

from reconciler import __version__
from reconciler.cli.lazy import LazyGroup

EPILOG = """\b
Exit codes, the same for every output format:
   0  done; for `drift` and `plan --detailed-exitcode`: nothing to do
   1  error            2  changes or drift     3  invalid inventory
   4  stale plan       5  refused by a guard   6  applied in part
  64  usage

The token comes from MIST_APITOKEN, the host from MIST_HOST, the organisation from MIST_ORG_ID (or reconciler.yaml);
a file that --env-file names may hold them. Try `reconciler demo` first: it needs nothing at all.
"""

COMMANDS = {
    "apply": ("reconciler.cli.commands.apply", "Make live what the inventory declares."),
    "comment": ("reconciler.cli.commands.comment", "Post a plan or a drift report to a pull request."),
    "demo": ("reconciler.cli.commands.local", "The whole story on a local emulator."),
    "drift": ("reconciler.cli.commands.drift", "Tell whether live differs from the inventory."),
    "emulator": ("reconciler.cli.commands.local", "Run a local Mist cloud on 127.0.0.1, for trials and tests."),
    "explain": ("reconciler.cli.commands.inspect", "Say which file and line set a value."),
    "export": ("reconciler.cli.commands.export", "Write a live organisation as an inventory."),
    "fmt": ("reconciler.cli.commands.fmt", "Put the inventory's files into their canonical form."),
    "import": ("reconciler.cli.commands.imports", "Write what another tool manages as an inventory."),
    "init": ("reconciler.cli.commands.init", "Begin an inventory, from a token."),
    "list": ("reconciler.cli.commands.listing", "List live objects, declared or not."),
    "plan": ("reconciler.cli.commands.plan", "Show what apply would change."),
    "policies": ("reconciler.cli.commands.policies", "List rules and policies."),
    "render": ("reconciler.cli.commands.inspect", "Print the composed inventory."),
    "rollback": ("reconciler.cli.commands.rollback", "Put back what an earlier apply wrote."),
    "runs": ("reconciler.cli.commands.runs", "Look up what was applied."),
    "schema": ("reconciler.cli.commands.schema", "Print JSON Schemas for editors and CI."),
    "show": ("reconciler.cli.commands.plan", "Show a saved plan."),
    "validate": ("reconciler.cli.commands.validate", "Check the inventory without touching the network."),
}
"""Name: the module that holds the command of that name, and what `--help` says of it."""


@click.group(
    cls=LazyGroup,
    commands_in=COMMANDS,
    epilog=EPILOG,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    subcommand_metavar="COMMAND ...",
)
@click.version_option(__version__, message="reconciler %(version)s")
def app() -> None:
    """Configuration of a Juniper Mist organisation as code: YAML in git, plan, apply, drift."""
