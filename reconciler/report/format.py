"""What an output format is: functions from what a run found to text or lines, one for each thing that it can show."""

from collections.abc import Callable, Sequence
from datetime import datetime

from msgspec import Struct

from reconciler.diagnostics import Diagnostic
from reconciler.model.change import Plan
from reconciler.model.drift import Drift
from reconciler.model.options import Options
from reconciler.report.lines import Line

Shown = str | Sequence[Line]
"""Text that is written as it is, or lines for a terminal."""


class Findings(Struct, frozen=True, kw_only=True):
    """What `validate` found: the inventory's diagnostics, how many resources and files it has, and which files hold
    objects. `root` goes before file names; with `strict`, warnings fail as errors do; `verbose`: also as text, all of
    them; `made` says when."""

    diagnostics: Sequence[Diagnostic]
    resources: int
    files: int
    with_objects: Sequence[str] = ()
    root: str = ""
    strict: bool = False
    verbose: bool = False
    made: datetime


class View(Struct, frozen=True, kw_only=True):
    """How a plan or a drift report is to be shown: everything (`verbose`), as text only errors and the last line
    (`summary`); and the options that it was made with."""

    verbose: bool = False
    summary: bool = False
    options: Options | None = None


class Format(Struct, frozen=True, kw_only=True):
    """One output format; None for what it can't show."""

    plan: Callable[[Plan, View], Shown] | None = None
    drift: Callable[[Drift, View], Shown] | None = None
    findings: Callable[[Findings], Shown] | None = None
