"""The face on a port, and the command that runs it."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests

from reconciler.emulator import Emulator, EmulatorError
from reconciler.emulator.persistence import StateFile
from reconciler.emulator.server import Server, run, serve
from tests.emulator.support import ORG, ROOT, SITE, organisation

SITES = f"/api/v1/orgs/{ORG}/sites"


@pytest.fixture
def server() -> Iterator[Server]:
    with serve(Emulator(data=organisation())) as server:
        yield server


@pytest.fixture
def http_session() -> Iterator[requests.Session]:
    with requests.Session() as session:
        session.trust_env = False
        session.headers["Authorization"] = "Token t"
        yield session


def test_a_session_lists_creates_changes_and_deletes(server: Server, http_session: requests.Session) -> None:
    made = http_session.post(server.url + SITES, json={"name": "Ünï"}).json()
    item = f"{server.url}/api/v1/sites/{made['id']}"
    assert http_session.put(item, json={"notes": "n"}).json()["name"] == "Ünï"
    assert http_session.get(server.url + SITES, params={"limit": 1}).headers["X-Page-Total"] == "3"
    assert http_session.delete(item).status_code == 200
    assert http_session.patch(item).status_code == 405
    assert http_session.head(item).content == b""


def test_a_connection_is_kept_alive(server: Server) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server.port)
    sockets = set()
    for _ in range(3):
        connection.request("GET", SITES, headers={"Authorization": "Token t"})
        reply = connection.getresponse()
        assert (reply.version, len(json.loads(reply.read()))) == (11, 2)
        sockets.add(connection.sock)
    assert len(sockets) == 1
    connection.close()


@pytest.mark.parametrize(
    ("drop", "error", "sites"),
    [
        ("connect", requests.exceptions.ConnectionError, 2),
        ("before", requests.exceptions.ConnectionError, 2),
        ("after", requests.exceptions.ConnectionError, 3),
        ("body", requests.exceptions.RequestException, 3),
    ],
)
def test_a_connection_is_cut_before_or_after_the_change(
    drop: str, error: type[Exception], sites: int, server: Server, http_session: requests.Session
) -> None:
    faults = [{"drop": drop, "times": 1}]
    http_session.put(f"{server.url}/__emulator__/faults", json=faults).raise_for_status()
    with pytest.raises(error):
        http_session.post(server.url + SITES, json={"name": "n"})
    assert len(http_session.get(server.url + SITES).json()) == sites


def test_a_caller_that_hangs_up_harms_nobody(server: Server, http_session: requests.Session) -> None:
    http_session.put(f"{server.url}/__emulator__/settings", json={"latency_ms": 50})
    for _ in range(3):
        with socket.create_connection(("127.0.0.1", server.port)) as connection:
            connection.sendall(f"GET {SITES} HTTP/1.1\r\nHost: x\r\nAuthorization: Token t\r\n\r\n".encode())
    time.sleep(0.1)
    assert http_session.get(server.url + SITES).status_code == 200


def test_sixteen_callers_are_answered_side_by_side(server: Server) -> None:
    server.emulator.settings.update({"latency_ms": 50})

    def read(_number: int) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", server.port)
        for _ in range(4):
            connection.request("GET", SITES, headers={"Authorization": "Token t"})
            status = connection.getresponse()
            status.read()
        connection.close()
        return status.status

    start = time.perf_counter()
    with ThreadPoolExecutor(16) as pool:
        assert set(pool.map(read, range(16))) == {200}
    # In a row this would take 3.2 s.
    assert time.perf_counter() - start < 1.6


def test_a_port_in_use_is_one_clear_line(server: Server) -> None:
    with pytest.raises(EmulatorError, match=rf"cannot listen on 127.0.0.1:{server.port}: .*in use"):
        serve(Emulator(), port=server.port)


def start(*arguments: str) -> tuple[subprocess.Popen[str], str]:
    code = f"from pathlib import Path; from reconciler.emulator.server import run; run({', '.join(arguments)})"
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert process.stdout is not None
    line = process.stdout.readline().split()
    assert line[:2] == ["listening", "on"]
    return process, line[2]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_command_serves_a_seed_until_it_is_told_to_stop_and_keeps_its_state(
    number: signal.Signals, tmp_path: Path, http_session: requests.Session
) -> None:
    seed, state = tmp_path / "seed.json", tmp_path / "state.json"
    seed.write_text(json.dumps(organisation()))
    process, url = start("port=0", f"seed=Path({str(seed)!r})", f"state=Path({str(state)!r})", "token='t'")
    assert http_session.get(url + SITES, headers={"Authorization": "Token u"}).status_code == 401
    http_session.put(f"{url}/api/v1/sites/{SITE}", json={"notes": "kept"}).raise_for_status()
    process.send_signal(number)
    assert process.communicate(timeout=10)[0] == ""
    assert process.returncode == 0
    again = Emulator(data=StateFile(state).read())
    assert again.call("GET", f"sites/{SITE}").body["notes"] == "kept"


def test_the_command_writes_its_state_while_it_runs_and_prefers_it_to_the_seed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    state = tmp_path / "state.json"
    kept = organisation()
    kept["orgs"][0]["name"] = "Kept"
    state.write_text(json.dumps(kept))
    monkeypatch.chdir(tmp_path)

    def act() -> None:
        deadline = time.monotonic() + 8
        while "created_time" not in state.read_text() and time.monotonic() < deadline:
            time.sleep(0.05)
        os.kill(os.getpid(), signal.SIGTERM)

    thread = threading.Thread(target=act)
    thread.start()
    run(port=0, seed=tmp_path / "none.yaml", state=state)
    thread.join()
    assert json.loads(state.read_text())["orgs"][0]["name"] == "Kept"
    assert capsys.readouterr().out.startswith("listening on http://127.0.0.1:")


def test_the_command_runs_without_seed_and_state(capsys: pytest.CaptureFixture[str]) -> None:
    timer = threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()
    run(port=0)
    timer.join()
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith("listening on ")
    assert re.fullmatch(r"organisation [0-9a-f-]{36} Emulated", second)


@pytest.mark.parametrize("text", ["{", "[]", ""])
def test_a_file_that_is_no_state_is_one_clear_line(text: str, tmp_path: Path) -> None:
    state = tmp_path / "state.json"
    state.write_text(text)
    with pytest.raises(EmulatorError, match="not a state file"):
        run(port=0, state=state)
    assert state.read_text() == text


def test_a_state_that_cannot_be_written_is_one_clear_line(tmp_path: Path) -> None:
    file = StateFile(tmp_path / "none" / "state.json")
    assert file.read() is None
    with pytest.raises(EmulatorError, match="cannot be written"):
        file.write_when_changed(Emulator())


def test_a_state_is_written_once_for_each_change(tmp_path: Path) -> None:
    emulator, file = Emulator(data=organisation()), StateFile(tmp_path / "s.json")
    assert file.write_when_changed(emulator)
    assert not file.write_when_changed(emulator)
    emulator.call("PUT", f"sites/{SITE}/setting", body={"vars": {"a": "1"}})
    assert file.write_when_changed(emulator)
    assert [p.name for p in tmp_path.iterdir()] == ["s.json"]
