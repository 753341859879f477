"""Settings: precedence, env files, and the guard over where the token goes."""

from pathlib import Path
from typing import Any

import pytest
from msgspec import convert

from reconciler.errors import GuardRefusal, UsageError
from reconciler.model.project import Project
from reconciler.settings import Flags, for_inventory, read_environment, settings

ORG = "9777c1a0-6ef6-11e6-8bbf-02e208b2d34f"
OTHER = "00000000-0000-4000-8000-000000000009"
BASE = {"MIST_APITOKEN": "tok", "MIST_HOST": "api.mist.com", "MIST_ORG_ID": ORG}


def project(**fields: Any) -> Project:
    return convert({"version": 1, **fields}, Project)


def made(environ: dict[str, str] | None = None, *, flags: Flags | None = None, **fields: Any) -> Any:
    return settings(project(**fields), {**BASE, **(environ or {})}, flags or Flags())


def test_flags_go_before_the_environment_and_that_before_the_project_file() -> None:
    declared = {"org": {"id": OTHER}, "host": "api.eu.mist.com"}
    assert made(flags=Flags(host="api.gc1.mist.com", org=OTHER), **declared).host == "https://api.gc1.mist.com"
    assert made(flags=Flags(org=OTHER)).org_id == OTHER
    assert made(**{**declared, "org": {"id": ORG.upper()}}).host == "https://api.mist.com"
    bare = made({"MIST_HOST": "", "MIST_ORG_ID": " "}, **declared)
    assert (bare.host, bare.org_id) == ("https://api.eu.mist.com", OTHER)


def test_an_environment_for_another_organisation_than_the_inventory_s_is_refused() -> None:
    with pytest.raises(GuardRefusal, match="Two organisations") as caught:
        made(org={"id": OTHER})
    assert "--org" in caught.value.remedy
    assert made(flags=Flags(org=ORG), org={"id": OTHER}).org_id == ORG


def test_the_environment_goes_before_the_env_file_unless_it_is_empty(tmp_path: Path) -> None:
    path = tmp_path / ".env"
    path.write_text("A=file\nB=file\nC=file\n")
    found = read_environment({"A": "real", "B": "", "D": ""}, path)
    assert found == {"A": "real", "B": "file", "C": "file", "D": ""}
    assert read_environment({"A": "real"}, None) == {"A": "real"}


def test_the_token_has_two_names_is_stripped_and_never_shown() -> None:
    assert made({"MIST_APITOKEN": " tok\n"}).token.reveal() == "tok"
    second = made({"MIST_APITOKEN": "", "MIST_API_TOKEN": "two"})
    assert second.token.reveal() == "two"
    assert "two" not in repr(second)
    assert for_inventory({"MIST_APITOKEN": "a", "MIST_API_TOKEN": "b", "X": "c"}) == {"X": "c"}


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("api.mist.com", "https://api.mist.com"),
        ("https://API.mist.com/", "https://api.mist.com"),
        ("https://proxy.corp.example:8443", "https://proxy.corp.example:8443"),
        ("http://127.0.0.1:8801", "http://127.0.0.1:8801"),
        ("127.0.0.1:8801", "http://127.0.0.1:8801"),
        ("localhost:8801", "http://localhost:8801"),
        ("https://localhost:8801", "https://localhost:8801"),
    ],
)
def test_a_host_is_a_name_or_a_url_and_a_bare_loopback_is_an_emulator(host: str, url: str) -> None:
    assert made({"MIST_HOST": host}).host == url


@pytest.mark.parametrize("host", ["api.gc5.mist.com", "https://api.ac2.mist.com", "127.0.0.1:1", "http://[::1]:1"])
def test_the_inventory_may_name_a_mist_cloud_or_this_machine(host: str) -> None:
    assert made({"MIST_HOST": ""}, host=host).host


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "api.mist.com.evil.example",
        "api.mist.com:8443",
        "apixmist.com",
        "https://evil.example/",
        "api.mist.com.",
        "127.0.0.1.evil.example",
        "localhost.evil.example",
    ],
)
def test_the_inventory_alone_can_send_the_token_nowhere_else(host: str) -> None:
    with pytest.raises(GuardRefusal, match="none of Mist's clouds") as caught:
        made({"MIST_HOST": ""}, host=host)
    assert "MIST_HOST=" in caught.value.remedy


@pytest.mark.parametrize("host", ["http://api.mist.com", "api.mist.com@evil.example", "ftp://x", "a b", "http://[::1"])
def test_a_host_that_is_none_is_a_usage_error(host: str) -> None:
    for environ, fields in (({"MIST_HOST": host}, {}), ({"MIST_HOST": ""}, {"host": host})):
        with pytest.raises(UsageError):
            made(environ, **fields)


def test_timeout_and_ca_bundle_reach_the_connection() -> None:
    plain = made().connection()
    quick = made(flags=Flags(timeout=5, threads=3, ca_bundle="x.pem")).connection()
    assert (quick.total_timeout, quick.read_timeout, quick.retry_budget, quick.threads) == (5, 5, 5, 3)
    assert (quick.patience, quick.settle) == (5, 5)
    assert quick.ca_bundle == "x.pem"
    assert plain.total_timeout > 5


def test_a_bad_line_of_the_env_file_is_reported_by_its_number_and_never_by_its_value(tmp_path: Path) -> None:
    path = tmp_path / "mist.env"
    path.write_text("A=1\n1A=canary\n")
    with pytest.raises(UsageError, match=r"mist\.env:2") as caught:
        read_environment({}, path)
    assert "canary" not in str(caught.value)


def test_an_env_file_that_is_no_text_file_is_told(tmp_path: Path) -> None:
    binary, large = tmp_path / "binary", tmp_path / "large"
    binary.write_bytes(b"\xff\xfe")
    large.write_bytes(b"#" * (1024 * 1024 + 1))
    for path in (binary, large, tmp_path, tmp_path / "nowhere"):
        with pytest.raises(UsageError, match="env file"):
            read_environment({}, path)
