"""Hosts, tokens, proxies and certificates: what may be used and what is refused."""

import pytest

from reconciler.errors import UsageError
from reconciler.mist.connection import Connection, base_url
from reconciler.mist.session import MistSession
from reconciler.model.values import Secret
from tests.mist.conftest import connection

GOOD_HOSTS = [
    ("api.mist.com", "https://api.mist.com"),
    (" api.eu.mist.com ", "https://api.eu.mist.com"),
    ("API.Mist.com", "https://api.mist.com"),
    ("https://api.mist.com", "https://api.mist.com"),
    ("HTTPS://api.mist.com/", "https://api.mist.com"),
    ("https://api.mist.com/api/v1", "https://api.mist.com"),
    ("https://api.mist.com/api/v1/", "https://api.mist.com"),
    ("mist.example.net:8443", "https://mist.example.net:8443"),
    ("http://127.0.0.1:8801", "http://127.0.0.1:8801"),
    ("http://localhost:8801/", "http://localhost:8801"),
    ("http://[::1]:8801", "http://[::1]:8801"),
]
BAD_HOSTS = [
    "",
    "http://",
    "api.mist.com/some/where",
    "https://api.mist.com?x=1",
    "https://api.mist.com#x",
    "ftp://api.mist.com",
    "https://user:hunter2@api.mist.com",
    "api mist com",
    "api.mist.com\nX-Evil: 1",
    "api..mist.com",
    "https://api.mist.com/api/v2",
]


@pytest.mark.parametrize(("host", "url"), GOOD_HOSTS)
def test_a_host_name_or_a_url_is_taken(host: str, url: str) -> None:
    assert base_url(host) == url


@pytest.mark.parametrize("host", BAD_HOSTS)
def test_what_is_no_host_is_a_usage_error_with_a_remedy(host: str) -> None:
    with pytest.raises(UsageError) as caught:
        connection(host)
    assert "MIST_HOST" in str(caught.value)
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("host", ["http://api.mist.com", "http://192.168.0.1:8080", "http://localhost.example.net"])
def test_plain_http_is_refused_except_for_loopback(host: str) -> None:
    with pytest.raises(UsageError, match="Plain http"):
        connection(host)


@pytest.mark.parametrize("token", ["", "two words", "line\nend", "tab\t", "caf\u00e9"])
def test_a_token_that_can_not_be_one_is_refused_without_being_shown(token: str) -> None:
    with pytest.raises(UsageError) as caught:
        Connection(host="api.mist.com", token=Secret(token, origin="env"))
    assert not token or token not in str(caught.value)


def test_neither_the_token_nor_the_proxy_shows_in_a_connections_repr() -> None:
    shown = repr(connection(proxy="http://user:hunter2@proxy:3128"))
    assert "canary" not in shown
    assert "hunter2" not in shown


def test_a_ca_bundle_that_is_not_there_is_told_before_anything_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/nowhere/ca.pem")
    with pytest.raises(UsageError, match="REQUESTS_CA_BUNDLE names /nowhere/"):
        MistSession(connection())
