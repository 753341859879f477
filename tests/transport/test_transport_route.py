"""Proxies, certificates and loopback addresses: what is used and what is refused."""

from pathlib import Path

import pytest

from reconciler.transport.route import Route, ca_bundle_at, is_loopback, proxy_to, route_to

CLOUD = "https://api.mist.com"


def test_a_route_shows_no_proxy_and_so_no_password() -> None:
    assert "hunter2" not in repr(route_to(CLOUD, proxy="http://user:hunter2@proxy:3128"))
    assert Route().verify is True


@pytest.mark.parametrize(
    ("url", "expected"), [("https://127.9.9.9", True), ("https://[::1]", True), ("https://x", False)]
)
def test_loopback_is_known_by_name_and_address(url: str, expected: bool) -> None:
    assert is_loopback(url) is expected


@pytest.fixture
def no_environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    return monkeypatch


def test_the_proxy_of_the_environment_is_used(no_environment: pytest.MonkeyPatch) -> None:
    assert proxy_to(CLOUD) is None
    no_environment.setenv("HTTPS_PROXY", "http://proxy.example.net:3128")
    assert proxy_to(CLOUD) == "http://proxy.example.net:3128"


def test_no_proxy_exempts_hosts(no_environment: pytest.MonkeyPatch) -> None:
    no_environment.setenv("HTTPS_PROXY", "http://proxy.example.net:3128")
    no_environment.setenv("NO_PROXY", ".mist.com")
    assert proxy_to(CLOUD) is None
    assert proxy_to("https://mist.example.net") == "http://proxy.example.net:3128"


def test_the_proxy_setting_goes_before_the_environment(no_environment: pytest.MonkeyPatch) -> None:
    no_environment.setenv("HTTPS_PROXY", "http://proxy.example.net:3128")
    assert proxy_to(CLOUD, proxy="http://mine:1") == "http://mine:1"


def test_loopback_never_goes_through_a_proxy_that_would_read_the_token(no_environment: pytest.MonkeyPatch) -> None:
    no_environment.setenv("HTTP_PROXY", "http://proxy.example.net:3128")
    no_environment.setenv("HTTPS_PROXY", "http://proxy.example.net:3128")
    assert proxy_to("http://127.0.0.1:8801", proxy="http://mine:1") is None
    assert proxy_to("https://localhost:8801") is None


def test_the_ca_bundle_comes_from_the_setting_or_the_usual_variables(
    no_environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    mine, theirs = tmp_path / "mine.pem", tmp_path / "theirs.pem"
    mine.touch()
    theirs.touch()
    assert ca_bundle_at(None) is True
    no_environment.setenv("CURL_CA_BUNDLE", str(theirs))
    assert ca_bundle_at(None) == str(theirs)
    no_environment.setenv("REQUESTS_CA_BUNDLE", str(theirs))
    assert ca_bundle_at(str(mine)) == str(mine)
