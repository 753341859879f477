"""Sentences that several reports share: counts, roots that are replaced whole, sites that a template reaches."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from reconciler.model.change import (
    NOT_APPLIED,
    UNKNOWN,
    Action,
    Cause,
    Change,
    Edit,
    Outcome,
    Plan,
    RootSummary,
    Status,
    Taken,
    sites_reached,
)
from reconciler.model.drift import Drift
from reconciler.model.listing import Share, whole_of
from reconciler.report.alike import Table

SYMBOLS = {Action.CREATE: "+", Action.UPDATE: "~", Action.DELETE: "-"}
DRIFT_SYMBOLS = {Action.CREATE: "-", Action.UPDATE: "~", Action.DELETE: "+"}
"""The other way round: what a plan would make is gone from the cloud, and what it would delete came to it."""
SHOWN_NAMES = 8
MANY_SITES = 20
"""From how many sites on a plan says first how far it reaches."""


def number(count: int, noun: str) -> str:
    """`1 change`, `2 changes`."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def owned_sentence(shares: Mapping[str, Share], *, of: str = "") -> str:
    """`You own 62 of 310 live objects (20 %): wlans 12/12, psks 0/140.`; nothing where nothing is known."""
    whole = whole_of(shares)
    if whole is None:
        return ""
    each = ", ".join(f"{plural} {share.declared:,}/{share.live:,}" for plural, share in shares.items())
    return f"You own {whole.declared:,} of {number(whole.live, 'live object')}{of} ({whole.percent} %): {each}."


def owned_of_read(shares: Mapping[str, Share]) -> list[str]:
    """The same of a report, which reads no more than it needs."""
    sentence = owned_sentence(shares, of=" read")
    return [sentence] if sentence else []


def listed(names: Sequence[str], *, shown: int = SHOWN_NAMES) -> str:
    """`A, B, C, ... 9 more`."""
    if len(names) <= shown + 1:
        return ", ".join(names)
    return f"{', '.join(names[:shown])}, ... {len(names) - shown:,} more"


def counts(actions: Sequence[Action]) -> str:
    """`1 to create, 2 to update`: only what there is."""
    words = {Action.CREATE: "to create", Action.UPDATE: "to update", Action.DELETE: "to delete"}
    return ", ".join(f"{actions.count(action):,} {text}" for action, text in words.items() if action in actions)


CAUSE_WORDS = {
    Cause.CONFIG: "this branch",
    Cause.DRIFT: "drift: live was changed, not this branch",
    Cause.BOTH: "this branch, and drift",
    Cause.RELEASED: "no longer declared",
}


def cause_sentences(change: Change) -> list[str]:
    """Which fields of a change are not the branch's own; nothing where all have the cause of the whole."""
    causes = {item.cause for item in change.fields}
    if len(causes) < 2:
        return []
    drifted = [item.path for item in change.fields if item.cause is Cause.DRIFT]
    both = [item.path for item in change.fields if item.cause is Cause.BOTH]
    released = [item.path for item in change.fields if item.cause is Cause.RELEASED]
    told = [f"no longer declared: {listed(released)}"] if released else []
    told += [f"drift, not this branch: {listed(drifted)}"] if drifted else []
    return told + ([f"changed by this branch and by hand: {listed(both)}"] if both else [])


def causes_sentence(plan: Plan) -> str:
    """`3 changes from this branch, 1 from drift.`; empty without a base to compare with."""
    words = {Cause.CONFIG: "from this branch", Cause.DRIFT: "from drift", Cause.BOTH: "from both"}
    words[Cause.RELEASED] = "of what is no longer declared"
    tally = [(sum(change.cause is cause for change in plan.changes), text) for cause, text in words.items()]
    shown = [(count, text) for count, text in tally if count]
    if not shown:
        return ""
    (first, text), *rest = shown
    return ", ".join([f"{number(first, 'change')} {text}", *(f"{count:,} {words}" for count, words in rest)]) + "."


def plan_sentence(plan: Plan) -> str:
    """The last line of a plan."""
    if not plan.changes:
        if plan.errors:
            return f"No changes, but {_left_out(plan)}. ({calls(plan.reads)})"
        return f"No changes. {_matches(plan)}"
    parts = ", ".join(f"{plan.count(action):,} to {action.value}" for action in Action)
    parts += f" (and {number(plan.taken, 'object')} with it)" if plan.taken else ""
    apply = calls(plan.applying or plan.writes)
    text = f"Plan: {parts}, {plan.unchanged:,} unchanged. {calls(plan.reads)} read, {apply} to apply."
    return " ".join(filter(None, (wide_sentence(plan), causes_sentence(plan), text)))


def wide_sentence(plan: Plan) -> str:
    """`Reaches 214 sites.`, where a plan changes many sites, or what many use; else nothing."""
    reached = len(sites_reached(plan.changes))
    return f"Reaches {reached:,} sites." if reached >= MANY_SITES else ""


def drift_sentence(plan: Plan, *, elsewhere: int = 0) -> str:
    """The last line of a drift report; `elsewhere`: how many objects only the audit log shows."""
    if not (plan.changes or plan.unmanaged or elsewhere):
        if plan.errors:
            return f"No drift found, but {_left_out(plan)}. ({calls(plan.reads)})"
        return f"No drift. {_matches(plan)}"
    differ, missing, extra = plan.count(Action.UPDATE), plan.count(Action.CREATE), plan.count(Action.DELETE)
    extra += len(plan.unmanaged) + elsewhere
    parts = [
        f"{number(differ, 'object')} {'differs' if differ == 1 else 'differ'}" if differ else "",
        f"{number(missing, 'object')} {'is' if missing == 1 else 'are'} missing in live" if missing else "",
        f"{number(extra, 'object')} {'is' if extra == 1 else 'are'} not declared" if extra else "",
    ]
    return f"Drift: {', '.join(filter(None, parts))}; {plan.unchanged:,} in line. {calls(plan.reads)} read."


def _matches(plan: Plan) -> str:
    doubled = sum(item.rule == "namesake" for item in plan.diagnostics)
    but = f", but {number(doubled, 'name')} {'is' if doubled == 1 else 'are'} there twice" if doubled else ""
    return f"What was compared matches the inventory{but}. ({number(plan.unchanged, 'object')}, {calls(plan.reads)})"


def _left_out(plan: Plan) -> str:
    return f"the comparison is not whole: {number(len(plan.errors), 'error')}"


def compared_sentences(plan: Plan, *, verbose: bool = False) -> list[str]:
    """What was looked at, and what not, by number and by name: `Compared 54 objects of 10 kinds.`"""
    scope = plan.compared
    if not (scope.objects or scope.unread):
        return []
    shown = 1000 if verbose else SHOWN_NAMES
    found = [f"Compared {number(scope.objects, 'object')} of {number(len(scope.kinds), 'kind')}."]
    if scope.unread:
        found[0] += f" Not looked at: {listed(scope.unread, shown=shown)}."
    if scope.spared:
        found.append(
            f"Not read again: {number(scope.spared, 'list')} in which the audit log shows no change since they "
            "were read."
        )
    for secrets, why in (
        (scope.masked, "that the cloud hides from this token"),
        (scope.missing, "without a value here"),
    ):
        names = f": {listed(secrets, shown=shown)}" if verbose else ""
        if secrets:
            found.append(f"Not compared: {number(len(secrets), 'secret')} {why}{names}.")
    if scope.strange and verbose:
        names = listed(scope.strange, shown=shown)
        found.append(f"Live, and not known to this version: {names}. `raw:` declares them.")
    return found


def taken_sentence(change: Change, *, shown: int = SHOWN_NAMES) -> str:
    """`takes along its setting and 30 objects: 30 wlan (Guest, Lab, ...)`; nothing where nothing goes along."""
    if not change.takes:
        return ""
    parts = [f"its {item.kind}" for item in change.takes if item.part]
    words = " and ".join([*parts, *([number(change.taken, "object")] if change.taken else [])])
    return f"takes along {words}" + (f": {_by_kind(change.takes, shown)}" if change.taken else "")


def released_sentence(change: Change, *, shown: int = SHOWN_NAMES) -> str:
    """`devices go back to the claimed ones: 2 device (aabb.., ccdd..)`."""
    return f"set free, claimed but without a site: {_by_kind(change.releases, shown)}" if change.releases else ""


def _by_kind(items: Sequence[Taken], shown: int) -> str:
    kinds = dict.fromkeys(item.kind for item in items if not item.part)
    told = []
    for kind in kinds:
        own = [item for item in items if item.kind == kind]
        names = [item.name if item.count == 1 else f"{item.count:,} x {item.name}" for item in own]
        told.append(f"{sum(item.count for item in own):,} {kind} ({listed(names, shown=shown)})")
    return "; ".join(told)


def table_sentence(table: Table, how: str) -> str:
    """`and 199 more from the same line of the template, which differ in this (...):`."""
    more = f"; {number(table.more, 'more field')} differ" if table.more else ""
    what = "which differ in this" if table.columns else "all alike"
    return f"and {len(table.rows):,} more from the same line of the template, {what}{more} ({how}):"


def calls(count: int) -> str:
    """`31 calls`."""
    return number(count, "call")


def root_sentence(root: RootSummary) -> str:
    """`replaced whole, 12 -> 13, + iot; keeps 42 undeclared values`."""
    text = "replaced whole"
    if root.before != root.after or root.gains or root.loses:
        text += f", {root.before:,} -> {root.after:,}"
    elif root.after:
        text += f", holds {root.after:,}"
    for sign, names in (("+", root.gains), ("-", root.loses)):
        text += f", {sign} {listed(names)}" if names else ""
    return text + (f"; keeps {number(root.keeps, 'undeclared value')}" if root.keeps else "")


def remarkable(change: Change) -> dict[str, RootSummary]:
    """The roots whose summary says more than the field changes do, by name."""
    if change.action is not Action.UPDATE:
        return {}
    told = {item.path for item in change.fields}
    return {
        root.root: root for root in change.roots if root.keeps or root.drops or (root.before and root.root not in told)
    }


def result_sentences(change: Change) -> list[str]:
    """`auth.type: psk (not declared: as it is live)`: what decides over other fields and nobody wrote."""
    origin = {True: "as it is live", False: "what the cloud gives a new object"}
    return [f"{item.path}: {item.value} (not declared: {origin[item.live]})" for item in change.results]


def reach_sentence(sites: Sequence[str], action: Action, *, shown: int = SHOWN_NAMES) -> str:
    """`reaches 12 sites: A, B, C, ... 9 more`."""
    verb = "is still used by" if action is Action.DELETE else "reaches"
    return f"{verb} {number(len(sites), 'site')}: {listed(sites, shown=shown)}"


def edit_sentence(edit: Edit) -> str:
    """`changed by Jane Doe, 2026-11-21 09:30 UTC, from 192.0.2.7`; `last edited by` where the log shows no more than
    that the object was edited."""
    if edit == NOT_APPLIED:
        return "not applied yet: the files say so since the last apply"
    if not edit.known:
        return "by whom is unknown: the audit log does not tell"
    verb = "deleted" if edit.message.startswith("Delete") else "changed" if edit.shown else "last edited"
    source = f", from {edit.address}" if edit.address else ""
    return f"{verb} by {edit.admin}, {moment(edit.timestamp)}{source}"


def moment(timestamp: float) -> str:
    """`2026-11-21 09:30 UTC`."""
    return f"{datetime.fromtimestamp(timestamp, UTC):%Y-%m-%d %H:%M} UTC"


def undeclared_sentences(drift: Drift) -> list[str]:
    """What is live and nobody declared, each with its author: `site.HQ/wlan.Open  last edited by Jane Doe, ...`."""
    read = [f"{item.address}  {edit_sentence(item.edited or UNKNOWN)}" for item in drift.unmanaged]
    return read + [
        f"{item.address}  {'made' if item.made else 'changed'} by {item.edited.admin}, "
        f"{moment(item.edited.timestamp)}; its list was not read, the audit log shows it"
        for item in drift.elsewhere
    ]


def member_sentences(drift: Drift) -> list[str]:
    """What is also there inside of what is declared: `networktemplate.campus networks.guest  changed by Jane Doe`."""
    return [f"{item.address} {item.path}  {edit_sentence(item.edited or UNKNOWN)}" for item in drift.members]


def edit_sentences(change: Change) -> list[str]:
    """Who made live differ: one sentence when it was one edit, else one for the fields of each."""
    by_edit: dict[Edit, list[str]] = {}
    for item in change.fields:
        if item.edited:
            by_edit.setdefault(item.edited, []).append(item.path)
    if len(by_edit) < 2:
        one = next(iter(by_edit), change.edited)
        return [edit_sentence(one)] if one else []
    return [f"{listed(paths)}: {edit_sentence(edit)}" for edit, paths in by_edit.items()]


def outcome_counts(outcomes: Sequence[Outcome]) -> dict[Status, int]:
    """How many outcomes of each status."""
    return {status: sum(outcome.status is status for outcome in outcomes) for status in Status}


def ways_on(outcomes: Sequence[Outcome], *, recorded: bool) -> list[str]:
    """After an apply that did some of its work: what the network is like now, what waits for what failed, and the two
    ways from here; nothing where all was done, or nothing. `recorded`: the run left a record to roll back."""
    written = [item for item in outcomes if item.status is Status.APPLIED]
    left = [item for item in outcomes if item.status in (Status.FAILED, Status.STALE, Status.BLOCKED)]
    if not written or not left:
        return []
    doubtful = [str(item.address) for item in left if item.unsure]
    untouched = len(left) - len(doubtful)
    told = [
        f"Now live: {number(len(written), 'object')} as declared"
        + (f"; {number(untouched, 'object')} as before this run" if untouched else "")
        + (f"; nobody knows of {listed(doubtful)}" if doubtful else "")
        + "."
    ]
    waiting = [str(item.address) for item in left if item.status is Status.BLOCKED]
    failed = [str(item.address) for item in left if item.status is not Status.BLOCKED]
    if waiting and failed:
        told.append(f"{listed(waiting)} {'waits' if len(waiting) == 1 else 'wait'} until {listed(failed)} can be done.")
    told.append("Go on: correct the cause and give the same command again; what is done counts as done.")
    back = "`git revert` the commit, and `reconciler apply --base HEAD~1` clears what it had added."
    if recorded:
        back = "`reconciler rollback last --delete-created` undoes what this run wrote; then `git revert` the commit."
    told.append(f"Go back: {back}")
    return told


def outcome_sentence(outcomes: Sequence[Outcome]) -> str:
    """The last line of an apply."""
    count = outcome_counts(outcomes)
    if not outcomes:
        return "Nothing to apply."
    words = [f"{count[Status.APPLIED]:,} applied"]
    for status in (Status.FAILED, Status.STALE, Status.BLOCKED):
        words += [f"{count[status]:,} {'refused as stale' if status is Status.STALE else status.value}"] * bool(
            count[status]
        )
    words += [f"{count[Status.UNCHANGED]:,} already so"] * bool(count[Status.UNCHANGED])
    return f"Apply: {', '.join(words)}. {_verified(outcomes)}".rstrip()


def _verified(outcomes: Sequence[Outcome]) -> str:
    """What reading back has shown: as declared, different and unread are three things."""
    written = [outcome for outcome in outcomes if outcome.status is Status.APPLIED]
    different = sum(outcome.verified is False for outcome in written)
    unread = sum(outcome.verified is None for outcome in written)
    if different or unread:
        words = [f"{number(different, 'object')} not as declared"] * bool(different)
        words += [f"{number(unread, 'object')} could not be read"] * bool(unread)
        return f"Read back: {', '.join(words)}."
    if not written:
        return ""
    all_done = all(outcome.status in (Status.APPLIED, Status.UNCHANGED) for outcome in outcomes)
    return "Read back and verified." if all_done else "What was applied was read back and is as declared."
