"""A row with an error, where the project file says that such rows are left out."""

from pathlib import Path

from reconciler.emulator import Emulator
from tests.cli.conftest import CANARIES, ORG, PROJECT, Command

ROWS = """\
  assets: {prune: true}
generate: [{kind: assets, rows: assets.csv, bad_rows: skip}]
"""


def test_the_others_are_done_and_nothing_of_their_kind_is_pruned(
    command: Command, inventory: Path, emulator: Emulator
) -> None:
    emulator.call(
        "POST",
        f"/api/v1/orgs/{ORG}/assets",
        body={"name": "bed 8", "mac": "5c5b350e0002"},
        token=CANARIES["MIST_APITOKEN"],
    )
    (inventory / "reconciler.yaml").write_text(PROJECT + ROWS)
    table = inventory / "assets.csv"
    table.write_text("name,mac\nbed 7,5c5b350e0001\nbed 8,5c5b350e00zz\nbed 9,5c5b350e0003\n")
    assert command("validate").code == 3
    done = command("apply", "--auto-approve", "--prune")
    assert done.code == 6, done.err
    assert "A row is left out" in done.out
    assert "(with assets.csv:3, column 'mac')" in done.out
    live = emulator.call("GET", f"/api/v1/orgs/{ORG}/assets", token=CANARIES["MIST_APITOKEN"]).body
    assert sorted((item["name"], item["mac"]) for item in live) == [
        ("bed 7", "5c5b350e0001"),
        ("bed 8", "5c5b350e0002"),
        ("bed 9", "5c5b350e0003"),
    ]
    again = command("plan", "--prune")
    assert (again.code, "No changes, but" in again.out) == (1, True)
    table.write_text(table.read_text().replace("zz", "02"))
    assert "No changes. What was compared" in command("plan", "--prune").out
