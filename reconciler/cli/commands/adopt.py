"""`reconciler drift adopt`, `revert` and `ignore`: the ways back from drift."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import click

from reconciler.cli.base import with_changed
from reconciler.cli.cloud import planned, refusal, with_findings
from reconciler.cli.commands.drift import found_drift, since_option
from reconciler.cli.commands.inspect import named, unknown_address
from reconciler.cli.commands.onto import adopt_new, undeclared_among
from reconciler.cli.failures import CHANGES, IN_PART, OK, REFUSED
from reconciler.cli.formats import format_of, format_options
from reconciler.cli.inventory import environment, inventory_and_words, inventory_of, load, load_valid
from reconciler.cli.known import with_known_ids
from reconciler.cli.options import (
    connection_options,
    inventory_argument,
    inventory_option,
    json_option,
    options_of,
    output_options,
    remembered,
    selection_options,
    shared,
)
from reconciler.cli.screen import Screen
from reconciler.cli.showing import save, show_plan
from reconciler.diagnostics import has_errors
from reconciler.drift.adopt import Adoption, is_chosen
from reconciler.drift.ignoring import with_exceptions
from reconciler.drift.secrets import plain_secrets
from reconciler.errors import InventoryError, UsageError
from reconciler.kinds import kinds
from reconciler.kinds.lists import with_unmodelled
from reconciler.model.address import Address
from reconciler.model.change import Change
from reconciler.model.inventory import Inventory
from reconciler.model.matching import is_pattern, literal
from reconciler.model.project import PROJECT_FILE, Ignore
from reconciler.pipeline.drift import adopt_drift
from reconciler.report.adoption import adoption_document, adoption_lines
from reconciler.report.json_report import dump
from reconciler.report.origins import explain
from reconciler.settings import for_inventory
from reconciler.sources.directory import DirectoryTree
from reconciler.sources.edited import text_of
from reconciler.yamltext.edit.files import difference, write_back
from reconciler.yamltext.edit.nodes import Unwritable

target_option = shared("--target", "-t", multiple=True, required=True, metavar="ADDR", help="This address or glob.")
until_option = shared("--until", metavar="DATE", help="The last day, as 2026-12-31.")
reason_option = shared("--reason", required=True, metavar="TEXT", help="Why; reports show it.")
undeclared_option = shared("--undeclared", is_flag=True, help="Every live object that nobody declares.")
dry_run_option = click.option("--dry-run", is_flag=True, help="Only show what would be written; exit 2 if anything.")


@click.command(short_help="Write live values back into the YAML.")
@click.argument("words", metavar="[FIELD]...", nargs=-1)
@inventory_option
@click.option("--override", is_flag=True, help="Set in the object itself what defaults, profiles or others give it.")
@dry_run_option
@json_option
@target_option
@since_option
@connection_options
@output_options
@click.pass_context
def adopt(context: click.Context, words: tuple[str, ...], override: bool, dry_run: bool, as_json: bool) -> int:
    """Write live values back into the YAML that set them, in place: of the objects that --target names all that
    differs, or only some FIELDs (`vlan_id`, `auth`). Comments, order, quotes and anchors stay.

    Objects that nothing declares, named by their addresses, are written where their like are. A directory may stand in
    front of the fields instead of --inventory. Secrets are never written. Exit 6 when some
    differences could not be adopted, 5 when none could.
    """
    inventory, fields = inventory_and_words(context, words)
    found = with_known_ids(context, load_valid(context, inventory, online=True))
    report, matches = found_drift(context, found.inventory)
    targets = tuple(remembered(context, "target"))
    if targets == undeclared_among(matches, targets):
        return adopt_new(context, inventory, matches, targets, dry_run=dry_run, as_json=as_json)
    tree = DirectoryTree(inventory)
    adoption = adopt_drift(
        report,
        matches,
        found.inventory,
        tree,
        environ=for_inventory(environment(context)),
        fields=fields,
        override=override,
    )
    check_named(found.inventory, report.plan.changes, remembered(context, "target"), fields)
    texts = {file: read(inventory, file) for file in adoption.files}
    if not dry_run:
        write_files(inventory, texts, adoption.files)
    _report_adoption(context, adoption, differences(found.inventory, texts, adoption.files), dry_run, as_json)
    if dry_run and adoption.done:
        return CHANGES
    return OK if not adoption.refused else IN_PART if adoption.done else REFUSED


@click.command(short_help="Plan just what undoes the drift.")
@inventory_argument
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Save it for `apply FILE`."
)
@format_options("plan")
@selection_options
@connection_options
@output_options
@click.pass_context
def revert(context: click.Context, inventory: Path | None, out: Path | None) -> int:
    """Plan what would bring live back to what is declared, of everything or of what --target names. Writes nothing:
    apply the saved plan."""
    style = format_of(context)
    directory = inventory_of(context, inventory)
    found = with_known_ids(context, load_valid(context, directory, online=True))
    result, _ = planned(context, found.inventory, with_changed(context, found, options_of(context)))
    result = with_findings(result, found.inventory)
    screen, refused = Screen.of(context), refusal(result)
    if out and not refused:
        save(context, result, out, directory)
    show_plan(screen, result, options=options_of(context), style=style)
    if out and not refused:
        screen.note(f"Saved to {out}. Undo the drift: reconciler apply {out}")
    return refused


@click.command(short_help="Accept a difference until a date.")
@click.argument("words", metavar="ADDRESS [FIELD]", nargs=-1)
@inventory_option
@undeclared_option
@until_option
@reason_option
@dry_run_option
@json_option
@since_option
@connection_options
@output_options
@click.pass_context
def ignore(context: click.Context, words: tuple[str, ...], dry_run: bool, as_json: bool) -> int:
    """Record a difference as an exception with a date, in `ignore` of reconciler.yaml. Until then it is no drift, and
    reports show it apart; afterwards it is drift again.

    With --undeclared: every live object that nobody declares, as a baseline. From then on only new ones are drift.
    """
    inventory, named = inventory_and_words(context, words)
    rules = _baseline(context, inventory) if remembered(context, "undeclared") else [_named_rule(context, named)]
    found = load_valid(context, inventory, online=False)
    for rule in rules:
        check_rule(found.inventory, rule)
    declared = {item.address.text for item in found.inventory.resources}
    rules = [
        rule.model_copy(update={"address": literal(rule.address)}) if rule.address in declared else rule
        for rule in rules
    ]
    old = read(inventory, PROJECT_FILE)
    try:
        new = with_exceptions(old, rules)
    except Unwritable as error:
        raise UsageError(f"{PROJECT_FILE} can't be edited: {error}", remedy="Add the exception by hand") from error
    files = {PROJECT_FILE: new} if new != old else {}
    if files and not dry_run:
        write_files(inventory, {PROJECT_FILE: old}, files)
        _check_written(context, inventory, old)
    diff = differences(found.inventory, {PROJECT_FILE: old}, files)
    screen = Screen.of(context)
    if as_json:
        rules_key = (
            {"rule": rules[0].model_dump()} if len(rules) == 1 else {"rules": [rule.model_dump() for rule in rules]}
        )
        document = {**rules_key, "files": list(files), "dry_run": dry_run, "diff": diff}
        screen.write(dump({"format_version": "1.0", **document, "diagnostics": []}))
    else:
        screen.write(diff)
        screen.note("Nothing was written: --dry-run." if dry_run else f"Recorded in {found.root}{PROJECT_FILE}.")
    return CHANGES if dry_run and files else OK


def _named_rule(context: click.Context, words: tuple[str, ...]) -> Ignore:
    """The rule for the address, or the field, that was named."""
    until = remembered(context, "until")
    if not words or until is None:
        raise UsageError(
            "Missing argument: which object, and until when?",
            remedy="Give ADDRESS [FIELD] and --until DATE, or --undeclared for all that nobody declares",
        )
    address, *more = words
    if len(more) > 1:
        raise UsageError("One FIELD at a time", remedy="Give a glob, such as 'auth*', or run it again")
    return Ignore(address=address, field=more[0] if more else None, until=checked_date(until), reason=_reason(context))


def _baseline(context: click.Context, inventory: Path) -> list[Ignore]:
    """A rule for each live object that nobody declares now."""
    until = remembered(context, "until")
    last = None if until is None else checked_date(until)
    found = with_known_ids(context, load_valid(context, inventory, online=True))
    report, _ = found_drift(context, found.inventory)
    made = [item.address for item in report.elsewhere if item.made]
    addresses = [*(item.address for item in report.unmanaged), *made]
    return [Ignore(address=literal(address.text), until=last, reason=_reason(context)) for address in addresses]


def _reason(context: click.Context) -> str:
    return str(remembered(context, "reason") or "").strip()


def checked_date(text: str) -> str:
    """A date from today on, as it is written."""
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"--until {text!r} is no date", remedy="Write it as 2026-12-31") from error
    if day < datetime.now(UTC).date():
        raise UsageError(f"--until {text} has passed", remedy="Give the last day on which the exception counts")
    return day.isoformat()


def check_named(
    inventory: Inventory, changes: Sequence[Change], targets: tuple[str, ...], fields: tuple[str, ...]
) -> None:
    """A target or field that names nothing is most often a typing error: nothing is written."""
    for glob in targets:
        unmanaged = any(item.address.text == glob for item in changes)
        if not unmanaged and not any(named(item, (glob,)) for item in inventory.resources):
            raise unknown_address(glob, inventory.resources)
    for field in fields:
        if changes and not any(is_chosen(item.path, (field,)) for change in changes for item in change.fields):
            raise UsageError(
                f"No difference has the field {field}", remedy="`reconciler drift` lists what differs, with its path"
            )


def check_rule(inventory: Inventory, rule: Ignore) -> None:
    """Refuses an exception that can't hide anything."""
    if rule.field and "[" in rule.field:
        root = rule.field.partition("[")[0]
        raise UsageError(f"An exception covers a list as a whole, not {rule.field}", remedy=f"Name it: {root}")
    if not rule.reason:
        raise UsageError("An exception needs a reason", remedy="Say in --reason why the difference is accepted")
    if is_pattern(rule.address):
        return
    if Address(rule.address).kind not in with_unmodelled(kinds()):
        raise unknown_address(rule.address, inventory.resources)
    known = any(item.address.text == rule.address for item in inventory.resources)
    glob = rule.field and is_pattern(rule.field)
    if known and rule.field and not glob and not explain(inventory, rule.address, rule.field):
        raise UsageError(
            f"{rule.address} declares no {rule.field}: there is nothing to make an exception of",
            remedy=f"`reconciler explain {rule.address}` lists what is declared",
        )


def read(inventory: Path, file: str) -> str:
    """A file's text as it is edited."""
    return text_of(DirectoryTree(inventory), file)


def write_files(inventory: Path, old: Mapping[str, str], new: Mapping[str, str]) -> None:
    """Writes every file; each whole or not at all."""
    for file, text in sorted(new.items()):
        try:
            write_back(inventory / file, old[file], text)
        except OSError as error:
            raise UsageError(
                f"{inventory / file} can't be written: {error.strerror or error}",
                remedy="Check its permissions, and run the command again",
            ) from error


def differences(inventory: Inventory, old: Mapping[str, str], new: Mapping[str, str]) -> str:
    """The diffs of all files, without the secrets that stand in them in plain."""
    hidden = plain_secrets(inventory)
    return "".join(difference(file, old[file], text, hidden=hidden) for file, text in sorted(new.items()))


def _check_written(context: click.Context, inventory: Path, old: str) -> None:
    """The project file is read again; if it became invalid, what can only be a mistake, the old text comes back."""
    diagnostics = load(context, inventory).inventory.diagnostics
    mine = [item for item in diagnostics if item.source and item.source.file == PROJECT_FILE]
    if has_errors(mine):
        write_files(inventory, {PROJECT_FILE: read(inventory, PROJECT_FILE)}, {PROJECT_FILE: old})
        raise InventoryError("The exception could not be recorded", diagnostics=tuple(mine))


def _report_adoption(context: click.Context, adoption: Adoption, diff: str, dry_run: bool, as_json: bool) -> None:

    screen = Screen.of(context)
    if as_json:
        screen.write(dump(adoption_document(adoption.done, adoption.refused, diff=diff, dry_run=dry_run)))
        return
    screen.write(diff)
    screen.report(adoption_lines(adoption.done, adoption.refused, dry_run=dry_run))
