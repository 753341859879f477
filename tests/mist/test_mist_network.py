"""The real transport against servers that misbehave: time, size, redirects, credentials, TLS and proxies."""

import contextlib
import gzip
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reconciler.emulator import Emulator
from reconciler.emulator.server import serve
from reconciler.errors import AmbiguousWrite, BadAnswer, Unreachable, UsageError
from reconciler.mist.client import MistClient, connect
from reconciler.transport.pacing import Timing
from tests.mist.conftest import GROUPS, ORG, TOKEN, connection
from tests.mist.raw_server import TLS, RawServer, answer, saying


def real(server_url: str, **changes: Any) -> MistClient:
    """A client with the real transport, which neither repeats nor waits unless told to."""
    settings: dict[str, Any] = {"max_retries": 0, "connect_timeout": 5, "read_timeout": 5, "total_timeout": 5}
    return connect(connection(server_url, **{**settings, **changes}), timing=Timing(sleep=lambda _seconds: None))


def trickle(head: bytes, drop: bytes) -> Callable[[socket.socket, bytes], None]:
    """Sends `head`, then `drop` again and again, quickly enough for every read timeout."""

    def script(stream: socket.socket, _request: bytes) -> None:
        stream.sendall(head)
        until = time.monotonic() + 20
        while time.monotonic() < until:
            stream.sendall(drop)
            time.sleep(0.05)

    return script


HEAD = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: application/json\r\n"
TRICKLES = {
    "status line": (b"HTTP/1.1 200 O", b"K"),
    "headers": (b"HTTP/1.1 200 OK\r\nX-Long: ", b"x"),
    "body": (HEAD + b"Content-Length: 100000\r\n\r\n", b" "),
    "chunks": (HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
    "one chunk": (HEAD + b"Transfer-Encoding: chunked\r\n\r\nffff\r\n", b" "),
    "until the end": (HEAD + b"\r\n", b" "),
}


@pytest.mark.parametrize("where", TRICKLES)
@pytest.mark.parametrize("tls", [False, True])
def test_an_answer_that_trickles_in_ends_at_the_total_timeout(where: str, tls: bool) -> None:
    with RawServer(trickle(*TRICKLES[where]), tls=tls) as server:
        client = real(server.url, total_timeout=0.4, ca_bundle=str(TLS / "cert.pem"))
        began = time.monotonic()
        with pytest.raises(Unreachable, match="did not come in time"):
            client.get("self")
        assert time.monotonic() - began < 2


def test_a_server_that_says_nothing_ends_at_the_read_timeout() -> None:
    silence = RawServer(lambda _stream, _request: time.sleep(0.5))
    with silence as server, pytest.raises(Unreachable, match="did not come in time"):
        real(server.url, read_timeout=0.2).get("self")


def test_one_connection_serves_many_calls_and_is_gone_when_the_client_is_closed() -> None:
    before = threading.active_count()
    with serve(Emulator(data={"orgs": [{"id": ORG, "name": "Acme"}]})) as server:
        client = real(server.url)
        client.list(GROUPS)
        time.sleep(0.01)
        made = client.post(GROUPS, {"name": "x"})
        assert client.get(f"{GROUPS}/{made['id']}")["name"] == "x"
        assert threading.active_count() == before + 2  # the server, and what serves the one connection
        client.close()
        until = time.monotonic() + 5
        while threading.active_count() > before + 1 and time.monotonic() < until:
            time.sleep(0.01)
        assert threading.active_count() == before + 1


BOMB = gzip.compress(b" " * 3_000_000)


@pytest.mark.parametrize(
    "raw",
    [
        answer(b" " * 2_000_000),
        answer(BOMB, headers="Content-Encoding: gzip\r\n"),
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + b"fffff\r\n" + b" " * 0xFFFFF + b"\r\n0\r\n\r\n",
    ],
    ids=["plain", "gzip", "chunked"],
)
def test_a_body_beyond_the_bound_is_refused(raw: bytes) -> None:
    with RawServer(saying(raw)) as server, pytest.raises(BadAnswer, match="longer than 1,000,000 bytes"):
        real(server.url, max_bytes=1_000_000).get("self")


def test_a_compressed_answer_is_read() -> None:
    raw = answer(gzip.compress(b'{"a": 1}'), headers="Content-Encoding: gzip\r\n")
    with RawServer(saying(raw)) as server:
        assert real(server.url).get("self") == {"a": 1}


BROKEN = {
    "shorter than its length": (HEAD + b'Content-Length: 1000\r\n\r\n{"a":', Unreachable),
    "a chunk that is cut": (HEAD + b'Transfer-Encoding: chunked\r\n\r\nff\r\n{"a"', Unreachable),
    "no HTTP": (b"SSH-2.0-OpenSSH_9.6\r\n", Unreachable),
    "nothing at all": (b"", Unreachable),
    "no gzip": (answer(b"not at all gzip", headers="Content-Encoding: gzip\r\n"), BadAnswer),
    "html": (answer(b"<html>log in</html>", kind="text/html"), BadAnswer),
    "empty": (answer(b""), BadAnswer),
    "204": (b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n", BadAnswer),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_answer_is_never_data(case: str) -> None:
    raw, kind = BROKEN[case]
    with RawServer(saying(raw)) as server, pytest.raises(kind):
        real(server.url).get("self")


def test_a_create_answered_with_what_can_not_be_unpacked_may_have_been_stored() -> None:
    raw = answer(b"not at all gzip", headers="Content-Encoding: gzip\r\n")
    with RawServer(saying(raw)) as server, pytest.raises(AmbiguousWrite, match="decompressed"):
        real(server.url).post("x", {})
    assert len(server.requests) == 1


def test_a_host_that_takes_no_connection_in_time_is_told_as_such() -> None:
    full = socket.create_server(("127.0.0.1", 0), backlog=0)
    address = full.getsockname()
    with full, socket.create_connection(address), contextlib.ExitStack() as waiting:
        for _ in range(3):
            caller = waiting.enter_context(socket.socket())
            caller.setblocking(False)
            caller.connect_ex(address)
        with pytest.raises(Unreachable, match="takes no connection in time") as caught:
            real(f"http://127.0.0.1:{address[1]}", connect_timeout=0.2).get("self")
    assert "HTTPS_PROXY" in caught.value.remedy


def test_a_delete_may_be_answered_with_nothing() -> None:
    with RawServer(saying(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")) as server:
        real(server.url).delete("x")
    assert server.requests[0].startswith(b"DELETE /api/v1/x HTTP/1.1")


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_redirect_is_an_error_that_names_its_host_and_nobody_goes_there(status: str, method: str) -> None:
    with RawServer(saying(answer(b"{}"))) as other:
        redirect = answer(b"{}", status=status, headers=f"Location: http://{other.address}/api/v1/self?x=1\r\n")
        with RawServer(saying(redirect)) as server:
            client = real(server.url, max_retries=3)
            with pytest.raises(BadAnswer, match=r"redirect \(30.\) to 127\.0\.0\.1") as caught:
                client.get("self") if method == "get" else client.post("self", {})
            assert "MIST_HOST" in caught.value.remedy
            assert server.connections == 1
        assert other.connections == 0


@pytest.mark.parametrize("location", ["Location: http://[\r\n", "Location: \r\n", "", "Location: //user:pw@evil/\r\n"])
def test_a_redirect_to_nowhere_is_an_error_too(location: str) -> None:
    with RawServer(saying(answer(b"{}", status="302 Found", headers=location))) as server:
        with pytest.raises(BadAnswer, match="redirect") as caught:
            real(server.url).get("self")
        assert "pw" not in str(caught.value)


def test_a_redirect_with_an_endless_body_ends_too() -> None:
    head = b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 100000\r\n\r\n"
    with RawServer(trickle(head, b" ")) as server, pytest.raises(Unreachable):
        real(server.url, total_timeout=0.3).get("self")


def test_the_netrc_file_never_replaces_the_token(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login intruder password hunter2\ndefault login intruder password hunter2\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / ".netrc").write_bytes(netrc.read_bytes())
    with RawServer(saying(answer(b"{}"))) as server:
        real(server.url).get("self")
    assert f"Authorization: Token {TOKEN}\r\n".encode() in server.requests[0]
    assert server.requests[0].count(b"Authorization") == 1


def test_no_cookie_of_the_cloud_is_sent_back() -> None:
    with RawServer(saying(answer(b"{}", headers="Set-Cookie: session=1; Path=/\r\n"))) as server:
        client = real(server.url)
        client.get("self")
        client.get("self")
    assert b"Cookie:" not in server.requests[1]


def test_a_host_that_refuses_connections_is_named() -> None:
    with RawServer(saying(b"")) as server:
        pass
    with pytest.raises(Unreachable) as caught:
        real(server.url).get("self")
    assert server.address in caught.value.message
    assert "MIST_HOST" in caught.value.remedy


def test_a_name_that_can_not_be_resolved_is_told_as_such() -> None:
    with pytest.raises(Unreachable, match="its name can't be resolved"):
        real("no-such-host.invalid").get("self")


def test_a_certificate_that_is_not_trusted_is_told_with_the_variable_that_helps() -> None:
    with RawServer(saying(answer(b"{}")), tls=True) as server:
        with pytest.raises(Unreachable, match="is not trusted") as caught:
            real(server.url, max_retries=3).get("self")
        assert "REQUESTS_CA_BUNDLE" in caught.value.remedy
        assert server.requests == [], "nothing was sent"
        assert server.connections == 1, "no repeat helps"


def test_a_ca_bundle_of_ones_own_is_trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(TLS / "cert.pem"))
    with RawServer(saying(answer(b'{"a": 1}')), tls=True) as server:
        assert real(server.url).get("self") == {"a": 1}


def test_a_proxy_is_asked_to_connect_and_never_sees_the_token(monkeypatch: pytest.MonkeyPatch) -> None:
    with RawServer(saying(b"HTTP/1.1 403 Forbidden\r\n\r\n")) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://user:hunter2@{proxy.address}")
        monkeypatch.delenv("NO_PROXY", raising=False)
        with pytest.raises(Unreachable, match=r"the proxy 127\.0\.0\.1 does not let") as caught:
            real("api.mist.com").get("self")
        assert "hunter2" not in str(caught.value)
        assert proxy.requests[0].startswith(b"CONNECT api.mist.com:443")
        assert TOKEN.encode() not in proxy.requests[0]


def test_a_proxy_that_trickles_ends_at_the_total_timeout() -> None:
    with RawServer(trickle(b"HTTP/1.1 200 ", b"x")) as proxy:
        began = time.monotonic()
        with pytest.raises(Unreachable):
            real("api.mist.com", proxy=proxy.url, total_timeout=0.4).get("self")
        assert time.monotonic() - began < 3


@pytest.mark.parametrize("proxy", ["ftp://u:hunter2@x", "http://", "http://x:99999", "http://[", "socks5://x:1"])
def test_a_proxy_of_another_kind_is_a_usage_error_without_its_password(proxy: str) -> None:
    with pytest.raises(UsageError, match="proxy") as caught:
        real("api.mist.com", proxy=proxy)
    assert "hunter2" not in str(caught.value)


def test_a_proxy_without_a_scheme_is_an_http_proxy() -> None:
    with RawServer(saying(b"HTTP/1.1 407 Authenticate\r\n\r\n")) as proxy:
        with pytest.raises(Unreachable):
            real("api.mist.com", proxy=proxy.address).get("self")
        assert proxy.requests[0].startswith(b"CONNECT")


def test_a_host_that_urllib3_can_not_take_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match="no host that can be called"):
        real(f"{'x' * 70}.example.net").get("self")
