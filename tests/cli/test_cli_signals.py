"""Ctrl-C and SIGTERM end a run within a second, wherever it waits, and what was done until then is shown."""

import json
import os
import signal
import subprocess
import sys
import time
import weakref
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from pydantic_core import SchemaError

from reconciler.cli.progress import Writes
from reconciler.cli.run import interrupt_in, signals_end
from reconciler.emulator import Emulator
from reconciler.runs.lock import organisation_lock, state_directory
from reconciler.runs.reading import find_run
from reconciler.runs.record import DIRECTORY
from tests.cli.conftest import ORG

SIGNALS = {signal.SIGINT: (130, "Interrupted"), signal.SIGTERM: (143, "Terminated")}
SOON = 2.0
"""A second, and one more for a machine that is busy."""
LONG = 60_000
SITE = "sites/11111111-1111-4111-8111-111111111111"
PUT = {"method": "PUT", "path": f"{SITE}$"}
"""The change of the site, which waits for its group to be made."""
APPLY = ("apply", "--auto-approve", "--threads", "2")


@dataclass
class Ended:
    """How a run ended after a signal."""

    code: int
    out: str
    err: str
    seconds: float


@pytest.fixture
def interrupted(inventory: Path, environ: Mapping[str, str], tmp_path: Path) -> Callable[..., Ended]:
    """Runs a command in a process of its own, and sends it a signal when `ready` says so."""
    state = tmp_path / "state"

    def run(words: tuple[str, ...], number: int, ready: Callable[[], bool]) -> Ended:
        variables = {**os.environ, "XDG_STATE_HOME": str(state), "PYTHONUNBUFFERED": "1"}
        process = subprocess.Popen(
            [sys.executable, "-m", "reconciler", *words],
            cwd=inventory,
            env=variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        until = time.monotonic() + 40
        while not ready() and process.poll() is None and time.monotonic() < until:
            time.sleep(0.02)
        time.sleep(0.3)
        began = time.monotonic()
        process.send_signal(number)
        try:
            out, err = process.communicate(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            out, err = process.communicate()
        return Ended(process.returncode, out, err, time.monotonic() - began)

    return run


def arrived(emulator: Emulator, method: str, path: str) -> Callable[[], bool]:
    return lambda: any(call.method == method and call.path.endswith(path) for call in list(emulator.calls.log))


WAITS: dict[str, tuple[Mapping[str, Any], tuple[str, str]]] = {
    "a pause that the cloud asks for": ({**PUT, "status": 429, "retry_after": 60}, ("PUT", SITE)),
    "repeats of a change": ({**PUT, "status": 503, "retry_after": 30}, ("PUT", SITE)),
    "a create that is looked for": ({"method": "POST", "path": "wlans", "drop": "before"}, ("POST", "wlans")),
}


@pytest.mark.parametrize("number", SIGNALS, ids=["SIGINT", "SIGTERM"])
@pytest.mark.parametrize("wait", WAITS)
def test_an_apply_ends_at_once_wherever_it_waits(
    wait: str, number: int, interrupted: Callable[..., Ended], emulator: Emulator, inventory: Path
) -> None:
    fault, (method, path) = WAITS[wait]
    emulator.faults.add(dict(fault))
    ended = interrupted(APPLY, number, arrived(emulator, method, path))
    code, word = SIGNALS[signal.Signals(number)]
    assert (ended.code, ended.seconds < SOON) == (code, True), (ended.seconds, ended.err)
    assert "Traceback" not in ended.err
    assert word in ended.err
    assert "created sitegroup.emea" in " ".join(ended.out.split())
    assert "the run was interrupted" in ended.out.lower()
    summary = find_run(inventory / DIRECTORY, "last").summary
    assert summary is not None
    assert (summary["ended"], summary["exit_code"]) == ("interrupted", code)
    assert sum(summary["outcomes"].values()) == 5


@pytest.mark.parametrize("number", SIGNALS, ids=["SIGINT", "SIGTERM"])
def test_a_call_that_is_under_way_is_not_waited_for(
    number: int, interrupted: Callable[..., Ended], emulator: Emulator, inventory: Path
) -> None:
    emulator.faults.add({"method": "PUT", "path": SITE, "delay_ms": LONG})
    emulator.calls.reset()
    ended = interrupted((*APPLY, "--json"), number, arrived(emulator, "POST", "sitegroups"))
    assert (ended.code, ended.seconds < SOON) == (SIGNALS[signal.Signals(number)][0], True), (ended.seconds, ended.err)
    outcomes = json.loads(ended.out)["outcomes"]
    under_way = [item["address"] for item in outcomes if item["unsure"]]
    assert set(under_way) <= {"site.Paris-HQ", "site.Paris-HQ/setting"}
    assert under_way
    assert len(outcomes) == 5


def test_a_wait_for_lists_ends_at_once_and_says_what_was_written(
    interrupted: Callable[..., Ended], emulator: Emulator
) -> None:
    emulator.settings.update({"quirks": {"list_lag_s": 1000}})

    def looks_for_what_it_made() -> bool:
        methods = [call.method for call in list(emulator.calls.log) if call.path.endswith("/webhooks")]
        return "POST" in methods and methods[-1] == "GET"

    ended = interrupted(APPLY, signal.SIGTERM, looks_for_what_it_made)
    assert (ended.code, ended.seconds < SOON) == (143, True), (ended.seconds, ended.err)
    assert "Apply: 5 applied. Read back: 5 objects could not be read." in ended.out


@pytest.mark.parametrize("number", SIGNALS, ids=["SIGINT", "SIGTERM"])
@pytest.mark.parametrize("fault", [{"delay_ms": LONG}, {"status": 429, "retry_after": 60}], ids=["slow", "429"])
def test_a_plan_ends_at_once_while_it_reads(
    fault: Mapping[str, Any], number: int, interrupted: Callable[..., Ended], emulator: Emulator
) -> None:
    emulator.faults.add({"method": "GET", "path": "sites", **fault})
    began = time.monotonic()
    ended = interrupted(("plan",), number, lambda: time.monotonic() - began > 3)
    assert (ended.code, ended.seconds < SOON) == (SIGNALS[signal.Signals(number)][0], True), (ended.seconds, ended.err)
    assert "Nothing was written" in ended.err


def test_a_wait_for_the_lock_ends_at_once(interrupted: Callable[..., Ended], tmp_path: Path) -> None:
    locks = state_directory({"XDG_STATE_HOME": str(tmp_path / "state")})
    with organisation_lock(locks, org_id=ORG, timeout=0, tell=lambda _text: None):
        began = time.monotonic()
        ended = interrupted((*APPLY, "--lock-timeout", "60"), signal.SIGTERM, lambda: time.monotonic() - began > 3)
    assert (ended.code, ended.seconds < SOON) == (143, True), (ended.seconds, ended.err)
    assert "Terminated. Nothing was written" in ended.err


def test_a_signal_that_meets_a_callback_of_the_interpreter_ends_the_run_all_the_same() -> None:
    class Thing:
        pass

    def run_and_end(writes: Writes) -> None:
        with signals_end(writes):
            thing = Thing()
            seen = weakref.ref(thing, lambda _: signal.raise_signal(signal.SIGTERM))
            del thing
            assert seen() is None
            time.sleep(5)

    writes = Writes()
    with pytest.raises(KeyboardInterrupt):
        run_and_end(writes)
    assert writes.signal == signal.SIGTERM


def test_an_interrupt_that_a_library_takes_for_its_own_failure_is_an_interrupt() -> None:
    """As pydantic's core words it, where a signal comes while it builds a model."""
    failure = SchemaError('Error building "literal" validator:\n  KeyboardInterrupt: ')
    writes = Writes()
    assert interrupt_in(failure, writes) is None
    writes.signal = signal.SIGTERM
    assert isinstance(interrupt_in(failure, writes), KeyboardInterrupt)
    assert interrupt_in(ValueError("something else"), writes) is None
