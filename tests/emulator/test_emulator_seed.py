"""Seeds and states: one format, in and out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from reconciler.emulator import Emulator, EmulatorError, read_seed
from tests.emulator.support import ORG, SITE, ok, organisation

YAML = """
orgs:
  - name: Acme
    setting: {disable_pcap: true}
    alarmtemplates: [{id: a1, name: alarms}]
    logs: [{timestamp: 5, admin_name: Ada, message: 'Update WLAN "x"'}]
    sites:
      - name: Paris
        timezone: Europe/Paris
        setting: {vars: {a: "1"}}
        wlans: [{ssid: Lab, vlan_id: 010}]
tokens:
  reader: {role: read}
"""


@pytest.fixture
def seeded(tmp_path: Path) -> Emulator:
    path = tmp_path / "seed.yaml"
    path.write_text(YAML)
    return Emulator(data=read_seed(path), seed=7)


def test_a_yaml_seed_gets_ids_scopes_and_offsets_but_no_defaults(seeded: Emulator) -> None:
    org = seeded.state()["orgs"][0]
    site = org["sites"][0]
    wlan = site["wlans"][0]
    assert len(org["id"]) == len(site["id"]) == len(wlan["id"]) == 36
    assert (wlan["org_id"], wlan["site_id"], wlan["for_site"]) == (org["id"], site["id"], True)
    assert "dtim" not in wlan
    assert (site["tzoffset"] in (60, 120), site["setting"]["vars"]) == (True, {"a": "1"})
    assert (org["setting"]["disable_pcap"], org["logs"][0]["admin_name"]) == (True, "Ada")
    assert org["alarmtemplates"][0]["id"] == "a1"
    assert seeded.call("PUT", f"sites/{site['id']}", body={}, token="reader").status == 403


def test_a_state_loads_to_the_same_state(seeded: Emulator) -> None:
    state = seeded.state()
    again = Emulator(data=state, seed=7)
    assert again.state() == state
    path = f"orgs/{state['orgs'][0]['id']}/sites"
    assert (
        ok(again.call("POST", path, body={"name": "n"}))["id"]
        == ok(seeded.call("POST", path, body={"name": "n"}))["id"]
    )


def test_what_is_read_or_given_is_a_copy(emulator: Emulator) -> None:
    data = organisation()
    emulator.load(data)
    data["orgs"][0]["name"] = "changed"
    emulator.state()["orgs"][0]["name"] = "changed"
    ok(emulator.call("GET", f"orgs/{ORG}"))["name"] = "changed"
    assert ok(emulator.call("GET", f"orgs/{ORG}"))["name"] == "Acme"


BAD: list[tuple[dict[str, Any], str]] = [
    ({"planets": []}, "unknown key planets"),
    ({"orgs": {}}, "orgs must be a list of objects"),
    ({"orgs": ["Acme"]}, "orgs must be a list of objects"),
    ({"orgs": [{"name": "A", "wlans": {}}]}, "wlans must be a list"),
    ({"orgs": [{"name": "A", "sites": [{"name": "S", "wlans": [5]}]}]}, "wlans must be a list"),
    ({"orgs": [{"name": "A", "sites": [{"name": "S", "devices": [{}]}]}]}, "a device needs a mac"),
    ({"orgs": [{"name": "A", "inventory": [{}]}]}, "a claimed device needs a mac"),
    ({"orgs": [{"name": "A", "inventory": [{"mac": "1", "site_id": "x"}]}]}, "unknown site x"),
    ({"orgs": [], "tokens": {"t": 5}}, "token 't'"),
]


@pytest.mark.parametrize(("data", "message"), BAD)
def test_a_bad_seed_is_one_clear_line_and_nothing_is_changed(
    data: dict[str, Any], message: str, emulator: Emulator
) -> None:
    before = emulator.state()
    with pytest.raises(EmulatorError, match=message) as caught:
        emulator.load(data)
    assert "\n" not in str(caught.value)
    assert emulator.state() == before


FILES = [
    ("seed.yaml", b"orgs: [", "seed.yaml: "),
    ("seed.yaml", b"- 1", "expected a mapping"),
    ("seed.json", b"{", "seed.json: "),
    ("seed.yaml", b"\xff\xfe\xff", "cannot be read"),
    ("none.yaml", None, "cannot be read"),
    ("seed.yaml", b"orgs: !!python/object:os.system {}", "seed.yaml: "),
]


@pytest.mark.parametrize(("name", "content", "message"), FILES)
def test_a_seed_file_that_cannot_be_read_is_one_clear_line(
    name: str, content: bytes | None, message: str, tmp_path: Path
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(EmulatorError, match=message) as caught:
        read_seed(tmp_path / name)
    assert "\n" not in str(caught.value)


def test_a_json_seed_is_read_too(tmp_path: Path) -> None:
    (tmp_path / "seed.json").write_text('{"orgs": []}')
    assert read_seed(tmp_path / "seed.json") == {"orgs": []}


def test_a_site_that_has_lost_its_setting_gets_one(emulator: Emulator) -> None:
    emulator._world.store.settings.pop(SITE)
    assert ok(emulator.call("GET", f"sites/{SITE}/setting"))["site_id"] == SITE
