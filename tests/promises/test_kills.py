"""A run that is cut short at any request and any fsync is finished by the same command. `tools/long_promises.py --kill`
tries every one of them, and these are a few."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from reconciler.emulator import Emulator
from reconciler.emulator.server import serve
from tests.cli.conftest import CANARIES, ORG, PROJECT, SEED, SITES
from tests.promises.kills import Clock, Killed, Point, Power, apply_once, goal, kill, lived_in, plan_again, wanted

WAYS = [(1, False, 0.0), (1, True, 20.0), (16, False, 20.0), (16, True, 0.0)]
ENDS = {lag: goal(lag) for lag in (0.0, 20.0)}


@pytest.mark.parametrize("at", [11, 38, 66, 85])
@pytest.mark.parametrize(("threads", "saved", "lag"), WAYS)
def test_a_run_that_is_cut_short_is_finished_by_the_same_command(
    at: int, threads: int, saved: bool, lag: float, tmp_path: Path
) -> None:
    point = Point(at=at, after=at % 2 == 1, threads=threads, saved=saved, lag=lag)
    cut, broken = kill(point, tmp_path, ENDS[lag])
    assert cut
    assert broken == []


def test_after_a_run_that_was_cut_short_a_plan_waits_until_lists_show_what_it_made(tmp_path: Path) -> None:
    clock = Clock()
    cloud = lived_in(20, clock)
    power = Power(Point(at=80))
    with pytest.raises(Killed):
        apply_once(cloud, clock, tmp_path, cloud.plan(*wanted()), power)
    waited = clock.waited
    plan = plan_again(cloud, clock, tmp_path)
    assert clock.waited - waited > 10
    assert "site.Berlin" not in [str(change.address) for change in plan.changes if change.action == "create"]
    calls = cloud.emulator.calls.total
    plan_again(cloud, clock, tmp_path)
    assert cloud.emulator.calls.total - calls < 30  # one look at each list


def test_a_process_that_is_killed_for_real_is_finished_by_the_same_command(tmp_path: Path) -> None:
    (tmp_path / "reconciler.yaml").write_text(PROJECT)
    (tmp_path / "sites.yaml").write_text(SITES)
    running: list[subprocess.Popen[str]] = []
    emulator = Emulator(data=json.loads(json.dumps(SEED)), sleep=lambda _seconds: running[-1].kill())
    with serve(emulator) as server:
        environ = {**os.environ, **CANARIES, "MIST_HOST": server.url, "MIST_ORG_ID": ORG}
        environ |= {"XDG_STATE_HOME": str(tmp_path / "state"), "CI": ""}

        def run(*command: str) -> tuple[int, str]:
            full = [sys.executable, "-m", "reconciler", *command]
            options: Any = {"cwd": tmp_path, "env": environ, "text": True}
            running.append(subprocess.Popen(full, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **options))
            out, _ = running[-1].communicate()
            return running[-1].returncode, out

        assert run("plan", "--out", "one.plan")[0] == 0
        emulator.faults.replace([{"method": "POST", "path": "/wlans", "times": 1, "delay_ms": 9}])
        assert run("apply", "one.plan")[0] == -9
        code, out = run("apply", "one.plan", "--timeout", "2")  # a lost create is looked for as long
        assert code == 0, out
        assert "ended without a summary: this one goes on from what is live now" in out
    site = emulator.state()["orgs"][0]["sites"][0]
    assert [item["ssid"] for item in site["wlans"]] == ["Lab"]
