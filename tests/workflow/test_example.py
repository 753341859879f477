"""The main job on the example: validate, plan, apply, an empty second plan, drift; all quirks of the cloud on."""

from collections.abc import Iterator
from typing import Any

import pytest

from reconciler.cli.failures import CHANGES, IN_PART, OK, STALE
from reconciler.emulator import Settings
from tests.workflow.conftest import INVENTORY, ORG, Desk

GUEST_WLAN = f"orgs/{ORG}/wlans/08000000-0000-4000-8000-000000000003"
BRANCH = f"orgs/{ORG}/networktemplates/0e000000-0000-4000-8000-000000000002"
CAMPUS = f"orgs/{ORG}/networktemplates/0e000000-0000-4000-8000-000000000001"
MADE_BY_CLOUD = {"modified_time", "created_time"}


def applied(desk: Desk) -> None:
    ended = desk.reconciler("apply", INVENTORY, "--auto-approve")
    assert ended.code == OK, ended.err + ended.out


def test_the_cloud_of_these_tests_has_all_its_quirks(desk: Desk) -> None:
    assert desk.emulator.settings.current == Settings()


def test_the_example_validates_without_a_word(desk: Desk) -> None:
    ended = desk.reconciler("validate", INVENTORY, "--strict", "--format", "json")
    assert ended.code == OK
    assert ended.json["diagnostics"] == []


def test_the_first_plan_creates_and_updates_and_counts_what_nobody_declared(desk: Desk) -> None:
    ended = desk.reconciler("plan", INVENTORY, "--json", "--detailed-exitcode")
    assert ended.code == CHANGES
    document = ended.json
    assert document["summary"]["create"] >= 10
    assert document["summary"]["update"] >= 10
    assert document["summary"]["delete"] == 0
    assert len(document["unmanaged"]) == 8
    assert desk.writes() == 0


def test_what_was_applied_is_there_and_the_second_plan_is_empty(desk: Desk) -> None:
    applied(desk)
    ended = desk.reconciler("plan", INVENTORY, "--detailed-exitcode")
    assert ended.code == OK, ended.out
    assert "No changes." in ended.out
    sites = {site["name"]: site for site in desk.live(f"orgs/{ORG}/sites")}
    assert {"Branch-Strasbourg", "Branch-Toulouse", "Geneva-Office", "Lille-Office"} <= set(sites)
    assert "Lille" not in sites
    setting = desk.live(f"sites/{sites['Geneva-Office']['id']}/setting")
    assert setting["vars"] == {"corp_vlan": "110", "guest_vlan": "40", "iot_vlan": "30"}


def test_a_second_apply_writes_nothing(desk: Desk) -> None:
    applied(desk)
    assert desk.writes() > 0
    applied(desk)
    assert desk.writes() == 0


def test_every_planned_write_is_one_call(desk: Desk) -> None:
    planned = desk.reconciler("plan", INVENTORY, "--json").json
    desk.writes()
    applied(desk)
    assert desk.writes() == planned["calls"]["write"]


def test_what_nobody_declared_stays_as_it_was(desk: Desk) -> None:
    planned = desk.reconciler("plan", INVENTORY, "--json").json
    told = {root["root"]: root["drops"] for change in planned["changes"] for root in change["roots"]}
    assert not any(told.values())
    before = dict(stored(desk))
    applied(desk)
    after = dict(stored(desk))
    changed = {path for path, value in before.items() if after.get(path) != value}
    assert not changed - meant(before)


def stored(desk: Desk) -> Iterator[tuple[str, Any]]:
    """Every leaf of the store by a path that holds ids and keys; elements of lists by their content."""
    for org in desk.emulator.state()["orgs"]:
        for name, value in org.items():
            if name != "logs":
                yield from leaves(value, name)


def leaves(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for key, item in value.items():
            if key not in MADE_BY_CLOUD:
                yield from leaves(item, f"{path}/{key}")
    elif isinstance(value, list):
        for item in value:
            named = isinstance(item, dict) and (item.get("id") or item.get("name") or item.get("host"))
            yield from leaves(item, f"{path}[{named or item}]")
    else:
        yield path, str(value)


MEANT = (
    "networktemplates[0e000000-0000-4000-8000-000000000001]/acl_policies[temp-contractors]",
    "rftemplates[0f000000-0000-4000-8000-000000000002]/band_5/",
    "wlans[08000000-0000-4000-8000-000000000001]/bands[24]",
    "wlans[08000000-0000-4000-8000-000000000003]/client_limit_down",
    "wlans[08000000-0000-4000-8000-000000000003]/portal/expire",
    "sites[05000000-0000-4000-8000-000000000001]/setting/rogue/min_rssi",
    "sites[05000000-0000-4000-8000-000000000002]/wlans[08000000-0000-4000-8000-000000000012]/max_num_clients",
    "sites[05000000-0000-4000-8000-000000000004]/name",
    "sites[05000000-0000-4000-8000-000000000006]/setting/vars/iot_vlan",
    "sites[05000000-0000-4000-8000-000000000007]/notes",
    "sites[05000000-0000-4000-8000-000000000007]/timezone",
    "sites[05000000-0000-4000-8000-000000000007]/tzoffset",
)
"""What the inventory says otherwise: the only stored values that may go."""


def meant(paths: dict[str, Any]) -> set[str]:
    return {path for path in paths if path.startswith(MEANT)}


def test_every_value_that_should_change_did(desk: Desk) -> None:
    before = dict(stored(desk))
    applied(desk)
    after = dict(stored(desk))
    for start in MEANT:
        old = {path: value for path, value in before.items() if path.startswith(start)}
        assert old, start
        assert any(after.get(path) != value for path, value in old.items()), start


def test_policies_port_usages_and_a_secret_of_others_survive_an_added_policy(desk: Desk) -> None:
    before = desk.live(BRANCH)
    ended = desk.reconciler("apply", INVENTORY, "--auto-approve", "--target", "networktemplate.branch")
    assert ended.code == OK
    after = desk.live(BRANCH)
    assert after["acl_policies"][: len(before["acl_policies"])] == before["acl_policies"]
    assert [item["name"] for item in after["acl_policies"]] == ["tills-out", "tills-back", "iot-out", "iot-back"]
    assert after["radius_config"] == before["radius_config"]
    assert after["port_usages"]["till"] == before["port_usages"]["till"]
    for name, tag in before["acl_tags"].items():
        assert tag.items() <= after["acl_tags"][name].items()  # the cloud fills in defaults
    assert desk.writes() == 1


def test_an_edit_by_hand_is_drift_and_the_report_says_who_it_was(desk: Desk) -> None:
    applied(desk)
    desk.by_hand(GUEST_WLAN, {"isolation": False})
    ended = desk.reconciler("drift", INVENTORY)
    assert ended.code == CHANGES
    assert "wlantemplate.guest/wlan.Kestrel-Guest" in ended.out
    assert "declared true, live false" in ended.out
    assert "changed by Jane Doe" in ended.out
    desk.writes()
    [found] = desk.reconciler("drift", INVENTORY, "--json").json["drift"]
    assert (found["address"], found["edited"]["admin"]) == ("wlantemplate.guest/wlan.Kestrel-Guest", "Jane Doe")
    assert "Jane Doe" in desk.reconciler("drift", INVENTORY, "--markdown").out
    assert desk.writes() == 0


def accepted(desk: Desk) -> None:
    """What was there before git, and nobody declares, is accepted."""
    done = desk.reconciler("drift", "ignore", "--undeclared", "--inventory", INVENTORY, "--reason", "Here before git")
    assert done.code == OK, done.err


def test_no_drift_is_exit_0(desk: Desk) -> None:
    applied(desk)
    accepted(desk)
    ended = desk.reconciler("drift", INVENTORY)
    assert ended.code == OK
    assert "No drift." in ended.out


def test_an_ignored_difference_is_neither_planned_nor_drift(desk: Desk) -> None:
    applied(desk)
    accepted(desk)
    desk.by_hand("sites/05000000-0000-4000-8000-000000000002/setting", {"auto_upgrade": {"enabled": False}})
    assert desk.reconciler("drift", INVENTORY).code == OK


def test_a_saved_plan_is_applied_once_and_then_needs_no_write(desk: Desk) -> None:
    assert desk.reconciler("plan", INVENTORY, "--out", "approved.plan").code == OK
    assert desk.reconciler("apply", "approved.plan").code == OK
    assert desk.writes() > 0
    assert desk.reconciler("plan", INVENTORY, "--detailed-exitcode").code == OK


@pytest.mark.parametrize("words", [("--target", "networktemplate.campus"), ()])
def test_an_edit_by_hand_between_plan_and_apply_is_refused_with_exit_4_and_no_write(
    desk: Desk, words: tuple[str, ...]
) -> None:
    desk.reconciler("plan", INVENTORY, "--out", "approved.plan", *words)
    policies = [{"name": "emergency", "src_tags": ["any"], "actions": [{"dst_tag": "any", "action": "allow"}]}]
    desk.by_hand(CAMPUS, {"acl_policies": policies})
    desk.writes()
    ended = desk.reconciler("apply", "approved.plan", "--refuse-any-stale")
    assert ended.code == STALE, ended.out + ended.err
    assert desk.writes() == 0
    assert desk.live(CAMPUS)["acl_policies"][0].items() >= policies[0].items()


def test_without_that_refusal_only_the_object_that_somebody_edited_is_left_alone(desk: Desk) -> None:
    desk.reconciler("plan", INVENTORY, "--out", "approved.plan")
    desk.by_hand(CAMPUS, {"acl_policies": []})
    desk.writes()
    planned = desk.reconciler("show", "approved.plan", "--json").json["calls"]["write"]
    ended = desk.reconciler("apply", "approved.plan")
    assert ended.code == IN_PART
    assert "stale      networktemplate.campus" in ended.out
    assert desk.writes() == planned - 1
    assert not desk.live(CAMPUS)["acl_policies"]


def test_prune_deletes_only_what_is_managed_and_not_protected(desk: Desk) -> None:
    ended = desk.reconciler("plan", INVENTORY, "--prune", "--json")
    deletes = [change["address"] for change in ended.json["changes"] if change["action"] == "delete"]
    assert sorted(deletes) == ["webhook.old-syslog", "wlantemplate.corporate/wlan.Kestrel-Old"]
    # The other WLAN that nobody declared is in a template that nobody declared: not ours.
    assert "wlantemplate.scanners-2019/wlan.Scanners" in ended.json["unmanaged"]


@pytest.mark.parametrize("style", [(), ("--json",), ("--markdown",)])
def test_no_secret_of_the_example_is_in_a_plan(desk: Desk, style: tuple[str, ...]) -> None:
    secrets = [
        line.partition("=")[2]
        for line in (desk.directory / INVENTORY / "example.env").read_text("utf-8").splitlines()
        if "=" in line and not line.startswith("#")
    ]
    ended = desk.reconciler("plan", INVENTORY, "--verbose", *style)
    assert ended.code == OK
    assert not [secret for secret in secrets if secret in ended.out + ended.err]


def test_every_object_can_be_rendered_and_explained(desk: Desk) -> None:
    rendered = desk.reconciler("render", INVENTORY)
    assert rendered.code == OK
    addresses = [line.split("  ")[1].strip("# ") for line in rendered.out.splitlines() if line.startswith("  # ")]
    assert len(addresses) > 40
    for address in addresses[::6]:
        assert desk.reconciler("explain", "--inventory", INVENTORY, address).code == OK
