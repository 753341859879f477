"""Webhooks on their way: really sent, signed, tried again, and what the search tells of it."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from reconciler.emulator import Emulator
from reconciler.emulator.outbox import header_problem
from tests.emulator.support import ORG, SITE, ok, refused

AT_SITE, AT_ORG = f"sites/{SITE}/webhooks", f"orgs/{ORG}/webhooks"


@dataclass
class Receiver:
    """A server that remembers what it was sent, and answers with the statuses given, 200 after them."""

    url: str = ""
    statuses: list[int] = field(default_factory=list)
    got: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    kept = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            kept.got.append((self.path, dict(self.headers), body))
            answer = b'{"access_token": "t0ken"}' if self.path == "/token" else b"thanks"
            self.send_response(kept.statuses.pop(0) if kept.statuses else 200)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *args: object) -> None:
            """Silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    kept.url = f"http://127.0.0.1:{server.server_address[1]}/hook"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield kept
    server.shutdown()
    server.server_close()


def hook(emulator: Emulator, place: str, **body: Any) -> str:
    made = ok(emulator.call("POST", place, body={"name": "h", "topics": ["audits"], **body}))
    assert emulator.outbox.wait()
    return str(made["id"])


def deliveries_of(emulator: Emulator, place: str, webhook: str) -> list[dict[str, Any]]:
    assert emulator.outbox.wait()
    return list(ok(emulator.call("GET", f"{place}/{webhook}/events/search"))["results"])


@pytest.mark.parametrize("place", [AT_ORG, AT_SITE])
def test_a_ping_is_sent_with_both_signatures_and_found_as_a_delivery(
    place: str, receiver: Receiver, emulator: Emulator
) -> None:
    webhook = hook(emulator, place, url=receiver.url, secret="s3cret", topics=[], headers={"X-Mine": "1"})
    assert emulator.call("POST", f"{place}/{webhook}/ping").content == b""
    (delivery,) = deliveries_of(emulator, place, webhook)
    ((path, headers, body),) = receiver.got
    assert (path, headers["User-Agent"], headers["X-Mine"]) == ("/hook", "Mist-webhook", "1")
    assert headers["X-Mist-Signature"] == hmac.new(b"s3cret", body, hashlib.sha1).hexdigest()
    assert headers["X-Mist-Signature-v2"] == hmac.new(b"s3cret", body, hashlib.sha256).hexdigest()
    payload = json.loads(body)
    assert (payload["topic"], payload["events"][0]["name"]) == ("ping", "h")
    assert (delivery["status"], delivery["status_code"], delivery["topic"]) == ("success", 200, "ping")
    assert (delivery["req_payload"], delivery["resp_body"]) == (body.decode(), "thanks")
    assert ("site_id" in delivery) == (place == AT_SITE)
    refused(emulator.call("POST", f"{place}/nowhere/ping"), 404)


def test_changes_are_told_as_audits_with_text_of_changed_leaves(receiver: Receiver, emulator: Emulator) -> None:
    hook(emulator, AT_ORG, url=receiver.url)
    hook(emulator, AT_SITE, url=receiver.url + "/site")
    hook(emulator, AT_ORG, url=receiver.url + "/off", enabled=False)
    receiver.got.clear()
    ok(emulator.call("PUT", f"sites/{SITE}/setting", body={"vars": {"a": "1"}}, admin="Ada"))
    ok(emulator.call("PUT", f"orgs/{ORG}/setting", body={"ui_idle_timeout": 5}))
    assert emulator.outbox.wait()
    events = [(path, json.loads(body)["events"][0]) for path, _, body in receiver.got]
    assert sorted(path for path, _ in events) == ["/hook", "/hook", "/hook/site"]
    (event, *_) = [e for path, e in events if path == "/hook/site"]
    assert (event["message"], event["admin_name"], event["site_id"]) == ("Update Site Settings", "Ada", SITE)
    assert json.loads(event["after"]) == {"vars": {"a": "1"}}


def test_what_fails_is_tried_again_and_every_attempt_is_listed(receiver: Receiver, emulator: Emulator) -> None:
    webhook = hook(emulator, AT_ORG, url=receiver.url, topics=[])
    receiver.statuses[:] = [500, 503]
    emulator.call("POST", f"{AT_ORG}/{webhook}/ping")
    attempts = deliveries_of(emulator, AT_ORG, webhook)
    assert [a["status_code"] for a in attempts] == [200, 503, 500]
    assert [a["status"] for a in attempts] == ["success", "failure", "failure"]
    assert len({body for _, _, body in receiver.got}) == 1
    failed = ok(emulator.call("GET", f"{AT_ORG}/{webhook}/events/search", query={"status": "failure"}))
    assert failed["total"] == 2
    counted = ok(emulator.call("GET", f"{AT_ORG}/{webhook}/events/count", query={"distinct": "status"}))
    assert counted["results"] == [{"status": "failure", "count": 2}, {"status": "success", "count": 1}]


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"url": "https://hooks.example.net/x"}, "this machine only"),
        ({"url": "ftp://127.0.0.1/"}, "none of http or https"),
        ({"url": "http://[::1"}, "none of http or https"),
        ({"url": None}, "none of http or https"),
        ({"url": "http://127.0.0.1:9/", "type": "splunk"}, "splunk_token is missing"),
        ({"url": "http://127.0.0.1:9/", "type": "aws-sns"}, "no aws-sns"),
    ],
)
def test_what_cannot_be_sent_is_told_as_a_failure_with_its_reason(
    body: dict[str, Any], error: str, emulator: Emulator
) -> None:
    state = emulator.state()
    state["orgs"][0]["webhooks"] = [{"id": "w", "name": "h", **body}]
    emulator.load(state)
    emulator.call("POST", f"{AT_ORG}/w/ping")
    (delivery,) = deliveries_of(emulator, AT_ORG, "w")
    assert delivery["status"] == "failure"
    assert error in delivery["error"]
    assert "status_code" not in delivery


def test_nobody_listening_is_a_failure_and_off_is_off(receiver: Receiver, emulator: Emulator) -> None:
    emulator.settings.update({"webhooks": "off"})
    webhook = hook(emulator, AT_ORG, url=receiver.url, topics=[])
    emulator.call("POST", f"{AT_ORG}/{webhook}/ping")
    assert "webhooks are off" in deliveries_of(emulator, AT_ORG, webhook)[0]["error"]
    assert receiver.got == []


def test_splunk_and_oauth2_bring_their_credentials_and_the_search_hides_them(
    receiver: Receiver, emulator: Emulator
) -> None:
    splunk = hook(emulator, AT_ORG, url=receiver.url, topics=[], type="splunk", splunk_token="sp1unk")
    oauth = {"oauth2_token_url": receiver.url.replace("/hook", "/token"), "oauth2_grant_type": "client_credentials"}
    client = {"oauth2_client_id": "me", "oauth2_client_secret": "s3cret"}
    other = hook(emulator, AT_ORG, url=receiver.url, topics=[], type="oauth2", **oauth, **client)
    for webhook, expected in ((splunk, "Splunk sp1unk"), (other, "Bearer t0ken")):
        emulator.call("POST", f"{AT_ORG}/{webhook}/ping")
        shown = json.dumps(deliveries_of(emulator, AT_ORG, webhook))
        assert receiver.got[-1][1]["Authorization"] == expected
        assert expected not in shown
    assert b"client_secret=s3cret" in next(body for path, _, body in receiver.got if path == "/token")


HEADERS = [
    ({}, None),
    ({"a": "b"}, None),
    ({"a": 5}, "header[a] not a string"),
    ({"a": "b" * 1000}, "headers too big"),
    ({"a": "b\r\nc: d"}, "headers format invalid"),
    ("text", "headers format invalid"),
]


@pytest.mark.parametrize(("headers", "problem"), HEADERS)
def test_headers_that_the_cloud_cannot_send_are_told_to_the_receiver(headers: Any, problem: str | None) -> None:
    assert header_problem(headers) == problem


@pytest.mark.parametrize("path", ["events/search", "events/count"])
def test_deliveries_of_an_unknown_webhook_are_not_found(path: str, emulator: Emulator) -> None:
    refused(emulator.call("GET", f"{AT_ORG}/nowhere/{path}"), 404)


def test_deliveries_are_remembered_up_to_a_bound_of_bytes(emulator: Emulator) -> None:
    emulator.settings.update({"webhooks": "off"})
    webhook = hook(emulator, AT_ORG, url="http://127.0.0.1:9/")
    for number in range(20):
        ok(emulator.call("PUT", f"sites/{SITE}", body={"notes": f"{number}" + "x" * 1_000_000}))
    found = deliveries_of(emulator, AT_ORG, webhook)
    assert 5 < len(found) < 17
