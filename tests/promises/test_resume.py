"""A run that is killed at any write is finished by the same command, or the same saved plan, and nothing is doubled."""

from collections import Counter
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
from msgspec.structs import replace

from reconciler.approval.comparing import approved
from reconciler.approval.saved import load_plan, plan_key, save_plan
from reconciler.emulator import EmulatorAdapter
from reconciler.kinds import kinds
from reconciler.model.change import Outcome, Plan
from reconciler.model.resource import Resource
from reconciler.model.values import Secret
from reconciler.pipeline.online import apply_plan
from reconciler.report.json_report import plan_document
from reconciler.runs.reading import created_since
from reconciler.runs.record import RunRecord, recording
from tests.world import ONE_THREAD, ORG, TOKEN, World, declare, world

KEY = plan_key({}, Secret(TOKEN, origin="env:MIST_APITOKEN"))
PARIS = "22222222-0000-4000-8000-000000000001"


class Killed(BaseException):
    """The process is gone."""


class Cut(EmulatorAdapter):
    """A way to the cloud that ends at the n-th write: before it is stored, or after."""

    at = 0
    after = False
    seen = 0

    def send(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> requests.Response:
        if request.method != "GET":
            self.seen += 1
        if request.method != "GET" and self.at and self.seen >= self.at:
            if self.after and self.seen == self.at:
                super().send(request, *args, **options)
            raise Killed
        return super().send(request, *args, **options)


def wanted() -> list[Resource]:
    """Ten writes: a new site with its setting and what lies in it, references, and a template that is changed."""
    return [
        declare("sitegroup.emea"),
        declare("networktemplate.campus", {"dns_servers": ["10.0.0.1"], "ntp_servers": ["10.0.0.2"]}),
        declare("site.Paris", {"notes": "ours", "address": "1 rue"}),
        declare("site.Berlin", {"address": "2 Weg", "sitegroups": ["emea"], "networktemplate": "campus"}),
        declare("site.Berlin/setting", {"vars": {"v": "1"}, "rogue": {"enabled": True}}),
        declare("site.Berlin/wlan.Lab", {"vlan_id": 7}),
        declare("site.Berlin/wlan.Guest", {"vlan_id": 8}),
        declare("site.Paris/wlan.Lab", {"vlan_id": 9}),
        declare("site.Berlin/webhook.zones", {"url": "https://hooks.example.net/z", "topics": ["zone"]}),
        declare("wlantemplate.corp", {"applies": {"sites": ["Berlin"]}}),
    ]


def lived_in(lag: float) -> World:
    return world(
        {"server_defaults": "none", "list_lag_s": lag},
        sites=[{"id": PARIS, "name": "Paris", "notes": "old"}],
        networktemplates=[{"name": "campus", "dns_servers": ["10.9.9.9"]}],
    )


class Machine:
    """What outlives a process: the run records."""

    def __init__(self, directory: Path, cloud: World) -> None:
        self.directory, self.cloud = directory, cloud
        self.open: list[AbstractContextManager[RunRecord]] = []

    def apply(self, plan: Plan, adapter: Cut) -> tuple[Outcome, ...]:
        self.cloud.adapter = adapter
        earlier = created_since(self.directory, org_id=ORG, since=datetime.now(UTC) - timedelta(hours=1))
        context = recording(self.directory, {"org": {"id": ORG}})
        self.open.append(context)  # a killed process closes nothing
        journal = replace(context.__enter__().journal(()), earlier=earlier)
        client = self.cloud.connect()
        return apply_plan(plan, client, options=ONE_THREAD, journal=journal)


def settled(cloud: World) -> None:
    """Nothing is left to do, and nothing is there twice."""
    assert cloud.plan(*wanted()).changes == ()
    berlin = cloud.only(f"orgs/{ORG}/sites", name="Berlin")["id"]
    for path in (f"orgs/{ORG}/sites", f"orgs/{ORG}/sitegroups", f"sites/{berlin}/wlans"):
        names = Counter(item.get("name") or item["ssid"] for item in cloud.call("GET", path))
        assert max(names.values()) == 1, (path, names)


CUTS = [(at, after) for at in range(1, 11) for after in (False, True)]


@pytest.mark.parametrize(("saved", "lag"), [(False, 3), (True, 0)])
@pytest.mark.parametrize(("at", "after"), CUTS)
def test_a_run_that_is_killed_at_a_write_is_finished_by_the_same_command(
    at: int, after: bool, saved: bool, lag: float, tmp_path: Path
) -> None:
    cloud = lived_in(lag)
    machine = Machine(tmp_path, cloud)
    plan = cloud.plan(*wanted())
    file = tmp_path / "plan"
    save_plan(plan, file, document=plan_document(plan), key=KEY, kinds=kinds(), inventory=".")
    cut = Cut(cloud.emulator)
    cut.at, cut.after = at, after
    with pytest.raises(Killed):
        machine.apply(plan, cut)
    cloud.adapter = EmulatorAdapter(cloud.emulator)
    now = cloud.plan(*wanted())
    if saved:
        declared = frozenset(str(item.address) for item in wanted())
        approval = approved(load_plan(file), now, declared=declared, key=KEY, kinds=kinds())
        assert not approval.stale, approval.stale
        now = approval.plan
    outcomes = machine.apply(now, Cut(cloud.emulator))
    assert {str(item.status) for item in outcomes} <= {"applied", "unchanged"}, outcomes
    settled(cloud)
