"""One change -> the calls that make it: read again, refuse when stale, overlay, send."""

import threading
from collections.abc import Mapping
from typing import Any

from reconciler.errors import Forbidden, NotFound
from reconciler.kinds import Endpoint, Kind
from reconciler.mist.client import MistClient
from reconciler.model.address import Address
from reconciler.model.change import Action, Change, Outcome, Status
from reconciler.model.journal import NO_JOURNAL, Journal, Write
from reconciler.model.values import revealed
from reconciler.semantics.compare import differences
from reconciler.semantics.overlay import project
from reconciler.stages.apply.body import create_body, holds_mask, update_body
from reconciler.stages.apply.locator import Locator


class Writer:
    """Makes changes one by one. Safe to use from many threads."""

    def __init__(self, locator: Locator, client: MistClient, journal: Journal = NO_JOURNAL) -> None:
        self._locator = locator
        self._client = client
        self._journal = journal
        self._kinds = locator.kinds
        self._lock = threading.Lock()
        self._lists: dict[str, list[dict[str, Any]]] = {}
        self._created: set[Address | None] = set()

    def write(self, change: Change) -> Outcome:
        """Makes one change; raises `ApiError` where a call fails."""
        if change.action is Action.DELETE:
            return self._delete(change)
        if change.live is None and not self._kinds[change.kind].singleton:
            return self._create(change)
        return self._update(change, without=change.deferred)

    def second_pass(self, change: Change) -> Outcome:
        """Sends the references that close a cycle, now that both ends exist."""
        return self._update(change, only=change.deferred)

    def _create(self, change: Change) -> Outcome:
        kind, endpoint, scope = self._kinds[change.kind], self._locator.endpoint(change), change.address.parent
        declared = create_body(change, skip=change.deferred)
        if masked := holds_mask(declared):
            return _masked(change, masked)
        body = revealed(self._locator.to_api(kind, declared, change))
        if endpoint.parent_field and scope:
            body[endpoint.parent_field] = self._locator.id_of(scope)
        key = kind.key if kind.key in body else kind.key_fallback or kind.key
        same = [name for name in (key, kind.key_with, endpoint.parent_field) if name]

        def is_same(item: Mapping[str, Any]) -> bool:
            return all(item.get(name) == body.get(name) for name in same)

        path, known = self._locator.collection(change) or "", self._locator.known_ids()
        if any(is_same(item) and str(item["id"]) not in known for item in self._present(path, change, endpoint)):
            detail = "an object of that name was created after the plan was made: plan again, and look at what it is"
            return Outcome(address=change.address, action=change.action, status=Status.STALE, detail=detail)
        self._journal.before(Write(change=change, method="POST", path=path, before={}))
        answer = self._client.post_once(
            path, body, list_path=path, query=dict(endpoint.query), is_same=is_same, known_ids=known
        )
        self._locator.remember(change.address, str(answer["id"]))
        self._created.add(change.address)
        return self._done(change)

    def _present(self, path: str, change: Change, endpoint: Endpoint) -> list[dict[str, Any]]:
        """What the collection holds before this run creates anything in it: one list per collection, none below a
        parent that this run made."""
        if change.address.parent in self._created:
            return []
        with self._lock:
            if path not in self._lists:
                self._lists[path] = self._client.list(path, query=dict(endpoint.query))
            return self._lists[path]

    def _update(self, change: Change, *, without: tuple[str, ...] = (), only: tuple[str, ...] = ()) -> Outcome:
        kind, path, scope = self._kinds[change.kind], self._locator.item(change), change.address.parent
        fresh = self._locator.to_inventory(kind, self._client.get(path), scope)
        roots = [root for root in (only or change.replaces) if root not in without]
        if change.live and not only and (stale := self._stale(change, fresh, kind)):
            return Outcome(address=change.address, action=change.action, status=Status.STALE, detail=stale)
        body = update_body(change, fresh, kind, roots=tuple(roots), clears=() if only else change.clears)
        if not body:
            return self._done(change, status=Status.UNCHANGED)
        if masked := holds_mask(body):
            return _masked(change, masked)
        before = {root: fresh[root] for root in (*change.replaces, *change.clears) if root in fresh}
        self._journal.before(Write(change=change, method="PUT", path=path, before=before))
        self._client.put(path, revealed(self._locator.to_api(kind, body, change)))
        return self._done(change)

    def _delete(self, change: Change) -> Outcome:
        path = self._locator.item(change)
        try:
            fresh = self._client.get(path)
        except NotFound:
            return self._done(change, status=Status.UNCHANGED)
        except Forbidden:  # a site that is gone answers like this, and so does one that the token may not see
            if not is_gone(change, self._client, self._locator):
                raise
            return self._done(change, status=Status.UNCHANGED)
        planned = change.live.modified_time if change.live else None
        if planned is not None and fresh.get("modified_time") not in (None, planned):
            detail = "it was changed after the plan was made: plan again, and look at what it is now"
            return Outcome(address=change.address, action=change.action, status=Status.STALE, detail=detail)
        before = self._locator.to_inventory(self._kinds[change.kind], fresh, change.address.parent)
        self._journal.before(Write(change=change, method="DELETE", path=path, before=before))
        self._client.delete(path)
        return self._done(change)

    def _stale(self, change: Change, fresh: Mapping[str, Any], kind: Kind) -> str:
        """Why a change is stale; empty when what the plan showed is still so, or is already as declared."""
        if change.declared is None or change.live is None:
            return ""
        for root in (*change.replaces, *change.clears):
            declared, shape = change.declared.body.get(root), kind.shape.below(root)
            if not any(differences(declared, fresh.get(root), shape, root)):
                continue
            before = project(change.live.body.get(root), declared, shape)
            now = project(fresh.get(root), declared, shape)
            moved = next(differences(before, now, shape, root), None) or next(
                differences(now, before, shape, root), None
            )
            if moved:
                return f"`{moved.path}` was changed after the plan was made: plan again, and review it"
        return ""

    def _done(self, change: Change, *, status: Status = Status.APPLIED) -> Outcome:
        object_id = None if change.action is Action.DELETE else self._locator.id_of(change.address)
        return Outcome(address=change.address, action=change.action, status=status, api_id=object_id)


def is_gone(change: Change, client: MistClient, locator: Locator) -> bool:
    """Whether the list that held the object can be read, and does not show it any more."""
    path = locator.collection(change)
    return path is not None and all(str(item["id"]) != locator.id_of(change.address) for item in client.list(path))


def _masked(change: Change, path: str) -> Outcome:
    detail = (
        f"`{path}` would be sent with a secret that the cloud shows as asterisks to this token: nothing was written; "
        "use a token that can read secrets, or declare them"
    )
    return Outcome(address=change.address, action=change.action, status=Status.FAILED, detail=detail)
