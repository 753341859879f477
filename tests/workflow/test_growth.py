"""Every step of a run grows with the size of the organisation and no faster: counted in steps, not in seconds."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from msgspec import convert

from reconciler.kinds import kinds
from reconciler.model.inventory import Inventory
from reconciler.model.memory import Memory
from reconciler.model.options import Options
from reconciler.model.project import Project
from reconciler.model.resource import Resource
from reconciler.model.values import YamlList, YamlMap
from reconciler.pipeline.online import apply_plan, compare, differences_of, make_plan, planned_of
from reconciler.report.json_report import plan_json
from reconciler.report.markdown import plan_markdown
from reconciler.report.outcomes import outcome_text
from reconciler.report.text import plan_text
from tests.steps import steps
from tests.world import ORG, World, declare, world

SIZE = 8
TIMES = 4
MOST = 4.4
FEW = 1000
"""So few steps say nothing of growth."""
MOST_EACH = {"compare": 520, "diff": 115, "apply": 1250}
"""Steps for each object, calls included: an index too many, or a form that nobody needs, is more."""
EMULATOR = "reconciler.emulator"
PRUNE = {"manage": {kind: {"prune": True} for kind in ("site", "wlan", "networktemplate")}}
OPTIONS = Options(prune=True, threads=1)


def declared(sites: int, *, value: str = "1", templates: bool = True) -> list[Resource]:
    """Sites of four objects each, every one with a template of its own."""
    found = [declare("sitegroup.emea")]
    for number in range(sites):
        site = f"site.S{number:04d}"
        found += [declare(f"networktemplate.T{number:04d}")] if templates else []
        found += [
            declare(site, {"sitegroups": YamlList(["emea"]), "networktemplate": f"T{number:04d}", "notes": value}),
            declare(f"{site}/setting", {"vars": YamlMap({"number": value})}),
            declare(f"{site}/wlan.Lab", {"vlan_id": value}),
            declare(f"{site}/wlan.Guest", {"vlan_id": value}),
        ]
    return [item for kind in kinds() for item in found if item.kind == kind.name]


def live(sites: int) -> dict[str, Any]:
    """The same, as it is live."""
    emea = "22222222-0000-4000-8000-000000000001"
    template = "33333333-0000-4000-8000-{:012d}".format
    return {
        "sitegroups": [{"id": emea, "name": "emea"}],
        "networktemplates": [{"id": template(n), "name": f"T{n:04d}"} for n in range(sites)],
        "sites": [
            {
                "name": f"S{n:04d}",
                "sitegroup_ids": [emea],
                "networktemplate_id": template(n),
                "notes": "1",
                "setting": {"vars": {"number": "1"}},
                "wlans": [{"ssid": ssid, "vlan_id": "1", "auth": {"type": "open"}} for ssid in ("Lab", "Guest")],
            }
            for n in range(sites)
        ],
    }


def project(**more: Any) -> Project:
    return convert({"version": 1, **more}, Project)


def quiet(size: int) -> tuple[World, Inventory]:
    return world({}, **live(size)), Inventory(project=project(), resources=tuple(declared(size)))


def changed(size: int) -> tuple[World, Inventory]:
    return world({}, **live(size)), Inventory(project=project(), resources=tuple(declared(size, value="2")))


def created(size: int) -> tuple[World, Inventory]:
    return world({}), Inventory(project=project(), resources=tuple(declared(size)))


def created_below_sites(size: int) -> tuple[World, Inventory]:
    cloud = live(size)
    for site in cloud["sites"]:
        site["wlans"] = []
    return world({}, **cloud), Inventory(project=project(), resources=tuple(declared(size)))


def deleted(size: int) -> tuple[World, Inventory]:
    kept = [item for item in declared(1) if item.kind in ("site", "wlan", "networktemplate", "sitegroup")]
    return world({}, **live(size)), Inventory(project=project(**PRUNE), resources=tuple(kept))


def duplicated(size: int) -> tuple[World, Inventory]:
    cloud = live(size)
    for site in cloud["sites"]:
        site["wlans"] *= 2
    return world({}, **cloud), Inventory(project=project(), resources=tuple(declared(size)))


ORGANISATIONS = [quiet, changed, created, created_below_sites, deleted, duplicated]


def work_of(cloud: World, inventory: Inventory) -> dict[str, int]:
    """The steps of a run by its parts, each on what those before it made; those of the emulator are not counted."""
    made: dict[str, Any] = {}

    def counted(name: str, work: Callable[[], object]) -> int:
        return steps(lambda: made.update({name: work()}), without=EMULATOR)

    def planned() -> object:
        return planned_of(inventory, made["compare"], made["diff"], options=OPTIONS, client=cloud.client)

    parts: dict[str, Callable[[], object]] = {
        "compare": lambda: compare(inventory, cloud.client, org_id=ORG, options=OPTIONS),
        "diff": lambda: differences_of(inventory, made["compare"], today=date(2026, 1, 1)),
        "plan": planned,
        "text": lambda: plan_text(made["plan"], verbose=True),
        "markdown": lambda: plan_markdown(made["plan"]),
        "json": lambda: plan_json(made["plan"], options=OPTIONS),
        "apply": lambda: apply_plan(made["plan"], cloud.client, options=OPTIONS),
        "outcomes": lambda: outcome_text(made["apply"], verbose=True),
    }
    return {name: counted(name, work) for name, work in parts.items()}


@pytest.mark.parametrize("organisation", ORGANISATIONS, ids=lambda item: item.__name__)
def test_no_part_of_a_run_grows_faster_than_the_organisation_and_an_object_costs_few_steps(
    organisation: Callable[[int], tuple[World, Inventory]],
) -> None:
    work_of(*organisation(1))  # what is loaded and cached once
    small, large = work_of(*organisation(SIZE)), work_of(*organisation(SIZE * TIMES))
    grown = {name: large[name] / small[name] for name in small if small[name] > FEW}
    assert {name: ratio for name, ratio in grown.items() if ratio > MOST} == {}
    objects = len(declared(SIZE * TIMES)) - len(declared(SIZE))
    each = {name: (large[name] - small[name]) / objects for name in MOST_EACH}
    assert {name: steps for name, steps in each.items() if steps > MOST_EACH[name]} == {}


def test_an_object_that_does_not_differ_costs_few_steps() -> None:
    """A look at its roots, and no form but for what names others: twice as much would be a walk of each body."""

    def work(size: int) -> int:
        cloud, inventory = quiet(size)
        options = Options(threads=1, memory=Memory())
        make_plan(inventory, cloud.client, org_id=ORG, options=options)
        return steps(lambda: make_plan(inventory, cloud.client, org_id=ORG, options=options))

    work(1)
    objects = len(declared(2 * SIZE)) - len(declared(SIZE))
    assert (work(2 * SIZE) - work(SIZE)) / objects < 240
