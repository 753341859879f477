"""Brings a device to its site before it is configured there: claimed, assigned, moved, or in the place of another one.

Each step looks where the device is now, refuses what moved since the plan was made, and sends once. What the device was
configured with at its old site and nobody declares goes along: whether the cloud keeps it is not known.

Facts: the organisation's inventory in the vendor's OpenAPI document. What it refuses of several devices stands inside
an answer of status 200 or 400.
"""

import threading
from collections.abc import Sequence
from functools import partial
from typing import Any

from reconciler.errors import ApiError, BadRequest, NotFound
from reconciler.kinds import Reference
from reconciler.mist.client import MistClient
from reconciler.model.address import device_id
from reconciler.model.change import Change, Outcome, Placement, Status
from reconciler.model.journal import Write
from reconciler.model.values import revealed
from reconciler.semantics.bulk import MOST, claims_of
from reconciler.semantics.equality import is_empty
from reconciler.stages.apply.arriving import Arriving
from reconciler.stages.apply.assigned import Assigned, Body, Send, ended
from reconciler.stages.apply.bulk import SendMany
from reconciler.stages.apply.locator import Locator

OF_A_SITE = frozenset({"map_id", "x", "y", "deviceprofile_id"})
"""Roots of a device that mean something at its site only, or that no PUT writes."""


class Placing:
    """Brings devices to their sites. Safe to use from many threads: each change is one device's."""

    def __init__(
        self, changes: Sequence[Change], client: MistClient, locator: Locator, *, send: Send, send_many: SendMany
    ) -> None:
        self._unclaimed = list(claims_of(changes, locator.kinds))
        self._claiming = threading.Lock()
        self._send_many = send_many
        self._client = client
        self._locator = locator
        self._send = send
        self._arriving = Arriving(changes, locator, client, send=send_many, claim=self._claim_many)
        self._old = self._arriving.old
        self._shown: dict[str, dict[str, Any]] = {}
        self._path = f"orgs/{locator.org_id}/inventory"
        self._assigned = Assigned(client, locator, send=send)

    def place(self, change: Change, placement: Placement) -> Outcome | None:
        """Makes the calls that are still needed; an outcome only where the change ends with them: nothing is left to
        do, it was refused, or something moved."""
        if calls := self._locator.kinds[change.kind].assigning:
            return self._assigned.place(change, placement, calls)
        if placement.claims:
            self._claim_many()
        if placement.leaves:
            return self._leave(change)
        if shown := self._arriving.arrived(change):
            self._shown[change.address.text] = shown
            self._locator.remember(change.address, device_id(change.address.name or ""))
            return None
        return self._one(change, placement)

    def _one(self, change: Change, placement: Placement) -> Outcome | None:
        """The same for one device, by calls of its own."""
        mac, target = change.address.name or "", self._target(change)
        now = self._look(mac)
        if now is None and not placement.claims:
            return ended(change, Status.STALE, f"{mac} is not claimed any more: plan again")
        if now is None:
            if problem := self._claim(change, mac):
                return ended(change, Status.FAILED, problem)
            now = {}
        at = now.get("site_id") or None
        if at != target:
            if at != (None if placement.replaces else placement.site_id):
                return ended(change, Status.STALE, f"{mac} {_ELSEWHERE}")
            if problem := self._bring(change, placement, mac, target):
                return ended(change, Status.FAILED, problem)
        self._locator.remember(change.address, device_id(mac))
        return None

    def _bring(self, change: Change, placement: Placement, mac: str, target: str) -> str:
        """Assigns a device to its site, or puts it in the place of another one; why not, in words."""
        if placement.replaces:
            path = f"{self._path}/replace"
            body = {"site_id": target, "mac": placement.replaces, "inventory_mac": mac, "discard": []}
            self._send(change, "POST", path, lambda: self._client.post(path, body))
            return ""
        self._keep(change, mac, placement.site_id)
        return self._assign(change, {"op": "assign", "site_id": target, "macs": [mac]})

    def look(self, change: Change) -> dict[str, Any]:
        """The device at its site; asked again for a while, because it has just come there. The list of a call for many
        has shown it already."""
        if shown := self._shown.pop(change.address.text, None):
            return shown

        def look() -> dict[str, Any] | None:
            try:
                return self._client.get(self._locator.item(change))
            except NotFound:
                return None

        found = self._client.poll(look, seconds=self._client.connection.patience)
        return found if found is not None else self._client.get(self._locator.item(change))

    def carried(self, change: Change, fresh: Body, declared: set[str]) -> dict[str, Any]:
        """What the device had at its old site, in the API's form, and has not any more."""
        kind = self._locator.kinds[change.kind]
        left = {*kind.read_only, *OF_A_SITE, *declared, kind.key}
        old = self._old.get(change.address.text, {})
        return {
            key: value
            for key, value in old.items()
            if key not in left and not is_empty(value) and is_empty(fresh.get(key))
        }

    def lost(self, change: Change, fresh: Body, reference: Reference, declared: set[str]) -> str:
        """The id that an assigned reference had at the old site and has not any more, where nobody declares it."""
        held = self._old.get(change.address.text, {}).get(reference.api)
        return (
            "" if reference.api in declared or is_empty(held) or not is_empty(fresh.get(reference.api)) else str(held)
        )

    def _target(self, change: Change) -> str:
        parent = change.address.parent
        return (self._locator.id_of(parent) if parent else None) or ""

    def _look(self, mac: str) -> Body | None:
        found = self._client.list(self._path, query={"mac": mac, "vc": "true"})
        return next((item for item in found if str(item.get("mac")) == mac), None)

    def _keep(self, change: Change, mac: str, site_id: str | None) -> None:
        """Remembers the configuration at the old site, before it is gone."""
        if site_id and change.address.text not in self._old:
            self._old[change.address.text] = self._client.get(f"sites/{site_id}/devices/{device_id(mac)}")

    def _claim_many(self) -> None:
        """Claims all devices of the run at once. One whose code was refused is tried by itself, and named."""
        with self._claiming:
            while self._unclaimed:
                some, self._unclaimed = self._unclaimed[:MOST], self._unclaimed[MOST:]
                codes = [revealed(item.declared.body.get("claim_code")) for item in some if item.declared]
                writes = [Write(change=item, method="POST", path=self._path, before={}) for item in some]
                try:
                    self._send_many(writes, partial(self._client.post, self._path, codes))
                except ApiError as error:
                    if not error.may_be_done and not isinstance(error, BadRequest):
                        raise

    def _claim(self, change: Change, mac: str) -> str:
        """Claims the device; why not, in words. A code that is claimed already is done."""
        declared = change.declared.body if change.declared else {}
        code = revealed(declared.get("claim_code"))
        try:
            answer = self._send(change, "POST", self._path, lambda: self._client.post(self._path, [code]))
        except BadRequest as error:
            return f"the claim code was refused: {error}"
        named = [*(answer.get("inventory_added") or ()), *(answer.get("inventory_duplicated") or ())]
        others = [str(item.get("mac")) for item in named if isinstance(item, dict) and item.get("mac") != mac]
        if others:
            return f"the claim code is not that of {mac}: it claimed {', '.join(others)}"
        if answer.get("error"):
            return f"the claim code was refused: {_reasons(answer)}"
        return ""

    def _assign(self, change: Change, body: dict[str, Any]) -> str:
        """Assigns or unassigns; why not, in words. A device that was just claimed may not be known yet."""

        def send() -> dict[str, Any] | None:
            try:
                answer = self._send(change, "PUT", self._path, lambda: self._client.put(self._path, body))
            except BadRequest as error:
                answer = {"error": [str(error)], "reason": [str(error)]}
            return answer if not answer.get("error") or not claims else None

        claims = bool(change.placement and change.placement.claims)
        answer = self._client.poll(send, seconds=self._client.connection.patience) or {"error": ["not found"]}
        return f"the cloud refused it: {_reasons(answer)}" if answer.get("error") else ""

    def _leave(self, change: Change) -> Outcome:
        mac = change.address.name or ""
        if self._arriving.has_left(change):
            return ended(change, Status.APPLIED, "")
        now = self._look(mac)
        if now is None:
            return ended(change, Status.STALE, f"{mac} is not claimed any more: plan again")
        if not now.get("site_id"):
            return ended(change, Status.APPLIED if self._arriving.has_named(change) else Status.UNCHANGED, "")
        if now.get("site_id") != self._target(change):
            return ended(change, Status.STALE, f"{mac} {_ELSEWHERE}")
        problem = self._assign(change, {"op": "unassign", "macs": [mac]})
        return ended(change, Status.FAILED if problem else Status.APPLIED, problem)


_ELSEWHERE = "is at another site than when the plan was made: plan again"


def _reasons(answer: Body) -> str:
    reasons = answer.get("reason") or answer.get("error") or ()
    return ", ".join(dict.fromkeys(str(item) for item in reasons))
