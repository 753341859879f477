"""`apply --watch-devices`: what switches and WAN edges say of a configuration, and what a run makes of it."""

import os
import signal
import threading
from pathlib import Path

import pytest

from reconciler.emulator import Emulator
from tests.cli.conftest import ORG, Command

SITE = "11111111-1111-4111-8111-111111111111"
SWITCH, GATEWAY, AWAY, ELSEWHERE = "5c5b35000201", "5c5b35000301", "5c5b35000202", "5c5b35000203"
APPLY = ("apply", "--auto-approve", "--watch-devices")


@pytest.fixture
def devices(emulator: Emulator, inventory: Path) -> Emulator:
    """A switch and a gateway at Paris-HQ, a switch there that is not connected, and one at no site."""
    claimed = [
        {"mac": SWITCH, "model": "EX4100-48P", "type": "switch", "site_id": SITE, "name": "core"},
        {"mac": GATEWAY, "model": "SRX320", "type": "gateway", "site_id": SITE},
        {"mac": AWAY, "model": "EX2300-C-12P", "type": "switch", "site_id": SITE, "connected": False},
        {"mac": ELSEWHERE, "model": "EX2300-C-12P", "type": "switch"},
    ]
    state = emulator.state()
    next(org for org in state["orgs"] if org["id"] == ORG)["inventory"] = claimed
    emulator.load(state)
    return emulator


def heard(result: object) -> dict[str, tuple[str, str]]:
    rows = result.document["devices"]["heard"]  # type: ignore[attr-defined]
    return {row["mac"]: (row["answer"], row["text"]) for row in rows}


def test_each_device_of_the_sites_is_told_with_what_it_said(command: Command, devices: Emulator) -> None:
    done = command(*APPLY, "5m", "--json")
    assert done.code == 0, done.err
    assert heard(done) == {
        SWITCH: ("configured", ""),
        GATEWAY: ("configured", ""),
        AWAY: ("not connected", ""),
    }
    assert "with at most" in done.err


def test_a_refusal_is_exit_code_6_with_the_text_of_the_device(command: Command, devices: Emulator) -> None:
    devices.settings.update({"devices": {"refuse": {"5C:5B:35:00:02:01": "vlan 99 is not defined"}}})
    refused = command(*APPLY, "5m")
    assert refused.code == 6
    assert f"refused        core ({SWITCH}) at Paris-HQ  SW_CONFIG_FAILED" in refused.out
    assert "vlan 99 is not defined" in refused.out
    assert "Devices: 1 configured, 1 refused, 1 not connected." in refused.out


def test_what_a_device_quotes_of_a_secret_is_hidden(command: Command, devices: Emulator) -> None:
    devices.settings.update({"devices": {"refuse": {SWITCH: "near canary-psk-0001"}}})
    assert "canary" not in command(*APPLY, "5m").out


def test_a_silent_device_ends_nothing_and_costs_no_more_calls_than_were_foreseen(
    command: Command, devices: Emulator
) -> None:
    devices.settings.update({"devices": {"silent": [SWITCH]}})
    silent = command(*APPLY, "1s", "--json")
    assert (silent.code, heard(silent)[SWITCH]) == (0, ("silent", ""))
    most = int(silent.err.partition("at most ")[2].partition(" ")[0])
    asked = [call for call in devices.calls.log if "devices/events" in call.path]
    assert 0 < len(asked) <= silent.document["devices"]["calls"] <= most


def test_ctrl_c_ends_the_wait_and_shows_what_was_heard(command: Command, devices: Emulator) -> None:
    devices.settings.update({"devices": {"silent": [SWITCH]}})
    over = threading.Event()

    def interrupt() -> None:
        while not over.wait(0.01):
            if any("devices/events" in call.path for call in devices.calls.log):
                os.kill(os.getpid(), signal.SIGINT)
                return

    watcher = threading.Thread(target=interrupt)
    watcher.start()
    ended = command(*APPLY, "5m")
    over.set()
    watcher.join()
    assert ended.code == 130
    assert "Read back and verified" in ended.out
    assert f"silent         core ({SWITCH}) at Paris-HQ" in ended.out


@pytest.mark.parametrize("text", ["3x", "0s", "2d"])
def test_a_time_that_is_none_is_refused_before_anything_is_read(text: str, command: Command, devices: Emulator) -> None:
    wrong = command(*APPLY, text)
    assert (wrong.code, devices.calls.reads) == (64, 0)
    assert "5m" in wrong.err


def test_without_devices_nothing_is_waited_for(command: Command, emulator: Emulator) -> None:
    done = command(*APPLY, "5m")
    assert done.code == 0
    assert "no switch and no WAN edge is concerned" in done.out
