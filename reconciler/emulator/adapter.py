"""The in-process face: a `requests` transport adapter that answers from an emulator.

In: prepared requests of a session, `session.mount("https://", EmulatorAdapter(emulator))`.
Out: responses built as urllib3 would build them, or the exceptions of a broken network.  Safe in many threads.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from http.client import responses
from urllib.parse import parse_qsl, unquote, urlsplit

import requests
from requests.adapters import BaseAdapter, HTTPAdapter
from urllib3 import HTTPResponse, Timeout
from urllib3.connection import HTTPConnection
from urllib3.exceptions import NewConnectionError

from reconciler.emulator.bodies import parse_body
from reconciler.emulator.core import Emulator
from reconciler.emulator.messages import Delivery, Request, reply_headers

Timeouts = float | tuple[float | None, float | None] | Timeout | None


class EmulatorAdapter(BaseAdapter):
    """Sends every request of a session to one emulator, whatever the host."""

    def __init__(self, emulator: Emulator) -> None:
        super().__init__()
        self.emulator = emulator

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: Timeouts = None,
        verify: bool | str = True,
        cert: bytes | str | tuple[bytes | str, bytes | str] | None = None,
        proxies: Mapping[str, str] | None = None,
    ) -> requests.Response:
        _ = verify, cert, proxies  # there is no TLS and no proxy in between
        delivery = self.emulator.deliver(read_request(request), timeout=read_timeout(timeout))
        _raise_for_network(request, delivery)
        raw = _raw(delivery, request)
        response = HTTPAdapter().build_response(request, raw)
        if not stream:
            _ = response.content
        return response

    def close(self) -> None:
        """Nothing is held open."""


def read_timeout(timeout: Timeouts) -> float | None:
    """How long the caller waits for an answer, in any form that requests takes."""
    if isinstance(timeout, tuple):
        return timeout[1]
    if not isinstance(timeout, Timeout):
        return timeout
    running = timeout.clone()
    running.start_connect()
    return running.read_timeout if isinstance(running.read_timeout, (int, float)) else None


def read_request(request: requests.PreparedRequest) -> Request:
    parts = urlsplit(request.url or "")
    body = request.body
    raw = body.encode() if isinstance(body, str) else body if isinstance(body, bytes) else b"".join(body or ())
    return Request(
        method=request.method or "GET",
        path=unquote(parts.path),
        query=dict(parse_qsl(parts.query, keep_blank_values=True)),
        body=parse_body(raw, request.headers.get("Content-Type") or ""),
        headers=dict(request.headers),
    )


def _raise_for_network(request: requests.PreparedRequest, delivery: Delivery) -> None:
    if delivery.timed_out:
        raise requests.exceptions.ReadTimeout("Read timed out.", request=request)
    if delivery.cut == "connect":
        host = HTTPConnection(urlsplit(request.url or "").hostname or "localhost")
        reason = NewConnectionError(host, "Failed to establish a new connection: [Errno 111] Connection refused")
        raise requests.exceptions.ConnectionError(reason, request=request)
    if delivery.cut in ("before", "after"):
        reset = ConnectionResetError(104, "Connection reset by peer")
        raise requests.exceptions.ConnectionError(("Connection aborted.", reset), request=request)


def _raw(delivery: Delivery, request: requests.PreparedRequest) -> HTTPResponse:
    content = delivery.reply.content
    sent = content[: len(content) // 2] if delivery.cut == "body" else content
    return HTTPResponse(
        body=io.BytesIO(sent),
        headers=reply_headers(delivery.reply),
        status=delivery.reply.status,
        reason=responses.get(delivery.reply.status, ""),
        preload_content=False,
        request_method=request.method,
        enforce_content_length=True,
    )
