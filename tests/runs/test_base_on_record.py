"""Which commits a plan is made against without `--base`: those of which something may be live, from the records."""

import json
import subprocess
from pathlib import Path

import pytest

from reconciler.emulator import Emulator
from reconciler.runs.record import DIRECTORY
from tests.cli.conftest import CANARIES, ORG, SITES, Command

TOKEN = CANARIES["MIST_APITOKEN"]
SITE = "/api/v1/sites/11111111-1111-4111-8111-111111111111"
NOTES = SITES.replace("    address:", "    notes: new\n    address:")
MORE = NOTES + "  - name: apac\n"


def git(directory: Path, *words: str) -> None:
    identity = ("-c", "user.name=T", "-c", "user.email=t@example.net")
    subprocess.run(["git", *identity, *words], cwd=directory, check=True, capture_output=True)


@pytest.fixture
def applied(command: Command, inventory: Path, emulator: Emulator) -> Path:
    """An inventory whose first commit is applied."""
    git(inventory, "init", "--quiet")
    commit(inventory, SITES)
    assert command("apply", "--auto-approve").code == 0
    return inventory


def commit(inventory: Path, sites: str) -> None:
    (inventory / "sites.yaml").write_text(sites)
    git(inventory, "add", "-A")
    git(inventory, "commit", "--quiet", "--allow-empty", "-m", "x")


def by_hand(emulator: Emulator, path: str, body: object) -> None:
    assert emulator.call("PUT", path, body=body, token=TOKEN).status == 200


def records(inventory: Path) -> list[Path]:
    return sorted((inventory / DIRECTORY).iterdir())


def test_an_apply_that_found_all_done_is_what_the_next_plan_is_made_against(
    command: Command, applied: Path, emulator: Emulator
) -> None:
    by_hand(emulator, SITE, {"notes": "new"})
    commit(applied, NOTES)
    for _ in range(2):
        assert command("apply", "--auto-approve").code == 0
        assert len(records(applied)) == 2  # a repeat says nothing new
    assert "nothing to do" in command("runs", "list").out
    commit(applied, SITES)
    assert "- notes  was new" in command("plan").out
    assert command("apply", "--auto-approve", "--no-record").code == 0
    assert command("apply", "--auto-approve", "--no-record").code == 0
    assert len(records(applied)) == 2


def test_a_saved_plan_that_found_all_done_is_on_record_too(command: Command, applied: Path, emulator: Emulator) -> None:
    commit(applied, NOTES)
    assert command("plan", "--out", "one.plan").code == 0
    by_hand(emulator, SITE, {"notes": "new"})
    assert command("apply", "one.plan").code == 0
    assert len(records(applied)) == 2
    commit(applied, SITES)
    assert "- notes  was new" in command("plan").out


def test_an_empty_apply_with_a_selection_or_of_files_in_no_commit_moves_nothing(
    command: Command, applied: Path, emulator: Emulator
) -> None:
    by_hand(emulator, SITE, {"notes": "new"})
    commit(applied, NOTES)
    assert command("apply", "--auto-approve", "--target", "site.*").code == 0
    (applied / "sites.yaml").write_text(NOTES + "# later\n")
    assert command("apply", "--auto-approve").code == 0
    assert len(records(applied)) == 1


@pytest.mark.parametrize("killed", [False, True])
def test_what_a_run_wrote_before_it_was_cut_short_is_reverted_without_a_base(
    killed: bool, command: Command, applied: Path, emulator: Emulator
) -> None:
    commit(applied, MORE)
    emulator.faults.replace([{"method": "POST", "path": "/sitegroups", "times": 9, "status": 400}])
    assert command("apply", "--auto-approve").code == 6
    emulator.faults.replace([])
    if killed:
        last = records(applied)[-1]
        lines = last.read_text().splitlines()
        last.write_text(
            "".join(f"{line}\n" for line in lines if json.loads(line)["type"] not in ("summary", "outcome"))
        )
    commit(applied, SITES)
    plan = command("plan", "--out", "one.plan")
    assert "- notes  was new" in plan.out
    assert "1 to update" in plan.out
    assert command("apply", "one.plan").code == 0
    assert emulator.call("GET", SITE, token=TOKEN).body.get("notes") in (None, "")
    assert command("plan", "--detailed-exitcode").code == 0


def test_a_run_that_was_killed_when_all_was_done_is_closed_by_the_next_one_which_is_the_base(
    command: Command, applied: Path
) -> None:
    commit(applied, NOTES)
    assert command("apply", "--auto-approve").code == 0
    last = records(applied)[-1]
    last.write_text("".join(last.read_text().splitlines(keepends=True)[:-1]))
    done = command("apply", "--auto-approve")
    assert (done.code, "ended without a summary" in done.err) == (0, True)
    assert command("runs", "list").out.splitlines()[0].split("  ")[2] == "nothing to do"
    commit(applied, SITES)
    assert "- notes  was new" in command("plan").out


def test_what_the_last_complete_apply_declared_is_released_as_well_as_what_a_part_of_a_later_one_did(
    command: Command, applied: Path, emulator: Emulator
) -> None:
    bare = NOTES.replace("    address: 1 rue de la Paix, 75002 Paris\n", "")
    commit(applied, bare.replace('corp_vlan: "20"', 'corp_vlan: "30"'))
    emulator.faults.replace([{"method": "PUT", "path": f"{SITE}$", "times": 9, "status": 400}])
    assert command("apply", "--auto-approve").code == 6
    emulator.faults.replace([])
    by_hand(emulator, SITE, {"notes": "new"})  # as if it had come to that
    commit(applied, bare.replace("    notes: new\n", "").replace('corp_vlan: "20"', 'corp_vlan: "30"'))
    document = command("plan", "--json").document
    fields = {field["path"]: field.get("cause") for change in document["changes"] for field in change["fields"]}
    assert fields == {"address": "released", "notes": "released"}
    assert not [item for item in document["diagnostics"] if item["rule"] == "released-but-changed"]


def test_a_base_that_does_not_parse_is_told_and_releases_nothing_while_the_others_do(
    command: Command, applied: Path, emulator: Emulator
) -> None:
    commit(applied, MORE)
    assert command("apply", "--auto-approve").code == 0
    broken = "sites: [\n"
    (applied / "sites.yaml").write_text(broken)
    git(applied, "commit", "--quiet", "-am", "broken")
    head = subprocess.run(["git", "rev-parse", "HEAD"], cwd=applied, check=True, capture_output=True, text=True)
    commit(applied, SITES)
    result = command("plan", "--base", head.stdout.strip())
    assert result.code == 0
    assert "The base can't be compared with" in result.out
    assert "nothing is released" in result.out
    assert "notes" not in result.out
    assert ORG in result.out
