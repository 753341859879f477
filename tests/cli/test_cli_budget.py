"""The hour's calls on the command line: refused before the first write, waited for, and gone on with after Ctrl-C."""

import os
import signal
import threading
from collections.abc import Mapping
from pathlib import Path

import pytest

from reconciler.cli.progress import hold_lines
from reconciler.emulator import Emulator
from tests.cli.conftest import CANARIES, Command, writes


def used_up(emulator: Emulator, *, left: int, limit: int = 100) -> None:
    """Another user of the token has left so many calls of this hour; the hour ends soon."""
    emulator.settings.update({"hourly_limit": limit, "hour_s": 3600})
    for _ in range(limit - left):
        emulator.call("GET", "self", token=CANARIES["MIST_APITOKEN"])
    emulator.calls.reset()


def test_a_pipeline_refuses_what_does_not_fit_before_the_first_write(
    command: Command, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    used_up(emulator, left=26)
    monkeypatch.setenv("CI", "true")
    refused = command("apply", "--auto-approve", "--timeout", "5")  # a shorter pause is waited for, also in a pipeline
    assert refused.code == 5
    assert "This apply takes 11 calls" in refused.err
    assert "--wait" in refused.err
    assert "nothing was written" in refused.err
    assert writes(emulator) == 0
    told = command("apply", "--auto-approve", "--json", "--timeout", "5").document["error"]["message"]
    assert told.startswith("This apply takes")


@pytest.mark.parametrize(
    ("words", "project", "said"),
    [
        (("--budget", "10"), "", "This apply takes 11 calls, and"),
        ((), "budget: {leave: 90}\n", "of 10 an hour; the rest is for others"),
    ],
)
def test_flag_and_project_file_say_how_many_calls_are_ours(
    words: tuple[str, ...], project: str, said: str, command: Command, emulator: Emulator, inventory: Path
) -> None:
    emulator.settings.update({"hourly_limit": 100})
    with (inventory / "reconciler.yaml").open("a") as file:
        file.write(project)
    refused = command("apply", "--auto-approve", *words)
    assert (refused.code, writes(emulator)) == (5, 0)
    assert said in refused.err


@pytest.mark.parametrize("value", ["95", "-1", "ten", "{leave: 91}", "{spare: 5}"])
def test_a_share_that_can_not_be_is_a_mistake_in_the_project_file(
    value: str, command: Command, inventory: Path
) -> None:
    with (inventory / "reconciler.yaml").open("a") as file:
        file.write(f"budget: {value}\n")
    result = command("validate")
    assert result.code == 3
    assert "reconciler.yaml" in result.out + result.err


def test_a_run_that_may_wait_goes_over_the_end_of_the_hour(command: Command, emulator: Emulator) -> None:
    emulator.settings.update({"hourly_limit": 14, "hour_s": 1.5})
    done = command("apply", "--auto-approve", "--wait", "--threads", "2")
    assert done.code == 0, done.err
    assert {call.status for call in emulator.calls.log} == {200}
    assert "may be made in this hour (of 12 an hour; the rest is for others): it will be done soon after" in done.err
    assert len(emulator.calls.log) > 14


def test_ctrl_c_ends_a_wait_and_the_same_command_goes_on(command: Command, emulator: Emulator) -> None:
    used_up(emulator, left=27)
    over = threading.Event()

    def interrupt() -> None:
        while emulator.calls.writes < 1 and not over.wait(0.01):
            pass
        while not over.wait(0.3):
            os.kill(os.getpid(), signal.SIGINT)
            return

    watcher = threading.Thread(target=interrupt)
    watcher.start()
    ended = command("apply", "--auto-approve", "--wait", "--threads", "1")
    over.set()
    watcher.join()
    assert ended.code == 130, ended.err
    assert "it will be done soon after" in ended.err
    made = writes(emulator)
    assert 0 < made < 5
    emulator.settings.update({"hourly_limit": 5000})
    assert command("apply", "--resume", "--auto-approve").code == 0
    assert writes(emulator) == 5
    assert command("plan", "--detailed-exitcode").code == 0


@pytest.mark.parametrize("name", ["MIST_APITOKENS", "MIST_APITOKEN"])
def test_several_tokens_are_given_in_one_variable(
    name: str, command: Command, emulator: Emulator, environ: Mapping[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    emulator.tokens.only = frozenset({CANARIES["MIST_APITOKEN"], "canary-second"})
    if name == "MIST_APITOKENS":
        monkeypatch.delenv("MIST_APITOKEN")
    monkeypatch.setenv("MIST_APITOKENS", f"{environ['MIST_APITOKEN']}, canary-second")
    emulator.settings.update({"hourly_limit": 20})
    done = command("apply", "--auto-approve")
    assert done.code == 0, done.err
    assert "canary" not in done.out + done.err


def test_no_inventory_sees_the_tokens(command: Command, inventory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MIST_APITOKENS", "canary-second")
    with (inventory / "sites.yaml").open("a") as file:
        file.write("  - {name: other, notes: !secret env:MIST_APITOKENS}\n")
    assert "canary-second" not in command("validate").out


def test_a_wait_is_told_once_and_then_every_ten_minutes() -> None:
    told: list[str] = []
    now = [0.0]
    hold = hold_lines(told.append, clock=lambda: now[0])
    for second in range(1500):
        now[0] = float(second)
        for _ in range(3):
            hold(1500.5 - second)
    hold(1.0)
    hold(3600.0)
    assert told == [f"waiting for the next hour's calls: {left} left" for left in ("25:01", "15:01", "5:01", "1:00:00")]
