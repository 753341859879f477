"""A transport that keeps one deadline for a whole answer.

The read timeout of `requests` starts anew with each piece of data, so that an answer which trickles in byte by byte
never ends. Here every read from the socket, of headers and body alike, is given no more than what is left.
"""

import io
import socket
import threading
import time
from http.client import HTTPResponse as HttpAnswer

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.poolmanager import PoolManager


class Deadline(threading.local):
    """Until when the calling thread's answer must be complete, on the monotonic clock; None for no limit."""

    until: float | None = None

    def start(self, seconds: float) -> None:
        """The calling thread's next answer has so long."""
        self.until = time.monotonic() + seconds


class _TimedReader(io.RawIOBase):
    """The bytes of a socket, as long as there is time."""

    def __init__(self, raw: io.RawIOBase, sock: socket.socket, until: float) -> None:
        super().__init__()
        self._raw = raw
        self._sock = sock
        self._until = until
        self._idle = sock.gettimeout()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int | None:  # type: ignore[override]  # narrower than typeshed's Buffer
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeoutError("timed out")
        if self._idle is None or left < self._idle:  # else the socket keeps what it has: most answers come at once
            self._sock.settimeout(left)
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


def deadline_adapter(deadline: Deadline, *, threads: int, proxy: str | None) -> HTTPAdapter:
    """A pooled adapter whose answers must be complete by `deadline`, for the host itself and through `proxy`."""

    class Answer(HttpAnswer):
        def __init__(
            self, sock: socket.socket, debuglevel: int = 0, method: str | None = None, url: str | None = None
        ) -> None:
            super().__init__(sock, debuglevel, method, url)
            if deadline.until is not None:
                self.fp = io.BufferedReader(_TimedReader(self.fp.detach(), sock, deadline.until))

    class Plain(HTTPConnection):
        response_class = Answer

    class Secure(HTTPSConnection):
        response_class = Answer

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

    adapter = HTTPAdapter(pool_connections=1, pool_maxsize=threads)
    managers: list[PoolManager] = [adapter.poolmanager]
    if proxy:
        managers.append(adapter.proxy_manager_for(proxy))
    for manager in managers:
        manager.pool_classes_by_scheme = {"http": PlainPool, "https": SecurePool}
    return adapter
