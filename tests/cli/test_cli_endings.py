"""How a run ends: exit codes, interruptions, unforeseen errors, progress."""

import json
import sys
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import click
import pytest

from reconciler.cli.failures import report_failure, wants_json
from reconciler.cli.inventory import shown_root
from reconciler.cli.options import Output
from reconciler.cli.progress import Writes, plain_lines, shown_progress
from reconciler.cli.screen import width_of
from reconciler.cli.writing import exit_code
from reconciler.diagnostics import Diagnostic, Severity
from reconciler.errors import ApiError, InventoryError, ReconcilerError
from reconciler.model.address import Address
from reconciler.model.change import Action, Outcome, Plan, Status


def outcome(status: Status, verified: bool | None = True, *, unsure: bool = False) -> Outcome:
    return Outcome(address=Address("site.A"), action=Action.UPDATE, status=status, verified=verified, unsure=unsure)


APPLIED, FAILED, STALE, BLOCKED, SAME = map(
    outcome, (Status.APPLIED, Status.FAILED, Status.STALE, Status.BLOCKED, Status.UNCHANGED)
)


@pytest.mark.parametrize(
    ("outcomes", "code"),
    [
        ([], 0),
        ([APPLIED], 0),
        ([APPLIED, SAME], 0),
        ([SAME], 0),
        ([APPLIED, FAILED], 6),
        ([APPLIED, STALE], 6),
        ([APPLIED, BLOCKED], 6),
        ([outcome(Status.APPLIED, verified=False)], 6),
        ([outcome(Status.APPLIED, verified=None)], 1),
        ([outcome(Status.APPLIED, verified=None), FAILED], 6),
        ([outcome(Status.APPLIED, verified=None), outcome(Status.APPLIED, verified=False)], 6),
        ([outcome(Status.FAILED, unsure=True)], 6),
        ([outcome(Status.FAILED, unsure=True), BLOCKED], 6),
        ([FAILED], 1),
        ([FAILED, BLOCKED], 1),
        ([FAILED, STALE], 1),
        ([STALE], 4),
        ([STALE, BLOCKED], 4),
        ([STALE, SAME], 4),
        ([BLOCKED], 1),
    ],
)
def test_outcomes_give_the_exit_code(outcomes: list[Outcome], code: int) -> None:
    assert exit_code(outcomes, Plan(org_id="o", org_name="O")) == code


def subclasses(cls: type[ReconcilerError]) -> Iterator[type[ReconcilerError]]:
    yield cls
    for child in cls.__subclasses__():
        yield from subclasses(child)


@pytest.mark.parametrize("argv", [["plan"], ["plan", "--json"], ["validate", "--format", "json"]])
def test_every_error_of_the_tree_ends_with_its_own_code_in_every_format(
    argv: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    for cls in subclasses(ReconcilerError):
        error = cls("it broke", remedy="mend it", **({"diagnostics": ()} if cls.exit_code == 3 else {}))
        assert report_failure(error, argv=argv, writes=Writes()) == cls.exit_code
        streams = capsys.readouterr()
        if wants_json(argv):
            told = json.loads(streams.out)["error"]
            assert (told["type"], told["message"], told["remedy"]) == (cls.__name__, "it broke", "mend it")
            assert ("status" in told) is issubclass(cls, ApiError)
        else:
            assert streams.err == "error: it broke\n  Mend it.\n"


def test_an_interruption_says_what_was_written(capsys: pytest.CaptureFixture[str]) -> None:
    writes = Writes()
    assert report_failure(KeyboardInterrupt(), argv=[], writes=writes) == 130
    assert "Nothing was written" in capsys.readouterr().err
    writes.begin(12)
    writes.seen("applying", 3, 12)
    writes.seen("verifying", 9, 12)
    assert report_failure(click.Abort(), argv=[], writes=writes) == 130
    assert "3 of 12 changes were finished" in capsys.readouterr().err


def test_an_unforeseen_error_is_short_and_holds_no_value_even_with_debug(capsys: pytest.CaptureFixture[str]) -> None:
    def fail() -> None:
        try:
            raise KeyError(inner)
        except KeyError as error:
            raise ValueError(outer) from error

    inner, outer = "canary-inner", "canary-outer"
    with pytest.raises(ValueError, match="outer") as caught:
        fail()
    assert report_failure(caught.value, argv=["plan"], writes=Writes()) == 1
    short = capsys.readouterr().err
    report_failure(caught.value, argv=["plan", "--debug"], writes=Writes())
    long = capsys.readouterr().err
    assert "ValueError" in short
    assert "issues" in short
    assert "File" not in short
    assert "test_cli_endings.py" in long
    assert "KeyError" in long
    assert "canary-" not in short + long


def test_an_error_of_the_file_system_names_the_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert report_failure(OSError(28, "No space left", "x.plan"), argv=[], writes=Writes()) == 1
    assert capsys.readouterr().err.startswith("error: x.plan: No space left")


def test_a_log_gets_a_line_every_few_seconds_and_short_work_none() -> None:
    now, said = [0.0], []
    progress = plain_lines(said.append, clock=lambda: now[0])
    for second in range(12):
        now[0] = float(second)
        progress("reading", second, 12)
    progress("applying", 0, 0)
    assert said == ["reading 5 of 12", "reading 10 of 12"]
    now[0] = 30.0
    progress("applying", 0, 0)
    assert said[-1] == "applying"


class Terminal(StringIO):
    """A stderr that is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("stream", "output", "seen"),
    [
        (Terminal(), Output(), True),
        (Terminal(), Output(quiet=True), False),
        (Terminal(), Output(debug_http=True), False),
        (StringIO(), Output(), False),
    ],
)
def test_a_bar_is_only_for_who_watches_a_terminal(
    stream: StringIO, output: Output, seen: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.delenv("NO_COLOR", raising=False)
    writes = Writes()
    with shown_progress(output, writes) as progress:
        progress("reading", 1, 2)
        progress("applying", 1, 2)
        progress("applying", 2, 2)
    assert ("applying" in stream.getvalue()) is seen
    assert writes.done == 2


def test_in_a_log_progress_goes_to_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    times = iter([0.0, 9.0, 9.0])
    with shown_progress(Output(), Writes(), clock=lambda: next(times)) as progress:
        progress("reading", 1, 2)
    assert capsys.readouterr() == ("", "reading 1 of 2\n")


def test_only_a_terminal_has_a_width(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "123")
    assert width_of(Terminal()) == 123
    assert width_of(StringIO()) is None


def test_file_names_are_shown_so_that_they_can_be_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "a")
    assert shown_root(Path()) == ""
    assert shown_root(Path("b")) == "b/"
    assert shown_root(tmp_path / "a" / "b") == "b/"
    assert shown_root(Path("..")) == "../"
    assert shown_root(tmp_path) == f"{tmp_path.as_posix()}/"


def test_findings_of_an_inventory_that_is_refused_break_where_the_terminal_ends(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    finding = Diagnostic(severity=Severity.ERROR, rule="bad-value", summary="Not valid", detail="word " * 40)
    stream = Terminal()
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setenv("COLUMNS", "80")
    report_failure(InventoryError("The inventory has 1 error", diagnostics=(finding,)), argv=[], writes=Writes())
    assert max(map(len, stream.getvalue().splitlines())) <= 80
