"""One object is deleted by saying so, without prune for its kind; the guards over deletes hold for it, too."""

from pathlib import Path

from reconciler.emulator import Emulator
from reconciler.model.options import Options
from tests.cli.conftest import CANARIES, ORG, Command
from tests.cli.conftest import command as command
from tests.cli.conftest import emulator as emulator
from tests.cli.conftest import environ as environ
from tests.cli.conftest import host as host
from tests.cli.conftest import inventory as inventory
from tests.world import World, declare, world

GROUPS = [{"name": f"g{at}"} for at in range(30)]


def cloud() -> World:
    return world(sitegroups=GROUPS, sites=[{"name": "Paris"}])


def test_an_absent_object_is_deleted_without_prune() -> None:
    acme = cloud()
    gone = declare("sitegroup.g1", absent=True)
    plan = acme.plan(gone)
    assert [(str(item.action), str(item.address), item.source) for item in plan.changes] == [
        ("delete", "sitegroup.g1", gone.source)
    ]
    (outcome,) = acme.carry_out(plan)
    assert (outcome.status, outcome.verified) == ("applied", True)
    assert acme.plan(gone).changes == ()


def test_what_is_protected_needed_or_holds_something_declared_stays() -> None:
    gone = declare("sitegroup.g1", absent=True)
    for plan in (
        cloud().plan(gone, protect=["sitegroup.*"]),
        cloud().plan(gone, declare("site.Lyon", {"sitegroups": ["g1"]}), options=Options(targets=("sitegroup.g1",))),
        cloud().plan(
            declare("site.Paris", absent=True), declare("site.Paris/wlan.Lab"), options=Options(excludes=("*/*",))
        ),
    ):
        assert plan.changes == ()
        assert {"protected", "not-pruned"} & {item.rule for item in plan.diagnostics}


def test_the_limits_count_it() -> None:
    plan = cloud().plan(*(declare(f"sitegroup.g{at}", absent=True) for at in range(6)))
    assert "limit-deletes" in [item.rule for item in plan.refusals]


def test_it_is_written_in_the_inventory_without_the_fields_that_a_live_one_needs(
    command: Command, emulator: Emulator
) -> None:
    assert command("apply", "--auto-approve").code == 0
    text = Path("sites.yaml").read_text().replace("sitegroups: [emea]\n", "sitegroups: []\n")
    Path("sites.yaml").write_text(text.replace("  - name: emea\n", "  - {name: emea, absent: true}\n"))
    assert command("validate").code == 0
    assert command("apply", "--auto-approve").code == 0
    assert emulator.call("GET", f"/api/v1/orgs/{ORG}/sitegroups", token=CANARIES["MIST_APITOKEN"]).body == []
    assert command("plan", "--detailed-exitcode").code == 0
