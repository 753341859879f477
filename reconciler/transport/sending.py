"""One request to one host: pooled connections, one deadline for the whole answer, and no exception of a library.

Requests go straight to urllib3's pools, without `requests.Session` in between: its redirects, `.netrc`, cookies and
environment are wrong for this job. How a pool is made (certificates, proxy) is left to the adapter of `requests`; what
that adapter does anew for each call takes a quarter of a call's processor time, and is done once here.
"""

import re
from collections.abc import Mapping

import requests
from msgspec import Struct
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict
from urllib3.connectionpool import HTTPConnectionPool
from urllib3.exceptions import HTTPError
from urllib3.util import Retry, Timeout

from reconciler.transport.deadline import Deadline, deadline_adapter
from reconciler.transport.receiving import CHUNK, Raw, TooLarge, received
from reconciler.transport.route import Route
from reconciler.transport.trouble import Trouble, trouble_of

_QUOTED = re.compile(r"(https?://[!-.0-?A-~]+)(/[!-?A-~]*)", re.ASCII)
"""A URL without a user's name, and without a sign that has to be quoted: its origin, and the rest."""
_ONCE = Retry(False, redirect=False)
"""urllib3 repeats nothing and follows nothing, and raises what went wrong as it was."""
Adapter = BaseAdapter
"""What replaces the network in tests."""


class Limits(Struct, frozen=True, kw_only=True):
    """Seconds to connect, between two pieces of an answer, and for the whole of it; the longest body in bytes."""

    connect: float
    read: float
    total: float
    max_bytes: int


class Sender:
    """Sends for many threads along one route."""

    def __init__(self, route: Route, limits: Limits, *, threads: int, adapter: Adapter | None = None) -> None:
        self._route = route
        self._proxies = {"https": route.proxy} if route.proxy else {}
        self._limits = limits
        self._timeout = Timeout(connect=limits.connect, read=min(limits.read, limits.total))
        self._deadline = Deadline()
        self._network = deadline_adapter(self._deadline, threads=threads, proxy=route.proxy)
        self._instead = adapter
        self._pools: dict[str, HTTPConnectionPool] = {}

    def close(self) -> None:
        """Closes the pooled connections."""
        for pool in list(self._pools.values()):
            pool.close()  # who forgets a pool does not close it, and it is known here as well
        self._pools.clear()
        (self._instead or self._network).close()

    def exchange(self, method: str, url: str, *, headers: Mapping[str, str], data: bytes | None) -> Raw | Trouble:
        """Sends and receives. The exception ends here: it holds the request, and the request holds the token."""
        try:
            if self._instead is not None:
                return self._through(self._instead, _prepared(method, url, headers, data))
            return self._over_the_network(method, url, headers, data)
        except TooLarge:
            return Trouble.TOO_LONG
        except (requests.RequestException, HTTPError, OSError) as error:
            return trouble_of(error)

    def _over_the_network(self, method: str, url: str, headers: Mapping[str, str], data: bytes | None) -> Raw:
        quoted = _QUOTED.fullmatch(url)
        if quoted is None:
            request = requests.Request(method, url, headers=dict(headers), data=data).prepare()
            pool, target, headers = self._pool(request), request.path_url, request.headers
        else:
            origin, target = quoted.groups()
            pool = self._pools.get(origin) or self._pool(_prepared(method, url, {}, None))
            self._pools[origin] = pool
        self._deadline.start(self._limits.total)
        response = pool.urlopen(
            method,
            target,
            body=data,
            headers=headers,
            retries=_ONCE,
            redirect=False,
            timeout=self._timeout,
            preload_content=False,
            decode_content=False,
        )
        try:
            packed = "content-encoding" in response.headers  # what is not is handed on as it comes
            parts = response.stream(CHUNK, decode_content=packed)
            return received(response.status, response.headers, parts, max_bytes=self._limits.max_bytes)
        except BaseException:
            response.close()  # what is left of it must not be taken for the next answer
            raise
        finally:
            response.release_conn()

    def _pool(self, request: requests.PreparedRequest) -> HTTPConnectionPool:
        """The connections to a request's host, with the route's certificates and through its proxy."""
        verify = self._route.verify
        pool: HTTPConnectionPool
        pool = self._network.get_connection_with_tls_context(request, verify, proxies=self._proxies)  # type: ignore[assignment]
        self._network.cert_verify(pool, request.url, verify, None)  # type: ignore[no-untyped-call]  # typeshed has no types
        return pool

    def _through(self, adapter: Adapter, request: requests.PreparedRequest) -> Raw:
        timeout = (self._limits.connect, min(self._limits.read, self._limits.total))
        verify, proxies = self._route.verify, self._proxies
        with adapter.send(request, stream=True, timeout=timeout, verify=verify, proxies=proxies) as response:
            parts = response.iter_content(CHUNK)
            return received(response.status_code, response.headers, parts, max_bytes=self._limits.max_bytes)


def _prepared(method: str, url: str, headers: Mapping[str, str], data: bytes | None) -> requests.PreparedRequest:
    """A request as an adapter wants it. A URL of ours is quoted already and a body is bytes."""
    if not _QUOTED.fullmatch(url):
        return requests.Request(method, url, headers=dict(headers), data=data).prepare()
    request = requests.PreparedRequest()
    request.method, request.url, request.body = method, url, data
    request.headers = CaseInsensitiveDict(headers)
    if data is not None or method not in ("GET", "HEAD"):
        request.headers["Content-Length"] = str(len(data or b""))
    return request
