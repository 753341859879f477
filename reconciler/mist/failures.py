"""From a connection that failed to an error that a person can act on, in the words of this cloud."""

from urllib.parse import urlsplit

from reconciler.errors import Fate, Unreachable, UsageError
from reconciler.mist.answers import Sent, maybe_stored, unreadable
from reconciler.transport.retry import Failure
from reconciler.transport.trouble import Trouble

_HOST = "Check the host (--host, MIST_HOST or `host:` in reconciler.yaml"
_CHECK_HOST = f"{_HOST}), and whether a proxy is needed (HTTPS_PROXY)"
_REMEDIES = {
    Trouble.PROXY: "Check HTTPS_PROXY and NO_PROXY",
    Trouble.UNKNOWN_NAME: f"{_HOST}), and DNS on this machine",
    Trouble.NO_CONNECTION_IN_TIME: _CHECK_HOST,
    Trouble.NO_CONNECTION: _CHECK_HOST,
}


def failure_of(trouble: Trouble, sent: Sent, *, proxy: str | None, max_bytes: int) -> Failure:
    """What the trouble means for a call. Raises UsageError when a setting is off and no repeat can help."""
    if trouble is Trouble.NO_HOST:
        raise UsageError(f"{sent.host} is no host that can be called", remedy=f"{_HOST})")
    if trouble is Trouble.TOO_LONG:
        return unreadable(f"is longer than {max_bytes:,} bytes", sent)
    if trouble is Trouble.GARBLED:
        return unreadable(trouble.value, sent)
    if trouble is Trouble.UNTRUSTED:
        return Failure(error=_untrusted(sent), fate=Fate.BARRED)
    if not trouble.sent:
        return Failure(error=_unreached(trouble, sent, proxy=proxy), fate=Fate.UNSENT)
    if sent.method == "POST":
        return Failure(error=maybe_stored(trouble.value, sent), fate=Fate.UNKNOWN)
    error = Unreachable(
        f"The answer of {sent.host} to {sent.title} {trouble.value}",
        remedy="Check the network and the proxy on the way, and try again",
        method=sent.method,
        path=sent.path,
    )
    return Failure(error=error, fate=Fate.UNKNOWN)


def _untrusted(sent: Sent) -> Unreachable:
    return Unreachable(
        f"The certificate of {sent.host} is not trusted",
        remedy="If a proxy inspects TLS here, set REQUESTS_CA_BUNDLE to the file with its CA certificate",
        method=sent.method,
        path=sent.path,
    )


def _unreached(trouble: Trouble, sent: Sent, *, proxy: str | None) -> Unreachable:
    name = urlsplit(proxy or "").hostname or "that is set"
    what = f"the proxy {name} does not let the connection through" if trouble is Trouble.PROXY else trouble.value
    return Unreachable(
        f"Can't reach {sent.host}: {what}", remedy=_REMEDIES[trouble], method=sent.method, path=sent.path
    )
