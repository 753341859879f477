"""From an exception of `requests` or urllib3 to a failure that a person can act on.

Nothing of the exception itself is passed on: it holds the prepared request, and with it the token.
"""

import ssl
from collections.abc import Iterator
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import ConnectTimeoutError, LocationValueError, NameResolutionError, NewConnectionError

from reconciler.errors import AmbiguousWrite, ReconcilerError, Unreachable, UsageError
from reconciler.mist.answers import Failure, Sent, bad_answer

_NOT_OPENED = (
    requests.exceptions.ConnectTimeout,
    requests.exceptions.ProxyError,
    ConnectTimeoutError,
    NewConnectionError,
    ssl.SSLCertVerificationError,
)
_TIMEOUTS = (requests.exceptions.Timeout, TimeoutError)


def failure_of(error: Exception, sent: Sent, *, proxy: str | None) -> Failure | ReconcilerError:
    """What the exception means for a call; a UsageError when a setting is off and no repeat can help."""
    chain = tuple(_chain(error))
    if _has(chain, requests.exceptions.InvalidURL, LocationValueError):
        return UsageError(f"{sent.host} is no host that can be called", remedy="Check MIST_HOST")
    if isinstance(error, requests.exceptions.ContentDecodingError):
        return _lost(sent, "could not be decompressed") if sent.method == "POST" else _undecoded(sent)
    if any(isinstance(link, ssl.SSLCertVerificationError) for link in chain):
        return Failure(error=_untrusted(sent), sent=False)
    if _has(chain, *_NOT_OPENED):
        return Failure(error=_unreached(chain, sent, proxy=proxy), again=True, sent=False)
    what = "did not come in time" if _has(chain, *_TIMEOUTS) else "was lost with the connection"
    if sent.method == "POST":
        return _lost(sent, what)
    error_out = Unreachable(
        f"The answer of {sent.host} to {sent.title} {what}",
        remedy="Check the network and the proxy on the way, and try again",
        method=sent.method,
        path=sent.path,
    )
    return Failure(error=error_out, again=True)


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The exception and all that it wraps, whichever way."""
    pending, seen = [error], set[int]()
    while pending:
        link = pending.pop()
        if id(link) in seen:
            continue
        seen.add(id(link))
        yield link
        inner = (*link.args, getattr(link, "reason", None), link.__cause__, link.__context__)
        flat = [part for item in inner for part in (item if isinstance(item, tuple) else (item,))]
        pending += [part for part in flat if isinstance(part, BaseException)]


def _has(chain: tuple[BaseException, ...], *types: type[BaseException]) -> bool:
    return any(isinstance(link, types) for link in chain)


def _lost(sent: Sent, what: str) -> Failure:
    error = AmbiguousWrite(
        f"The answer of {sent.host} to {sent.title} {what}: the object may have been created",
        remedy="Plan again: what was created shows as live",
        method=sent.method,
        path=sent.path,
    )
    return Failure(error=error)


def _undecoded(sent: Sent) -> Failure:
    return Failure(error=bad_answer("could not be decompressed", sent, 200))


def _untrusted(sent: Sent) -> Unreachable:
    return Unreachable(
        f"The certificate of {sent.host} is not trusted",
        remedy="If a proxy inspects TLS here, set REQUESTS_CA_BUNDLE to the file with its CA certificate",
        method=sent.method,
        path=sent.path,
    )


def _unreached(chain: tuple[BaseException, ...], sent: Sent, *, proxy: str | None) -> Unreachable:
    if _has(chain, requests.exceptions.ProxyError):
        name = urlsplit(proxy or "").hostname or "that is set"
        what, remedy = f"the proxy {name} does not let the connection through", "Check HTTPS_PROXY and NO_PROXY"
    elif _has(chain, NameResolutionError):
        what, remedy = "its name can't be resolved", "Check MIST_HOST, and DNS on this machine"
    elif _has(chain, requests.exceptions.ConnectTimeout):
        what, remedy = "it takes no connection in time", "Check MIST_HOST, and whether a proxy is needed (HTTPS_PROXY)"
    else:
        what, remedy = "the connection is refused", "Check MIST_HOST, and whether a proxy is needed (HTTPS_PROXY)"
    return Unreachable(f"Can't reach {sent.host}: {what}", remedy=remedy, method=sent.method, path=sent.path)
