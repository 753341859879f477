"""An object that can't be told apart, at the command line: exit 1 for plan and drift, 6 for an apply of the rest."""

from pathlib import Path

from reconciler.emulator import Emulator
from tests.cli.conftest import CANARIES, ORG, Command

SITE = "/api/v1/sites/11111111-1111-4111-8111-111111111111"


def twins(emulator: Emulator) -> None:
    for _ in range(2):
        emulator.call("POST", f"{SITE}/wlans", body={"ssid": "Lab"}, token=CANARIES["MIST_APITOKEN"])


def test_the_rest_is_planned_and_applied_and_the_exit_codes_say_that_it_is_not_all(
    command: Command, emulator: Emulator
) -> None:
    twins(emulator)
    plan = command("plan", "--out", "it.plan")
    assert plan.code == 1
    assert "site.Paris-HQ/wlan.Lab" in plan.out
    assert command("apply", "it.plan").code == 6
    assert emulator.call("GET", f"/api/v1/orgs/{ORG}/sitegroups", token=CANARIES["MIST_APITOKEN"]).body
    drift = command("drift")
    assert drift.code == 1
    for result in (command("plan"), drift, command("plan", "--json"), command("drift", "--markdown")):
        assert "matches the inventory" not in result.out
    assert command("apply", "--auto-approve").code == 1


def test_a_target_that_is_misspelt_is_a_usage_error(command: Command) -> None:
    result = command("plan", "--target", "site.Paris-QH")
    assert result.code == 64
    assert "Did you mean site.Paris-HQ" in result.err
    assert command("drift", "--exclude", "sitegroup.emeaa").code == 64


def test_a_saved_plan_with_a_target_can_be_applied_twice(command: Command) -> None:
    assert command("plan", "--target", "sitegroup.emea", "--out", "it.plan").code == 0
    assert command("apply", "it.plan").code == 0
    assert command("apply", "it.plan").code == 0


def test_what_is_missing_is_told_once_when_live_has_confirmed_it(command: Command) -> None:
    Path("tags.yaml").write_text("nactags: [{name: v, type: vlan}]\n", encoding="utf-8")
    assert command("validate").out.count("`vlan` is required") == 1
    plan = command("plan")
    assert (plan.code, plan.out.count("`vlan` is required")) == (1, 1)
    assert "error[incomplete-object]" in plan.out
