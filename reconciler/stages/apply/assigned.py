"""Brings to its site what the organisation has and assigns by its id (`Kind.assigning`): claimed, assigned, moved, or
let go.

Each step looks where the object is now, refuses what moved since the plan was made, and sends once.

Facts: the Mist Edges of the organisation in the vendor's OpenAPI document: `assign` and `unassign` take ids and answer
which were done, `claim` takes a code and answers the id. What it answers to a code that it knows already, it does not
say: whether a claim whose answer was lost was done shows in the list.
"""

import threading
from collections.abc import Callable, Mapping
from typing import Any

from reconciler.errors import ApiError, BadRequest, NotFound
from reconciler.kinds import Assigning
from reconciler.mist.client import MistClient
from reconciler.model.address import Address
from reconciler.model.change import Change, Outcome, Placement, Status
from reconciler.model.values import revealed
from reconciler.stages.apply.locator import Locator

Send = Callable[[Change, str, str, Callable[[], Any]], Any]
"""(change, method, path, the call) -> the answer: how the writer sends, with its record."""

Body = Mapping[str, Any]


class Assigned:
    """Brings objects of an organisation to their sites. Safe to use from many threads: each change is one object's, and
    one is claimed at a time."""

    def __init__(self, client: MistClient, locator: Locator, *, send: Send) -> None:
        self._client = client
        self._locator = locator
        self._send = send
        self._claiming = threading.Lock()
        self._doubtful: set[Address] = set()

    def place(self, change: Change, placement: Placement, calls: Assigning) -> Outcome | None:
        """Makes the calls that are still needed; an outcome only where the change ends with them."""
        parent = change.address.parent
        target = self._locator.id_of(parent) if parent else None
        own = self._locator.id_of(change.address)
        if own is None:
            with self._claiming:
                own, problem = self._claim(change, calls)
            if own is None:
                return ended(change, Status.FAILED, problem)
        if placement.leaves:
            return self._leave(change, own, placement.site_id or "", calls)
        if self._is_at(change, own, placement.site_id):
            if target != placement.site_id and (problem := self._assign(change, own, target, calls)):
                return ended(change, Status.FAILED, problem)
        elif not self._is_at(change, own, target):
            return ended(change, Status.STALE, "it is at another site than when the plan was made: plan again")
        self._locator.remember(change.address, own)
        return None

    def _leave(self, change: Change, own: str, site_id: str, calls: Assigning) -> Outcome:
        if not self._is_at(change, own, site_id):
            if self._is_at(change, own, None):
                return ended(change, Status.UNCHANGED, "")
            return ended(change, Status.STALE, "it is at another site than when the plan was made: plan again")
        problem = self._assign(change, own, None, calls)
        return ended(change, Status.FAILED if problem else Status.APPLIED, problem)

    def _is_at(self, change: Change, own: str, site_id: str | None) -> bool:
        """Whether an object is at a site (None: at none), by the answer of the one path that shows it there."""
        endpoint = self._locator.kinds[change.kind].endpoint("site" if site_id else None)
        path = endpoint.item.format(org_id=self._locator.org_id, parent_id=site_id, id=own) if endpoint else ""
        try:
            found = self._client.get(path)
        except NotFound:
            return False
        return not (endpoint and endpoint.at_site and has_site(found.get(endpoint.at_site)))

    def _assign(self, change: Change, own: str, site_id: str | None, calls: Assigning) -> str:
        """Assigns to a site (None: unassigns); why not, in words."""
        path = f"{calls.path.format(org_id=self._locator.org_id)}/{'assign' if site_id else 'unassign'}"
        body = {calls.ids: [own], **({"site_id": site_id} if site_id else {})}
        try:
            self._send(change, "POST", path, lambda: self._client.post(path, body))
        except BadRequest as error:
            return f"the cloud refused it: {error}"
        return ""

    def _claim(self, change: Change, calls: Assigning) -> tuple[str | None, str]:
        """The id of what the claim code stands for; or why there is none, in words."""
        path = f"{calls.path.format(org_id=self._locator.org_id)}/claim"
        code = revealed(change.declared.body.get("claim_code")) if change.declared else None
        if change.address in self._doubtful and (own := self._new(change)):
            return own, ""
        self._doubtful.add(change.address)
        try:
            answer = self._send(change, "POST", path, lambda: self._client.post(path, {calls.code: code}))
        except BadRequest as error:
            self._doubtful.discard(change.address)
            return None, f"the claim code was refused: {error}"
        except ApiError as error:
            if not error.may_be_done or not (own := self._new(change)):
                raise
            answer = {"id": own}
        own = str(answer.get("id") or "") or self._new(change) or ""
        self._locator.remember(change.address, own)
        return (own, "") if own else (None, "it was claimed, and is not in the list: look for it in the portal")

    def _new(self, change: Change) -> str | None:
        """The one object at no site that neither the plan nor this run knew, which a claim must have brought; asked
        again for a while, since a list may lag."""
        endpoint = self._locator.kinds[change.kind].endpoint(None)
        if endpoint is None or endpoint.collection is None:
            return None
        path, query = endpoint.collection.format(org_id=self._locator.org_id), dict(endpoint.query) or None

        def look() -> str | None:
            shown = [str(item["id"]) for item in self._client.list(path, query=query)]
            found = [own for own in shown if not self._locator.knows(own)]
            return found[0] if len(found) == 1 else None

        return self._client.poll(look, seconds=self._client.connection.patience)


def has_site(value: object) -> bool:
    """Whether a field names a site: the zero UUID names none."""
    return isinstance(value, str) and bool(value.strip("0-"))


def ended(change: Change, status: Status, detail: str) -> Outcome:
    """The outcome of a change that ends with coming to its place."""
    return Outcome(address=change.address, action=change.action, status=status, detail=detail)
