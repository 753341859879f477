"""One change -> the calls that make it: read again, refuse when stale, overlay, send.

Every write is one step that looks, compares and sends once (`_send`). A step that fails in passing is made anew from
its look on, so that a repeat never overwrites what somebody did in between.
"""

import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from reconciler.errors import ApiError, Fate, Forbidden, NotFound, ServerFailure
from reconciler.kinds import Kind, Reference
from reconciler.mist.client import MistClient
from reconciler.model.address import Address
from reconciler.model.change import Action, Change, Outcome, Status
from reconciler.model.journal import NO_JOURNAL, Journal, Write
from reconciler.model.values import revealed
from reconciler.semantics.forms import api_root
from reconciler.stages.apply.along import along_with
from reconciler.stages.apply.body import clearing, configured, create_body, empty_members, holds_mask, update_body
from reconciler.stages.apply.bulk import Bulk, New
from reconciler.stages.apply.locator import Locator, NoId
from reconciler.stages.apply.lost import not_there, only_one
from reconciler.stages.apply.many import Many
from reconciler.stages.apply.placing import Placing
from reconciler.stages.apply.readback import is_read_back
from reconciler.stages.apply.staleness import moved_object, moved_root
from reconciler.stages.apply.trial import Trial
from reconciler.stages.apply.twins import Twins

_NOTHING: Mapping[str, Any] = {}
_PLAN_AGAIN = "plan again, and look at what it is now"


class Writer:
    """Makes changes one by one. Safe to use from many threads."""

    def __init__(
        self, changes: Sequence[Change], locator: Locator, client: MistClient, journal: Journal = NO_JOURNAL
    ) -> None:
        self._locator = locator
        self._client = client
        self._journal = journal
        self._kinds = locator.kinds
        self.twins = Twins(changes, client, locator, journal.earlier)
        self._trial = Trial()
        self._placing = Placing(changes, client, locator, send=self._send_placing, send_many=self._send_many)
        self._bulk = Bulk(changes, locator, client, twins=self.twins, send=self._send_many)
        self._many = Many(changes, locator, client, send=self._send_many)
        self._lock = threading.Lock()
        self._first_seen: dict[Address, Mapping[str, Any]] = {}
        self._tried: set[Address] = set()
        self._doubtful: set[Address] = set()
        self._read_back: set[Address] = set()

    def write(self, change: Change) -> Outcome:
        """Makes one change; raises `ApiError` where a call fails."""
        if change.action is Action.DELETE:
            step = self._delete
        elif change.placement is not None:
            step = self._place
        elif change.live is None and not self._kinds[change.kind].singleton:
            step = self._create
        else:
            step = self._update
        return self._client.look_and_write(lambda: step(change))

    def second_pass(self, change: Change) -> Outcome:
        """Sends the references that close a cycle, now that both ends exist."""
        return self._client.look_and_write(lambda: self._update_roots(change, change.deferred, ()))

    def in_doubt(self, address: Address) -> bool:
        """Whether a write of this object was sent, and it is not known what became of it."""
        return address in self._doubtful

    def is_read_back(self, address: Address) -> bool:
        """Whether the answer to the last write of this object showed all of it, as declared."""
        return address in self._read_back

    def stop(self) -> None:
        """No call leaves from now on."""
        self._client.stop()

    def _create(self, change: Change) -> Outcome:
        new = self._new(change)
        if masked := holds_mask(new.declared):
            return _masked(change, masked)
        path = self._locator.collection(change) or ""
        again = change.address in self._tried
        many = None if again else self._bulk.made(change, self._new_for_many)
        if many:
            return self._made(change, only_one(many, path))
        again = again or many is not None
        found = self.twins.now(change, new.same) if again else self.twins.before(change, new.same)
        if found:
            return self._already_there(change, found)
        self._tried.add(change.address)
        began = self._client.age
        try:
            write = Write(change=change, method="POST", path=path, before={}, after=new.declared)
            answer = self._send(write, lambda: self._client.post(path, new.body))
        except ApiError as error:
            if not error.may_be_done:
                raise
            made = self.twins.after(change, new.same, error=error, seconds=self._client.age - began)
            if not made:
                raise not_there(error) from error
            return self._made(change, only_one(made, path))
        self.twins.created(change.address)
        return self._made(change, answer)

    def _new(self, change: Change) -> New:
        """What a create sends, and what tells the new object from others; raises `NoId`."""
        kind, endpoint, scope = self._kinds[change.kind], self._locator.endpoint(change), change.address.parent
        declared = create_body(change, skip=change.deferred)
        body = {**revealed(self._locator.to_api(kind, declared, change)), **endpoint.only}
        if endpoint.parent_field and scope:
            body[endpoint.parent_field] = self._locator.id_of(scope)
        key = kind.key if kind.key in body else kind.key_fallback or kind.key
        names = (key, kind.key_with, endpoint.parent_field, *endpoint.only)
        return New(change, declared, body, {name: body.get(name) for name in names if name})

    def _new_for_many(self, change: Change) -> New | None:
        """The same for a call for many objects; None for one that had better fail by itself."""
        try:
            new = self._new(change)
        except NoId:
            return None
        return None if holds_mask(new.declared) else new

    def _already_there(self, change: Change, found: list[dict[str, Any]]) -> Outcome:
        """An object of that name that the plan did not know: made by an attempt of ours, or by somebody."""
        if self.in_doubt(change.address):
            return self._made(change, only_one(found, self._locator.collection(change) or ""))
        kind, first = self._kinds[change.kind], found[0]
        body = self._locator.to_inventory(kind, first, change.address.parent)
        roots = tuple(root for root in change.replaces if root not in change.deferred)
        if len(found) > 1 or update_body(change, body, kind, roots=roots, clears=()):
            which = f"an object of that name ({first['id']}) was created after the plan was made"
            return _outcome(change, Status.STALE, detail=f"{which}: {_PLAN_AGAIN}")
        self._locator.remember(change.address, str(first["id"]))
        self._first_seen[change.address] = body
        return self._done(change, Status.UNCHANGED)

    def _made(self, change: Change, answer: Mapping[str, Any]) -> Outcome:
        kind = self._kinds[change.kind]
        self._locator.remember(change.address, str(answer["id"]))
        body = self._locator.to_inventory(kind, answer, change.address.parent)
        self._first_seen[change.address] = body
        self._note(change, body, before={})
        return self._done(change, Status.APPLIED)

    def _update(self, change: Change) -> Outcome:
        roots = tuple(root for root in change.replaces if root not in change.deferred)
        return self._with_others(change, roots) or self._update_roots(change, roots, change.clears)

    def _with_others(self, change: Change, roots: tuple[str, ...]) -> Outcome | None:
        """An update that a call for many has made; None where it went in none, or is not as declared after it."""
        many = None if change.address in self._tried else self._many.changed(change)
        if many is None or update_body(change, many[1], self._kinds[change.kind], roots=roots, clears=change.clears):
            return None
        self._note(change, many[1], before=many[0])
        return self._done(change, Status.APPLIED)

    def _place(self, change: Change) -> Outcome:
        """A device comes to its site, and is configured there with all that is declared."""
        if change.placement is None or change.declared is None:
            raise LookupError(f"{change.address} has no place to come to")
        ended = self._placing.place(change, change.placement)
        if ended is not None:
            done = self.in_doubt(change.address) and ended.status is Status.UNCHANGED
            self._settle(change.address)
            return replace(ended, status=Status.APPLIED) if done else ended
        declared = configured(change.declared.body)
        roots = tuple(root for root, value in declared.items() if value is not None)
        clears = tuple(root for root, value in declared.items() if value is None)
        answer = self._placing.look(change)
        fresh = self._locator.to_inventory(self._kinds[change.kind], answer, change.address.parent)
        body = update_body(change, fresh, self._kinds[change.kind], roots=roots, clears=clears)
        known = {api_root(self._kinds[change.kind], root) for root in declared}
        carried = self._placing.carried(change, answer, known)
        if masked := holds_mask({**body, **carried}):
            return _masked(change, masked)
        for reference in self._kinds[change.kind].references:
            if reference.assigned and (held := self._placing.lost(change, answer, reference, known)):
                body[reference.field] = held
        after = self._configure(change, body, fresh, more=carried)
        if after or not (body or carried):
            self._note(change, self._locator.seen(change, after or answer), before=fresh)
        return self._done(change, Status.APPLIED)

    def _configure(
        self, change: Change, body: dict[str, Any], fresh: Mapping[str, Any], *, more: Mapping[str, Any] = _NOTHING
    ) -> Mapping[str, Any]:
        """Sends a body in inventory form (`more` is in the API's): references that a call of its own assigns by that
        call, all others in a PUT, whose answer comes back where it is the last word."""
        kind, path = self._kinds[change.kind], self._locator.item(change)
        own = {ref for ref in kind.references if ref.assigned and not body.keys().isdisjoint((ref.field, ref.api))}
        rest = {key: value for key, value in body.items() if not any(key in (ref.field, ref.api) for ref in own)}
        answer = _NOTHING
        if rest or more:
            sent = {**more, **revealed(self._locator.to_api(kind, rest, change))}
            old = {root: fresh[root] for root in (*change.replaces, *change.clears) if root in fresh}
            new = {root: body.get(root) for root in (*change.replaces, *change.clears) if _is_sent(kind, root, rest)}
            write = Write(change=change, method="PUT", path=path, before=old, after=new)
            answer = self._send(write, lambda: self._client.put(path, sent))
        for reference in sorted(own, key=lambda ref: ref.field):
            self._assign(change, reference, body.get(reference.field), fresh)
        return _NOTHING if own else answer

    def _assign(self, change: Change, reference: Reference, name: Any, fresh: Mapping[str, Any]) -> None:
        """Gives a device its profile, or takes away the one that it has."""
        kind, verb = self._kinds[change.kind], "assign" if name else "unassign"
        named = self._locator.to_api(kind, {reference.field: name or fresh.get(reference.field)}, change)
        held = reference.assigned.format(org_id=self._locator.org_id, id=named[reference.api])
        path, body = f"{held}/{verb}", {"macs": [change.address.name]}
        old, new = {reference.field: fresh.get(reference.field)}, {reference.field: name or None}
        write = Write(change=change, method="POST", path=path, before=old, after=new)
        self._send(write, lambda: self._client.post(path, body))

    def _send_placing(self, change: Change, method: str, path: str, send: Callable[[], Any]) -> Any:
        placement = change.placement
        before = {"site": placement.before.text if placement and placement.before else None}
        return self._send(Write(change=change, method=method, path=path, before=before), send)

    def _update_roots(self, change: Change, roots: tuple[str, ...], clears: tuple[str, ...]) -> Outcome:
        kind, path = self._kinds[change.kind], self._locator.item(change)
        fresh = self._fresh(change, path)
        if fresh is None:
            return _outcome(change, Status.STALE, detail=f"it was deleted after the plan was made: {_PLAN_AGAIN}")
        before = change.live.body if change.live else self._first_seen.get(change.address, fresh)
        # A name that somebody changed since says that it may be meant for something else now.
        named = (kind.key,) if kind.key in before and change.live else ()
        if moved := moved_root(change, before, fresh, kind, dict.fromkeys((*roots, *clears, *named))):
            return _outcome(change, Status.STALE, detail=f"`{moved}` was changed after the plan was made: plan again")
        body = update_body(change, fresh, kind, roots=roots, clears=clears)
        if body and not fresh:  # a setting that comes with its site: nothing compares a member that is empty
            body = {**empty_members(change, kind), **body}
        if not body:
            return self._done(change, Status.APPLIED if self.in_doubt(change.address) else Status.UNCHANGED)
        self._settle(change.address)  # what an attempt before this one sent is not stored
        if masked := holds_mask(body):
            return _masked(change, masked)
        try:
            answer = self._configure(change, body, fresh)
            if answer:
                self._note(change, self._locator.seen(change, answer), before=fresh)
        except ServerFailure as error:
            if error.fate is not Fate.SETTLED:
                raise  # the whole step is made anew
            if update_body(change, self._look(change, path), kind, roots=roots, clears=clears):
                self._settle(change.address)
                raise
        return self._done(change, Status.APPLIED)

    def _fresh(self, change: Change, path: str) -> Mapping[str, Any] | None:
        """The object right before its write; None where it is gone. What lies in a site that this run has just made is
        not looked at: nobody else has written to it."""
        new = self.twins.is_new(change.address.parent) and self._kinds[change.kind].singleton
        untouched = change.live is None and change.address not in self._tried and new
        self._tried.add(change.address)
        if untouched:
            return {}
        try:
            found = self._look(change, path)
        except NotFound:
            if change.live is None:
                raise
            return None
        if change.live is None:
            self._first_seen.setdefault(change.address, found)
        return found

    def _note(self, change: Change, answer: Mapping[str, Any], *, before: Mapping[str, Any]) -> None:
        """Takes the answer to a write as its read-back, where it says enough for that."""
        shown = is_read_back(change, self._kinds[change.kind], answer, before=before)
        with self._lock:
            (self._read_back.add if shown else self._read_back.discard)(change.address)

    def _look(self, change: Change, path: str) -> Mapping[str, Any]:
        return self._locator.seen(change, self._client.get(path))

    def _delete(self, change: Change) -> Outcome:
        kind, path = self._kinds[change.kind], self._locator.item(change)
        if self._many.is_deleted(change):
            return self._done(change, Status.APPLIED)
        fresh = self._still_there(change, path)
        if fresh is None:
            return self._done(change, Status.APPLIED if self.in_doubt(change.address) else Status.UNCHANGED)
        body = self._locator.to_inventory(kind, fresh, change.address.parent)
        if moved := moved_object(change, body, kind, modified=fresh.get("modified_time")):
            detail = f"{moved} was changed after the plan was made: {_PLAN_AGAIN}"
            return _outcome(change, Status.STALE, detail=detail)
        try:
            along = along_with(change, self._locator)
            write = Write(change=change, method="DELETE", path=path, before=body, along=along)
            self._send(write, lambda: self._client.delete(path))
        except ServerFailure as error:
            if error.fate is not Fate.SETTLED:
                raise
            if self._still_there(change, path) is not None:
                self._settle(change.address)
                raise
        return self._done(change, Status.APPLIED)

    def _still_there(self, change: Change, path: str) -> Mapping[str, Any] | None:
        try:
            return self._client.get(path)
        except NotFound:
            return None
        except Forbidden:  # a site that is gone answers like this, and so does one that the token may not see
            if not is_gone(change, self._client, self._locator):
                raise
            return None

    def _send(self, write: Write, send: Callable[[], Any]) -> Any:
        """The one place that every write passes: on record first, sent once, in doubt until it is answered."""
        change = write.change
        self._journal.before(write)
        doubt = self.in_doubt(change.address)
        with self._lock:
            self._doubtful.add(change.address)
        try:
            answer = self._trial.send(send)
        except ApiError as error:
            if not error.may_be_done and not doubt:
                self._settle(change.address)
            raise
        self._settle(change.address)
        return answer

    def _send_many(self, writes: Sequence[Write], send: Callable[[], Any]) -> Any:
        """The same for many at once: each stays in doubt until it is found, unless nothing was done."""
        for write in writes:
            self._journal.before(write)
        with self._lock:
            self._doubtful.update(write.change.address for write in writes)
        try:
            return self._trial.send(send)
        except ApiError as error:
            if not error.may_be_done:
                for write in writes:
                    self._settle(write.change.address)
            raise

    def _settle(self, address: Address) -> None:
        with self._lock:
            self._doubtful.discard(address)

    def _done(self, change: Change, status: Status) -> Outcome:
        self._settle(change.address)
        object_id = None if change.action is Action.DELETE else self._locator.id_of(change.address)
        return _outcome(change, status, api_id=object_id)


def is_gone(change: Change, client: MistClient, locator: Locator) -> bool:
    """Whether the list that held the object can be read, and does not show it any more, or not for long."""
    listing = locator.listing(change)
    if listing is None:
        return False
    path, query = listing

    def gone() -> bool | None:
        shown = client.list(path, query=dict(query) or None)
        return all(str(item["id"]) != locator.id_of(change.address) for item in shown) or None

    return bool(client.poll(gone, seconds=client.connection.patience))


def _is_sent(kind: Kind, root: str, body: Mapping[str, Any]) -> bool:
    """Whether the body of a PUT sends a root, or clears it."""
    return root in body or not clearing(kind, root).keys().isdisjoint(body)


def _outcome(change: Change, status: Status, *, detail: str = "", api_id: str | None = None) -> Outcome:
    return Outcome(address=change.address, action=change.action, status=status, detail=detail, api_id=api_id)


def _masked(change: Change, path: str) -> Outcome:
    detail = (
        f"`{path}` would be sent with a secret that the cloud hides from this token: nothing was written; declare it, "
        "or use a token that can read secrets (none can while the organisation's `api_policy.no_reveal` is on)"
    )
    return _outcome(change, Status.FAILED, detail=detail)
