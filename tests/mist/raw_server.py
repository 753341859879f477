"""A server on a port that answers with raw bytes: for answers that no well-behaved server gives."""

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

Script = Callable[[socket.socket, bytes], None]
"""What to do with a connection after one request was read from it."""

TLS = Path(__file__).parent / "tls"


def answer(body: bytes, *, status: str = "200 OK", headers: str = "", kind: str = "application/json") -> bytes:
    """A whole HTTP answer."""
    lines = (f"HTTP/1.1 {status}", f"Content-Type: {kind}", f"Content-Length: {len(body)}", "Connection: close")
    return ("\r\n".join(lines) + f"\r\n{headers}\r\n").encode() + body


def saying(raw: bytes) -> Script:
    """A script that sends these bytes."""

    def script(connection: socket.socket, _request: bytes) -> None:
        connection.sendall(raw)

    return script


class RawServer:
    """Listens while it is a context; `requests` are the heads of what arrived. One request per connection."""

    def __init__(self, script: Script, *, tls: bool = False) -> None:
        self.requests: list[bytes] = []
        self.connections = 0
        self._script = script
        self._tls = tls
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._listener.getsockname()[1]}"
        self._threads: list[threading.Thread] = []
        self.stopping = threading.Event()

    @property
    def url(self) -> str:
        return f"{'https' if self._tls else 'http'}://{self.address}"

    def __enter__(self) -> "RawServer":
        self._threads.append(threading.Thread(target=self._accept))
        self._threads[0].start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stopping.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join(5)

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            thread = threading.Thread(target=self._serve, args=(connection,))
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            stream = self._secured(connection)
            with stream:
                request = b""
                while b"\r\n\r\n" not in request:
                    part = stream.recv(65536)
                    if not part:
                        return
                    request += part
                self.requests.append(request)
                self._script(stream, request)

    def _secured(self, connection: socket.socket) -> socket.socket:
        if not self._tls:
            return connection
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(TLS / "cert.pem", TLS / "key.pem")
        return context.wrap_socket(connection, server_side=True)
