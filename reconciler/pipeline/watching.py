"""What switches and WAN edges say of what an apply wrote: outcomes in, what each device answered out.

The cloud answers 200 to a configuration that a device later refuses. So its events are asked for until each device that
the apply concerns has said what came of it, and no longer than the time that is given. Facts: the device events of the
OpenAPI document (`orgs/{org_id}/devices/events/search`); the types by their ends, which are alike for switches and WAN
edges (`SW_CONFIGURED`, `GW_CONFIG_FAILED`).
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from reconciler.errors import ApiError
from reconciler.mist.client import MistClient
from reconciler.model.address import Address, plain_mac
from reconciler.model.change import Change, Outcome, Plan, Status
from reconciler.model.hiding import SHOWN
from reconciler.model.options import Progress, no_progress
from reconciler.model.watch import Answer, Heard, Watch, in_order
from reconciler.semantics.sealing import sealed_text

TYPES = ("switch", "gateway")
PAUSE_S = 15.0
"""The longest pause between two looks."""
PAGE = 1000
MARGIN_S = 2.0
LONGEST_TEXT = 300
WATCHING = "waiting for devices"

_BY_TEMPLATE = {"networktemplate": ("switch",), "gatewaytemplate": ("gateway",)}
_BY_PROFILE = {"deviceprofile_switch": "switch", "deviceprofile_gateway": "gateway"}
_OF_SITE = ("site", "setting")
_TOOK = ("_CONFIGURED", "_RECONFIGURED")
_REFUSED = ("_CONFIG_FAILED", "_CONFIG_ERROR", "_CONFIG_REVERTED")


class _Reached(Struct, frozen=True, kw_only=True):
    """What applied changes concern, by type of device: MAC addresses, ids of sites, ids of profiles."""

    macs: frozenset[str]
    sites: Mapping[str, frozenset[str]]
    profiles: frozenset[str]

    @property
    def types(self) -> tuple[str, ...]:
        return tuple(kind for kind in TYPES if self.macs or self.profiles or self.sites[kind])

    def has(self, item: Mapping[str, Any]) -> bool:
        """Whether a claimed device is one of those concerned; one at no site is not."""
        site, kind = item.get("site_id"), str(item.get("type"))
        if not site or kind not in TYPES:
            return False
        mine = plain_mac(str(item.get("mac") or "")) in self.macs or item.get("deviceprofile_id") in self.profiles
        return mine or site in self.sites[kind]


def calls_of_watch(plan: Plan, *, seconds: float) -> int:
    """The most calls that a watch after this plan's apply makes: 0 where it concerns no switch and no WAN edge."""
    types = len(_reached(plan, plan.changes, {}).types)
    return types * (1 + MistClient.looks(seconds=seconds, longest=PAUSE_S))


def watch_devices(
    plan: Plan,
    outcomes: Sequence[Outcome],
    client: MistClient,
    *,
    seconds: float,
    since: float,
    progress: Progress = no_progress,
) -> Watch:
    """What the devices say until all have answered, or for so many `seconds`. `since` is the client's age at the
    apply's begin. A `KeyboardInterrupt` ends the watch early, and what was heard until then is in it."""
    before = client.calls.total
    applied = {item.address for item in outcomes if item.status is Status.APPLIED}
    made = {item.address.text: item.api_id for item in outcomes if item.api_id}
    reached = _reached(plan, [change for change in plan.changes if change.address in applied], made)
    if not reached.types:
        return Watch()
    watcher = _Watcher(client=client, plan=plan, reached=reached, since=since, progress=progress)
    problem, ended = "", False
    try:
        watcher.begin()
        client.poll(watcher.look, seconds=seconds, longest=PAUSE_S)
    except ApiError as error:
        problem = str(error)
    except KeyboardInterrupt:
        ended = True
    devices = in_order(watcher.heard.values())
    return Watch(devices=devices, problem=problem, calls=client.calls.total - before, ended=ended)


def _reached(plan: Plan, changes: Iterable[Change], made: Mapping[str, str]) -> _Reached:
    ids = {**plan.ids, **made}
    macs: set[str] = set()
    sites: dict[str, set[str]] = {kind: set() for kind in TYPES}
    profiles: set[str] = set()
    for change in changes:
        top = Address(change.address.text.partition("/")[0])
        if change.kind in TYPES:
            macs.add(plain_mac(change.address.name or ""))
        elif change.kind in _OF_SITE:
            for kind in TYPES:
                sites[kind].add(ids.get(top.text, top.text))
        elif change.kind in _BY_TEMPLATE:
            for kind in _BY_TEMPLATE[change.kind]:
                sites[kind] |= {ids.get(text, text) for text in (Address.of("site", n).text for n in change.reaches)}
        elif change.kind in _BY_PROFILE:
            profiles.add(ids.get(change.address.text, change.address.text))
    return _Reached(
        macs=frozenset(macs),
        sites={kind: frozenset(found) for kind, found in sites.items()},
        profiles=frozenset(profiles),
    )


class _Watcher:
    """Who was heard so far, by MAC address."""

    def __init__(self, *, client: MistClient, plan: Plan, reached: _Reached, since: float, progress: Progress) -> None:
        self.client, self.plan, self.reached, self.since, self.progress = client, plan, reached, since, progress
        self.heard: dict[str, Heard] = {}
        self._from: float | None = None

    def begin(self) -> None:
        """Asks which devices there are: one list of the claimed ones for each type."""
        addresses = [(Address(text), api_id) for text, api_id in self.plan.ids.items() if "/" not in text]
        names = {api_id: address.name or api_id for address, api_id in addresses if address.kind == "site"}
        for kind in self.reached.types:
            for item in self.client.list(f"orgs/{self.plan.org_id}/inventory", query={"type": kind}):
                if self.reached.has(item):
                    mac, site = plain_mac(str(item.get("mac") or "")), str(item["site_id"])
                    self.heard[mac] = Heard(
                        mac=mac,
                        name=str(item.get("name") or mac),
                        site=names.get(site, site),
                        answer=Answer.AWAY if item.get("connected") is False else Answer.SILENT,
                    )

    def look(self) -> bool | None:
        """One look at the events; True when nobody is silent any more."""
        open_ones = {mac for mac, item in self.heard.items() if item.answer is Answer.SILENT}
        if not open_ones:
            return True
        for kind in self.reached.types:
            for event in self._events(kind):
                self._take(event)
        waiting = sum(item.answer is Answer.SILENT for item in self.heard.values())
        self.progress(WATCHING, len(self.heard) - waiting, len(self.heard))
        return True if not waiting else None

    def _events(self, kind: str) -> list[Mapping[str, Any]]:
        """The events since the apply began, newest first. The first answer says what time it is at the cloud."""
        times = {"duration": "1d"} if self._from is None else {"start": str(int(self._from))}
        query = {"device_type": kind, "sort": "-timestamp", "limit": str(PAGE), **times}
        answer = self.client.get(f"orgs/{self.plan.org_id}/devices/events/search", query=query)
        end = answer.get("end")
        if self._from is None and isinstance(end, int | float):
            self._from = end - (self.client.age - self.since) - MARGIN_S
        found = answer.get("results")
        return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []

    def _take(self, event: Mapping[str, Any]) -> None:
        """Notes what a device said. A later word replaces an earlier one."""
        kind, time = str(event.get("type") or ""), event.get("timestamp")
        item = self.heard.get(plain_mac(str(event.get("mac") or event.get("ap") or "")))
        answer = _answer(kind)
        if item is None or answer is None or not isinstance(time, int | float) or time < (self._from or 0):
            return
        if item.time is None or time >= item.time:
            text = sealed_text(self.client.hide(str(event.get("text") or "")), origin="live")
            shown = text if isinstance(text, str) else SHOWN
            self.heard[item.mac] = replace(item, answer=answer, event=kind, text=shown[:LONGEST_TEXT], time=time)


def _answer(kind: str) -> Answer | None:
    if kind.endswith(_REFUSED):
        return Answer.REFUSED
    return Answer.CONFIGURED if kind.endswith(_TOOK) else None
