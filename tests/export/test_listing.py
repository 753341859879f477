"""What is live, object by object, for as few calls as the API has lists."""

from reconciler.kinds import kinds
from reconciler.kinds.lists import with_unmodelled
from reconciler.pipeline.listing import list_live
from tests.export.support import QUIET
from tests.world import ORG, world

HQ, LAB = (f"{number}0000000-0000-4000-8000-000000000000" for number in "ab")
DEVICES = [
    {"mac": "5c5b35000001", "type": "ap", "site_id": HQ},
    {"mac": "5c5b35000002", "type": "switch", "site_id": LAB},
    {"mac": "5c5b35000003", "type": "ap"},
]


def test_the_devices_of_all_sites_are_one_list() -> None:
    acme = world(QUIET, sites=[{"id": HQ, "name": "HQ"}, {"id": LAB, "name": "Lab"}], inventory=DEVICES)
    found = list_live(acme.client, org_id=ORG, inventory=None, wanted=frozenset({"ap", "switch", "site"}))
    assert [item.address.text for item in found.objects] == [
        "ap.5c5b35000003",
        "site.HQ/ap.5c5b35000001",
        "site.HQ",
        "site.Lab",
        "site.Lab/switch.5c5b35000002",
    ]
    assert found.calls == 4  # the organisation, its sites, its devices, the audit log


def test_a_site_costs_a_call_for_each_kind_that_only_a_list_of_its_own_shows() -> None:
    def calls(count: int) -> int:
        acme = world(QUIET, sites=[{"name": f"S{at}"} for at in range(count)])
        return list_live(acme.client, org_id=ORG, inventory=None).calls

    below = [(kind, kind.endpoint("site")) for kind in with_unmodelled(kinds()) if not kind.hardware]
    lists = {end.collection for _, end in below if end and end.collection}
    assert calls(3) - calls(2) == len(lists)
