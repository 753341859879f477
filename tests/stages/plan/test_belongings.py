"""What goes with a delete is part of the delete: read, shown, counted, protected."""

import pytest

from reconciler.model.change import Change, Plan
from reconciler.model.options import Options
from reconciler.report.json_report import plan_document
from reconciler.report.lines import as_text
from reconciler.report.markdown import plan_markdown
from reconciler.report.reading import plan_of
from reconciler.report.text import plan_text
from tests.world import World, declare, world

OLD = "22222222-0000-4000-8000-000000000009"
PRUNE = Options(prune=True, threads=1)
SITES = {"site": {"prune": True}}


def crowded(wlans: int = 30) -> World:
    """Ten sites, of which one is to go, with many WLANs."""
    kept = [{"name": f"s{at}"} for at in range(30)]
    cloud = world(sites=[{"id": OLD, "name": "Old"}, *kept])
    for at in range(wlans):
        cloud.call("POST", f"sites/{OLD}/wlans", {"ssid": f"w{at:02}"})
    cloud.call("POST", f"sites/{OLD}/psks", {"name": "printer", "passphrase": "canary-passphrase", "ssid": "w00"})
    return cloud


def plan_of_prune(cloud: World, *more: str, **project: object) -> Plan:
    resources = [declare(f"site.s{at}") for at in range(30)]
    rules = {"manage": SITES, **project}
    return cloud.plan(*resources, *map(declare, more), options=PRUNE, **rules)


def the_delete(plan: Plan) -> Change:
    (change,) = plan.changes
    return change


def test_a_deleted_site_takes_along_what_lies_in_it_and_all_of_it_is_counted() -> None:
    plan = plan_of_prune(crowded())
    change = the_delete(plan)
    assert change.taken == 31
    assert ("psk", "printer", 1) in [(item.kind, item.name, item.count) for item in change.takes]
    assert "limit-deletes" in [item.rule for item in plan.refusals]
    assert not plan_of_prune(crowded(), limits={"deletes": {"absolute": 32}}).refusals


def test_the_children_are_no_objects_that_stay_as_they_are() -> None:
    plan = plan_of_prune(crowded(2), "site.s0/wlan.Lab")
    assert plan.unmanaged == ()


def test_every_format_lists_what_goes_along() -> None:
    plan = plan_of_prune(crowded(3))
    texts = (as_text(plan_text(plan)), plan_markdown(plan), as_text(plan_text(plan_of(plan_document(plan)))))
    for text in texts:
        assert "3 wlan (w00, w01, w02)" in text
        assert "its setting" in text
        assert "and 4 objects with it" in text
    (change,) = plan_document(plan)["changes"]
    assert {"kind": "wlan", "name": "w01", "count": 1} in change["takes"]


def test_protect_stops_the_delete_of_what_holds_a_protected_object() -> None:
    assert plan_of_prune(crowded(1), protect=["site.Old/wlan.w00"]).changes == ()


def test_devices_of_a_deleted_site_are_set_free() -> None:
    cloud = world(
        sites=[{"id": OLD, "name": "Old"}, *({"name": f"s{at}"} for at in range(30))],
        inventory=[{"mac": "020001000001", "serial": "A1", "type": "switch", "model": "EX4100", "site_id": OLD}],
    )
    change = the_delete(plan_of_prune(cloud))
    assert [item.kind for item in change.releases] == ["device"]
    assert "claimed" in as_text(plan_text(plan_of_prune(cloud)))


def test_an_object_is_not_deleted_while_nobody_can_tell_what_goes_with_it() -> None:
    cloud = crowded(1)
    cloud.emulator.faults.add({"method": "GET", "path": f"sites/{OLD}/maps", "times": 99, "status": 403})
    plan = plan_of_prune(cloud)
    assert plan.changes == ()
    assert [item.rule for item in plan.errors] == ["unread-belongings"]


@pytest.mark.parametrize("read_before", [True, False])
def test_a_deleted_template_takes_its_wlans(read_before: bool) -> None:
    template = "55555555-0000-4000-8000-000000000001"
    cloud = world(templates=[{"id": template, "name": "old"}, *({"name": f"t{at}"} for at in range(30))])
    cloud.call("POST", f"orgs/{cloud.call('GET', 'self')['privileges'][0]['org_id']}/wlans",
               {"ssid": "Corp", "template_id": template})  # fmt: skip
    kept = [declare(f"wlantemplate.t{at}") for at in range(30)]
    kept += [declare("wlantemplate.t0/wlan.Lab")] if read_before else []
    plan = cloud.plan(*kept, options=PRUNE, manage={"wlantemplate": {"prune": True}})
    change = next(item for item in plan.changes if item.action == "delete")
    assert [(item.kind, item.name) for item in change.takes] == [("wlan", "Corp")]
