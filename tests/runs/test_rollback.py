"""`rollback RUN`: what an apply wrote is put back, and nothing else."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.emulator import Emulator
from reconciler.kinds import kinds
from reconciler.semantics.equality import is_empty
from reconciler.semantics.overlay import overlay
from reconciler.stages.diff.putting_back import Back
from tests.cli.conftest import CANARIES, ORG, PROJECT, SITES, Command, writes

SITE = "sites/11111111-1111-4111-8111-111111111111"
YES = "--auto-approve"
ALL = ("--delete-created", "--ack-deletes", "3", YES)
MADE = {"id", "created_time", "modified_time", "sitegroup_ids"}
"""What another object has other values of, or what an object that is made again has."""


def get(emulator: Emulator, path: str) -> Any:
    return by_hand(emulator, "GET", path)


def by_hand(emulator: Emulator, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
    """A call that somebody else makes."""
    reply = emulator.call(method, f"/api/v1/{path}", body=body, token=CANARIES["MIST_APITOKEN"])
    assert reply.status == 200, reply.body
    return json.loads(json.dumps(reply.body))


def state(emulator: Emulator) -> dict[str, Any]:
    """All that an apply could touch; of the setting what is not a default that the first PUT brings."""
    paths = [SITE, f"{SITE}/wlans", f"{SITE}/webhooks", f"orgs/{ORG}/sitegroups"]
    setting = {"vars": get(emulator, f"{SITE}/setting")["vars"]}
    return {**{path: without(get(emulator, path)) for path in paths}, f"{SITE}/setting": setting}


def without(value: Any) -> Any:
    if isinstance(value, list):
        return [without(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {key: item for key, item in value.items() if key not in MADE and not is_empty(item)}


def records(inventory: Path) -> list[Path]:
    return sorted((inventory / ".reconciler" / "runs").glob("*.jsonl"))


def test_everything_that_an_apply_wrote_goes_back_and_nothing_else(
    command: Command, inventory: Path, emulator: Emulator
) -> None:
    before = state(emulator)
    assert command("apply", YES).code == 0
    by_hand(emulator, "PUT", f"{SITE}/setting", {"vars": {"corp_vlan": "20", "other": "2"}})
    done = command("rollback", "last", *ALL)
    assert done.code == 0, done.out + done.err
    before[f"{SITE}/setting"]["vars"]["other"] = "2"
    assert state(emulator) == before
    assert get(emulator, SITE)["sitegroup_ids"] == []
    assert "names no commit" in done.err
    again = command("rollback", records(inventory)[0].stem, "--delete-created", YES)
    assert (again.code, "has nothing to put back" in again.err) == (0, True), again.out + again.err


def test_what_the_run_made_stays_and_is_named_unless_its_deletion_is_asked_for(
    command: Command, emulator: Emulator
) -> None:
    assert command("apply", YES).code == 0
    done = command("rollback", "last", YES)
    assert done.code == 0, done.out + done.err
    for address in ("sitegroup.emea", "site.Paris-HQ/wlan.Lab", "site.Paris-HQ/webhook.zones"):
        assert f"{address} stays: with --delete-created it is deleted" in done.out
    assert get(emulator, SITE)["address"] == "old street"
    assert [item["ssid"] for item in get(emulator, f"{SITE}/wlans")] == ["Lab"]


def test_a_template_that_the_run_made_goes_with_the_wlan_that_it_made_in_it(
    command: Command, inventory: Path, emulator: Emulator
) -> None:
    text = "wlantemplates: [{name: Guests, wlans: [{ssid: Guest, enabled: true, auth: {type: open}}]}]\n"
    assert command("apply", YES).code == 0
    (inventory / "guests.yaml").write_text(text)
    assert command("apply", YES).code == 0
    assert [item["name"] for item in get(emulator, f"orgs/{ORG}/templates")] == ["Guests"]
    (wlan,) = get(emulator, f"orgs/{ORG}/wlans")
    by_hand(emulator, "PUT", f"orgs/{ORG}/wlans/{wlan['id']}", {**wlan, "vlan_id": 7, "enabled": False})
    kept = command("rollback", "last", "--delete-created", YES)
    assert "wlantemplate.Guests was made by the run and holds something that was changed since" in kept.out
    assert len(get(emulator, f"orgs/{ORG}/templates")) == 1
    by_hand(emulator, "PUT", f"orgs/{ORG}/wlans/{wlan['id']}", wlan)
    done = command("rollback", "last", "--delete-created", "--ack-deletes", "2", YES)
    assert done.code == 0, done.out + done.err
    assert get(emulator, f"orgs/{ORG}/templates") == get(emulator, f"orgs/{ORG}/wlans") == []


def test_the_limits_and_protect_hold_for_a_rollback_too(command: Command, inventory: Path, emulator: Emulator) -> None:
    assert command("apply", YES).code == 0
    sent = writes(emulator)
    assert command("rollback", "last", "--delete-created", YES).code == 5
    assert writes(emulator) == sent
    (inventory / "reconciler.yaml").write_text(f"{PROJECT}protect: [site.*/wlan.Lab]\n")
    done = command("rollback", "last", *ALL[:1], "--ack-deletes", "2", YES)
    assert [item["ssid"] for item in get(emulator, f"{SITE}/wlans")] == ["Lab"], done.out


def test_a_leaf_that_was_changed_since_is_left_and_told_and_the_rest_goes_back(
    command: Command, emulator: Emulator
) -> None:
    assert command("apply", YES).code == 0
    by_hand(emulator, "PUT", SITE, {"address": "by hand"})
    (lab,) = get(emulator, f"{SITE}/wlans")
    by_hand(emulator, "PUT", f"{SITE}/wlans/{lab['id']}", {"enabled": True, "vlan_id": 7, "ssid": "Lab renamed"})
    done = command("rollback", "last", "--delete-created", "--ack-deletes", "2", YES)
    assert done.code == 6, done.out + done.err
    assert "`address` is not as the run left it: it is left as live" in done.out
    assert "site.Paris-HQ/wlan.Lab was made by the run and changed since: it is not deleted" in done.out
    assert get(emulator, SITE)["address"] == "by hand"
    assert get(emulator, f"{SITE}/setting")["vars"]["corp_vlan"] == "10"
    assert [item["ssid"] for item in get(emulator, f"{SITE}/wlans")] == ["Lab renamed"]
    assert get(emulator, f"orgs/{ORG}/sitegroups") == []


def test_objects_that_are_gone_since_are_told_and_not_made_again(command: Command, emulator: Emulator) -> None:
    assert command("apply", YES).code == 0
    (lab,) = get(emulator, f"{SITE}/wlans")
    by_hand(emulator, "DELETE", f"{SITE}/wlans/{lab['id']}")
    done = command("rollback", "last", *ALL[:1], "--ack-deletes", "2", YES)
    assert done.code == 0, done.out + done.err
    assert "site.Paris-HQ/wlan.Lab was made by the run, and is gone already" in done.out
    assert get(emulator, f"{SITE}/wlans") == []


def test_what_the_run_deleted_is_made_again_and_referred_to_by_its_new_id(
    command: Command, inventory: Path, emulator: Emulator
) -> None:
    assert command("apply", YES).code == 0
    before, (old,) = state(emulator), get(emulator, f"orgs/{ORG}/sitegroups")
    gone = SITES.replace("[emea]", "[]").replace("- name: emea", "- name: emea\n    absent: true")
    (inventory / "sites.yaml").write_text(gone)
    assert command("apply", YES).code == 0
    assert get(emulator, f"orgs/{ORG}/sitegroups") == []
    done = command("rollback", "last", YES)
    assert done.code == 0, done.out + done.err
    (new,) = get(emulator, f"orgs/{ORG}/sitegroups")
    assert new["id"] != old["id"]
    assert get(emulator, SITE)["sitegroup_ids"] == [new["id"]]
    after = state(emulator)
    for one in (before, after):
        one[f"orgs/{ORG}/sitegroups"] = [item["name"] for item in one[f"orgs/{ORG}/sitegroups"]]
    assert after == before


def test_a_secret_is_in_no_record_and_named_as_not_put_back(
    command: Command, inventory: Path, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert command("apply", YES).code == 0
    monkeypatch.setenv("LAB_PSK", "canary-psk-0009")
    assert command("apply", YES).code == 0
    done = command("rollback", "last", YES)
    assert done.code == 1, done.out + done.err
    assert "site.Paris-HQ/wlan.Lab: `auth.psk` is or holds a secret: it is not put back" in done.out
    assert get(emulator, f"{SITE}/wlans")[0]["auth"]["psk"] == "canary-psk-0009"
    written = "".join(path.read_text() for path in records(inventory))
    assert not [word for word in (*CANARIES.values(), "canary-psk-0009") if word in written]


def test_an_object_that_had_a_secret_is_named_and_not_made_again_without(
    command: Command, inventory: Path, emulator: Emulator
) -> None:
    assert command("apply", YES).code == 0
    absent = SITES.replace("- {ssid: Lab, auth: {type: psk, psk: !secret env:LAB_PSK}}", "- {ssid: Lab, absent: true}")
    (inventory / "sites.yaml").write_text(absent)
    assert command("apply", YES).code == 0
    done = command("rollback", "last", YES)
    assert done.code == 1, done.out + done.err
    assert "site.Paris-HQ/wlan.Lab is not made again: `auth.psk` is or holds a secret" in done.out
    assert get(emulator, f"{SITE}/wlans") == []


def test_what_refers_to_an_object_that_is_not_made_again_waits_for_it(
    command: Command, inventory: Path, emulator: Emulator
) -> None:
    template = "networktemplates:\n  - {name: Office, switch_mgmt: {root_password: !secret env:LAB_PSK}}\n"
    (inventory / "office.yaml").write_text(template)
    (inventory / "sites.yaml").write_text(SITES.replace("sitegroups: [emea]", "networktemplate: Office"))
    assert command("apply", YES).code == 0
    (inventory / "office.yaml").write_text("networktemplates: [{name: Office, absent: true}]\n")
    (inventory / "sites.yaml").write_text(SITES.replace("sitegroups: [emea]", "networktemplate: null"))
    assert command("apply", YES).code == 0
    done = command("rollback", "last", YES)
    assert done.code == 1, done.out + done.err
    assert "networktemplate.Office is not made again: `switch_mgmt.root_password` is or holds" in done.out
    assert "site.Paris-HQ: error[not-in-cloud]" in done.out
    assert "can be put back: see the errors above" in done.err
    assert not get(emulator, SITE).get("networktemplate_id")


def test_a_rollback_can_be_rolled_back_and_is_no_base_and_no_run_to_resume(
    command: Command, inventory: Path, emulator: Emulator
) -> None:
    assert command("apply", YES).code == 0
    after = state(emulator)
    assert command("rollback", "last", YES).code == 0
    assert json.loads(records(inventory)[-1].read_text().splitlines()[0])["whole"] is False
    resumed = command("apply", "--resume", YES)
    assert (resumed.code, "was a rollback, not an apply" in resumed.err) == (64, True)
    done = command("rollback", "last", YES)
    assert (done.code, "was a rollback itself" in done.err) == (0, True), done.out + done.err
    assert state(emulator) == after


def test_a_rollback_is_saved_shown_and_applied_like_any_plan(
    command: Command, inventory: Path, emulator: Emulator
) -> None:
    before = state(emulator)
    assert command("apply", YES).code == 0
    sent = writes(emulator)
    saved = command("rollback", "last", *ALL[:3], "--out", "back.json")
    assert (saved.code, writes(emulator)) == (0, sent), saved.out + saved.err
    assert "site.Paris-HQ/wlan.Lab" in command("show", "back.json").out
    (inventory / "sites.yaml").write_text(SITES.replace("1 rue", "2 rue"))  # the files are no part of it
    done = command("apply", "back.json")
    assert done.code == 0, done.out + done.err
    assert state(emulator) == before


def test_a_saved_rollback_that_was_applied_counts_as_done(command: Command, emulator: Emulator) -> None:
    assert command("apply", YES).code == 0
    assert command("rollback", "last", "--out", "back.json").code == 0
    assert command("apply", "back.json").code == 0
    sent = writes(emulator)
    again = command("apply", "back.json")
    assert (again.code, writes(emulator)) == (0, sent), again.out + again.err
    assert "0 applied, 2 already so" in again.out


def test_a_saved_rollback_is_stale_where_live_was_changed_after_it(command: Command, emulator: Emulator) -> None:
    assert command("apply", YES).code == 0
    assert command("rollback", "last", "--out", "back.json").code == 0
    by_hand(emulator, "PUT", SITE, {"address": "by hand"})
    assert command("apply", "back.json", "--refuse-any-stale").code == 4
    done = command("apply", "back.json")
    assert done.code == 6, done.out + done.err
    assert get(emulator, SITE)["address"] == "by hand"
    assert get(emulator, f"{SITE}/setting")["vars"]["corp_vlan"] == "10"


@pytest.mark.parametrize(
    ("old", "new", "code", "said"),
    [
        ('"old street"', '"new street"', 4, "was edited after it was made"),
        ('"1.2"', '"2.0"', 64, "has version 2.0, this reconciler reads version 1.2"),
        ('"1.2"', '"1.0"', 64, "recorded by an older version, which did not note what it wrote"),
        ('"type": "run"', '"type": "ran"', 64, "has no first line"),
    ],
)
def test_a_record_that_can_not_be_trusted_is_refused_before_anything_is_read(
    command: Command, inventory: Path, emulator: Emulator, old: str, new: str, code: int, said: str
) -> None:
    assert command("apply", YES).code == 0
    (path,) = records(inventory)
    path.write_text(path.read_text().replace(old, new))
    asked = len(emulator.calls.log)
    refused = command("rollback", "last", YES)
    assert (refused.code, said in refused.err, len(emulator.calls.log)) == (code, True, asked), refused.err


def test_a_record_of_another_organisation_is_refused(command: Command) -> None:
    assert command("apply", YES).code == 0
    refused = command("rollback", "last", YES, "--org", "11111111-0000-4000-8000-00000000000f")
    assert (refused.code, "was an apply to 'Acme Retail'" in refused.err) == (5, True), refused.err


def test_a_record_that_was_cut_in_a_line_puts_back_what_it_holds(
    command: Command, inventory: Path, emulator: Emulator
) -> None:
    assert command("apply", YES, "--threads", "1").code == 0
    (path,) = records(inventory)
    lines = path.read_text().splitlines(keepends=True)
    last = max(at for at, line in enumerate(lines) if '"type": "write"' in line)
    path.write_text("".join(lines[:last]) + lines[last][:40])
    done = command("rollback", "last", YES)
    assert done.code == 0, done.out + done.err
    assert get(emulator, SITE)["address"] == "old street"


def test_a_pull_request_is_refused_before_anything_is_read_where_git_has_nothing_to_revert(
    command: Command, emulator: Emulator
) -> None:
    assert command("apply", YES).code == 0
    asked = len(emulator.calls.log)
    refused = command("rollback", "last", YES, "--pull-request")
    assert (refused.code, "names no commit: there is nothing to revert in git" in refused.err) == (64, True)
    assert len(emulator.calls.log) == asked


VALUES = st.recursive(
    st.sampled_from(["a", "b", 1, 2]) | st.lists(st.sampled_from("xyz"), min_size=1, max_size=2),
    lambda below: st.dictionaries(st.sampled_from("kmn"), below, min_size=1, max_size=3),
    max_leaves=6,
)
BODIES = st.dictionaries(st.sampled_from("pqr"), VALUES, max_size=3)


def leaves(value: Any, path: tuple[str, ...] = ()) -> dict[tuple[str, ...], Any]:
    if isinstance(value, dict):
        return {at: leaf for key, item in value.items() for at, leaf in leaves(item, (*path, key)).items()}
    return {path: value}


@given(BODIES, BODIES)
def test_whatever_a_run_wrote_the_way_back_is_exactly_what_was_there(before: Any, after: Any) -> None:
    shape = kinds()["setting"].shape.below("vars")
    back = Back()
    body = back.mapping(before, after, after, shape, "")
    assert leaves(overlay(body, after, shape)) == leaves(before)
    assert (back.left, back.sealed) == ([], [])


@given(BODIES, BODIES, BODIES)
def test_no_leaf_goes_back_that_is_not_as_the_run_left_it(before: Any, after: Any, live: Any) -> None:
    shape = kinds()["setting"].shape.below("vars")
    result = leaves(overlay(Back().mapping(before, after, live, shape, ""), live, shape))
    was, left = leaves(before), leaves(after)
    for path, leaf in leaves(live).items():
        if left.get(path) != leaf:
            assert result.get(path) == leaf
        else:
            assert result.get(path) in (leaf, was.get(path), None)
