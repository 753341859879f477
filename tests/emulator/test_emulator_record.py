"""The recorder: what a cloud shows of the open questions, without a name, a secret or a write; and a cloud like it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from reconciler.emulator import Emulator
from reconciler.emulator.__main__ import main
from reconciler.emulator.errors import EmulatorError
from reconciler.emulator.record import FILE, like, over_http, record
from reconciler.emulator.server import Server
from tests.emulator.support import ORG, SITE, organisation

HIDDEN = ["Acme", "Paris", "Corp-Secret-Net", "correct horse", "hooks.example", "corp_vlan", "5c5b35"]


@pytest.fixture
def cloud() -> Emulator:
    emulator = Emulator(data=organisation())
    for path, body in [
        (f"sites/{SITE}/wlans", {"ssid": "Corp-Secret-Net", "auth": {"type": "psk", "psk": "correct horse"}}),
        (
            f"orgs/{ORG}/webhooks",
            {"name": "a", "url": "https://hooks.example/x", "topics": ["audits"], "secret": "s3cret"},
        ),
        (f"orgs/{ORG}/networktemplates", {"name": "n", "networks": {"corp_vlan": {"vlan_id": 7}}, "port_usages": {}}),
        (f"orgs/{ORG}/usermacs", {"mac": "5c5b35000001", "labels": ["b", "a"]}),
    ]:
        assert emulator.call("POST", path, body=body).status == 200
    emulator.settings.update({"hourly_limit": 5000})
    return emulator


QUIRKS = [
    {"page_headers": "never", "content_type": "vnd", "not_found_body": "id", "usermacs_search": "results"},
    {"page_headers": "always", "content_type": "json", "not_found_body": "detail", "usermacs_search": "array"},
]


@pytest.mark.parametrize("quirks", QUIRKS)
def test_a_recording_answers_what_it_saw_and_a_cloud_is_like_it(
    quirks: dict[str, str], cloud: Emulator, tmp_path: Path
) -> None:
    cloud.settings.update({"quirks": quirks})
    writes = cloud.calls.as_json()["writes"]
    with Server(cloud, host="127.0.0.1", port=0) as server:
        record(over_http(server.url, "t"), ORG, tmp_path)
    assert cloud.calls.as_json()["writes"] == writes
    seen = like(tmp_path)
    assert quirks.items() <= seen.items()
    other = Emulator(data=organisation())
    other.settings.update({"quirks": seen})
    assert {name: getattr(other.settings.current.quirks, name) for name in quirks} == quirks


def test_names_secrets_and_numbers_become_pseudonyms_the_same_for_the_same(cloud: Emulator, tmp_path: Path) -> None:
    with Server(cloud, host="127.0.0.1", port=0) as server:
        answers = record(over_http(server.url, "t"), ORG, tmp_path)
    text = (tmp_path / FILE).read_text("utf-8")
    assert [word for word in (*HIDDEN, "s3cret", ORG, SITE) if word in text] == []
    [wlan] = answers["objects"]["sites/wlans"]
    assert (wlan["auth"]["type"], wlan["auth"]["psk"][:5]) == ("psk", "text-")
    assert wlan["site_id"] in {one["id"] for one in answers["objects"]["orgs/sites"]}


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"quirks": {"unheard_of": 1}}'])
def test_a_directory_without_a_recording_is_said(text: str, tmp_path: Path) -> None:
    (tmp_path / FILE).write_text(text, "utf-8")
    with pytest.raises(EmulatorError, match="holds no recording"):
        like(tmp_path)


def test_the_command_needs_an_account_and_tells_what_it_read(
    cloud: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("MIST_HOST", "MIST_APITOKEN", "MIST_ORG_ID"):
        monkeypatch.delenv(name, raising=False)
    assert main(["record", "--out", str(tmp_path)]) == 2
    with Server(cloud, host="127.0.0.1", port=0) as server:
        for name, value in (("MIST_HOST", server.url), ("MIST_APITOKEN", "t"), ("MIST_ORG_ID", ORG)):
            monkeypatch.setenv(name, value)
        assert main(["record", "--out", str(tmp_path / "new")]) == 0
    assert "Nothing was written to the cloud" in capsys.readouterr().out
    assert json.loads((tmp_path / "new" / FILE).read_text("utf-8"))["quirks"]
    monkeypatch.setenv("MIST_HOST", "http://127.0.0.1:9")
    assert main(["record", "--out", str(tmp_path)]) == 1
