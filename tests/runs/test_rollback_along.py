"""What went along with a delete comes back with it, what named it is told its new id, and secrets are the base's."""

import subprocess
from pathlib import Path
from typing import Any

import pytest

from reconciler.emulator import Emulator
from tests.cli.conftest import CANARIES, ORG, Command
from tests.promises.kills import state_of
from tests.runs.test_rollback import by_hand, get
from tests.world import World

YES = "--auto-approve"
FIVE = ("--ack-deletes", "5")
PROJECT = "version: 1\nlimits: {deletes: {absolute: 50, percent: 100}}\n"
HAS = """\
sitegroups: [{name: emea}]
networktemplates:
  - {name: Office, dns_servers: [10.0.0.1], switch_mgmt: {root_password: !secret env:LAB_PSK}}
sites:
  - name: "Lyon [a] 50% / *"
    country_code: FR
    timezone: Europe/Paris
    address: 1 rue
    networktemplate: Office
    sitegroups: [emea]
    setting: {vars: {a: "1", corp_psk: canary-plain-77}, rogue: {enabled: true}}
    wlans:
      - {ssid: Lab, auth: {type: psk, psk: !secret env:LAB_PSK}, vlan_id: 4}
    webhooks:
      - {name: z, url: https://a.example.net/x, topics: [zone], secret: !secret env:HOOK_SECRET}
wlantemplates:
  - {name: corp, applies: {sites: ["Lyon [a] 50% / *"], sitegroups: [emea]}}
"""
GONE = """\
sitegroups: [{name: emea, absent: true}]
networktemplates: [{name: Office, absent: true}]
sites: [{name: "Lyon [a] 50% / *", absent: true}]
"""


def commit(inventory: Path, text: str) -> None:
    (inventory / "sites.yaml").write_text(text)
    identity = ("-c", "user.name=T", "-c", "user.email=t@example.net")
    for words in (["init", "--quiet"], ["add", "-A"], ["commit", "--quiet", "-m", "x"]):
        subprocess.run(["git", *identity, *words], cwd=inventory, check=True, capture_output=True)


@pytest.fixture
def applied(command: Command, inventory: Path, emulator: Emulator) -> Path:
    (inventory / "reconciler.yaml").write_text(PROJECT)
    commit(inventory, HAS)
    done = command("apply", YES)
    assert done.code == 0, done.out + done.err
    return inventory


def state(emulator: Emulator) -> dict[str, Any]:
    found = state_of(World(emulator))
    return {key: value for key, value in found.items() if key != "deleted_sites"}


@pytest.mark.parametrize("saved", [False, True])
def test_a_site_comes_back_with_all_that_was_in_it_and_is_named_by_its_new_id(
    saved: bool, command: Command, applied: Path, emulator: Emulator
) -> None:
    before = state(emulator)
    old = {item["name"]: item["id"] for item in get(emulator, f"orgs/{ORG}/sites")}
    commit(applied, GONE)
    gone = command("apply", YES, *FIVE)
    assert gone.code == 0, gone.out + gone.err
    assert "takes along its setting and 2 objects" in gone.out
    words = ("--out", "back.plan") if saved else (YES,)
    done = command("rollback", "last", *words)
    if saved:
        done = command("apply", "back.plan")
    assert done.code == 0, done.out + done.err
    new = {item["name"]: item["id"] for item in get(emulator, f"orgs/{ORG}/sites")}
    assert {name for name in old if old[name] != new[name]} == {"Lyon [a] 50% / *"}
    assert state(emulator) == before
    written = "".join(path.read_text() for path in (applied / ".reconciler/runs").glob("*.jsonl"))
    assert not [word for word in (*CANARIES.values(), "canary-plain-77") if word in written + done.out]


def test_without_the_base_what_had_a_secret_is_named_and_the_rest_comes_back(
    command: Command, applied: Path, emulator: Emulator
) -> None:
    commit(applied, GONE)
    assert command("apply", YES, *FIVE).code == 0
    for path in sorted((applied / ".reconciler/runs").glob("*.jsonl"))[:1]:
        path.unlink()
    done = command("rollback", "last", YES)
    assert done.code == 6, done.out + done.err
    assert "networktemplate.Office is not made again: `switch_mgmt.root_password` is or holds a secret" in done.out
    assert "/setting: `vars.corp_psk` is or holds a secret: it is not put back" in done.out
    assert "/wlan.Lab is not made again: `auth.psk` is or holds a secret" in done.out


def test_what_is_there_again_is_left_with_what_is_in_it(command: Command, applied: Path, emulator: Emulator) -> None:
    commit(applied, GONE)
    assert command("apply", YES, *FIVE).code == 0
    again = {"name": "Lyon [a] 50% / *", "country_code": "FR", "timezone": "Europe/Paris", "address": "by hand"}
    made = by_hand(emulator, "POST", f"orgs/{ORG}/sites", again)
    done = command("rollback", "last", YES)
    assert done.code == 6, done.out + done.err
    assert "is there again: it is left as it is, with what is in it" in done.out
    assert get(emulator, f"sites/{made['id']}/wlans") == []
    assert get(emulator, f"sites/{made['id']}")["address"] == "by hand"


def test_a_secret_that_the_files_changed_goes_back_to_what_the_base_had(
    command: Command, applied: Path, emulator: Emulator
) -> None:
    commit(applied, HAS.replace("!secret env:HOOK_SECRET", "canary-new-8"))
    assert command("apply", YES).code == 0
    site = next(item for item in get(emulator, f"orgs/{ORG}/sites") if item["name"].startswith("Lyon"))
    hook = f"sites/{site['id']}/webhooks"
    assert get(emulator, hook)[0]["secret"] == "canary-new-8"
    done = command("rollback", "last", YES)
    assert done.code == 0, done.out + done.err
    assert get(emulator, hook)[0]["secret"] == CANARIES["HOOK_SECRET"]
    assert "canary" not in done.out


def test_a_secret_that_was_changed_since_is_left(command: Command, applied: Path, emulator: Emulator) -> None:
    commit(applied, HAS.replace("!secret env:HOOK_SECRET", "canary-new-8"))
    assert command("apply", YES).code == 0
    site = next(item for item in get(emulator, f"orgs/{ORG}/sites") if item["name"].startswith("Lyon"))
    hook = get(emulator, f"sites/{site['id']}/webhooks")[0]
    by_hand(emulator, "PUT", f"sites/{site['id']}/webhooks/{hook['id']}", {"secret": "canary-by-hand"})
    done = command("rollback", "last", YES)
    assert done.code == 1, done.out + done.err
    assert "`secret` is not as the run left it" in done.out


def test_a_delete_that_goes_with_its_site_is_not_stopped_by_a_release_in_it(
    command: Command, applied: Path, emulator: Emulator
) -> None:
    commit(applied, GONE)
    plan = command("plan")
    assert "not-pruned" not in plan.out
    assert "1 to delete" in plan.out
    assert "site.Lyon [a] 50%25 %2F */wlan.Lab was declared" not in plan.out


TAGS = """\
sites:
  - name: Paris-HQ
    wxtags:
      - {name: lab, type: match, match: ip_range_subnet, values: [10.0.0.0/8]}
wxtags:
  - {name: everywhere, type: match, match: ip_range_subnet, values: [10.1.0.0/16]}
deviceprofiles_ap:
  - {name: ceiling}
alarmtemplates:
  - {name: nights, delivery: {enabled: true}, rules: {}}
"""
PARIS = "sites/11111111-1111-4111-8111-111111111111"


def test_what_nobody_declared_in_sites_is_told_the_new_ids_too(
    command: Command, inventory: Path, emulator: Emulator
) -> None:
    (inventory / "reconciler.yaml").write_text(PROJECT)
    (inventory / "sites.yaml").write_text(TAGS)
    assert command("apply", YES).code == 0
    other = by_hand(emulator, "POST", f"orgs/{ORG}/sites", {"name": "* [b]", "country_code": "FR"})["id"]

    def ids() -> dict[str, str]:
        lists = (f"{PARIS}/wxtags", f"orgs/{ORG}/wxtags", f"orgs/{ORG}/alarmtemplates")
        return {item["name"]: item["id"] for path in lists for item in get(emulator, path)}

    old = ids()
    tagged = {
        "src_wxtags": [old["everywhere"]],
        "dst_allow_wxtags": [],
        "dst_deny_wxtags": [],
        "action": "allow",
        "order": 1,
    }
    template = by_hand(emulator, "POST", f"orgs/{ORG}/templates", {"name": "t"})["id"]
    rules = [f"{PARIS}/wxrules", f"sites/{other}/wxrules", f"orgs/{ORG}/wxrules"]
    by_hand(emulator, "POST", rules[0], {**tagged, "dst_allow_wxtags": [old["lab"]], "enabled": False})
    by_hand(emulator, "POST", rules[1], tagged)
    by_hand(emulator, "POST", rules[2], {**tagged, "template_id": template})
    by_hand(emulator, "PUT", f"orgs/{ORG}", {"alarmtemplate_id": old["nights"]})
    (inventory / "sites.yaml").write_text(TAGS.replace("{name: ", "{absent: true, name: "))
    gone = command("apply", YES, "--ack-deletes", "4")
    assert gone.code == 0, gone.out + gone.err
    assert get(emulator, rules[0])[0]["dst_allow_wxtags"] == [old["lab"]]
    done = command("rollback", "last", YES)
    assert done.code == 0, done.out + done.err
    new = ids()
    assert sorted(new) == sorted(old)
    assert not {*new.values()} & {*old.values()}
    assert get(emulator, f"orgs/{ORG}")["alarmtemplate_id"] == new["nights"]
    (first,), (second,), (third,) = (get(emulator, path) for path in rules)
    assert first["src_wxtags"] == second["src_wxtags"] == third["src_wxtags"] == [new["everywhere"]]
    assert (first["dst_allow_wxtags"], first["enabled"]) == ([new["lab"]], False)


def test_what_live_objects_name_is_deleted_after_them(command: Command, applied: Path) -> None:
    commit(applied, GONE)
    waits = {item["address"]: item["depends_on"] for item in command("plan", "--json").document["changes"]}
    assert waits["sitegroup.emea"] == waits["networktemplate.Office"] == ["site.Lyon [a] 50%25 %2F *"]
