"""How a connection failed, by the types of the exceptions that `requests` and urllib3 wrap into each other.

In: an exception.  Out: a `Trouble`. Nothing of the exception is passed on: it holds the prepared request, and with it
the token.
"""

import ssl
from collections.abc import Iterator
from enum import Enum

import requests
from urllib3.exceptions import (
    ConnectTimeoutError,
    DecodeError,
    LocationValueError,
    NameResolutionError,
    NewConnectionError,
    ProxyError,
    ReadTimeoutError,
)


class Trouble(Enum):
    """Why there is no whole answer."""

    NO_HOST = "the host's name can't be one"
    UNTRUSTED = "its certificate is not trusted"
    PROXY = "the proxy does not let the connection through"
    UNKNOWN_NAME = "its name can't be resolved"
    NO_CONNECTION_IN_TIME = "it takes no connection in time"
    NO_CONNECTION = "the connection is refused"
    LATE = "did not come in time"
    LOST = "was lost with the connection"
    GARBLED = "could not be decompressed"
    TOO_LONG = "is longer than allowed"

    @property
    def sent(self) -> bool:
        """Whether the request may have left this machine."""
        return self not in _NOT_SENT


_NOT_SENT = frozenset(
    {
        Trouble.NO_HOST,
        Trouble.UNTRUSTED,
        Trouble.PROXY,
        Trouble.UNKNOWN_NAME,
        Trouble.NO_CONNECTION_IN_TIME,
        Trouble.NO_CONNECTION,
    }
)
# The first that fits counts: a name that can't be resolved is a connection that can't be made, and that is a late one.
_FIRST_THAT_FITS: tuple[tuple[Trouble, tuple[type[BaseException], ...]], ...] = (
    (Trouble.NO_HOST, (requests.exceptions.InvalidURL, LocationValueError)),
    (Trouble.GARBLED, (requests.exceptions.ContentDecodingError, DecodeError)),
    (Trouble.UNTRUSTED, (ssl.SSLCertVerificationError,)),
    (Trouble.PROXY, (requests.exceptions.ProxyError, ProxyError)),
    (Trouble.UNKNOWN_NAME, (NameResolutionError,)),
    (Trouble.NO_CONNECTION, (NewConnectionError,)),
    (Trouble.NO_CONNECTION_IN_TIME, (requests.exceptions.ConnectTimeout, ConnectTimeoutError)),
    (Trouble.LATE, (requests.exceptions.Timeout, ReadTimeoutError, TimeoutError)),
)


def trouble_of(error: BaseException) -> Trouble:
    """What an exception means. What is not known for sure to have failed earlier was lost after sending."""
    links = tuple(_links(error))
    for trouble, types in _FIRST_THAT_FITS:
        if any(isinstance(link, types) for link in links):
            return trouble
    return Trouble.LOST


def _links(error: BaseException) -> Iterator[BaseException]:
    """The exception and all that it wraps: as its cause, its reason or an argument."""
    pending, seen = [error], set[int]()
    while pending:
        link = pending.pop()
        if id(link) in seen:
            continue
        seen.add(id(link))
        yield link
        inner = (*link.args, getattr(link, "reason", None), link.__cause__)
        flat = [part for item in inner for part in (item if isinstance(item, tuple) else (item,))]
        pending += [part for part in flat if isinstance(part, BaseException)]
