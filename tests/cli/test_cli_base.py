"""`plan --base`: a branch's own change told from drift, saved and applied without it."""

import subprocess
from pathlib import Path

import pytest

from reconciler.emulator import Emulator
from tests.cli.conftest import ORG, SITES, Command

BERLIN = """\
  - name: Berlin
    timezone: Europe/Berlin
    country_code: DE
    address: 1 Unter den Linden, 10117 Berlin
    notes: opened
"""


def git(*words: str) -> None:
    identity = ["-c", "user.name=T", "-c", "user.email=t@example.net", "-c", "init.defaultBranch=main"]
    subprocess.run(["git", *identity, *words], check=True, capture_output=True)


def site(emulator: Emulator, name: str) -> dict[str, object]:
    sites = emulator.call("GET", f"orgs/{ORG}/sites", token="canary-token-0003").body
    return next(item for item in sites if item["name"] == name)


@pytest.fixture
def drifted(inventory: Path, command: Command, emulator: Emulator) -> Path:
    """An inventory on main, applied; a branch that changes Berlin; a hand that changed Paris-HQ."""
    (inventory / "sites.yaml").write_text(SITES.replace("sitegroups:\n  - name", BERLIN + "sitegroups:\n  - name"))
    git("init")
    git("add", "-A")
    git("commit", "-m", "first")
    assert command("apply", "--auto-approve").code == 0
    git("checkout", "-b", "berlin")
    text = (inventory / "sites.yaml").read_text()
    (inventory / "sites.yaml").write_text(text.replace("notes: opened", "notes: open on Sundays"))
    git("commit", "-am", "second")
    paris = site(emulator, "Paris-HQ")
    emulator.call("PUT", f"sites/{paris['id']}", body={"timezone": "Asia/Tokyo"}, token="canary-token-0003")
    return inventory


def test_one_change_is_of_the_branch_and_one_is_drift(drifted: Path, command: Command) -> None:
    result = command("plan", "--base", "main")
    assert "~ site.Berlin  (this branch)" in result.out
    assert "~ site.Paris-HQ  (drift: live was changed, not this branch)" in result.out
    assert "1 change from this branch, 1 from drift." in result.out
    document = command("plan", "--base", "main", "--json").document
    assert {change["address"]: change["cause"] for change in document["changes"]} == {
        "site.Berlin": "config",
        "site.Paris-HQ": "drift",
    }
    comment = command("plan", "--base", "main", "--markdown").out
    assert "drift: live was changed" in comment
    assert "this branch" in comment


def test_drift_blames_nobody_for_what_was_not_applied_yet(drifted: Path, command: Command) -> None:
    for base in ((), ("--base", "main")):
        told = command("drift", *base).out
        berlin, paris = (told.partition(f"~ site.{name} ")[2].splitlines()[1] for name in ("Berlin", "Paris-HQ"))
        assert "not applied yet" in berlin
        assert "changed by" in paris
    document = command("drift", "--json").document
    edits = {item["address"]: item["edited"] for item in document["drift"]}
    assert (edits["site.Berlin"]["message"], edits["site.Berlin"]["admin"]) == ("not applied yet", "")
    assert "not applied yet" in command("drift", "--markdown").out


def test_the_saved_plan_applies_the_branch_and_nothing_else(
    drifted: Path, command: Command, emulator: Emulator
) -> None:
    saved = command("plan", "--base", "main", "--out", "plan.json")
    assert "Not in it: 1 change that is only drift is left as live" in saved.err
    emulator.calls.reset()
    assert command("apply", "plan.json").code == 0
    assert [call.path for call in emulator.calls.log if call.method != "GET"] == [
        f"/api/v1/sites/{site(emulator, 'Berlin')['id']}"
    ]
    assert site(emulator, "Berlin")["notes"] == "open on Sundays"
    assert site(emulator, "Paris-HQ")["timezone"] == "Asia/Tokyo"


def test_drift_is_saved_when_asked_for(drifted: Path, command: Command, emulator: Emulator) -> None:
    command("plan", "--base", "main", "--with-drift", "--out", "plan.json")
    assert command("apply", "plan.json").code == 0
    assert site(emulator, "Paris-HQ")["timezone"] == "Europe/Paris"


@pytest.mark.parametrize(
    ("findings", "code"), [("drift", 5), ("delete,drift", 5), ("delete", 0), ("stale", 0), ("unmanaged", 0)]
)
def test_chosen_findings_fail_the_plan(drifted: Path, command: Command, findings: str, code: int) -> None:
    result = command("plan", "--base", "main", "--fail-on", findings)
    assert result.code == code
    assert ("site.Paris-HQ" in result.out.partition("--fail-on names")[2]) is (code == 5)


def test_what_hand_and_branch_changed_is_stale(drifted: Path, command: Command, emulator: Emulator) -> None:
    berlin = site(emulator, "Berlin")
    emulator.call("PUT", f"sites/{berlin['id']}", body={"notes": "by hand"}, token="canary-token-0003")
    assert command("plan", "--base", "main", "--fail-on", "stale").code == 5


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--base", "nonsense"], "knows no commit 'nonsense'"),
        (["--base", "main", "--fail-on", "drfit"], "does not know 'drfit'"),
        (["--fail-on", "drift"], "need --base"),
    ],
)
def test_what_can_not_be_compared_is_refused(drifted: Path, command: Command, words: list[str], told: str) -> None:
    result = command("plan", *words)
    assert result.code == 64
    assert told in result.err


def test_a_field_that_the_branch_no_longer_declares_is_released(drifted: Path, command: Command) -> None:
    text = (drifted / "sites.yaml").read_text()
    (drifted / "sites.yaml").write_text(text.replace("    notes: open on Sundays\n", ""))
    shown = command("plan", "--base", "main").out
    assert "~ site.Berlin  (no longer declared)" in shown
    assert "1 of what is no longer declared" in shown
    assert "~ site.Berlin  (no longer declared)" in command("plan").out  # against the last apply on record


def test_what_main_gave_up_is_released_by_a_saved_plan_against_the_last_apply(
    drifted: Path, command: Command, emulator: Emulator
) -> None:
    text = (drifted / "sites.yaml").read_text()
    (drifted / "sites.yaml").write_text(text.replace("    notes: open on Sundays\n", ""))
    git("commit", "-am", "no notes at all")
    assert site(emulator, "Berlin")["notes"] == "opened"
    assert command("plan", "--out", "plan.json").code == 0
    assert "site.Berlin  (no longer declared)" in command("show", "plan.json").out
    assert "site.Berlin  differs  (no longer declared)" in command("drift").out
    assert command("apply", "plan.json").code == 0
    assert not site(emulator, "Berlin").get("notes")
    assert "No changes." in command("plan").out
    assert "No changes." in command("plan", "--base", "main").out


def test_a_base_with_errors_is_told_and_nothing_is_released(drifted: Path, command: Command) -> None:
    text = (drifted / "sites.yaml").read_text()
    (drifted / "sites.yaml").write_text(text + "  - {name: emea}\nsites: []\n")
    git("commit", "-am", "broken")
    (drifted / "sites.yaml").write_text(text.replace("    notes: open on Sundays\n", ""))
    result = command("plan", "--base", "HEAD", "--json")
    assert result.code == 0
    assert "no longer declared" not in result.out
    (told,) = [item for item in result.document["diagnostics"] if item["rule"] == "base-invalid"]
    assert "nothing is released" in told["detail"]
    assert "sites.yaml:" in told["detail"]
