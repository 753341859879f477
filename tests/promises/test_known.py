"""Known, not guessed: the id that an address had tells a rename by hand, a namesake and a new object apart, and a hint
that is wrong changes nothing."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.emulator import Emulator
from reconciler.model.change import Plan
from reconciler.model.options import Options
from reconciler.model.values import YamlMap
from tests.cli.conftest import CANARIES, ORG, Command
from tests.world import ORG as ORG_OF_WORLD
from tests.world import World, declare, world

A, B, C = (f"66666666-0000-4000-8000-00000000000{digit}" for digit in "abc")
GONE = "66666666-0000-4000-8000-0000000000ff"
IDS = Path(".reconciler/ids") / f"{ORG}.json"
SITE = "11111111-1111-4111-8111-111111111111"


@dataclass(frozen=True)
class Case:
    """Sites that are live, by id; the id that is known of each declared one; what is planned, and what is told."""

    live: dict[str, str]
    known: dict[str, str]
    planned: dict[str, str]
    told: list[str] = field(default_factory=list)


CASES = {
    "as it was": Case({A: "Paris"}, {"Paris": A}, {}),
    "renamed by hand": Case({A: "Opera"}, {"Paris": A}, {"Paris": f"update {A}"}, ["renamed-live"]),
    "a namesake beside it": Case({A: "Paris", B: "Paris"}, {"Paris": A}, {}, ["namesake"]),
    "renamed, and a namesake made": Case({A: "Opera", B: "Paris"}, {"Paris": A}, {}, ["taken-name"]),
    "made again": Case({B: "Paris"}, {"Paris": A}, {}, ["another-object"]),
    "gone": Case({}, {"Paris": A}, {"Paris": "create"}),
    "two of a name, and nothing known": Case({A: "Paris", B: "Paris"}, {}, {}, ["ambiguous-live"]),
    "two of a name, and neither is the known one": Case(
        {A: "Paris", B: "Paris"}, {"Paris": GONE}, {}, ["ambiguous-live"]
    ),
    "swapped by hand": Case(
        {A: "Oslo", B: "Paris"},
        {"Paris": A, "Oslo": B},
        {"Paris": f"update {A}", "Oslo": f"update {B}"},
        ["renamed-live", "renamed-live"],
    ),
    "a hint of what has the name of another declared one": Case({A: "Oslo", B: "Paris"}, {"Paris": A}, {}),
    "a hint of what another one has": Case({A: "Oslo", B: "Paris"}, {"Paris": A, "Oslo": A}, {}),
    "renamed to the name of another declared one": Case(
        {A: "Oslo", B: "Oslo"}, {"Paris": A, "Oslo": B}, {"Paris": f"update {A}"}, ["renamed-live"]
    ),
    "only the case of its name differs": Case({A: "PARIS"}, {"Paris": A}, {"Paris": f"update {A}"}),
}


def planned(cloud: World, known: dict[str, str], names: tuple[str, ...]) -> Plan:
    return cloud.plan(*(declare(f"site.{name}", known_id=known.get(name, "")) for name in names))


def organisation(live: dict[str, str]) -> World:
    return world({}, sites=[{"id": api_id, "name": name} for api_id, name in live.items()])


@pytest.mark.parametrize("name", CASES)
def test_a_rename_a_namesake_and_a_new_object_are_told_apart(name: str) -> None:
    case = CASES[name]
    names = tuple(sorted({*case.known, "Paris", *(["Oslo"] if "Oslo" in case.live.values() else [])}))
    cloud = organisation(case.live)
    plan = planned(cloud, case.known, names)
    found = {item.address.name: f"{item.action}{f' {item.live.id}' if item.live else ''}" for item in plan.changes}
    assert found == case.planned
    assert sorted(item.rule for item in plan.diagnostics) == sorted(case.told)
    doubtful = [item for item in plan.diagnostics if item.rule != "another-object"]
    ids = [api_id for api_id, live in case.live.items() if live != "Oslo" or "Oslo" not in case.known]
    if len(doubtful) == 1:
        assert all(api_id in doubtful[0].detail for api_id in ids), plan.diagnostics
    assert all(" made " in item.detail for item in plan.diagnostics)
    cloud.carry_out(plan)
    if not plan.errors:
        assert planned(cloud, case.known, names).changes == ()


@settings(max_examples=40, deadline=None)
@given(
    live=st.dictionaries(st.sampled_from([A, B, C]), st.sampled_from(["Paris", "Oslo", "Rome", "Opera"]), max_size=3),
    hints=st.dictionaries(st.sampled_from(["Paris", "Oslo", "Rome"]), st.sampled_from([A, B, C, GONE]), max_size=3),
)
def test_whatever_is_remembered_no_object_is_two_declared_ones_and_the_second_plan_is_empty(
    live: dict[str, str], hints: dict[str, str]
) -> None:
    cloud, names = organisation(live), ("Paris", "Oslo", "Rome")
    plan = planned(cloud, hints, names)
    used = [item.live.id for item in plan.changes if item.live]
    assert len(used) == len(set(used))
    cloud.carry_out(plan)
    again = planned(cloud, hints, names)
    assert plan.errors or again.changes == ()
    assert not any(item.action == "delete" for item in plan.changes)


def test_a_namesake_is_not_deleted_on_the_strength_of_a_hint() -> None:
    cloud = organisation({A: "Paris", B: "Paris"})
    manage = {"manage": {"site": {"prune": True}}, "limits": {"deletes": {"absolute": 9, "percent": 100}}}
    plan = cloud.plan(declare("site.Paris", known_id=A), options=Options(prune=True), **manage)
    assert plan.changes == ()


def test_what_lies_in_a_renamed_site_is_found_there_and_only_its_name_is_given_back() -> None:
    cloud = organisation({A: "Paris"})
    inside = [declare("site.Paris/setting", {"vars": YamlMap({"a": "1"})}), declare("site.Paris/wlan.Guest")]
    cloud.apply(declare("site.Paris"), *inside)
    cloud.call("PUT", f"sites/{A}", {"name": "Opera"})
    resources = (declare("site.Paris", known_id=A), *inside)
    plan = cloud.plan(*resources)
    assert [(item.address.text, item.fields[0].path) for item in plan.changes] == [("site.Paris", "name")]
    (finding,) = plan.diagnostics
    assert "last changed" in finding.detail
    assert all(item.verified for item in cloud.carry_out(plan))
    assert cloud.only(f"orgs/{ORG_OF_WORLD}/sites")["name"] == "Paris"


def by_hand(emulator: Emulator, method: str, path: str, body: dict[str, Any]) -> None:
    assert emulator.call(method, f"/api/v1/{path}", body=body, token=CANARIES["MIST_APITOKEN"]).status == 200


def test_an_apply_remembers_the_ids_and_the_next_run_knows_a_renamed_site(command: Command, emulator: Emulator) -> None:
    assert command("apply", "--auto-approve").code == 0
    known = json.loads(IDS.read_text())
    assert known["ids"]["site.Paris-HQ"] == SITE
    assert set(known["ids"]) == {
        "site.Paris-HQ", "site.Paris-HQ/webhook.zones", "site.Paris-HQ/wlan.Lab", "sitegroup.emea"
    }  # fmt: skip
    by_hand(emulator, "PUT", f"sites/{SITE}", {"name": "Opera"})
    plan = command("plan", "--detailed-exitcode")
    assert (plan.code, "renamed from Opera" in plan.out) == (2, True), plan.out
    assert "last changed" in plan.out
    assert command("drift").code == 2
    assert command("apply", "--auto-approve").code == 0
    assert command("plan", "--detailed-exitcode").code == 0


OF_NO_USE = {
    "half-written": lambda text: text[: len(text) // 2],
    "empty": lambda _: "",
    "no mapping": lambda _: "[]",
    "edited": lambda text: text.replace(f'"{SITE}"', "7"),
    "without ids": lambda text: json.dumps({**json.loads(text), "ids": None}),
    "of another organisation": lambda text: text.replace(ORG, GONE),
    "of a newer version": lambda text: text.replace('"version": 1', '"version": 2'),
}


@pytest.mark.parametrize("how", OF_NO_USE)
def test_a_file_of_no_use_is_told_and_everything_works_by_name(how: str, command: Command) -> None:
    assert command("apply", "--auto-approve").code == 0
    IDS.write_text(OF_NO_USE[how](IDS.read_text()))
    before = IDS.read_text()
    plan = command("plan", "--detailed-exitcode")
    assert (plan.code, "ids-not-used" in plan.out, "No changes." in plan.out) == (0, True, True), plan.out
    assert command("apply", "--auto-approve").code == 0
    kept = how == "of a newer version"
    assert (IDS.read_text() == before) is kept
    assert ("ids-not-used" in command("plan").out) is kept


def test_two_checkouts_that_remember_different_ids_plan_the_same(command: Command, emulator: Emulator) -> None:
    assert command("apply", "--auto-approve").code == 0
    (wlan,) = emulator.call("GET", f"/api/v1/sites/{SITE}/wlans", token=CANARIES["MIST_APITOKEN"]).body
    mine = IDS.read_text()
    for other in (mine.replace(wlan["id"], GONE), mine.replace(wlan["id"], SITE), None):
        IDS.unlink() if other is None else IDS.write_text(other)
        assert command("plan", "--detailed-exitcode").code == 0


@pytest.mark.parametrize(
    ("path", "declared", "unread"),
    [
        ("sites$", ("site.Paris", "site.Paris/wlan.Lab"), ["site.Paris"]),
        ("sites/.*/wlans$", ("site.Paris", "site.Paris/wlan.Lab"), ["site.Paris/wlan.Lab"]),
        ("orgs/.*/wlans$", ("wlantemplate.t", "wlantemplate.t/wlan.Corp"), ["wlantemplate.t/wlan.Corp"]),
    ],
)
def test_a_list_that_holds_nothing_is_not_believed_where_what_was_in_it_is_still_there(
    path: str, declared: tuple[str, ...], unread: list[str]
) -> None:
    cloud = world({"page_headers": "never"})
    resources = [declare(text) for text in declared]
    cloud.apply(*resources)
    before = cloud.emulator.calls.total
    first = cloud.plan(*resources)
    calls = cloud.emulator.calls.total - before
    known = [declare(text, known_id=first.ids[text]) for text in declared]
    cloud.plan(*known)
    assert cloud.emulator.calls.total == before + 2 * calls
    cloud.emulator.faults.add({"method": "GET", "path": path, "body": "[]", "times": 9})
    plan = cloud.plan(*known)
    assert plan.changes == ()
    assert sorted(str(item.address) for item in plan.errors) == unread
    assert {item.rule for item in plan.errors} == {"unread"}
    assert "was in it, is still there" in plan.errors[0].detail


def test_a_list_that_holds_nothing_is_believed_where_what_was_in_it_is_gone() -> None:
    cloud = world({})
    cloud.apply(declare("sitegroup.a"))
    made = cloud.only(f"orgs/{ORG_OF_WORLD}/sitegroups", name="a")["id"]
    cloud.call("DELETE", f"orgs/{ORG_OF_WORLD}/sitegroups/{made}")
    plan = cloud.plan(declare("sitegroup.a", known_id=made))
    assert [str(item.action) for item in plan.changes] == ["create"]
    assert plan.errors == ()


def test_a_new_object_beside_a_live_one_that_is_like_it_but_for_the_name_is_told_with_the_way_out() -> None:
    cloud = world({})
    body = {"timezone": "Europe/Paris", "country_code": "FR", "notes": "store 7"}
    cloud.apply(declare("site.Paris", body), declare("site.Lyon", {**body, "notes": "store 8"}))
    cloud.call("PUT", f"sites/{cloud.only(f'orgs/{ORG_OF_WORLD}/sites', name='Paris')['id']}", {"name": "Opera"})
    plan = cloud.plan(declare("site.Paris", body), declare("site.Nice", body), declare("site.Lyon"))
    assert [item.rule for item in plan.diagnostics if item.rule == "maybe-renamed"] == []  # it could be either
    plan = cloud.plan(declare("site.Paris", body), declare("site.Lyon"), declare("site.New", {"notes": "store 9"}))
    (told,) = [item for item in plan.diagnostics if item.rule == "maybe-renamed"]
    assert told.address == "site.Paris"
    assert "beside site.Opera" in told.detail
    assert "`aliases: [Opera]`" in told.detail
