"""Changes and deletes many objects in one call, where the API has one: an accelerator in front of the calls one by one.

In: the changes of a run.  Out: for each of a group the object as it is after the call. Each is first compared with what
the plan saw, in one list, and left to a call of its own where it moved; so is what the call did not do: a row that the
cloud refuses is then refused alone, under its own name.
"""

import threading
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from reconciler.errors import ApiError
from reconciler.mist.client import MistClient
from reconciler.model.address import Address
from reconciler.model.change import Action, Change
from reconciler.model.journal import Write
from reconciler.model.values import revealed
from reconciler.semantics.bulk import Together, group_of, together
from reconciler.stages.apply.body import holds_mask, update_body
from reconciler.stages.apply.bulk import SendMany, in_batches
from reconciler.stages.apply.locator import Locator
from reconciler.stages.apply.staleness import moved_object, moved_root

Body = Mapping[str, Any]
Row = tuple[Write, Body | str]
"""A write as the record has it, and what the call says of it: what changes, the id of what goes, or a MAC address."""


class Many:
    """The calls for many of one run. Safe to use from many threads: the first change of a group makes the call for all
    of them, the others wait for it."""

    def __init__(self, changes: Sequence[Change], locator: Locator, client: MistClient, *, send: SendMany) -> None:
        self._groups = together(changes, locator.kinds)
        self._locator = locator
        self._client = client
        self._send = send
        self._lock = threading.Lock()
        self._locks: defaultdict[Together, threading.Lock] = defaultdict(threading.Lock)
        self._after: dict[Together, Mapping[Address, Body]] = {}
        self._before: dict[Address, Body] = {}

    def changed(self, change: Change) -> tuple[Body, Body] | None:
        """The object in inventory form before the call that held it, and after; None where none did."""
        after = self._seen(change)
        if after is None or change.address not in after or change.address not in self._before:
            return None
        return self._before[change.address], self._form(change, after[change.address])

    def is_deleted(self, change: Change) -> bool:
        """Whether a call held this delete, and the list does not show the object any more."""
        after = self._seen(change)
        return after is not None and change.address in self._before and change.address not in after

    def _seen(self, change: Change) -> Mapping[Address, Body] | None:
        """What the list shows after the call for the change's group; None where it has none."""
        group = group_of(change, self._locator.kinds)
        members = self._groups.get(group, ())
        if not any(item is change for item in members):
            return None
        with self._lock:
            lock = self._locks[group]
        with lock:
            if group not in self._after:
                in_batches(members, lambda batch: self._client.look_and_write(lambda: self._one(batch)))
                self._after[group] = self._look(members)
        return self._after[group]

    def _one(self, batch: Sequence[Change]) -> None:
        """Looks, compares, and sends once. An answer that says nothing is no failure: what was done shows in the
        list."""
        shown = self._look(batch)
        rows = [row for change in batch if (row := self._row(change, shown.get(change.address)))]
        if not rows:
            return
        self._before.update((write.change.address, write.before) for write, _ in rows)
        first = batch[0]
        try:
            self._send([write for write, _ in rows], lambda: self._call(first, [row for _, row in rows]))
        except ApiError as error:
            if not error.may_be_done:
                raise

    def _row(self, change: Change, live: Body | None) -> Row | None:
        """What the call says of one change; None for what is gone, moved, or as declared already."""
        if live is None:
            return None
        kind, fresh = self._locator.kinds[change.kind], self._form(change, live)
        if change.action is Action.DELETE:
            if moved_object(change, fresh, kind, modified=live.get("modified_time")):
                return None
            return Write(change=change, method="POST", path=self._path(change), before=fresh), str(live["id"])
        roots = (*change.replaces, *change.clears)
        seen = change.live.body if change.live else fresh
        body = update_body(change, fresh, kind, roots=change.replaces, clears=change.clears)
        if not body or holds_mask(body) or moved_root(change, seen, fresh, kind, dict.fromkeys((*roots, kind.key))):
            return None
        new = {root: body.get(root) for root in roots}
        if group_of(change, self._locator.kinds).gives:
            write = Write(change=change, method="POST", path=self._path(change), before=fresh, after=new)
            return write, change.address.name or ""
        write = Write(change=change, method="PUT", path=self._path(change), before=fresh, after=new)
        return write, {**revealed(self._locator.to_api(kind, body, change)), "id": live["id"]}

    def _call(self, change: Change, rows: Sequence[Body | str]) -> Any:
        if group_of(change, self._locator.kinds).gives:
            return self._client.post(self._path(change), {"macs": list(rows)})
        send = self._client.post if change.action is Action.DELETE else self._client.put
        return send(self._path(change), list(rows))

    def _path(self, change: Change) -> str:
        group = group_of(change, self._locator.kinds)
        if group.gives:
            named = self._locator.to_api(self._locator.kinds[change.kind], {group.gives.field: group.name}, change)
            held = group.gives.assigned.format(org_id=self._locator.org_id, id=named[group.gives.api])
            return f"{held}/{'unassign' if change.clears else 'assign'}"
        below = self._locator.endpoint(change).bulk_delete if change.action is Action.DELETE else ""
        return f"{self._locator.collection(change)}/{below}".rstrip("/")

    def _look(self, members: Sequence[Change]) -> Mapping[Address, Body]:
        """The objects of a group that the list shows, in the API's form."""
        path, query = self._locator.listing(members[0]) or ("", ())
        if group_of(members[0], self._locator.kinds).gives:  # devices of all sites, with their profiles
            path, query = f"orgs/{self._locator.org_id}/inventory", (("vc", "true"),)
        listed = {str(item["id"]): item for item in self._client.list(path, query=dict(query) or None)}
        ids = {change.address: self._locator.id_of(change.address) or "" for change in members}
        return {address: listed[own] for address, own in ids.items() if own in listed}

    def _form(self, change: Change, answer: Body) -> Body:
        return self._locator.seen(change, answer)
