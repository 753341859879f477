"""One table for what the exceptions of the HTTP libraries mean, whichever way they are wrapped."""

import socket
import ssl

import pytest
import requests
import urllib3.exceptions
from requests.exceptions import ChunkedEncodingError, ConnectTimeout, ContentDecodingError, InvalidURL, ProxyError
from urllib3 import HTTPConnectionPool
from urllib3.connection import HTTPConnection
from urllib3.exceptions import (
    ConnectTimeoutError,
    DecodeError,
    HTTPError,
    LocationParseError,
    MaxRetryError,
    NameResolutionError,
    NewConnectionError,
    ProtocolError,
    ReadTimeoutError,
)

from reconciler.transport.trouble import Trouble, trouble_of

CONNECTION = HTTPConnection("host.example")
POOL = HTTPConnectionPool("host.example")


def by_reason(inner: Exception) -> requests.ConnectionError:
    """As requests wraps what urllib3 gave up on."""
    return requests.ConnectionError(MaxRetryError(POOL, "/", inner))


def by_cause(inner: Exception) -> Exception:
    outer = requests.ConnectionError("wrapped")
    outer.__cause__ = inner
    return outer


def by_context(inner: Exception) -> Exception:
    outer = requests.ConnectionError("raised while another was handled")
    outer.__context__ = inner
    return outer


REFUSED = NewConnectionError(CONNECTION, "refused")
CASES = [
    (InvalidURL("x"), Trouble.NO_HOST),
    (by_cause(LocationParseError("x")), Trouble.NO_HOST),
    (ContentDecodingError("x"), Trouble.GARBLED),
    (DecodeError("x"), Trouble.GARBLED),
    (requests.exceptions.SSLError(MaxRetryError(POOL, "/", ssl.SSLCertVerificationError("x"))), Trouble.UNTRUSTED),
    (ProxyError(MaxRetryError(POOL, "/", REFUSED)), Trouble.PROXY),
    (urllib3.exceptions.ProxyError("x", REFUSED), Trouble.PROXY),
    (by_reason(NameResolutionError("host.example", CONNECTION, socket.gaierror())), Trouble.UNKNOWN_NAME),
    (by_reason(REFUSED), Trouble.NO_CONNECTION),
    (by_cause(REFUSED), Trouble.NO_CONNECTION),
    (REFUSED, Trouble.NO_CONNECTION),
    (ConnectTimeout(MaxRetryError(POOL, "/", ConnectTimeoutError("x"))), Trouble.NO_CONNECTION_IN_TIME),
    (by_reason(ConnectTimeoutError("x")), Trouble.NO_CONNECTION_IN_TIME),
    (requests.ReadTimeout("x"), Trouble.LATE),
    (requests.ConnectionError(ReadTimeoutError(POOL, "/", "x")), Trouble.LATE),
    (requests.ConnectionError(ProtocolError("x", TimeoutError("timed out"))), Trouble.LATE),
    (requests.ConnectionError(ProtocolError("x", ConnectionResetError(104, "reset"))), Trouble.LOST),
    (ChunkedEncodingError("x"), Trouble.LOST),
    (requests.exceptions.SSLError("handshake"), Trouble.LOST),
    (HTTPError("x"), Trouble.LOST),
    (ConnectionResetError(104, "reset"), Trouble.LOST),
    (by_context(REFUSED), Trouble.LOST),
    (requests.ConnectionError("NewConnectionError: a host may answer with this text"), Trouble.LOST),
]


@pytest.mark.parametrize(("error", "trouble"), CASES, ids=str)
def test_an_exception_means_one_trouble_by_its_types_and_never_by_its_text(error: Exception, trouble: Trouble) -> None:
    assert trouble_of(error) is trouble


def test_exceptions_that_wrap_each_other_in_a_circle_end() -> None:
    first, second = requests.ConnectionError("a"), requests.ConnectionError("b")
    first.__cause__, second.__cause__ = second, first
    assert trouble_of(first) is Trouble.LOST


def test_what_was_not_sent_is_what_can_be_repeated_for_any_method() -> None:
    assert {trouble for trouble in Trouble if trouble.sent} == {
        Trouble.LATE,
        Trouble.LOST,
        Trouble.GARBLED,
        Trouble.TOO_LONG,
    }
