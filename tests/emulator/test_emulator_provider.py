"""What the vendor's Terraform provider shows of the cloud, line by line: requests as data, and what comes back.

A line of a table is named for the fact (J: what its tests found wrong in an emulator, F: what they tell of the cloud).
"""

from __future__ import annotations

import base64
import json
import re
import socket
from typing import Any

import pytest
import yaml

from reconciler.emulator import Emulator
from reconciler.emulator.bodies import Form, Part
from reconciler.emulator.evidence import load_evidence
from reconciler.emulator.messages import Request
from reconciler.emulator.routes import load_routes
from reconciler.emulator.server import Server
from tests.emulator.cases import body_for
from tests.emulator.support import GROUP, ORG, OTHER_SITE, ROOT, SITE, Clock, organisation

HERE = ROOT / "tests" / "emulator"
LINES: dict[str, list[dict[str, Any]]] = yaml.safe_load((HERE / "provider_lines.yaml").read_text("utf-8"))
PICTURE = b"\x89PNG\r\n\x1a\n" + b"x" * 20
BODIES = {
    "PICTURE": Form((Part("file", "x.png", PICTURE), Part("json", None, b""))),
    "NO PICTURE": Form((Part("file", "x.png", b"plain text"),)),
}
NAMES = {"ORG": ORG, "SITE": SITE, "OTHER": OTHER_SITE, "GROUP": GROUP}
MISSING = object()


@pytest.fixture
def cloud(clock: Clock) -> Emulator:
    data = organisation()
    devices = [
        ("5c5b35000001", "ap"),
        ("5c5b35000002", "switch"),
        ("5c5b35000003", "gateway"),
        ("5c5b35000004", "gateway"),
    ]
    data["orgs"][0]["inventory"] = [{"mac": mac, "type": kind, "model": "M", "site_id": SITE} for mac, kind in devices]
    data["orgs"][0]["inventory"].append({"mac": "5c5b35000005", "type": "ap", "model": "M"})
    return Emulator(data=data, clock=clock, sleep=clock.sleep)


def put_in(value: Any, seen: dict[str, str]) -> Any:
    """The data with the names of the organisation's objects, and of those that were made, replaced by their ids."""
    text = re.sub("<([A-Z]+|[a-z]+)>", lambda found: {**NAMES, **seen}[found[1]], json.dumps(value))
    return json.loads(text)


def at(value: Any, path: str) -> Any:
    for step in path.split("."):
        if isinstance(value, list):
            value = value[int(step)] if int(step) < len(value) else MISSING
        else:
            value = value.get(step, MISSING) if isinstance(value, dict) else MISSING
    return value


@pytest.mark.parametrize("line", LINES)
def test_the_cloud_does_what_the_provider_shows(line: str, cloud: Emulator, clock: Clock) -> None:
    seen: dict[str, str] = {}
    for step in LINES[line]:
        if "quirks" in step:
            cloud.settings.update({"quirks": step["quirks"]})
            continue
        if "wait" in step:
            clock.sleep(step["wait"])
            continue
        wanted = put_in(step, seen)
        method, path = wanted["call"].split(" ")
        body = (
            BODIES.get(wanted.get("body"), wanted.get("body"))
            if isinstance(wanted.get("body"), str)
            else wanted.get("body")
        )
        reply = cloud.call(method, path, body=body, query=wanted.get("query", {}))
        assert reply.status == wanted.get("status", 200), reply
        for name, value in wanted.get("has", {}).items():
            assert at(reply.body, name) == value, (name, reply.body)
        for name in wanted.get("any", []):
            assert at(reply.body, name) not in (MISSING, None, ""), (name, reply.body)
        for name in wanted.get("gone", []):
            assert at(reply.body, name) in (MISSING, None), (name, reply.body)
        if "is" in wanted:
            assert reply.body == wanted["is"]
        for name, value in wanted.get("headers", {}).items():
            assert reply.headers[name] == value
        if "as" in wanted:
            seen[wanted["as"]] = reply.body["id"]


def test_every_line_is_tried_or_told_where_it_is() -> None:
    elsewhere = {"J1": "chunks", "J14": "names", "J21": "query", "F2": "never", "F13": "again", "F21": "rules"}
    tried = {line.split()[0] for line in LINES}
    assert tried | set(elsewhere) == {*(f"J{n}" for n in range(1, 22)), *(f"F{n}" for n in range(1, 23))}


COLLECTIONS = load_routes().collections
KINDS = [key for key, one in COLLECTIONS.items() if "C" in one.ops]
# What a list or search can't be without, so that a body of the document's fields alone is refused.
PLACES = {"orgs": f"orgs/{ORG}", "sites": f"sites/{SITE}"}


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_write_answers_is_read_again_to_the_letter_and_holds_nothing_impossible(
    kind: str, cloud: Emulator
) -> None:
    """F2, F12, F13: no default that the provider can't take, `-field` in a POST, and the next GET agrees."""
    scope, name = kind.split("/")
    path = f"{PLACES[scope]}/{name}"
    body = put_in(body_for(name), {})
    made = cloud.call("POST", path, body={**body, "-description": ""})
    assert made.status == 200, made
    assert set(body) <= set(made.body)
    impossible = set(load_evidence().never.get(COLLECTIONS[kind].schema, ())) - set(body)
    assert not impossible & set(made.body)
    if "G" in COLLECTIONS[kind].ops:
        again = cloud.call("GET", f"{path}/{made.body['id']}").body
        assert again == made.body or name == "apitokens"


def in_chunks(connection: socket.socket, method: str, path: str, body: Any) -> dict[str, Any]:
    """One call as a program in Go makes it: no length, pieces of any size, the connection kept."""
    text = json.dumps(body).encode()
    head = (
        f"{method} /api/v1/{path} HTTP/1.1\r\nHost: x\r\nUser-Agent: Go-http-client/1.1\r\nAuthorization: Token t\r\n"
    )
    connection.sendall(f"{head}Transfer-Encoding: chunked\r\nAccept-Encoding: gzip\r\n\r\n".encode())
    for start in range(0, len(text), 9):
        piece = text[start : start + 9]
        connection.sendall(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
    connection.sendall(b"0\r\n\r\n")
    stream = connection.makefile("rb")
    status, length = stream.readline().decode(), 0
    while (line := stream.readline().decode()).strip():
        if line.lower().startswith("content-length:"):
            length = int(line.split(":")[1])
    answer = json.loads(stream.read(length) or "null")
    assert " 200 " in status, (status, answer)
    return answer


def test_every_kind_is_written_in_chunks_over_one_connection(cloud: Emulator) -> None:
    """J1."""
    server = Server(cloud, host="127.0.0.1", port=0)
    with server, socket.create_connection(("127.0.0.1", server.port), timeout=5) as connection:
        for kind in KINDS:
            scope, name = kind.split("/")
            path = f"{PLACES[scope]}/{name}"
            made = in_chunks(connection, "POST", path, body_for(name))
            if "U" in COLLECTIONS[kind].ops:
                in_chunks(connection, "PUT", f"{path}/{made['id']}", body_for(name))
        for place in PLACES.values():
            in_chunks(connection, "PUT", f"{place}/setting", {"device_updown_threshold": 7})
    assert cloud.calls.as_json()["writes"] >= len(KINDS)


def test_the_record_of_calls_has_their_query(cloud: Emulator) -> None:
    """J21."""
    cloud.call("GET", f"orgs/{ORG}/inventory", query={"mac": "", "vc": "true"})
    log = cloud.handle(Request("GET", "/__emulator__/calls", {}, None, {})).body["log"]
    assert log[-1]["query"] == {"mac": "", "vc": "true"}


SAVED: list[dict[str, Any]] = json.loads((HERE / "provider_writes.json").read_text("utf-8"))


@pytest.mark.parametrize("number", range(len(SAVED)), ids=lambda number: SAVED[number]["path"])
def test_a_write_of_the_provider_comes_back_at_the_same_paths(number: int, cloud: Emulator) -> None:
    """The bodies that the provider sends, `-field` and all; what it doesn't send must be one of the values that some
    source lets the cloud add (`adds`)."""
    one = put_in(SAVED[number], {})
    reply = cloud.call(one["method"], one["path"], body=one["body"])
    assert reply.status == 200, reply
    sent = {name: value for name, value in one["body"].items() if not name.startswith("-")}
    assert {path: read(at(reply.body, path)) for path in paths(sent)} == {
        path: read(at(sent, path)) for path in paths(sent)
    }
    added = {path for path in paths(reply.body) if at(sent, path) is MISSING and at(reply.body, path) is not None}
    assert sorted(added - {"id", "created_time", "modified_time", "org_id", "site_id"}) == one["adds"]


def read(value: Any) -> Any:
    """As the provider reads it: number or text is one, and nothing is an empty list."""
    return value if isinstance(value, bool) else None if value in ([], None) else str(value)


def paths(value: Any, above: str = "") -> list[str]:
    """The dotted paths of all leaves; names with dots in them are left out."""
    if isinstance(value, dict) and value:
        return [found for name, inner in value.items() if "." not in name for found in paths(inner, f"{above}{name}.")]
    if isinstance(value, list) and value:
        return [found for number, inner in enumerate(value) for found in paths(inner, f"{above}{number}.")]
    return [above.rstrip(".")]


def test_a_picture_in_text_is_none(cloud: Emulator) -> None:
    made = cloud.call("POST", f"sites/{SITE}/wlans", body={"ssid": "a"}).body
    text = base64.b64encode(PICTURE)
    reply = cloud.call(
        "POST", f"sites/{SITE}/wlans/{made['id']}/portal_image", body=Form((Part("file", "x.png", text),))
    )
    assert (reply.status, list(reply.body)) == (400, ["detail"])
