"""Sends a plan's changes in order and reads back what was written.

Names become ids just before sending, and each object is read again first.
"""

import contextlib

from reconciler.errors import GuardRefusal
from reconciler.kinds import Kinds
from reconciler.mist.client import MistClient
from reconciler.model.change import Outcome, Plan
from reconciler.model.journal import NO_JOURNAL, Journal, RunInterrupted
from reconciler.model.options import Options, Progress, no_progress
from reconciler.stages.apply.locator import Locator
from reconciler.stages.apply.schedule import Run
from reconciler.stages.apply.verify import verify
from reconciler.stages.apply.writer import Writer

_WRITING_ROLES = frozenset({"admin", "write"})
_READING_ROLES = frozenset({"read", "helpdesk"})


def apply(
    plan: Plan,
    client: MistClient,
    *,
    kinds: Kinds,
    options: Options,
    progress: Progress = no_progress,
    journal: Journal = NO_JOURNAL,
) -> tuple[Outcome, ...]:
    """One outcome per change, in the plan's order, with `verified` set for everything applied. `journal` hears of each
    write before it is sent, and of each outcome.

    Raises `GuardRefusal` before the first write when the token can only read, and `RunInterrupted` with the outcomes
    when a signal ends it; every other failure is an outcome.
    """
    if not plan.changes:
        return ()
    _refuse_reading_token(client.self_(), plan)
    progress = _tolerant(progress)
    locator = Locator(plan, kinds)
    writer = Writer(plan.changes, locator, client, journal)
    outcomes = Run(plan, writer, kinds, options).run(progress, journal)
    try:
        return verify(plan, outcomes, client, locator, writer, progress=progress)
    except KeyboardInterrupt:
        client.stop()
        raise RunInterrupted(outcomes) from None


def _tolerant(progress: Progress) -> Progress:
    """The same progress, which may fail: that nobody listens any more ends no run."""

    def shown(what: str, done: int, total: int) -> None:
        with contextlib.suppress(OSError):
            progress(what, done, total)

    return shown


def _refuse_reading_token(self_answer: object, plan: Plan) -> None:
    """Looks at the privileges that `/self` lists: a token without any writing role for the organisation can't apply."""
    privileges = self_answer.get("privileges") if isinstance(self_answer, dict) else None
    if not isinstance(privileges, list):
        return
    roles = {
        str(entry.get("role"))
        for entry in privileges
        if isinstance(entry, dict) and entry.get("org_id") in (None, plan.org_id)
    }
    if roles and roles <= _READING_ROLES and not roles & _WRITING_ROLES:
        raise GuardRefusal(
            f"The token can only read organisation {plan.org_name!r} (role {', '.join(sorted(roles))})",
            remedy="apply needs a token with the role write or admin; nothing was written",
        )
