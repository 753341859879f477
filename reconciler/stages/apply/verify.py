"""Reads back what was written and compares it with what is declared: the cloud's 200 is not the last word."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from threading import Lock
from typing import Any

from reconciler.errors import ApiError, Forbidden, NotFound
from reconciler.mist.client import MistClient
from reconciler.model.change import Action, Change, Outcome, Plan, Status
from reconciler.model.options import Progress, no_progress
from reconciler.semantics.compare import differences
from reconciler.stages.apply.locator import Locator
from reconciler.stages.apply.writer import is_gone


def verify(
    plan: Plan,
    outcomes: Iterable[Outcome],
    client: MistClient,
    locator: Locator,
    *,
    progress: Progress = no_progress,
) -> tuple[Outcome, ...]:
    """The outcomes with `verified` set for everything applied. Two or more objects of one collection are read with
    one list; what a list does not show (yet) is read by itself."""
    results = tuple(outcomes)
    changes = {change.address: change for change in plan.changes}
    written = [changes[item.address] for item in results if item.status is Status.APPLIED]
    lists = Counter(locator.collection(change) for change in written)
    shown: dict[tuple[str | None, str], dict[str, Any]] = {}
    for path in sorted(path for path, count in lists.items() if path and count > 1):
        shown |= _listed(path, client)

    lock, done = Lock(), 0

    def check(change: Change) -> Outcome:
        nonlocal done
        found = _verified(change, shown, client, locator)
        with lock:
            done += 1
            progress("verifying", done, len(written))
        return found

    checked = {outcome.address: outcome for outcome in client.map(check, written)}
    return tuple(_with(item, checked.get(item.address)) for item in results)


def _with(item: Outcome, checked: Outcome | None) -> Outcome:
    return replace(item, verified=checked.verified, detail=checked.detail) if checked else item


def _listed(path: str, client: MistClient) -> Mapping[tuple[str | None, str], dict[str, Any]]:
    try:
        return {(path, str(item["id"])): item for item in client.list(path)}
    except ApiError:
        return {}


def _verified(
    change: Change, shown: Mapping[tuple[str | None, str], dict[str, Any]], client: MistClient, locator: Locator
) -> Outcome:
    listed = shown.get((locator.collection(change), locator.id_of(change.address) or ""))
    try:
        answer = listed or client.get(locator.item(change))
    except ApiError as error:
        gone = change.action is Action.DELETE and _means_gone(error, change, client, locator)
        return _outcome(change, verified=gone, detail="" if gone else f"it can't be read back: {error}")
    if change.action is Action.DELETE:
        return _outcome(change, verified=False, detail="the cloud still shows it")
    kind = locator.kinds[change.kind]
    body = locator.to_inventory(kind, answer, change.address.parent)
    declared = change.declared.body if change.declared else {}
    for root in (*change.replaces, *change.clears):
        missing = next(differences(declared.get(root), body.get(root), kind.shape.below(root), root), None)
        if missing:
            return _outcome(
                change, verified=False, detail=f"the cloud took it, but `{missing.path}` is not as declared"
            )
    return _outcome(change, verified=True, detail="")


def _means_gone(error: ApiError, change: Change, client: MistClient, locator: Locator) -> bool:
    """404 does; 403 (a deleted site gives it) only together with a list that doesn't show the object."""
    try:
        return isinstance(error, NotFound) or (isinstance(error, Forbidden) and is_gone(change, client, locator))
    except ApiError:
        return False


def _outcome(change: Change, *, verified: bool, detail: str) -> Outcome:
    return Outcome(
        address=change.address, action=change.action, status=Status.APPLIED, detail=detail, verified=verified
    )
