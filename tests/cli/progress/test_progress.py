"""Progress on a pseudo-terminal, in a pipe and in the calls of the stages."""

import json
import os
import pty
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from reconciler.cli.progress import Listeners, Writes, plain_lines, wait_lines
from reconciler.emulator import Emulator
from reconciler.mist.connection import Connection, Exchange
from reconciler.model.values import Secret
from reconciler.pipeline.online import apply_plan
from tests.cli.conftest import Command
from tests.world import ONE_THREAD, ORG, declare, world

WAIT = {"method": "GET", "path": "/sites/.*/wlans$", "status": 429, "retry_after": 1, "times": 1}
RECONCILER = (sys.executable, "-m", "reconciler")


def on_terminal(*words: str, environ: Mapping[str, str]) -> tuple[int, str, str]:
    """Runs the command with stderr on a pseudo-terminal and stdout in a pipe."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [*RECONCILER, *words], stdout=subprocess.PIPE, stderr=theirs, stdin=subprocess.DEVNULL, env=dict(environ)
    ) as process:
        os.close(theirs)
        seen = b""
        while True:
            try:
                chunk = os.read(ours, 65536)
            except OSError:  # how Linux says that the other end is closed
                break
            if not chunk:
                break
            seen += chunk
        assert process.stdout is not None
        out = process.stdout.read()
    os.close(ours)
    return process.returncode, out.decode(), re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", seen.decode())


@pytest.fixture
def terminal(environ: Mapping[str, str], inventory: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of somebody at a terminal."""
    state = str(tmp_path_factory.mktemp("state"))
    root = str(Path(__file__).parent.parent.parent)
    return {**os.environ, **environ, "TERM": "xterm-256color", "PYTHONPATH": root, "XDG_STATE_HOME": state}


def slow(emulator: Emulator) -> None:
    emulator.settings.update({"latency_ms": 60})


def test_on_a_terminal_a_bar_shows_every_step_and_stdout_stays_clean(
    terminal: dict[str, str], emulator: Emulator
) -> None:
    slow(emulator)
    code, out, err = on_terminal("apply", "--auto-approve", "--json", environ=terminal)
    assert code == 0, err
    assert json.loads(out)["applied"] == 5
    for step in ("reading the organisation", "reading sites", "applying", "verifying"):
        assert step in err, err
    assert re.search(r"[1-5]/5", err), err


def test_on_a_terminal_the_waits_that_the_cloud_asks_for_are_told_and_stay(
    terminal: dict[str, str], emulator: Emulator
) -> None:
    emulator.faults.replace([WAIT])
    code, out, err = on_terminal("plan", environ=terminal)
    assert code == 0
    assert "the cloud asks to wait 1 s" in err
    assert "the cloud" not in out


@pytest.mark.parametrize("change", [{"CI": "true"}, {"TERM": "dumb"}])
def test_a_pipeline_with_a_terminal_gets_no_bar(
    change: dict[str, str], terminal: dict[str, str], emulator: Emulator
) -> None:
    slow(emulator)
    code, _, err = on_terminal("plan", environ={**terminal, **change})
    assert (code, err) == (0, "")


@pytest.mark.parametrize("where", ["terminal", "pipe"])
def test_quiet_is_quiet_also_about_waits(where: str, terminal: dict[str, str], emulator: Emulator) -> None:
    slow(emulator)
    emulator.faults.replace([WAIT])
    if where == "terminal":
        code, _, err = on_terminal("plan", "--quiet", environ=terminal)
    else:
        done = subprocess.run([*RECONCILER, "plan", "--quiet"], env=terminal, capture_output=True, text=True)
        code, err = done.returncode, done.stderr
    assert (code, err) == (0, "")


def test_in_a_pipe_waits_are_lines_on_stderr(terminal: dict[str, str], emulator: Emulator) -> None:
    emulator.faults.replace([WAIT])
    done = subprocess.run([*RECONCILER, "plan", "--json"], env=terminal, capture_output=True, text=True)
    assert done.stderr == "the cloud asks to wait 1 s: the limit of calls for this token is reached\n"
    assert json.loads(done.stdout)["summary"]["create"] == 3


def test_a_line_comes_every_few_seconds_and_at_the_end_of_what_took_long() -> None:
    times = iter([0.0, 1.0, 5.0, 6.0, 9.9, 10.0, 11.0, 11.5, 12.0])
    lines: list[str] = []
    progress = plain_lines(lines.append, clock=lambda: next(times))
    for done in (1, 1500, 1600, 1700, 1800, 2000):
        progress("reading sites", done, 2000)
    progress("applying", 1, 1)
    progress("verifying", 1, 0)
    assert lines == ["reading sites 1,500 of 2,000", "reading sites 1,800 of 2,000", "reading sites 2,000 of 2,000"]


def test_work_without_a_known_end_is_told_by_its_name() -> None:
    times = iter([0.0, 7.0])
    lines: list[str] = []
    plain_lines(lines.append, clock=lambda: next(times))("waiting", 0, 0)
    assert lines == ["waiting"]


def test_one_wait_is_told_once_however_many_threads_wait() -> None:
    times = iter([100.0, 100.1, 100.2, 105.0, 113.0])
    lines: list[str] = []
    wait = wait_lines(lines.append, clock=lambda: next(times))
    for seconds in (12.0, 11.9, 11.8, 30.0, 1.5):
        wait(seconds)
    assert [line.partition(":")[0] for line in lines] == ["the cloud asks to wait 12 s", "the cloud asks to wait 30 s"]


def test_nobody_has_to_listen() -> None:
    listeners = Listeners()
    listeners.wait(1)
    listeners.request(Exchange(method="GET", path="x", status=200, milliseconds=1, request_id="", attempt=1))
    assert Writes().listeners is not Writes().listeners


def test_the_connection_tells_waits_and_only_those_that_the_cloud_asks_for() -> None:
    cloud = world()
    waits: list[float] = []
    cloud.emulator.faults.replace(
        [
            {"method": "GET", "path": "/sites$", "status": 429, "retry_after": 0.01, "times": 2},
            {"method": "GET", "path": "/sites$", "status": 503, "times": 1},
        ]
    )
    from reconciler.mist.client import connect
    from reconciler.transport.pacing import Timing

    connection = Connection(host="api.mist.com", token=Secret("t-1", origin="env:X"), on_wait=waits.append)
    client = connect(connection, adapter=cloud.adapter, timing=Timing(sleep=lambda _s: None, chance=lambda: 0.0))
    assert client.list(f"orgs/{ORG}/sites") == []
    assert len(waits) == 2
    assert set(waits) <= {0.01, 0.0, 1.0}


def test_every_stage_counts_to_its_end() -> None:
    cloud = world()
    told: list[tuple[str, int, int]] = []
    plan = cloud.plan(*(declare(f"sitegroup.{name}") for name in "abc"))
    apply_plan(plan, cloud.client, options=ONE_THREAD, progress=lambda *step: told.append(step))
    applying = [step for step in told if step[0] == "applying"]
    assert applying == sorted(applying)
    assert applying[-1] == ("applying", 3, 3)
    assert sorted(step for step in told if step[0] == "verifying") == [("verifying", n, 3) for n in (1, 2, 3)]


def test_stdout_of_a_command_in_a_pipe_has_no_progress(command: Command) -> None:
    result = command("plan", "--json")
    assert result.err == ""
    assert result.document["summary"]["create"] == 3
