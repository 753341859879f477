"""What an approved plan comes to now: a saved plan and one that was made just now in, what may be applied out. Pure."""

import hmac
from collections.abc import Mapping
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from reconciler.approval.causes import narrow
from reconciler.approval.fingerprints import parts_of
from reconciler.approval.saved import NO_KEY, Approved, SavedPlan, approval_of, refers_of
from reconciler.diagnostics import Severity
from reconciler.kinds import Kinds
from reconciler.model.address import Address
from reconciler.model.change import Action, Change, Outcome, Plan, Status

_MOVED = "live was changed after the approval"
_REWRITTEN = "the inventory or a secret says something else now"


class Approval(Struct, frozen=True, kw_only=True):
    """What an approved plan comes to now: `plan` holds the changes that are still exactly as approved, `settled`
    outcomes of the others (stale, blocked by a stale one, or already so). `rewritten` are the approved addresses for
    which the inventory, or a secret, says something else now: then nobody approved what would be applied."""

    plan: Plan
    settled: tuple[Outcome, ...]
    rewritten: tuple[Address, ...] = ()

    @property
    def stale(self) -> tuple[Outcome, ...]:
        """The approved changes that would no longer be what was approved."""
        return tuple(outcome for outcome in self.settled if outcome.status is Status.STALE)


def approved(saved: SavedPlan, plan: Plan, *, declared: frozenset[str], key: bytes, kinds: Kinds) -> Approval:
    """Compares a plan made just now with the approved one; nothing that was not approved stays in it.

    `declared` are the addresses of the inventory. A change that needs another one that was not approved, or that is
    stale, is blocked.
    """
    now = {str(change.address): change for change in plan.changes}
    settled: dict[Address, Outcome] = {}
    rewritten: list[Address] = []
    since = _changed_since(saved, plan)
    for shown in saved.document["changes"]:
        address, action = Address(shown["address"]), Action(shown["action"])
        if address.text in since:
            settled[address] = _settled(address, action, _MOVED)
            continue
        was, change = saved.changes[address.text], as_approved(now.get(address.text), saved)
        if change is None:
            done = _already_so(address, action, plan, declared)
            settled[address] = _settled(address, action, "" if done else "it is no longer declared, or can't be read")
            rewritten += [] if done or action is Action.DELETE or address.text in declared else [address]
            continue
        if is_rest(change, shown, saved, key=key, kinds=kinds):
            continue
        found = replace(approval_of(change, key=key, kinds=kinds), refers=refers_of(change, plan.ids, kinds))
        if why := _why_stale(was, found):
            settled[address] = _settled(address, action, why)
            rewritten += [address] if why == _REWRITTEN else []
    keep: list[Change] = []
    for current in plan.changes:
        change = as_approved(current, saved) if current.address not in settled else None
        if change is None:
            continue
        missing = [item for item in change.depends_on if item.text not in saved.changes or item in settled]
        if missing:
            detail = f"waits for {missing[0]}, which is not as approved"
            settled[change.address] = Outcome(
                address=change.address, action=change.action, status=Status.BLOCKED, detail=detail
            )
        else:
            keep.append(change)
    return Approval(
        plan=replace(plan, changes=tuple(keep)), settled=tuple(settled.values()), rewritten=tuple(rewritten)
    )


def _why_stale(was: Approved, now: Approved) -> str:
    """Why a change is no longer what was approved; "" when it is."""
    if not hmac.compare_digest(now.declared, was.declared):
        return _REWRITTEN
    if not hmac.compare_digest(now.live, was.live):
        return _MOVED
    other = _made_again(was.refers, now.refers)
    return f"{other}, which it refers to, is another object than at the approval" if other else ""


def _made_again(before: Mapping[str, str], now: Mapping[str, str]) -> str:
    """The first object that a change refers to and that has another id now; "" when there is none."""
    return next((text for text, found in now.items() if before.get(text, found) != found), "")


def _changed_since(saved: SavedPlan, plan: Plan) -> set[str | None]:
    """The addresses of which a rollback now leaves something that it did not leave when it was approved: what was
    changed drops out of its change, and must not count as done."""
    known = {(item.get("address"), item.get("detail")) for item in saved.document.get("diagnostics") or ()}
    found = (item for item in plan.errors if item.rule == "changed-since")
    return {item.address for item in found if (item.address, item.detail) not in known}


def _settled(address: Address, action: Action, why: str) -> Outcome:
    """The outcome of a change that is not carried out: stale for a reason, or already so."""
    status = Status.STALE if why else Status.UNCHANGED
    detail = f"{why}: plan again" if why else "it is already as approved"
    return Outcome(address=address, action=action, status=status, detail=detail)


def as_approved(change: Change | None, saved: SavedPlan) -> Change | None:
    """A change of now, as far as it was approved: None when nothing of it was."""
    if change is None or change.address.text not in saved.changes:
        return None
    roots = saved.changes[change.address.text].roots
    if change.action is not Action.UPDATE or set(roots) == {*change.replaces, *change.clears}:
        return change
    return narrow(change, roots)


def _already_so(address: Address, action: Action, plan: Plan, declared: frozenset[str]) -> bool:
    """Whether an approved change is missing because there is nothing left to do, and not because it can't be seen."""
    if any(item.address == address.text and item.severity is Severity.ERROR for item in plan.diagnostics):
        return False
    if action is Action.DELETE:
        return address.text not in declared and address.text not in plan.ids
    return address.text in declared


def is_rest(change: Change, shown: Mapping[str, Any], saved: SavedPlan, *, key: bytes, kinds: Kinds) -> bool:
    """Whether a change is what is left of an approved one that a run before this one began and did not end.

    What is left of an update are some of its roots, each as approved. What is left of a create, now that the object is
    there, are its references that close a cycle, or, of a singleton whose parent was approved as new, anything: nobody
    else's values are overwritten by these."""
    was, action = saved.changes[change.address.text], Action(shown["action"])
    roots = {*change.replaces, *change.clears}
    if change.action is not Action.UPDATE or not roots or not roots <= was.parts.keys():
        return False
    now = parts_of(change, keyed=was.keyed, by=key if was.keyed else NO_KEY, kinds=kinds)
    if not all(hmac.compare_digest(now[root][0], was.parts[root][0]) for root in roots):
        return False
    if action is Action.UPDATE:
        return roots < set(was.roots) and all(hmac.compare_digest(now[root][1], was.parts[root][1]) for root in roots)
    created = {item["address"] for item in saved.document["changes"] if item["action"] == Action.CREATE}
    new = kinds[change.kind].singleton and change.address.parent is not None
    return action is Action.CREATE and (
        (new and str(change.address.parent) in created) or roots <= set(shown.get("deferred") or ())
    )
