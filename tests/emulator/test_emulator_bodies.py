"""Bodies on the wire: in chunks or by length, JSON or forms, and everything that is none of these."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator

import pytest

from reconciler.emulator import Emulator
from reconciler.emulator.bodies import Form, parse_body
from reconciler.emulator.messages import Malformed
from reconciler.emulator.server import Server
from tests.emulator.support import ORG, SITE, organisation

SITES = f"/api/v1/orgs/{ORG}/sites"
CHUNKED = "Transfer-Encoding: chunked"
BOUND = 100_000


@pytest.fixture
def server() -> Iterator[Server]:
    emulator = Emulator(data=organisation())
    with Server(emulator, host="127.0.0.1", port=0, max_body=BOUND, body_timeout_s=0.3) as server:
        yield server


def send(server: Server, text: str, *, start: str = f"POST {SITES} HTTP/1.1") -> tuple[int, dict[str, object]]:
    """Status and JSON of the answer to these bytes."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as connection:
        connection.sendall(f"{start}\r\nHost: x\r\nAuthorization: Token t\r\n{text}".encode())
        answer = b""
        while b"\r\n\r\n" not in answer or not answer.endswith(b"}"):
            received = connection.recv(65536)
            assert received, f"cut after {answer!r}"
            answer += received
    head, _, body = answer.partition(b"\r\n\r\n")
    return int(head.split()[1]), json.loads(body)


def test_a_body_in_chunks_is_read_whole(server: Server) -> None:
    chunks = '8\r\n{"name":\r\nC;ext=1\r\n"In chunks"}\r\n0\r\nTrailer: x\r\n\r\n'
    status, made = send(server, f"{CHUNKED}\r\n\r\n{chunks}")
    assert (status, made["name"]) == (200, "In chunks")


def test_the_connection_is_good_for_another_call_after_a_body_in_chunks(server: Server) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as connection:
        for number in range(3):
            name = f'{{"name":"n{number}"}}'
            head = f"POST {SITES} HTTP/1.1\r\nHost: x\r\nAuthorization: Token t\r\n{CHUNKED}\r\n\r\n"
            connection.sendall(f"{head}{len(name):x}\r\n{name}\r\n0\r\n\r\n".encode())
            assert connection.recv(65536).startswith(b"HTTP/1.1 200")


REFUSED = {
    "a negative length": ("Content-Length: -5\r\n\r\n", 400),
    "a length that is no number": ("Content-Length: many\r\n\r\n", 400),
    "a length in other digits": ("Content-Length: \u0665\r\n\r\n", 400),
    "a length over the bound": (f"Content-Length: {1 << 40}\r\n\r\n", 413),
    "a length of 5,000 digits": (f"Content-Length: {'9' * 5000}\r\n\r\n", 400),
    "a body shorter than its length": ("Content-Length: 50\r\n\r\n{}", 400),
    "no chunk at all": (f"{CHUNKED}\r\n\r\n", 400),
    "a chunk size that is no number": (f"{CHUNKED}\r\n\r\nxyz\r\n{{}}\r\n0\r\n\r\n", 400),
    "a negative chunk size": (f"{CHUNKED}\r\n\r\n-2\r\n{{}}\r\n0\r\n\r\n", 400),
    "a chunk longer than its size": (f"{CHUNKED}\r\n\r\n1\r\n{{}}\r\n0\r\n\r\n", 400),
    "a chunk shorter than its size": (f"{CHUNKED}\r\n\r\n50\r\n{{}}\r\n0\r\n\r\n", 400),
    "chunks without an end": (f"{CHUNKED}\r\n\r\n2\r\n{{}}\r\n", 400),
    "a chunk size over the bound": (f"{CHUNKED}\r\n\r\n{BOUND + 1:x}\r\n", 400),
    "chunks over the bound": (f"{CHUNKED}\r\n\r\n" + f"{1000:x}\r\n{'x' * 1000}\r\n" * 101, 400),
    "a chunk size that would fill memory": (f"{CHUNKED}\r\n\r\nffffffffffff\r\n", 400),
    "a chunk size line without an end": (f"{CHUNKED}\r\n\r\n2;{'x' * 5000}", 400),
    "trailers without an end": (f"{CHUNKED}\r\n\r\n0\r\n" + "a: b\r\n" * 200, 400),
    "two lengths": (f"{CHUNKED}\r\nContent-Length: 2\r\n\r\n2\r\n{{}}\r\n0\r\n\r\n", 400),
    "another coding": ("Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 400),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_length_or_chunk_that_lies_is_refused_with_a_detail(case: str, server: Server) -> None:
    text, status = REFUSED[case]
    found, answer = send(server, text)
    assert (found, list(answer)) == (status, ["detail"])
    assert len(list(server.emulator.state()["orgs"][0]["sites"])) == 2


@pytest.mark.parametrize(
    ("start", "status"),
    [("GARBAGE", 400), ("GET / HTTP/9.9", 505), ("BREW / HTTP/1.1", 400), (f"GET /{'x' * 70_000} HTTP/1.1", 414)],
)
def test_a_request_line_that_is_none_is_refused_with_a_detail(start: str, status: int, server: Server) -> None:
    found, answer = send(server, "\r\n", start=start)
    assert (found, list(answer)) == (status, ["detail"])


MALFORMED = {
    "broken": b"{",
    "text": b"name: x",
    "bytes": b"\xff\xfe\x00",
    "NaN": b'{"name": NaN}',
    "infinity": b'{"name": -Infinity}',
    "a number past infinity": b'{"name": 1e999}',
    "a number of 5,000 digits": b'{"name": ' + b"9" * 5000 + b"}",
    "nested 100 deep": b'{"a":' * 100 + b"1" + b"}" * 100,
    "nested 2,000 deep": b"[" * 2000 + b"]" * 2000,
    "nested 200,000 deep": b"[" * 200_000 + b"]" * 200_000,
}


@pytest.mark.parametrize("case", MALFORMED)
def test_a_body_that_is_no_json_is_refused_wherever_it_is_sent(case: str, emulator: Emulator) -> None:
    body = parse_body(MALFORMED[case])
    assert isinstance(body, Malformed)
    for method, path in [("POST", f"orgs/{ORG}/sites"), ("PUT", f"sites/{SITE}/setting"), ("PUT", f"orgs/{ORG}")]:
        reply = emulator.call(method, path, body=body)
        assert (reply.status, list(reply.body)) == (400, ["detail"])
    assert emulator.call("PUT", "/__emulator__/settings", body=body).status == 400


def test_what_is_just_deep_enough_is_taken() -> None:
    assert parse_body(b'{"a":' * 60 + b"1" + b"}" * 60) is not None


MULTIPART = "multipart/form-data; boundary=xYz"
# As a program in Go writes it: names without quotes, the file name first, and a second, empty part.
FROM_GO = (
    b"--xYz\r\nContent-Disposition: form-data; filename=logo.png; name=file\r\nContent-Type: image/png\r\n\r\n"
    b"\x89PNG\r\n\r\nrest\r\n--xYz\r\nContent-Disposition: form-data; name=json\r\n\r\n\r\n--xYz--\r\n"
)


def test_a_form_is_read_with_names_in_quotes_and_without() -> None:
    form = parse_body(FROM_GO, MULTIPART)
    assert isinstance(form, Form)
    assert form.file() == b"\x89PNG\r\n\r\nrest"
    assert [(p.name, p.filename) for p in form.parts] == [("file", "logo.png"), ("json", None)]
    assert form.file("json") is None
    quoted = FROM_GO.replace(b"filename=logo.png; name=file", b'name="file"; filename="a \\"b\\".png"')
    again = parse_body(quoted, MULTIPART.replace("xYz", '"xYz"'))
    assert isinstance(again, Form)
    assert again.parts[0].filename == 'a "b".png'


PART = b'--xYz\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n'
FORMS = {
    "no boundary": (FROM_GO, "multipart/form-data"),
    "another boundary": (FROM_GO, "multipart/form-data; boundary=other"),
    "no end": (FROM_GO.removesuffix(b"--\r\n"), MULTIPART),
    "no part": (b"--xYz--\r\n", MULTIPART),
    "no name": (FROM_GO.replace(b"name=", b"nome="), MULTIPART),
    "no header": (FROM_GO.replace(b"Content-Disposition", b"Content-Position"), MULTIPART),
    "a hundred parts": (PART * 100 + b"--xYz--\r\n", MULTIPART),
}


@pytest.mark.parametrize("case", FORMS)
def test_a_form_that_is_none_is_malformed(case: str) -> None:
    assert isinstance(parse_body(*FORMS[case]), Malformed)
