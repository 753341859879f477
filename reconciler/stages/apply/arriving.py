"""Assigns many devices to a site, or takes them from it, in one call, and gives those that come their profile in
another: an accelerator in front of the calls one by one.

In: the changes of a run.  Out: for each of a group the device as its site shows it afterwards. Each is first looked at
in the list of the claimed ones, and left to calls of its own where it is not where the plan saw it; so is what the call
did not do: a device that the cloud refuses is then refused alone, with its own reason.

Facts: the organisation's inventory and the device profiles in the vendor's OpenAPI document take lists of MAC
addresses. Which reason belongs to which refused device the answer does not say.
"""

import threading
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from reconciler.errors import ApiError
from reconciler.kinds import Reference
from reconciler.mist.client import MistClient
from reconciler.model.address import Address, plain_mac
from reconciler.model.change import Change
from reconciler.model.journal import Write
from reconciler.semantics.bulk import Arrival, arrivals, given
from reconciler.stages.apply.bulk import SendMany, in_batches
from reconciler.stages.apply.locator import Locator, NoId

Body = Mapping[str, Any]
Shown = Mapping[str, dict[str, Any]]
"""Devices by MAC address, as a list shows them."""


class Arriving:
    """The calls for many devices of one run. Safe to use from many threads: the first change of a group makes the calls
    for all of them, the others wait for it. `old` is what devices were configured with at their old sites, by address
    text."""

    def __init__(
        self,
        changes: Sequence[Change],
        locator: Locator,
        client: MistClient,
        *,
        send: SendMany,
        claim: Callable[[], None],
    ) -> None:
        self.old: dict[str, Body] = {}
        self._groups = arrivals(changes, locator.kinds)
        self._of = {change.address: key for key, members in self._groups.items() for change in members}
        self._locator = locator
        self._client = client
        self._send = send
        self._claim = claim
        self._lock = threading.Lock()
        self._locks: defaultdict[Arrival, threading.Lock] = defaultdict(threading.Lock)
        self._done: dict[Arrival, Shown] = {}
        self._sent: dict[Address, bool] = {}
        self._named: set[Address] = set()
        self._path = f"orgs/{locator.org_id}/inventory"

    def arrived(self, change: Change) -> dict[str, Any] | None:
        """A device at its site after the call that brought it there, once: whoever asks again had better look again."""
        shown = self._after(change)
        sent = self._sent.pop(change.address, None) is not None
        return shown.get(change.address.name or "") if sent else None

    def has_left(self, change: Change) -> bool:
        """Whether a call took the device from its site, and its answer says so."""
        self._after(change)
        return self._sent.pop(change.address, False)

    def has_named(self, change: Change) -> bool:
        """Whether a call named the device, be it that its answer refused some of them."""
        return change.address in self._named

    def _after(self, change: Change) -> Shown:
        key = self._of.get(change.address)
        if key is None:
            return {}
        with self._lock:
            lock = self._locks[key]
        with lock:
            if key not in self._done:
                self._done[key] = self._together(key, self._groups[key])
        return self._done[key]

    def _together(self, key: Arrival, members: Sequence[Change]) -> Shown:
        self._claim()
        in_batches(members, lambda batch: self._client.look_and_write(lambda: self._one(key, batch)))
        coming = [change for change in members if change.address in self._sent]
        if key.leaves or not coming:
            return {}
        shown = self._await(key, coming)
        calls = [
            (reference, some)
            for (reference, name), listed in given(coming, self._locator.kinds).items()
            if (some := [item for item in listed if self._lacks(item, reference, name, shown)])
        ]
        for reference, some in calls:
            in_batches(some, partial(self._give, reference))
        return self._at(key.site) if calls else shown

    def _one(self, key: Arrival, batch: Sequence[Change]) -> None:
        """Looks, compares, and sends once. An answer that says nothing is no failure: who came shows in the list."""
        rows = {plain_mac(str(item.get("mac") or "")): item for item in self._client.list(self._path, query=_WHOLE)}
        target = self._site(key.site)
        going = [change for change in batch if self._is_where_it_was(change, rows, target)]
        if not going:
            return
        self._keep(going)
        macs = [change.address.name or "" for change in going]
        body = {"op": "unassign", "macs": macs} if key.leaves else {"op": "assign", "site_id": target, "macs": macs}
        writes = [Write(change=item, method="PUT", path=self._path, before={"site": _before(item)}) for item in going]
        self._named.update(change.address for change in going)
        answer: Any = {}
        try:
            answer = self._send(writes, lambda: self._client.put(self._path, body))
        except ApiError as error:
            if not error.may_be_done:
                raise
        done = {plain_mac(str(mac)) for mac in answer.get("success") or ()} if isinstance(answer, dict) else set()
        self._sent.update((change.address, change.address.name in done) for change in going)

    def _is_where_it_was(self, change: Change, rows: Mapping[str, Body], target: str) -> bool:
        row = rows.get(change.address.name or "")
        expected = change.placement.site_id if change.placement else None
        at = (row.get("site_id") or None) if row else ""
        return at == expected and (at != target or bool(change.placement and change.placement.leaves))

    def _keep(self, going: Sequence[Change]) -> None:
        """Remembers the configurations at the old sites, before they are gone."""
        moving = [
            (change, change.placement.site_id)
            for change in going
            if change.placement and change.placement.site_id and not change.placement.leaves
        ]
        for site_id in sorted({site_id for _, site_id in moving}):
            shown = self._listed(site_id)
            for change in (change for change, at in moving if at == site_id):
                if held := shown.get(change.address.name or ""):
                    self.old.setdefault(change.address.text, held)

    def _await(self, key: Arrival, coming: Sequence[Change]) -> Shown:
        """The devices of the site; asked again for a while, until it shows all that the answer says are there."""
        expected = {change.address.name for change in coming if self._sent[change.address]}
        shown: dict[str, dict[str, Any]] = {}

        def look() -> bool | None:
            shown.update(self._at(key.site))
            return expected <= shown.keys() or None

        self._client.poll(look, seconds=self._client.connection.patience)
        return shown

    def _lacks(self, change: Change, reference: Reference, name: str, shown: Shown) -> bool:
        row = shown.get(change.address.name or "")
        try:
            return row is not None and row.get(reference.api) != self._id_named(change, reference, name)
        except NoId:
            return False

    def _give(self, reference: Reference, some: Sequence[Change]) -> None:
        """Gives devices at their site a profile. What the call did not do shows afterwards."""
        name = some[0].declared.body.get(reference.field) if some[0].declared else None
        held = reference.assigned.format(org_id=self._locator.org_id, id=self._id_named(some[0], reference, str(name)))
        macs = [change.address.name or "" for change in some]
        writes = [
            Write(change=item, method="POST", path=f"{held}/assign", before={}, after={reference.field: name})
            for item in some
        ]
        try:
            self._send(writes, lambda: self._client.post(f"{held}/assign", {"macs": macs}))
        except ApiError as error:
            if not error.may_be_done:
                raise

    def _id_named(self, change: Change, reference: Reference, name: str) -> str:
        kind = self._locator.kinds[change.kind]
        return str(self._locator.to_api(kind, {reference.field: name}, change)[reference.api])

    def _site(self, site: Address | None) -> str:
        return (self._locator.id_of(site) if site else None) or ""

    def _at(self, site: Address | None) -> dict[str, dict[str, Any]]:
        return self._listed(self._site(site))

    def _listed(self, site_id: str) -> dict[str, dict[str, Any]]:
        found = self._client.list(f"sites/{site_id}/devices", query={"type": "all"})
        return {plain_mac(str(item.get("mac") or "")): item for item in found}


_WHOLE = {"vc": "true"}


def _before(change: Change) -> str | None:
    placement = change.placement
    return placement.before.text if placement and placement.before else None
