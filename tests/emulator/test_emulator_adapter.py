"""The in-process face: requests sees what it would see of a cloud, or of a broken network."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests
from urllib3 import Timeout
from urllib3.exceptions import NewConnectionError

from reconciler.emulator import Emulator
from tests.emulator.support import ORG, SITE

HOST = "https://api.mist.com"
SITES = f"{HOST}/api/v1/orgs/{ORG}/sites"


def test_a_session_lists_creates_changes_and_deletes(session: requests.Session) -> None:
    reply = session.get(SITES, params={"limit": 1})
    assert (reply.status_code, reply.reason, reply.headers["x-page-total"]) == (200, "OK", "2")
    assert reply.headers["Content-Type"] == "application/json"
    made = session.post(SITES, json={"name": "Ünï"}).json()
    item = f"{HOST}/api/v1/sites/{made['id']}"
    assert session.put(item, json={"notes": "n"}).json()["name"] == "Ünï"
    assert session.delete(item).status_code == 200
    assert session.get(item).json()["detail"].startswith("You do not have permission")


def test_a_body_may_be_bytes_text_or_no_json_at_all(session: requests.Session) -> None:
    url = f"{HOST}/api/v1/sites/{SITE}"
    for data in (b'{"notes": "a"}', '{"notes": "b"}'):
        assert session.put(url, data=data).status_code == 200
    assert session.put(url, data=b"{").status_code == 400
    assert session.put(url, data=iter([b'{"notes"', b': "c"}'])).json()["notes"] == "c"


def test_an_answer_can_be_streamed(session: requests.Session) -> None:
    with session.get(SITES, stream=True) as reply:
        assert b"".join(reply.iter_content(16)).startswith(b"[")


CUTS: list[tuple[dict[str, Any], type[Exception]]] = [
    ({"drop": "connect"}, requests.exceptions.ConnectionError),
    ({"drop": "before"}, requests.exceptions.ConnectionError),
    ({"drop": "after"}, requests.exceptions.ConnectionError),
    ({"drop": "body"}, requests.exceptions.ChunkedEncodingError),
    ({"delay_ms": 10_000}, requests.exceptions.ReadTimeout),
]


@pytest.mark.parametrize(("fault", "error"), CUTS)
@pytest.mark.parametrize("timeout", [(3, 1), 1, Timeout(connect=3, read=1), Timeout(total=1)])
def test_a_broken_network_raises_what_requests_raises(
    fault: dict[str, Any], error: type[Exception], timeout: Any, session: requests.Session, emulator: Emulator
) -> None:
    emulator.faults.add({**fault, "times": 1})
    with pytest.raises(error) as caught:
        session.get(SITES, timeout=timeout)
    refused = isinstance(caught.value.args[0], NewConnectionError)
    assert refused == (fault.get("drop") == "connect")
    assert session.get(SITES, timeout=timeout).status_code == 200


@pytest.mark.parametrize("timeout", [None, (3, None), Timeout()])
def test_without_a_timeout_a_caller_waits(timeout: Any, session: requests.Session, emulator: Emulator) -> None:
    emulator.faults.add({"delay_ms": 10_000, "times": 1})
    assert session.get(SITES, timeout=timeout).status_code == 200


def test_a_truncated_answer_is_no_json(session: requests.Session, emulator: Emulator) -> None:
    emulator.faults.add({"truncate": 20, "times": 1})
    with pytest.raises(requests.exceptions.JSONDecodeError):
        session.get(SITES).json()


def test_many_threads_share_one_emulator(session: requests.Session, emulator: Emulator) -> None:
    def make(number: int) -> str:
        return str(
            session.post(f"{HOST}/api/v1/orgs/{ORG}/wxtags", json={"name": f"{number}", "type": "spec"}).json()["id"]
        )

    with ThreadPoolExecutor(8) as pool:
        ids = set(pool.map(make, range(200)))
    assert len(ids) == 200
    assert emulator.calls.writes == 200
