"""One apply at a time per organisation."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from reconciler.emulator import Emulator
from reconciler.errors import GuardRefusal, UsageError
from reconciler.runs.lock import organisation_lock, state_directory
from tests.cli.conftest import ORG, Command, writes

HOLD = """
import sys, time
from pathlib import Path
from reconciler.runs.lock import organisation_lock
with organisation_lock(Path(sys.argv[1]), org_id=sys.argv[2], timeout=0, tell=print):
    print("held", flush=True)
    time.sleep(float(sys.argv[3]))
"""


@contextmanager
def held(directory: Path, *, org_id: str = ORG, seconds: float = 60) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the lock for some time."""
    words = [sys.executable, "-c", HOLD, str(directory), org_id, str(seconds)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as other:
        try:
            assert other.stdout is not None
            assert other.stdout.readline() == "held\n"
            yield other
        finally:
            other.kill()


def locks(state: Path) -> Path:
    return state / "mist-reconciler" / "locks"


def test_a_second_apply_is_refused_with_who_holds_the_lock(
    command: Command, host: str, emulator: Emulator, state: Path
) -> None:
    with held(locks(state)) as other:
        result = command("apply", "--auto-approve")
        assert result.code == 5
        assert f"Another apply to this organisation is under way: process {other.pid} on " in result.err
        assert ", since 20" in result.err
        assert "--lock-timeout" in result.err
        assert emulator.calls.total == 0
        assert command("plan").code == 0  # who only reads needs no lock
    assert command("apply", "--auto-approve").code == 0  # the other one was killed
    assert writes(emulator) == 5


def test_an_apply_waits_as_long_as_it_was_told_to(command: Command, host: str, state: Path) -> None:
    with held(locks(state), seconds=1):
        result = command("apply", "--auto-approve", "--lock-timeout", "30")
    assert result.code == 0
    assert "Waiting up to 30 s for another apply to this organisation to end: process " in result.err


def test_a_wait_that_was_too_short_says_how_long_it_was(command: Command, host: str, state: Path) -> None:
    with held(locks(state)):
        began = time.monotonic()
        result = command("apply", "--auto-approve", "--lock-timeout", "0.4", "--quiet")
        assert time.monotonic() - began >= 0.4
    assert result.code == 5
    assert "(waited 0.4 s)" in result.err
    assert "Waiting" not in result.err


def test_a_saved_plan_is_applied_under_the_lock_too(command: Command, host: str, state: Path) -> None:
    assert command("plan", "--out", "one.plan").code == 0
    with held(locks(state)):
        assert command("apply", "one.plan").code == 5
    assert command("apply", "one.plan").code == 0


def test_one_organisation_has_one_lock_however_its_host_and_its_id_are_written(
    command: Command, host: str, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with held(locks(state), org_id=ORG.upper()):
        for written in (host, host.replace("127.0.0.1", "localhost")):
            monkeypatch.setenv("MIST_HOST", written)
            assert command("apply", "--auto-approve").code == 5


def test_other_organisations_have_locks_of_their_own(tmp_path: Path) -> None:
    with held(tmp_path, org_id="another"), lock(tmp_path):
        assert sorted(path.suffix for path in tmp_path.iterdir()) == [".holder", ".holder", ".lock", ".lock"]


@contextmanager
def lock(directory: Path) -> Iterator[None]:
    with organisation_lock(directory, org_id=ORG, timeout=0, tell=lambda _text: None):
        yield


@pytest.mark.parametrize("content", ["", "no json", "{}", '{"pid": "x", "since": "y"}', '["x"]', None])
def test_a_note_about_the_holder_that_can_not_be_read_does_no_harm(content: str | None, tmp_path: Path) -> None:
    with lock(tmp_path):
        (note,) = tmp_path.glob("*.holder")
        facts = json.loads(note.read_text())
        assert facts["pid"] == os.getpid()
        note.unlink() if content is None else note.write_text(content)
        with pytest.raises(GuardRefusal, match="under way: by another process"), lock(tmp_path):
            pass
    with lock(tmp_path):
        pass


def test_a_lock_is_released_after_an_error_and_its_note_is_gone(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), lock(tmp_path):
        raise KeyboardInterrupt
    assert not list(tmp_path.glob("*.holder"))
    with lock(tmp_path):
        pass


def test_a_state_directory_that_can_not_be_made_is_told(tmp_path: Path, command: Command, emulator: Emulator) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="XDG_STATE_HOME"), lock(tmp_path / "file" / "below"):
        pass


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({"XDG_STATE_HOME": "/var/state"}, Path("/var/state/mist-reconciler/locks")),
        ({"XDG_STATE_HOME": "relative"}, Path.home() / ".local/state/mist-reconciler/locks"),
        ({}, Path.home() / ".local/state/mist-reconciler/locks"),
    ],
)
def test_locks_are_in_the_users_state_directory(environ: dict[str, str], expected: Path) -> None:
    assert state_directory(environ) == expected
