"""A saved plan is an approval: from the command line, with what can change between plan and apply."""

import json
import os
import shutil
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from reconciler.emulator import Emulator
from tests.cli.conftest import CANARIES, ORG, Command, writes

SITE = "/api/v1/sites/11111111-1111-4111-8111-111111111111"
Spoil = Callable[[Path, Emulator, pytest.MonkeyPatch], None]


def rewrite(inventory: Path, old: str, new: str) -> None:
    file = inventory / "sites.yaml"
    assert old in file.read_text()
    file.write_text(file.read_text().replace(old, new))


def by_hand(emulator: Emulator, path: str, body: dict[str, object]) -> None:
    assert emulator.call("PUT", path, body=body, token=CANARIES["MIST_APITOKEN"]).status == 200


def an_approved_field(inventory: Path, _emulator: Emulator, _monkeypatch: pytest.MonkeyPatch) -> None:
    rewrite(inventory, "1 rue", "9 rue")


def a_rotated_secret(_inventory: Path, _emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAB_PSK", "another-passphrase")


def a_hand_edit(_inventory: Path, emulator: Emulator, _monkeypatch: pytest.MonkeyPatch) -> None:
    by_hand(emulator, SITE, {"address": "elsewhere"})


def one_object_less(inventory: Path, _emulator: Emulator, _monkeypatch: pytest.MonkeyPatch) -> None:
    rewrite(inventory, "    webhooks:\n      - {name: zones", "    webhooks_:\n      - {name: zones")
    text = (inventory / "sites.yaml").read_text()
    kept = [line for line in text.splitlines() if "zones" not in line and "webhooks_" not in line]
    (inventory / "sites.yaml").write_text("\n".join(kept) + "\n")


SPOILERS = [an_approved_field, a_rotated_secret, a_hand_edit, one_object_less]


@pytest.mark.parametrize("spoil", SPOILERS)
def test_where_ci_is_set_one_stale_object_means_not_one_write(
    spoil: Spoil, command: Command, emulator: Emulator, inventory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert command("plan", "--out", "p.plan").code == 0
    spoil(inventory, emulator, monkeypatch)
    emulator.calls.reset()
    monkeypatch.setenv("CI", "true")
    result = command("apply", "p.plan")
    assert result.code == 4, result.out + result.err
    assert writes(emulator) == 0
    assert "stale" in result.out + result.err


def test_elsewhere_a_stale_object_alone_is_refused_and_the_run_is_partial(command: Command, emulator: Emulator) -> None:
    assert command("plan", "--out", "p.plan").code == 0
    by_hand(emulator, SITE, {"address": "elsewhere"})
    emulator.calls.reset()
    result = command("apply", "p.plan", "--json")
    assert result.code == 6
    statuses = [item["status"] for item in json.loads(result.out)["outcomes"]]
    assert statuses.count("stale") == 1
    assert statuses.count("applied") == len(statuses) - 1
    assert writes(emulator) == statuses.count("applied")
    assert emulator.call("GET", SITE, token=CANARIES["MIST_APITOKEN"]).body["address"] == "elsewhere"


@pytest.mark.parametrize("spoil", [an_approved_field, a_rotated_secret, one_object_less])
def test_an_inventory_that_says_something_else_is_refused_whole_everywhere(
    spoil: Spoil, command: Command, emulator: Emulator, inventory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert command("plan", "--out", "p.plan").code == 0
    spoil(inventory, emulator, monkeypatch)
    emulator.calls.reset()
    assert command("apply", "p.plan").code == 4
    assert writes(emulator) == 0


@pytest.mark.parametrize("key", [None, "a-key-of-the-pipeline"])
def test_two_tokens_share_a_plan_only_with_a_key(
    key: str | None, command: Command, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    if key:
        monkeypatch.setenv("RECONCILER_PLAN_KEY", key)
    emulator.tokens.only = frozenset({CANARIES["MIST_APITOKEN"], "another-token"})
    assert command("plan", "--out", "p.plan").code == 0
    monkeypatch.setenv("MIST_APITOKEN", "another-token")
    emulator.calls.reset()
    result = command("apply", "p.plan")
    assert result.code == (0 if key else 4)
    assert bool(writes(emulator)) is bool(key)
    assert "RECONCILER_PLAN_KEY" in result.err or key


def test_a_plan_is_never_written_through_a_link_and_a_refused_one_costs_nothing(command: Command) -> None:
    Path("victim").write_text("precious")
    Path("p.plan").symlink_to("victim")
    result = command("plan", "--out", "p.plan")
    assert (result.code, "link" in result.err) == (64, True), result.err
    assert Path("victim").read_text() == "precious"


def without_secrets(inventory: Path) -> None:
    text = (inventory / "sites.yaml").read_text()
    kept = [line for line in text.splitlines() if "secret" not in line and line.strip() not in ("wlans:", "webhooks:")]
    (inventory / "sites.yaml").write_text("\n".join(kept) + "\n")


def test_another_token_applies_a_plan_that_changes_no_secret_and_says_what_it_can_not_see(
    command: Command, emulator: Emulator, inventory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_secrets(inventory)
    assert command("plan", "--out", "p.plan").code == 0
    monkeypatch.setenv("MIST_APITOKEN", "another-token")
    emulator.tokens.only = frozenset({CANARIES["MIST_APITOKEN"], "another-token"})
    result = command("apply", "p.plan")
    assert result.code == 0, result.err
    assert "whether it was edited can't be proven" in result.err
    assert writes(emulator) == 3


def test_a_plan_of_another_token_leads_to_no_inventory_elsewhere(
    command: Command, emulator: Emulator, inventory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_secrets(inventory)
    assert command("plan", str(inventory), "--out", "p.plan").code == 0
    (inventory / "below").mkdir()
    monkeypatch.chdir(inventory / "below")
    monkeypatch.setenv("MIST_APITOKEN", "another-token")
    emulator.tokens.only = frozenset({CANARIES["MIST_APITOKEN"], "another-token"})
    refused = command("apply", "../p.plan")
    assert (refused.code, "--inventory" in refused.err, writes(emulator)) == (64, True, 0)
    assert command("apply", "../p.plan", "--inventory", "..").code == 0


@pytest.mark.parametrize("words", [("--target", "site.*"), ("--exclude", "site.*"), ("--prune",)])
def test_a_saved_plan_is_applied_as_it_was_approved_or_not_at_all(
    words: tuple[str, ...], command: Command, emulator: Emulator
) -> None:
    command("plan", "--out", "p.plan")
    emulator.calls.reset()
    result = command("apply", "p.plan", *words)
    assert result.code == 64
    assert "plan" in result.err
    assert writes(emulator) == 0


def test_edits_to_what_the_plan_does_not_touch_do_not_make_it_stale(
    command: Command, emulator: Emulator, inventory: Path
) -> None:
    command("plan", "--out", "p.plan")
    by_hand(emulator, SITE, {"notes": "by hand"})
    by_hand(emulator, f"{SITE}/setting", {"ntp_servers": ["ntp.example.net"]})
    (inventory / "more.yaml").write_text("rftemplates:\n  - name: later\n")
    emulator.calls.reset()
    assert command("apply", "p.plan").code == 0
    assert emulator.call("GET", SITE, token=CANARIES["MIST_APITOKEN"]).body["notes"] == "by hand"
    assert emulator.call("GET", f"/api/v1/orgs/{ORG}/rftemplates", token=CANARIES["MIST_APITOKEN"]).body == []


def test_a_plan_over_an_older_file_that_everyone_could_read_is_for_its_owner_only(command: Command) -> None:
    Path("p.plan").write_text("old")
    os.chmod("p.plan", 0o644)
    command("plan", "--out", "p.plan")
    assert stat.S_IMODE(os.stat("p.plan").st_mode) == 0o600


def test_an_approved_plan_reads_what_its_changes_need_and_nothing_else(command: Command, emulator: Emulator) -> None:
    assert command("apply", "--auto-approve").code == 0
    by_hand(emulator, SITE, {"address": "elsewhere"})
    assert command("plan", "--out", "small.plan").code == 0
    emulator.calls.reset()
    assert command("apply", "small.plan").code == 0
    paths = [call.path for call in emulator.calls.log]
    assert [path for path in paths if "webhooks" in path or "wlans" in path or path.endswith("/setting")] == []
    assert command("plan", "--detailed-exitcode").code == 0


SETTING = f"{SITE}/setting"
TOKEN = CANARIES["MIST_APITOKEN"]


def the_value(emulator: Emulator) -> None:
    by_hand(emulator, SETTING, {"vars": {"corp_vlan": "99", "other": "1"}})


def a_value_beside_it(emulator: Emulator) -> None:
    by_hand(emulator, SETTING, {"vars": {"corp_vlan": "20", "other": "by hand"}})


def the_value_as_declared(emulator: Emulator) -> None:
    by_hand(emulator, SETTING, {"vars": {"corp_vlan": "30", "other": "1"}})


def the_name_of_the_site(emulator: Emulator) -> None:
    by_hand(emulator, SITE, {"name": "Paris-Opera"})


def the_name_of_a_site_that_nothing_remembers(emulator: Emulator) -> None:
    by_hand(emulator, SITE, {"name": "Paris-Opera"})
    shutil.rmtree(".reconciler/ids")


def the_site_made_again(emulator: Emulator) -> None:
    emulator.call("DELETE", SITE, token=TOKEN)
    body = {"name": "Paris-HQ", "timezone": "Europe/Paris", "country_code": "FR"}
    assert emulator.call("POST", f"/api/v1/orgs/{ORG}/sites", body=body, token=TOKEN).status == 200


def nothing(_emulator: Emulator) -> None:
    pass


@pytest.mark.parametrize(
    ("by_somebody", "code", "value"),
    [
        (nothing, 0, "30"),
        (the_value, 4, "99"),
        (a_value_beside_it, 0, "30"),
        (the_value_as_declared, 0, "30"),
        (the_name_of_the_site, 0, "30"),
        (the_name_of_a_site_that_nothing_remembers, 4, "20"),
        (the_site_made_again, 4, None),
    ],
)
def test_an_update_at_a_site_is_looked_at_once_right_before_its_write(
    by_somebody: Callable[[Emulator], None],
    code: int,
    value: str | None,
    command: Command,
    emulator: Emulator,
    inventory: Path,
) -> None:
    assert command("apply", "--auto-approve").code == 0
    rewrite(inventory, '"20"', '"30"')
    assert command("plan", "--out", "p.plan").code == 0
    by_somebody(emulator)
    emulator.calls.reset()
    result = command("apply", "p.plan")
    assert result.code == code, result.out + result.err
    wrote = [(call.method, call.path) for call in emulator.calls.log if call.path == SETTING]
    done = by_somebody in (nothing, a_value_beside_it, the_name_of_the_site)
    assert writes(emulator) == done
    assert not done or wrote == [("GET", SETTING), ("PUT", SETTING)]
    assert code == 0 or "plan again" in result.out + result.err
    if value is not None:
        assert emulator.call("GET", SETTING, token=TOKEN).body["vars"]["corp_vlan"] == value
    if by_somebody is a_value_beside_it:
        assert emulator.call("GET", SETTING, token=TOKEN).body["vars"]["other"] == "by hand"


@pytest.mark.parametrize("what", ["renamed", "deleted"])
def test_an_object_that_is_not_what_it_was_is_not_written_to(
    what: str, command: Command, emulator: Emulator, inventory: Path
) -> None:
    rewrite(inventory, "auth: {type: psk, psk: !secret env:LAB_PSK}", "vlan_id: 10, auth: {type: open}")
    assert command("apply", "--auto-approve").code == 0
    (wlan,) = emulator.call("GET", f"{SITE}/wlans", token=TOKEN).body
    rewrite(inventory, "vlan_id: 10", "vlan_id: 20")
    assert command("plan", "--out", "p.plan").code == 0
    if what == "renamed":
        by_hand(emulator, f"{SITE}/wlans/{wlan['id']}", {"ssid": "Staff"})
    else:
        emulator.call("DELETE", f"{SITE}/wlans/{wlan['id']}", token=TOKEN)
    emulator.calls.reset()
    result = command("apply", "p.plan")
    assert (result.code, writes(emulator)) == (4, 0), result.out + result.err
    assert "after the plan was made" in result.out + result.err


@pytest.mark.parametrize("what", ["made again", "renamed", "deleted"])
def test_what_an_approved_change_refers_to_is_the_object_that_was_approved(
    what: str, command: Command, emulator: Emulator, inventory: Path
) -> None:
    rewrite(inventory, "sitegroups:\n", "networktemplates:\n  - name: branch\nsitegroups:\n")
    assert command("apply", "--auto-approve").code == 0
    rewrite(inventory, "sitegroups: [emea]", "sitegroups: [emea]\n    networktemplate: branch")
    assert command("plan", "--out", "p.plan").code == 0
    templates = f"/api/v1/orgs/{ORG}/networktemplates"
    (template,) = emulator.call("GET", templates, token=TOKEN).body
    if what == "renamed":
        by_hand(emulator, f"{templates}/{template['id']}", {"name": "other"})
    else:
        emulator.call("DELETE", f"{templates}/{template['id']}", token=TOKEN)
    if what == "made again":
        emulator.call("POST", templates, body={"name": "branch"}, token=TOKEN)
    result = command("apply", "p.plan")
    site = emulator.call("GET", SITE, token=TOKEN).body
    if what == "renamed":  # it is known by its id, and nothing was approved about its name
        assert (result.code, site["networktemplate_id"]) == (0, template["id"]), result.out + result.err
    else:
        code = 4 if what == "made again" else 1  # it waits for a template that nobody approved
        assert (result.code, site.get("networktemplate_id")) == (code, None), result.out + result.err
