"""`--changed-since COMMIT`: a run about what the files declare otherwise than at a commit, and about nothing else."""

from pathlib import Path

import pytest

from reconciler.emulator import Emulator
from reconciler.runs.reading import find_run
from reconciler.runs.record import DIRECTORY
from tests.cli.conftest import Command
from tests.cli.test_cli_base import git, site

MORE = "".join(
    f"  - {{name: Branch-{number}, timezone: Europe/Paris, country_code: FR, address: street {number},"
    f" setting: {{vars: {{vlan: '1'}}}}, wlans: [{{ssid: Lab, auth: {{type: open}}}}]}}\n"
    for number in range(12)
)
TOKEN = "canary-token-0003"


@pytest.fixture
def applied(inventory: Path, command: Command) -> Path:
    """Thirteen sites in git, applied."""
    text = (inventory / "sites.yaml").read_text()
    (inventory / "sites.yaml").write_text(text.replace("sitegroups:\n  - name", f"{MORE}sitegroups:\n  - name"))
    git("init")
    git("add", "-A")
    git("commit", "-m", "first")
    assert command("apply", "--auto-approve").code == 0
    return inventory


def edit(inventory: Path, old: str, new: str) -> None:
    text = (inventory / "sites.yaml").read_text()
    assert old in text
    (inventory / "sites.yaml").write_text(text.replace(old, new))


def test_only_what_changed_is_read_planned_and_applied(applied: Path, command: Command, emulator: Emulator) -> None:
    edit(applied, "street 7, setting: {vars: {vlan: '1'}}", "street 7, setting: {vars: {vlan: '2'}}")
    paris = site(emulator, "Paris-HQ")
    emulator.call("PUT", f"sites/{paris['id']}", body={"address": "by hand"}, token=TOKEN)
    emulator.calls.reset()
    result = command("plan", "--changed-since", "HEAD", "--json")
    assert [item["address"] for item in result.document["changes"]] == ["site.Branch-7/setting"]
    assert emulator.calls.total <= 10
    assert "--changed-since HEAD: 1 object is changed." in result.err
    assert len(command("plan", "--json").document["changes"]) == 2
    assert command("apply", "--changed-since", "HEAD", "--auto-approve").code == 0
    assert [item["address"] for item in command("plan", "--json").document["changes"]] == ["site.Paris-HQ"]
    emulator.calls.reset()
    drift = command("drift", "--changed-since", "HEAD")
    assert (drift.code, emulator.calls.total <= 10) == (0, True)


def test_a_saved_plan_of_a_part_is_no_whole_apply(applied: Path, command: Command) -> None:
    edit(applied, "street 7, setting: {vars: {vlan: '1'}}", "street 7, setting: {vars: {vlan: '2'}}")
    git("commit", "-am", "second")
    assert command("plan", "--changed-since", "HEAD~1", "--out", "p.plan").code == 0
    assert command("apply", "p.plan", "--changed-since", "HEAD").code == 64
    assert command("apply", "p.plan").code == 0
    assert find_run(applied / DIRECTORY, "last").header["whole"] is False


def test_what_is_gone_is_told(applied: Path, command: Command) -> None:
    edit(applied, "  - {ssid: Lab, auth: {type: psk, psk: !secret env:LAB_PSK}}\n", "  []\n")
    result = command("plan", "--changed-since", "HEAD", "--json")
    assert result.document["changes"] == []
    assert "1 object is no longer declared: this is seen without --changed-since, or with --base." in result.err
    with_base = command("plan", "--changed-since", "HEAD", "--base", "HEAD", "--prune", "--json").document["changes"]
    assert [(item["address"], item["action"]) for item in with_base] == [("site.Paris-HQ/wlan.Lab", "delete")]


@pytest.mark.parametrize("words", [("plan",), ("drift",), ("apply", "--auto-approve")])
def test_a_commit_that_says_nothing_is_a_mistake(
    words: tuple[str, ...], applied: Path, command: Command, emulator: Emulator
) -> None:
    (applied / "broken.yaml").write_text("sites: [")
    git("add", "-A")
    git("commit", "-m", "broken")
    (applied / "broken.yaml").unlink()
    emulator.calls.reset()
    for commit, said in (("HEAD", "can't be told"), ("nowhere", "nowhere")):
        result = command(*words, "--changed-since", commit)
        assert result.code == 64, result.err
        assert said in result.err
    assert emulator.calls.total == 0
