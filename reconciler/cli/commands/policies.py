"""`reconciler policies`, and the decision whether a command runs the Python of an inventory."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from reconciler.cli.failures import INVALID, OK
from reconciler.cli.inventory import inventory_of, load
from reconciler.cli.options import environment_option, inventory_argument, json_option, output_options, policy_option
from reconciler.cli.screen import Screen
from reconciler.diagnostics import Diagnostic
from reconciler.model.project import PROJECT_FILE
from reconciler.policies.rules import Listed, catalogue
from reconciler.report.diagnostics import diagnostic_lines
from reconciler.report.json_report import FORMAT_VERSION, diagnostic_document, dump
from reconciler.report.lines import BLANK, BOLD, DIM, Line, line


@click.command(short_help="List rules and policies.")
@inventory_argument
@json_option
@policy_option
@environment_option
@output_options
@click.pass_context
def policies(context: click.Context, inventory: Path | None, as_json: bool) -> int:
    """List the built-in rules and the inventory's own policies: id, severity or off, title.

    Rules marked `fixed` guard correctness; the severity of all others can be set under `rules:` in reconciler.yaml.
    Outside of an inventory only the built-in rules are listed.
    """
    screen = Screen.of(context)
    problems: tuple[Diagnostic, ...]
    directory = inventory_of(context, inventory)
    if inventory is None and directory == Path() and not (directory / PROJECT_FILE).exists():
        rules, problems, root = catalogue({}), (), ""
    else:
        found = load(context, directory)
        project, root = found.inventory.project, found.root
        rules = catalogue(project.rules, found.inventory.policies)
        problems = tuple(item for item in found.inventory.diagnostics if item.rule in _OURS)
    if as_json:
        screen.write(dump(_document(rules, problems)))
    else:
        screen.report(diagnostic_lines(problems, root=root))
        screen.show(_lines(rules))
    return INVALID if any(item.rule != "policies-not-run" for item in problems) else OK


_OURS = frozenset(
    {"bad-policy", "bad-project", "duplicate-policy", "policies-not-run", "rule-fixed", "unknown-policy-file"}
    | {"unknown-rule"}
)
"""Diagnostics of a whole inventory that are about its policies and rules."""


def _lines(rules: Sequence[Listed]) -> list[Line]:

    width = max(len(item.id) for item in rules)
    rows: list[Line] = []
    for title, group in (
        ("Policies of this inventory", [item for item in rules if item.source]),
        ("Built-in rules that can be changed", [item for item in rules if not item.source and item.changeable]),
        ("Built-in rules that are fixed", [item for item in rules if not item.changeable]),
    ):
        if group:
            rows += [line((title, BOLD))] + [_line(item, width, DIM) for item in group] + [BLANK]
    return rows[:-1]


def _line(item: Listed, width: int, dim: str) -> Line:

    level = item.severity.value if item.severity else "off"
    changed = f" (by itself: {item.default.value})" if item.severity is not item.default else ""
    place = f"  {item.source.file}:{item.source.line}" if item.source else ""
    text = f"{item.id:<{width}}  {level:<7}  "
    return line(text if item.severity else (text, dim), f"{item.title}{changed}", (place, dim), indent=2)


def _document(rules: Sequence[Listed], problems: Sequence[Diagnostic]) -> dict[str, Any]:

    return {
        "format_version": FORMAT_VERSION,
        "rules": [
            {
                "id": item.id,
                "title": item.title,
                "enabled": item.severity is not None,
                "severity": item.severity.value if item.severity else "off",
                "default": item.default.value,
                "changeable": item.changeable,
                "over": item.over,
                "origin": "policy" if item.source else "built-in",
                "file": item.source.file if item.source else None,
                "line": item.source.line if item.source else None,
            }
            for item in rules
        ],
        "diagnostics": [diagnostic_document(item) for item in problems],
    }
