"""The face on a port: HTTP/1.1 with kept-alive connections, one thread for each connection.

In: an emulator, a host and a port.  Out: a running server.  The standard library's server is used: it lets a
connection be cut at any point and holds no more per call than a parsed request.
"""

from __future__ import annotations

import contextlib
import signal
import socket
import struct
import threading
import time
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import FrameType, TracebackType
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote, urlsplit

from reconciler.emulator.bodies import parse_body
from reconciler.emulator.core import Emulator
from reconciler.emulator.errors import EmulatorError
from reconciler.emulator.messages import Delivery, Json, Reply, Request, reply_headers
from reconciler.emulator.persistence import StateFile
from reconciler.emulator.reading import MAX_BODY, BodyError, read_body
from reconciler.emulator.record import like
from reconciler.emulator.seed import read_seed

# How long a caller may take for what it announced, and how long a refused one is listened to.
BODY_TIMEOUT_S = 5.0
LINGER_S = 1.0
# What there is without a seed.
UNSEEDED: Json = {"orgs": [{"name": "Emulated"}]}


class _Listener(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    emulator: Emulator
    max_body: int = MAX_BODY
    body_timeout_s: float = BODY_TIMEOUT_S

    def handle_error(self, request: object, client_address: object) -> None:
        """A caller that hangs up is no event."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "mist-emulator"
    sys_version = ""
    # Head and body in one packet, sent at once.
    wbufsize = -1
    disable_nagle_algorithm = True
    if TYPE_CHECKING:
        server: _Listener

    def _serve(self) -> None:
        try:
            request = self._read()
        except BodyError as error:
            self._refuse(error.status, error.detail)
            return
        self._send(self.server.emulator.deliver(request))

    do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = do_HEAD = do_OPTIONS = _serve  # noqa: N815

    def _read(self) -> Request:
        self.connection.settimeout(self.server.body_timeout_s)
        raw = read_body(self.rfile, self.headers, bound=self.server.max_body)
        self.connection.settimeout(None)
        parts = urlsplit(self.path)
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        body = parse_body(raw, self.headers.get("Content-Type", ""))
        return Request(self.command, unquote(parts.path), query, body, dict(self.headers.items()))

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """What the library can't parse is refused in the API's own form."""
        self.request_version = self.protocol_version
        self._refuse(400 if code == HTTPStatus.NOT_IMPLEMENTED else code, explain or message or "Bad Request")

    def _refuse(self, status: int, detail: str) -> None:
        """Answers and closes.  What still arrives is read for a while: a closed connection with unread data is reset,
        and the caller would never see the answer."""
        self.close_connection = True
        self._write(Reply(status, {"detail": detail}, {"Connection": "close"}))
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_WR)
            self.connection.settimeout(LINGER_S)
            until = time.monotonic() + LINGER_S
            while time.monotonic() < until and self.connection.recv(65536):
                pass

    def _send(self, delivery: Delivery) -> None:
        if delivery.cut == "body":
            content = delivery.reply.content
            self._write(delivery.reply, content[: len(content) // 2])
        if delivery.cut:
            self._cut()
        else:
            self._write(delivery.reply)

    def _write(self, reply: Reply, content: bytes | None = None) -> None:
        headers = reply_headers(reply)
        self.log_request(reply.status)
        self.send_response_only(reply.status)
        self.send_header("Server", self.version_string())
        if "date" not in {name.lower() for name in headers}:  # a fault may set the cloud's clock
            self.send_header("Date", self.date_time_string())
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(reply.content if content is None else content)
        self.wfile.flush()

    def _cut(self) -> None:
        """Resets the connection, as a broken network does: no orderly close."""
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()

    def finish(self) -> None:
        if self.connection.fileno() >= 0:
            super().finish()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the library's
        """Silent: the calls are recorded by the emulator."""


class Server:
    """A listening emulator; as a context manager it serves in a thread of its own."""

    def __init__(
        self,
        emulator: Emulator,
        *,
        host: str,
        port: int,
        max_body: int = MAX_BODY,
        body_timeout_s: float = BODY_TIMEOUT_S,
    ) -> None:
        try:
            self._listener = _Listener((host, port), _Handler)
        except (OSError, OverflowError) as error:
            raise EmulatorError(f"cannot listen on {host}:{port}: {error}") from error
        self._listener.emulator = emulator
        self._listener.max_body = max_body
        self._listener.body_timeout_s = body_timeout_s
        self._thread: threading.Thread | None = None
        self.emulator = emulator
        self.host = host
        self.port: int = self._listener.server_address[1]

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}"

    def serve_forever(self) -> None:
        """Answers until `shutdown` is called from another thread."""
        self._listener.serve_forever(poll_interval=0.05)

    def shutdown(self) -> None:
        self._listener.shutdown()

    def close(self) -> None:
        self._listener.server_close()

    def __enter__(self) -> Server:
        self._thread = threading.Thread(target=self.serve_forever, name="emulator", daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.shutdown()
        self.close()
        if self._thread is not None:
            self._thread.join()


def serve(emulator: Emulator, *, host: str = "127.0.0.1", port: int = 0) -> Server:
    """A server that listens already; port 0 picks a free one."""
    return Server(emulator, host=host, port=port)


def run(
    *,
    port: int = 8801,
    seed: Path | None = None,
    state: Path | None = None,
    token: str | None = None,
    host: str = "127.0.0.1",
    recorded: Path | None = None,
) -> None:
    """Runs until SIGINT or SIGTERM; the first line on stdout says where it listens.

    `recorded` is the directory of a recording, whose answers to the open questions it gives.
    A state file that exists wins over the seed; it is written after changes and at the end.
    """
    file = StateFile(state) if state else None
    stored = file.read() if file else None
    data = stored if stored is not None else read_seed(seed) if seed else UNSEEDED
    emulator = Emulator(data=data, token=token)
    if recorded is not None:
        emulator.settings.update({"quirks": like(recorded)})
    server = serve(emulator, host=host, port=port)
    stop = threading.Event()

    def stopper(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    previous = {s: signal.signal(s, stopper) for s in (signal.SIGINT, signal.SIGTERM)}
    try:
        with server:
            print(f"listening on {server.url}", flush=True)  # noqa: T201 - the line is the command's contract
            for org in emulator.state()["orgs"] if data is UNSEEDED else ():
                print(f"organisation {org['id']} {org['name']}", flush=True)  # noqa: T201 - what MIST_ORG_ID needs
            while not stop.wait(1):
                if file:
                    file.write_when_changed(emulator)
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
        if file:
            file.write_when_changed(emulator)
