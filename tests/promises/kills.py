"""A machine that goes off at the n-th request or fsync of an apply, and the same command again.

In: where it goes off, with how many threads, from the inventory or a saved plan, and how long lists lag. Out: what was
broken; nothing is as it should be. A request or an fsync that is the last one has happened or has not (`after`). What a
file had not been synced of is lost by half, so that a record ends in the middle of a line.
"""

import contextlib
import itertools
import os
import tempfile
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import requests
from msgspec import Struct
from msgspec.structs import replace

from reconciler.approval.comparing import approved
from reconciler.approval.saved import load_plan, plan_key, save_plan
from reconciler.emulator import EmulatorAdapter
from reconciler.kinds import kinds
from reconciler.mist.client import MistClient, connect
from reconciler.mist.connection import Connection, Exchange
from reconciler.model.change import Outcome, Plan
from reconciler.model.options import Options
from reconciler.model.resource import Resource
from reconciler.model.values import Secret
from reconciler.pipeline.online import apply_plan
from reconciler.report.json_report import plan_document
from reconciler.runs.closing import close_killed
from reconciler.runs.reading import created_since, made_by_killed
from reconciler.runs.record import SUFFIX, recording
from reconciler.stages.read import wait_until_listed
from reconciler.transport.pacing import Timing
from tests.world import ORG, TOKEN, World, declare, world

T = TypeVar("T")
SECRET = Secret(TOKEN, origin="env:MIST_APITOKEN")
KEY = plan_key({}, SECRET)
PARIS = "22222222-0000-4000-8000-000000000001"
_TOLD = ("logs",)
MADE = frozenset({"id", "org_id", "site_id", "created_time", "modified_time", "template_id"})


class Killed(BaseException):
    """The machine is off."""


class Point(Struct, frozen=True, kw_only=True):
    """Where a run is cut short, and what kind of run it is. `at` 0: nowhere."""

    at: int
    after: bool = False
    threads: int = 1
    saved: bool = False
    lag: float = 0.0


@dataclass(slots=True)
class Power:
    """Counts what a run does to the world outside of it, and goes off at one of these."""

    point: Point
    seen: int = 0
    off: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)
    synced: dict[int, int] = field(default_factory=dict)

    def passes(self, do: Callable[[], T]) -> T:
        with self.lock:
            self.seen += 1
            last = self.seen == self.point.at
            if self.off or (last and not self.point.after):
                self.off = True
                raise Killed
        done = do()
        if last:
            self.off = True
        if self.off:
            raise Killed
        return done

    @contextmanager
    def disk(self) -> Iterator[None]:
        """While it lasts, every fsync is counted, and how far each file is on the disk is known."""
        fsync, write = os.fsync, os.write

        def counted(descriptor: int) -> None:
            self.passes(lambda: None)
            facts = os.fstat(descriptor)
            self.synced[facts.st_ino] = facts.st_size

        def written(descriptor: int, data: bytes) -> int:
            if self.off:
                raise Killed
            return write(descriptor, data)

        os.fsync, os.write = counted, written
        try:
            yield
        finally:
            os.fsync, os.write = fsync, write

    def lose(self, records: Path) -> None:
        """What was not on the disk is gone, but for the first half of it."""
        for path in records.glob(f"*{SUFFIX}"):
            facts = path.stat()
            synced = self.synced.get(facts.st_ino, 0)
            os.truncate(path, synced + (facts.st_size - synced) // 2)


class Line(EmulatorAdapter):
    """The way from the machine to the cloud."""

    power: Power

    def send(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> requests.Response:
        return self.power.passes(lambda: super(Line, self).send(request, *args, **options))


def wanted() -> list[Resource]:
    """Some thirty writes: sites with their settings and what lies in them, references, and objects that are changed."""
    sites = ["Berlin", "Madrid", "Oslo"]
    found = [
        declare("sitegroup.emea"),
        declare("sitegroup.north"),
        declare("networktemplate.campus", {"dns_servers": ["10.0.0.1"], "ntp_servers": ["10.0.0.2"]}),
        declare("networktemplate.edge", {"dns_servers": ["10.0.0.1"]}),
        declare("rftemplate.dense", {"country_code": "DE"}),
        declare("site.Paris", {"notes": "ours", "address": "1 rue", "sitegroups": ["emea"]}),
        declare("site.Paris/setting", {"vars": {"v": "1"}}),
        declare("site.Paris/wlan.Lab", {"vlan_id": 9}),
        declare("site.Paris/wlan.Old", {"vlan_id": 11}),
        declare("wlantemplate.corp", {"applies": {"sites": ["Berlin", "Paris"]}}),
        declare("wlantemplate.corp/wlan.Corp", {"vlan_id": 5}),
        declare("webhook.siem", {"url": "https://hooks.example.net/s", "topics": ["audits"]}),
    ]
    for band in ("24", "5"):  # two of one name, under keys of their own
        twin = declare(f"wlantemplate.corp/wlan.guest-{band}", {"ssid": "Guest", "bands": [band]})
        found.append(replace(twin, key="Guest"))
    for at, site in enumerate(sites):
        body = {"address": f"{at} Weg", "sitegroups": ["emea", "north"][: at + 1], "networktemplate": "campus"}
        found += [
            declare(f"site.{site}", body),
            declare(f"site.{site}/setting", {"vars": {"v": str(at)}, "rogue": {"enabled": True}}),
            declare(f"site.{site}/wlan.Lab", {"vlan_id": 7}),
            declare(f"site.{site}/wlan.Guest", {"vlan_id": 8}),
            declare(f"site.{site}/webhook.zones", {"url": "https://hooks.example.net/z", "topics": ["zone"]}),
            declare(f"site.{site}/wlan.Iot", {"vlan_id": 10 + at}),
        ]
    return found


class Clock:
    """The time of cloud and machine: a look at it takes a hundredth of a second, a wait as long as it says."""

    def __init__(self) -> None:
        self.ticks = itertools.count()
        self.waited = 1_750_000_000.0

    def __call__(self) -> float:
        return self.waited + next(self.ticks) / 100

    def wait(self, seconds: float) -> None:
        self.waited += seconds


def lived_in(lag: float, clock: Clock) -> World:
    """An organisation in which others have set leaves that nobody declares."""
    return world(
        {"server_defaults": "none", "list_lag_s": lag},
        clock=clock,
        sites=[
            {
                "id": PARIS,
                "name": "Paris",
                "notes": "old",
                "latlng": {"lat": 1.5, "lng": 2.5},
                "setting": {"vars": {"v": "0", "theirs": "1"}, "wifi": {"enabled": True}},
                "wlans": [{"ssid": "Old", "vlan_id": 1, "band": "both", "site_id": PARIS}],
            }
        ],
        networktemplates=[{"name": "campus", "dns_servers": ["10.9.9.9"], "networks": {"theirs": {"vlan_id": 4}}}],
    )


def client_of(cloud: World, clock: Clock, power: Power, on_request: Callable[[Exchange], None] | None) -> MistClient:
    line = Line(cloud.emulator)
    line.power = power
    return connect(
        Connection(host="api.mist.com", token=SECRET, threads=power.point.threads, on_request=on_request),
        adapter=line,
        timing=Timing(clock=clock, now=clock, sleep=clock.wait),
    )


def plan_again(cloud: World, clock: Clock, records: Path) -> Plan:
    """What the command plans after a run that was cut short."""
    made = made_by_killed(records, org_id=ORG, since=datetime.now(UTC) - timedelta(minutes=2))
    wait_until_listed(client_of(cloud, clock, Power(Point(at=0)), None), made, tell=lambda _text: None)
    return cloud.plan(*wanted())


def apply_once(cloud: World, clock: Clock, records: Path, plan: Plan, power: Power) -> tuple[Outcome, ...]:
    """What the command does with a plan: closes what was killed, records, applies."""
    close_killed(records, org_id=ORG)
    earlier = created_since(records, org_id=ORG, since=datetime.now(UTC) - timedelta(hours=1))
    with power.disk(), contextlib.ExitStack() as stack:
        record = stack.enter_context(recording(records, {"org": {"id": ORG}}))
        stack.callback(_wait_for_threads)
        client = client_of(cloud, clock, power, record.request)
        journal = replace(record.journal(()), earlier=earlier)
        outcomes = apply_plan(plan, client, options=Options(threads=power.point.threads), journal=journal)
        record.finish(outcomes, exit_code=0)
    return outcomes


def _wait_for_threads() -> None:
    """A machine that is off has no threads: those of the run end at their next step."""
    for thread in threading.enumerate():
        if thread is not threading.current_thread() and not thread.daemon and thread.name.startswith("apply"):
            thread.join(10)


def state_of(cloud: World) -> dict[str, Any]:
    """Every leaf of the organisation that a person could have set, without ids."""
    names: dict[str, str] = {}
    org = {key: value for key, value in cloud.emulator.state()["orgs"][0].items() if key not in _TOLD}
    for listed in filter(lambda value: isinstance(value, list), org.values()):
        names |= {item["id"]: item.get("name", "") for item in listed if "id" in item}
    found: dict[str, Any] = _bare(org, names)
    return found


def _bare(value: Any, names: dict[str, str]) -> Any:
    if isinstance(value, list):
        return sorted((_bare(item, names) for item in value), key=str)
    if isinstance(value, dict):
        parents = {f"of {key}": names.get(value[key], "") for key in ("site_id", "template_id") if value.get(key)}
        return {key: _bare(item, names) for key, item in value.items() if key not in MADE and key[0] != "_"} | parents
    return names.get(value, value) if isinstance(value, str) else value


def goal(lag: float) -> dict[str, Any]:
    """The organisation after a run that nothing cut short."""
    cloud = lived_in(lag, Clock())
    cloud.carry_out(cloud.plan(*wanted()))
    return state_of(cloud)


def kill(point: Point, directory: Path, end: dict[str, Any]) -> tuple[bool, list[str]]:
    """One run that is cut short, and the same command again: whether it was cut at all, and what was broken."""
    clock = Clock()
    cloud, records, file = lived_in(point.lag, clock), directory / "runs", directory / "plan"
    plan = cloud.plan(*wanted())
    save_plan(plan, file, document=plan_document(plan), key=KEY, kinds=kinds(), inventory=".")
    power = Power(point)
    with contextlib.suppress(Killed):
        apply_once(cloud, clock, records, plan, power)
    if power.off:
        power.lose(records)
    now = plan_again(cloud, clock, records)
    if point.saved:
        declared = frozenset(str(item.address) for item in wanted())
        approval = approved(load_plan(file), now, declared=declared, key=KEY, kinds=kinds())
        if approval.stale or approval.rewritten:
            return power.off, [f"{point}: the saved plan is stale: {approval.stale}"]
        now = approval.plan
    outcomes = apply_once(cloud, clock, records, now, Power(replace(point, at=0)))
    bad = [f"{item.address} {item.status} {item.detail}" for item in outcomes if str(item.status) not in _GOOD]
    clock.wait(60)
    bad += [f"left to do: {change.address}" for change in cloud.plan(*wanted()).changes]
    live = state_of(cloud)
    bad += [f"doubled: {name}" for name, count in _names(live).items() if count > 1]
    bad += [] if live == end else ["a leaf is not as after a run that nothing cut short"]
    return power.off, [f"{point}: {text}" for text in bad]


_GOOD = ("applied", "unchanged")
_MOST = 400
"""More than any of these runs has."""


def _names(live: dict[str, Any]) -> Counter[str]:
    return Counter(
        f"{kind} {item.get('of site_id')} {item.get('name') or item.get('ssid')} {item.get('bands', '')}"
        for kind, listed in live.items()
        if isinstance(listed, list)
        for item in listed
        if isinstance(item, dict)
    )


def kills(chosen: Callable[[int], bool] = lambda _number: True) -> Iterator[list[str]]:
    """A run cut short at every request and every fsync, before it and after it, for each way to run; of these only the
    chosen ones by their number. What was broken, one after the other."""
    number = 0
    for lag in (0.0, 20.0):
        end = goal(lag)
        for threads, saved in itertools.product((1, 16), (False, True)):
            for at in itertools.count(1):
                cut = True
                for after in (False, True):
                    number += 1
                    if chosen(number):
                        with tempfile.TemporaryDirectory() as directory:
                            point = Point(at=at, after=after, threads=threads, saved=saved, lag=lag)
                            cut, broken = kill(point, Path(directory), end)
                        yield broken
                if not cut or at >= _MOST:
                    break
