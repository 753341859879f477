"""What plan and apply of a saved plan cost together, as formulas of the number of sites: two sizes give slope and
constant. docs/how-many-calls.md shows the same formulas."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from requests import PreparedRequest, Response
from requests.adapters import BaseAdapter

from reconciler.kinds import kinds
from reconciler.model.inventory import Inventory
from reconciler.model.options import FILE, Options
from reconciler.model.project import Project
from reconciler.model.resource import Resource
from reconciler.model.values import YamlList, YamlMap
from reconciler.pipeline.online import make_plan
from reconciler.pipeline.snapshot import keep, recall
from reconciler.snapshot.file import Loaded
from tests.workflow.file import apply_file, process, saved_and_loaded
from tests.world import ORG, World, declare, world

PAGE = Path(__file__).parents[2] / "docs" / "how-many-calls.md"
SIZES = (5, 9)
THREADS = 16
KEY = b"a key of this test"


def branches(sites: int, *, value: str = "1", template: str = "1", only: str = "") -> list[Resource]:
    """Sites of four objects each, and a network template for all; with `only` the value is new at one of them."""
    found = [declare("networktemplate.branch", {"dns_servers": YamlList([f"10.0.0.{template}"])})]
    for number in range(sites):
        site = f"site.S{number}"
        new = value if not only or site == only else "1"
        found += [
            declare(site, {"networktemplate": "branch"}),
            declare(f"{site}/setting", {"vars": YamlMap({"corp_vlan": new})}),
            declare(f"{site}/wlan.Corp"),
            declare(f"{site}/wlan.Guest"),
        ]
    return [item for kind in kinds() for item in found if item.kind == kind.name]


@dataclass(frozen=True)
class Case:
    before: Callable[[int], list[Resource]]
    after: Callable[[int], list[Resource]]
    target: tuple[str, ...] = ()
    refuse_any_stale: bool = False


def none(_sites: int) -> list[Resource]:
    return []


CASES = {
    "the first plan and apply": Case(none, branches),
    "one variable everywhere": Case(branches, lambda n: branches(n, value="2")),
    "the same with `--target 'site.*/setting'`": Case(
        branches, lambda n: branches(n, value="2"), target=("site.*/setting",)
    ),
    "the same with `--refuse-any-stale`": Case(branches, lambda n: branches(n, value="2"), refuse_any_stale=True),
    "one network template": Case(branches, lambda n: branches(n, template="2")),
    "one site with `--target`": Case(branches, lambda n: branches(n, value="2", only="site.S1"), target=("site.S1",)),
    "a plan without changes": Case(branches, branches),
}


class SmallPages(BaseAdapter):
    """The emulator, which gives no more than a few objects on each page of a list; `more` counts the pages after the
    first."""

    def __init__(self, inner: BaseAdapter, size: int) -> None:
        super().__init__()
        self._inner = inner
        self._size = size
        self.more = 0

    def send(self, request: PreparedRequest, *args: object, **kwargs: object) -> Response:
        asked = parse_qs(urlsplit(request.url or "").query)
        if int(asked.get("page", ["1"])[0]) > 1:
            self.more += 1
        if "limit" in asked:
            request.url = re.sub(r"limit=\d+", f"limit={self._size}", request.url or "")
        return self._inner.send(request, *args, **kwargs)  # type: ignore[arg-type]

    def close(self) -> None:
        pass


def cost(case: Case, sites: int, *, page: int = 1000) -> int:
    """The calls of `plan --out` and of `apply PLAN`, without those for the second page of a list and further ones."""
    cloud: World = world({})
    pages = SmallPages(cloud.adapter, page)
    cloud.client = process(cloud, threads=THREADS)
    options = Options(threads=THREADS, targets=case.target, refuse_any_stale=case.refuse_any_stale, forecast=FILE)
    if before := case.before(sites):
        cloud.apply(*before, options=Options(threads=THREADS))
    cloud.client = process(cloud, threads=THREADS, adapter=pages)
    cloud.emulator.calls.reset()
    declared = case.after(sites)
    plan = cloud.plan(*declared, options=options)
    if plan.changes:
        saved = saved_and_loaded(plan)
        cloud.client = process(cloud, threads=THREADS, adapter=pages)
        before_it, more = cloud.emulator.calls.total, pages.more
        assert all(item.verified for item in apply_file(cloud, saved, declared, options=options))
        assert cloud.emulator.calls.total - before_it - (pages.more - more) == plan.applying
    assert (pages.more > 0) == (page < sites)
    return cloud.emulator.calls.total - pages.more


def formula(case: Case) -> str:
    small, large = (cost(case, size) for size in SIZES)
    slope, rest = divmod(large - small, SIZES[1] - SIZES[0])
    assert rest == 0, (small, large)
    constant = small - slope * SIZES[0]
    return f"{slope or ''}{'N + ' if slope else ''}{constant}"


def rows(page: Path = PAGE) -> dict[str, list[str]]:
    """The table of a page: what, its formula, and what that comes to."""
    found = re.findall(r"^\| (.+) \|$", page.read_text("utf-8"), re.MULTILINE)
    return {what: cells for what, *cells in (row.split(" | ") for row in found)}


@pytest.mark.parametrize("name", CASES)
def test_the_calls_are_what_the_page_says(name: str) -> None:
    assert formula(CASES[name]) == rows()[name][0]


@pytest.mark.parametrize("name", CASES)
def test_lists_of_many_pages_cost_these_pages_and_nothing_else(name: str) -> None:
    assert cost(CASES[name], SIZES[1], page=4) == cost(CASES[name], SIZES[1])


SNAPSHOT = "the same with `--snapshot`, after a quiet night"
NIGHT = 86_400.0


def cost_with_snapshot(sites: int) -> int:
    """The calls of a plan a night after one that kept what it read, with nothing touched since."""
    now = [1_750_000_000.0]
    cloud = world({}, clock=lambda: now[0])
    cloud.client = cloud.connect(threads=THREADS)
    inventory = Inventory(project=Project(version=1), resources=tuple(branches(sites)))
    cloud.apply(*inventory.resources, options=Options(threads=THREADS))
    loaded = Loaded()
    for _ in range(2):
        now[0] += NIGHT
        cloud.client = process(cloud, threads=THREADS)
        cloud.emulator.calls.reset()
        found = recall(cloud.client, [inventory], loaded, org_id=ORG, key=b"key", prune=False)
        options = Options(threads=THREADS, memory=found.memory)
        assert make_plan(inventory, cloud.client, org_id=ORG, options=options).changes == ()
        loaded = Loaded(snapshot=keep(found, [inventory], org_id=ORG, key=b"key", now=datetime.now(UTC)))
    return cloud.emulator.calls.total


def test_a_quiet_night_costs_what_the_page_says() -> None:
    told, *numbers = rows()[SNAPSHOT]
    assert told == "5 and 1 in 100 lists, at most 10"

    def expected(sites: int) -> int:
        return 5 + min(10, -(-2 * sites // 100))

    assert [cost_with_snapshot(size) for size in (5, 60)] == [expected(size) for size in (5, 60)]
    assert numbers == [f"{expected(sites):,}" for sites in (100, 500, 2000, 5000)]


@pytest.mark.parametrize("name", CASES)
def test_the_page_counts_right(name: str) -> None:
    told, *numbers = rows()[name]
    slope, _, constant = told.rpartition("N + ")
    assert numbers == [f"{int(slope or 0) * sites + int(constant):,}" for sites in (100, 500, 2000, 5000)]


BESIDE = {
    "the first plan and apply": "the first plan and apply",
    "nothing: a plan": "a plan without changes",
    "one variable everywhere": "one variable everywhere",
    "the same, `--target 'site.*/setting'`": "the same with `--target 'site.*/setting'`",
    "one network template": "one network template",
    "one site, `--target site.S1`": "one site with `--target`",
}
"""The rows of the page beside Terraform, and what they are called on the page of calls."""


def test_the_page_beside_terraform_says_the_same() -> None:
    page = rows(PAGE.with_name("beside-terraform.md"))
    assert {name: page[name][0] for name in BESIDE} == {name: rows()[other][0] for name, other in BESIDE.items()}
