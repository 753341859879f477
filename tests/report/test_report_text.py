"""Text and Markdown reports, word by word, at the widths that people have.

`UPDATE_EXPECTED=1 pytest tests/report` writes the expected files anew; read the difference before it is committed.
"""

import os
from io import StringIO
from pathlib import Path

import pytest
from msgspec.structs import replace
from rich.console import Console

from reconciler.diagnostics import Severity
from reconciler.model.change import Plan, RootSummary, Status
from reconciler.model.drift import Drift, Unmanaged
from reconciler.report.format import View
from reconciler.report.lines import as_text, line, show
from reconciler.report.markdown import LIMIT, drift_markdown, plan_markdown
from reconciler.report.outcomes import outcome_text
from reconciler.report.text import FORMAT, drift_text, plan_text
from tests.report.samples import CHANGES, DELETE, EMPTY, ERROR, ORG, OUTCOMES, PLAN, UPDATE, WARNING, change, field

DRIFT = Drift(plan=PLAN, unmanaged=tuple(Unmanaged(address=address) for address in PLAN.unmanaged))
EXPECTED = Path(__file__).parent / "expected"
REFUSED = replace(PLAN, changes=CHANGES[3:4], diagnostics=(ERROR, *(replace(WARNING, rule=f"w{n}") for n in range(20))))

REPORTS = {
    "plan-80.txt": lambda: as_text(plan_text(PLAN), width=80),
    "plan-200.txt": lambda: as_text(plan_text(PLAN), width=200),
    "plan-piped.txt": lambda: as_text(plan_text(PLAN)),
    "plan-verbose.txt": lambda: as_text(plan_text(replace(PLAN, changes=CHANGES[:12]), verbose=True), width=80),
    "plan-empty.txt": lambda: as_text(plan_text(EMPTY), width=80),
    "plan-refused.txt": lambda: as_text(plan_text(REFUSED), width=80),
    "drift-80.txt": lambda: as_text(drift_text(DRIFT), width=80),
    "drift-empty.txt": lambda: as_text(drift_text(Drift(plan=EMPTY)), width=80),
    "outcomes-80.txt": lambda: as_text(outcome_text(OUTCOMES), width=80),
    "plan.md": lambda: plan_markdown(PLAN),
    "drift.md": lambda: drift_markdown(DRIFT),
}


@pytest.mark.parametrize("name", REPORTS)
def test_a_report_reads_word_by_word_as_expected(name: str) -> None:
    text = REPORTS[name]()
    path = EXPECTED / name
    if os.environ.get("UPDATE_EXPECTED"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("width", [40, 80, 200])
def test_no_line_is_longer_than_the_terminal_and_nothing_is_lost(width: int) -> None:
    narrow, wide = as_text(plan_text(PLAN), width=width), as_text(plan_text(PLAN))
    assert max(map(len, narrow.splitlines())) <= width
    assert "".join(narrow.split()) == "".join(wide.split())


def test_colour_is_only_where_the_console_has_it() -> None:
    plain, coloured = StringIO(), StringIO()
    show(plan_text(PLAN), Console(file=plain, color_system=None, width=1000))
    show(plan_text(PLAN), Console(file=coloured, color_system="standard", force_terminal=True, width=1000))
    assert "\x1b" not in plain.getvalue()
    assert "\x1b[32m+ sitegroup.emea\x1b[0m" in coloured.getvalue()
    assert "\x1b[1;31m! WARNING" in coloured.getvalue()


def test_names_from_the_cloud_can_not_move_the_cursor() -> None:
    evil = change("site.a\x1b[2Jb/wlan.\u202etxt", UPDATE, field("x\x1b", "\x1b]0;t\x07", "a\nb\x1b[1m"))
    plan = Plan(org_id=ORG, org_name="Acme\x1b[2J\u202e", changes=(evil,))
    for text in (as_text(plan_text(plan)), as_text(drift_text(Drift(plan=plan))), plan_markdown(plan)):
        assert not set("\x1b\x07\u202e") & set(text)


def test_markup_of_a_terminal_library_in_a_name_stays_text() -> None:
    out = StringIO()
    show([line("[red]x[/red] :smile:")], Console(file=out, color_system="standard", force_terminal=True))
    assert out.getvalue() == "[red]x[/red] :smile:\n"


def test_equal_changes_of_many_sites_are_told_once_and_of_three_sites_each() -> None:
    def of(count: int) -> str:
        changes = [change(f"site.S{n}/setting", UPDATE, field("a", 1, 2)) for n in range(count)]
        return as_text(plan_text(Plan(org_id=ORG, org_name="Acme", changes=tuple(changes))))

    assert of(3).count("~ site.") == 3
    assert of(4).count("~ site.") == 1
    assert "the same change in 3 more sites: S1, S2, S3" in of(4)


def test_changes_that_differ_in_one_value_are_never_told_as_one() -> None:
    changes = [change(f"site.S{n}/setting", UPDATE, field("a", 1, n)) for n in range(9)]
    text = as_text(plan_text(Plan(org_id=ORG, org_name="Acme", changes=tuple(changes))))
    assert text.count("~ site.") == 9


def test_many_drops_are_counted_and_verbose_names_each() -> None:
    drops = tuple(f"port_usages.p{number}" for number in range(15))
    summary = RootSummary(root="port_usages", before=4, after=4, drops=drops)
    plan = Plan(org_id=ORG, org_name="A", changes=(change("site.S", UPDATE, field("b.c", 1, 2), roots=(summary,)),))
    assert "loses 15 undeclared values" in as_text(plan_text(plan))
    assert "... 5 more" in as_text(plan_text(plan))
    assert "port_usages.p14" in as_text(plan_text(plan, verbose=True))


def test_a_comment_stays_within_its_limit_and_counts_what_it_left_out() -> None:
    changes = [change(f"site.S{n:04}", UPDATE, field("notes", "x" * 200, str(n) * 50)) for n in range(900)]
    changes += [change("site.Gone", DELETE)]
    text = plan_markdown(replace(PLAN, changes=tuple(changes)))
    left = 901 - text.count("<details>")
    assert len(text) <= LIMIT
    assert f"{left} more objects left out here" in text
    assert text.count("<details>") == text.count("</details>") > 50
    assert "**Deletes:** site.Gone" in text


@pytest.mark.parametrize("limit", [3_000, 10_000, 65_000])
def test_a_comment_full_of_findings_and_names_stays_within_its_limit(limit: int) -> None:
    findings = tuple(replace(WARNING, detail="`" * 4_000, rule=f"r{n}") for n in range(99))
    changes = tuple(change(f"site.{'<' * 300}{n}", DELETE) for n in range(99))
    plan = Plan(org_id=ORG, org_name="<b>" * 90, changes=changes, diagnostics=findings)
    assert len(plan_markdown(plan, limit=limit)) <= limit


def test_values_can_not_break_out_of_a_comment() -> None:
    evil = change("site.<img src=x>", UPDATE, field("notes", "```\n</details>@all", "````"))
    text = plan_markdown(Plan(org_id=ORG, org_name="[x](http://e) @team", changes=(evil,)))
    assert "<img" not in text
    assert "@team" not in text
    assert "`````diff" in text


def test_errors_are_all_shown_however_many_warnings_there_are() -> None:
    errors = tuple(replace(ERROR, detail=f"e{number}") for number in range(30))
    text = as_text(plan_text(replace(REFUSED, diagnostics=errors)))
    assert text.count(Severity.ERROR.value + "[") == 30


def test_a_summary_is_the_errors_and_the_last_line() -> None:
    assert FORMAT.plan
    assert FORMAT.drift
    refused = as_text(FORMAT.plan(REFUSED, View(summary=True)))  # type: ignore[arg-type]
    assert refused.splitlines()[-1] == as_text(plan_text(REFUSED)).splitlines()[-1]
    assert "error[" in refused
    assert "warning[" not in refused
    assert len(as_text(FORMAT.plan(EMPTY, View(summary=True))).splitlines()) == 1  # type: ignore[arg-type]
    assert as_text(FORMAT.drift(DRIFT, View(summary=True))).count("site.") == 0  # type: ignore[arg-type]
    told = as_text(outcome_text(OUTCOMES, summary=True))
    assert "updated" not in told.splitlines()[0]
    assert [item.address.text in told for item in OUTCOMES if item.status is Status.FAILED] == [True]
