"""Reading a live organisation from the emulator: what arrives, in how many calls, and what is told as unread."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.emulator import Emulator, EmulatorAdapter
from reconciler.errors import BadAnswer, Forbidden, NotFound, RateLimited, Unauthorized, Unreachable
from reconciler.kinds import kinds
from reconciler.mist.client import MistClient, connect
from reconciler.mist.connection import Connection
from reconciler.model.inventory import Inventory
from reconciler.model.project import Project
from reconciler.model.resource import Live, Resource
from reconciler.model.values import Secret
from reconciler.stages.read import read, wants_of
from reconciler.transport.pacing import Timing
from tests.stages.read.test_read_wants import declared

ORG = "00000000-0000-4000-8000-000000000001"


def uid(number: int) -> str:
    return f"00000000-0000-4000-9000-{number:012d}"


def organisation(sites: int = 3) -> dict[str, Any]:
    """An organisation with templates, tags and `sites` sites, each with a WLAN."""
    return {
        "id": ORG,
        "name": "Acme",
        "sitegroups": [{"id": uid(9001), "name": "emea"}],
        "networktemplates": [{"id": uid(9101), "name": "campus"}],
        "templates": [{"id": uid(9202), "name": "guest"}, {"id": uid(9201), "name": "corp"}],
        "wlans": [
            {"id": uid(9302), "ssid": "Guest", "template_id": uid(9202)},
            {"id": uid(9301), "ssid": "Corp", "template_id": uid(9201)},
            {"id": uid(9303), "ssid": "Stray"},
        ],
        "webhooks": [{"id": uid(9401), "name": "siem", "url": "https://siem.example.net"}],
        "sites": [
            {
                "id": uid(n),
                "name": f"site-{n}",
                "setting": {"vars": {"n": str(n)}},
                "wlans": [{"id": uid(1000 + n), "ssid": "Lab"}],
            }
            for n in range(1, sites + 1)
        ],
    }


def client_of(emulator: Emulator, **changes: Any) -> MistClient:
    connection = Connection(host="api.mist.com", token=Secret("token", origin="env"), **changes)
    timing = Timing(sleep=lambda _seconds: None)
    return connect(connection, adapter=EmulatorAdapter(emulator), timing=timing)


@pytest.fixture
def emulator() -> Emulator:
    return Emulator(data={"orgs": [organisation()]})


def reading(emulator: Emulator, *resources: Resource, prune: bool = False, **project: Any) -> Live:
    inventory = Inventory(project=Project.model_validate({"version": 1, **project}), resources=resources)
    return read(client_of(emulator), wants_of(inventory, kinds=kinds(), prune=prune), kinds=kinds(), org_id=ORG)


def site_with_children(number: int) -> tuple[Resource, ...]:
    name = f"site.site-{number}"
    return declared(name), declared(f"{name}/setting"), declared(f"{name}/wlan.Lab")


def calls(emulator: Emulator) -> list[str]:
    return sorted(call.path.removeprefix("/api/v1/").replace(ORG, "ORG") for call in emulator.calls.log)


def test_only_what_is_declared_is_read(emulator: Emulator) -> None:
    live = reading(emulator, *site_with_children(2), declared("site.site-3"))
    assert calls(emulator) == ["orgs/ORG", "orgs/ORG/sites", f"sites/{uid(2)}/setting", f"sites/{uid(2)}/wlans"]
    assert (live.org_id, live.org_name, live.calls, live.unread) == (ORG, "Acme", 4, ())


def test_objects_come_in_the_order_of_kind_parent_and_id(emulator: Emulator) -> None:
    resources = [*site_with_children(3), *site_with_children(1), declared("wlantemplate.corp/wlan.Corp")]
    live = reading(emulator, *resources)
    order = [kind.name for kind in kinds()]
    keys = [(order.index(item.kind), item.parent_id or "", item.id) for item in live.objects]
    assert keys == sorted(keys)
    assert len(keys) == 3 + 2 + 2 + 2 + 2


def test_bodies_are_as_the_cloud_answered(emulator: Emulator) -> None:
    live = reading(emulator, declared("networktemplate.campus"))
    template = next(item for item in live.objects if item.kind == "networktemplate")
    assert template.body == emulator.call("GET", f"orgs/{ORG}/networktemplates/{template.id}").body
    assert template.parent_id is None


def test_a_setting_has_the_id_of_its_site(emulator: Emulator) -> None:
    live = reading(emulator, *site_with_children(1))
    setting = next(item for item in live.objects if item.kind == "setting")
    assert (setting.id, setting.parent_id) == (uid(1), uid(1))
    assert setting.body["vars"] == {"n": "1"}


def test_wlans_of_templates_come_from_one_list_and_know_their_template(emulator: Emulator) -> None:
    live = reading(emulator, declared("wlantemplate.corp/wlan.Corp"))
    assert calls(emulator) == ["orgs/ORG", "orgs/ORG/sites", "orgs/ORG/templates", "orgs/ORG/wlans"]
    wlans = [(item.body["ssid"], item.parent_id) for item in live.objects if item.kind == "wlan"]
    assert wlans == [("Corp", uid(9201)), ("Guest", uid(9202))], "the one without a template is nobody's"
    assert live.names[uid(9303)] == "Stray", "but references to it still have a name"


def test_names_of_everything_that_was_read_are_known_by_id(emulator: Emulator) -> None:
    live = reading(emulator, declared("site.site-1", networktemplate="campus", sitegroups=["emea"]))
    assert live.names == {
        uid(1): "site-1",
        uid(2): "site-2",
        uid(3): "site-3",
        uid(9001): "emea",
        uid(9101): "campus",
    }


def test_an_object_without_its_key_is_named_by_the_fallback(emulator: Emulator) -> None:
    emulator.call("POST", f"orgs/{ORG}/webhooks", body={"url": "https://other.example.net", "topics": ["audits"]})
    live = reading(emulator, declared("webhook.siem"))
    assert set(live.names.values()) == {"siem", "https://other.example.net"}


def test_prune_reads_every_site_in_scope(emulator: Emulator) -> None:
    reading(emulator, prune=True, manage={"wlans": {"prune": True, "scope": ["site.site-1/*", "site.site-2/*"]}})
    assert calls(emulator) == [
        "orgs/ORG",
        "orgs/ORG/sites",
        "orgs/ORG/templates",
        "orgs/ORG/wlans",
        f"sites/{uid(1)}/wlans",
        f"sites/{uid(2)}/wlans",
    ]


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 40), st.sets(st.sampled_from(["networktemplate.a", "sitegroup.a", "webhook.a", "rftemplate.a"])))
def test_sites_with_settings_and_wlans_take_two_calls_each_and_one_per_list(count: int, others: set[str]) -> None:
    emulator = Emulator(data={"orgs": [organisation(count)]})
    sites = [resource for n in range(1, count + 1) for resource in site_with_children(n)]
    live = reading(emulator, declared("site.x"), *sites, *map(declared, sorted(others)))
    assert live.calls == emulator.calls.total == 2 * count + len(others) + 1 + 1


def test_more_than_a_thousand_sites_take_one_call_per_thousand() -> None:
    emulator = Emulator(data={"orgs": [organisation(1001)]})
    live = reading(emulator, declared("site.site-1"))
    assert live.calls == 1 + 2
    assert len(live.objects) == 1001


@pytest.mark.parametrize("fault", [{"status": 403}, {"status": 404}, {"status": 500}, {"status": 503}, {"body": "<p>"}])
@pytest.mark.parametrize(("path", "kind"), [("wlans", "wlan"), ("setting", "setting")])
def test_a_failing_collection_of_one_site_is_unread_and_the_rest_goes_on(
    emulator: Emulator, fault: dict[str, Any], path: str, kind: str
) -> None:
    emulator.faults.add({"path": f"{uid(2)}/{path}$", **fault})
    live = reading(emulator, *(resource for n in (1, 2, 3) for resource in site_with_children(n)))
    assert [(miss.kind, miss.parent_id) for miss in live.unread] == [(kind, uid(2))]
    assert "GET sites/" in live.unread[0].reason
    assert {item.parent_id for item in live.objects if item.kind == kind} == {uid(1), uid(3)}


@pytest.mark.parametrize("fault", [{"status": 403}, {"status": 500}, {"body": "[]", "headers": {"X-Page-Total": "7"}}])
def test_a_failing_list_of_the_organisation_is_unread(emulator: Emulator, fault: dict[str, Any]) -> None:
    emulator.faults.add({"path": "networktemplates", **fault})
    live = reading(emulator, declared("networktemplate.campus"), declared("sitegroup.emea"))
    assert [(miss.kind, miss.parent_id) for miss in live.unread] == [("networktemplate", None)]
    assert {item.kind for item in live.objects} == {"site", "sitegroup"}


def test_a_failing_list_of_template_wlans_is_unread_below_every_template(emulator: Emulator) -> None:
    emulator.faults.add({"path": f"orgs/{ORG}/wlans", "status": 403})
    live = reading(emulator, declared("wlantemplate.corp/wlan.Corp"))
    assert [(miss.kind, miss.parent_id) for miss in live.unread] == [("wlan", uid(9201)), ("wlan", uid(9202))]


def test_a_failing_list_of_template_wlans_is_told_even_without_templates(emulator: Emulator) -> None:
    emulator.faults.replace([{"path": f"{ORG}/wlans", "status": 403}, {"path": "templates", "status": 403}])
    live = reading(emulator, declared("wlantemplate.corp/wlan.Corp"))
    assert [(miss.kind, miss.parent_id) for miss in live.unread] == [("wlantemplate", None), ("wlan", None)]


def test_when_the_sites_can_not_be_read_nothing_below_them_is(emulator: Emulator) -> None:
    emulator.faults.add({"path": f"{ORG}/sites", "status": 500})
    live = reading(emulator, *site_with_children(1))
    assert [(miss.kind, miss.parent_id) for miss in live.unread] == [("site", None)]
    assert live.objects == ()


FATAL = [
    ({"path": "wlans", "status": 401}, Unauthorized),
    ({"path": "wlans", "drop": "before"}, Unreachable),
    ({"path": "wlans", "drop": "connect"}, Unreachable),
    ({"path": "wlans", "status": 429, "retry_after": 3600}, RateLimited),
    ({"path": f"{ORG}$", "status": 404}, NotFound),
    ({"path": f"{ORG}$", "status": 403}, Forbidden),
    ({"path": f"{ORG}$", "body": "{}"}, BadAnswer),
]


@pytest.mark.parametrize(("fault", "error"), FATAL)
def test_what_concerns_every_call_ends_the_reading(
    emulator: Emulator, fault: dict[str, Any], error: type[Exception]
) -> None:
    emulator.faults.add(fault)
    with pytest.raises(error):
        reading(emulator, *site_with_children(1))


def test_a_wrong_organisation_costs_one_call(emulator: Emulator) -> None:
    emulator.faults.add({"path": f"{ORG}$", "status": 404})
    with pytest.raises(NotFound):
        reading(emulator, *site_with_children(1))
    assert emulator.calls.total == 1


def test_progress_is_told_for_every_place(emulator: Emulator) -> None:
    told: list[tuple[str, int, int]] = []
    inventory = Inventory(project=Project(version=1), resources=(*site_with_children(1), declared("sitegroup.emea")))
    read(
        client_of(emulator, threads=4),
        wants_of(inventory, kinds=kinds()),
        kinds=kinds(),
        org_id=ORG,
        progress=lambda what, done, total: told.append((what, done, total)),
    )
    assert told == [
        ("reading the organisation", 1, 2),
        ("reading the organisation", 2, 2),
        ("reading sites", 1, 2),
        ("reading sites", 2, 2),
    ]


def test_two_readings_are_equal_whatever_the_threads_do() -> None:
    emulator = Emulator(data={"orgs": [organisation(30)]})
    emulator.settings.update({"quirks": {"reorder": "none", "rotate_urls": False}})
    resources = [resource for n in range(1, 31) for resource in site_with_children(n)]
    assert reading(emulator, *resources) == reading(emulator, *resources)


@pytest.mark.parametrize(("sites", "listed", "expected"), [(501, [], 501), (502, [], 1), (502, ["wlans"], 502)])
def test_a_report_on_the_whole_reads_beside_what_is_declared_500_sites_at_most(
    sites: int, listed: list[str], expected: int
) -> None:
    """Above it the audit log has to do, unless the project file names the kind."""
    emulator = Emulator(data={"orgs": [organisation(sites)]})
    project = Project.model_validate({"version": 1, "drift": {"kinds": listed}})
    inventory = Inventory(project=project, resources=(declared("site.site-1"), declared("site.site-1/wlan.Lab")))
    wants = wants_of(inventory, kinds=kinds(), whole=True)
    live = read(client_of(emulator), wants, kinds=kinds(), org_id=ORG)
    below_sites = [path for path in calls(emulator) if path.startswith("sites/") and path.endswith("/wlans")]
    assert len(below_sites) == expected
    assert f"sites/{uid(1)}/wlans" in below_sites
    assert live.was_listed("wlan", uid(2)) is (expected > 1)
