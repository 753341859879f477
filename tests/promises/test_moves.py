"""A WLAN that moves from one template to another is an update: nothing undeclared in it is lost, and nothing is deleted
of it; where the API can't move an object, nothing happens to it."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import convert

from reconciler.drift.log import read_log
from reconciler.emulator import Emulator
from reconciler.model.address import Address
from reconciler.model.change import Action, Cause, Plan
from reconciler.model.inventory import Inventory
from reconciler.model.options import Options
from reconciler.model.project import Project
from reconciler.model.resource import Resource
from reconciler.pipeline.drift import find_drift
from reconciler.pipeline.online import compare, make_plan
from reconciler.pipeline.rollback import make_rollback
from reconciler.report.json_report import plan_document
from reconciler.report.lines import as_text
from reconciler.report.markdown import plan_markdown
from reconciler.report.text import plan_text
from reconciler.runs.reading import find_run
from reconciler.runs.written import written_by
from tests.cli.conftest import CANARIES, Command
from tests.cli.conftest import ORG as CLI_ORG
from tests.promises.rollbacks import PROJECT, carried_out
from tests.world import ORG, World, declare, world

OLD = "55555555-0000-4000-8000-000000000001"
NEW = "55555555-0000-4000-8000-000000000002"
WLAN = "66666666-0000-4000-8000-000000000001"
SITE = "22222222-0000-4000-8000-000000000001"
PRUNE = Options(threads=1, prune=True)
MANAGE: dict[str, Any] = {"manage": {"wlantemplate": {"prune": True}, "wlan": {"prune": True}}}
ALIAS = "wlantemplate.old/wlan.Corp"
MOVED = (
    declare("wlantemplate.new"),
    declare("wlantemplate.new/wlan.Corp", {"vlan_id": 7}, aliases=(ALIAS,)),
)


def cloud(*more: str, **org: Any) -> World:
    """A template with a WLAN in it, with values that nobody declares; `more` are the names of its other WLANs."""
    wlans = [{"id": WLAN, "ssid": "Corp", "dtim": 5}, *({"ssid": name} for name in more)]
    return world(
        templates=[{"id": OLD, "name": "old"}],
        wlans=[{"template_id": OLD, "auth": {"type": "open"}, **item} for item in wlans],
        sites=[{"id": SITE, "name": "Paris"}],
        **org,
    )


def told(plan: Plan) -> list[str]:
    return [f"{change.action} {change.address}" for change in plan.changes]


def rules(plan: Plan) -> list[str]:
    return [item.rule for item in plan.diagnostics]


def the_wlan(live: World) -> tuple[Any, ...]:
    wlan = live.call("GET", f"orgs/{ORG}/wlans/{WLAN}")
    template = live.call("GET", f"orgs/{ORG}/templates/{wlan['template_id']}")
    return template["name"], wlan["ssid"], wlan["dtim"], str(wlan.get("vlan_id", ""))


def test_a_move_to_a_template_of_the_same_run_is_one_put_and_loses_nothing() -> None:
    live = cloud("Guest")
    plan = live.plan(*MOVED)
    assert told(plan) == ["create wlantemplate.new", "update wlantemplate.new/wlan.Corp"]
    move = plan.changes[1]
    assert (move.moved_from, [item.text for item in move.depends_on]) == ("wlantemplate.old", ["wlantemplate.new"])
    assert ("wlantemplate", "old", "new") in [(item.path, item.before, item.after) for item in move.fields]
    outcomes = live.carry_out(plan)
    assert [(item.status, item.verified) for item in outcomes] == [("applied", True)] * 2
    assert live.writes[1:] == [("PUT", f"/api/v1/orgs/{ORG}/wlans/{WLAN}")]
    assert the_wlan(live) == ("new", "Corp", 5, "7")
    again = live.plan(*MOVED)
    assert (again.changes, rules(again)) == ((), [])


def test_the_plan_says_it_in_text_markdown_and_json() -> None:
    plan = cloud().plan(*MOVED)
    assert "~ wlantemplate.new/wlan.Corp  moved from wlantemplate.old" in as_text(plan_text(plan))
    assert "moved from wlantemplate.old" in plan_markdown(plan)
    document = json.loads(json.dumps(plan_document(plan)))
    assert [item["moved_from"] for item in document["changes"]] == [None, "wlantemplate.old"]


def test_with_prune_the_old_template_goes_after_the_move_and_takes_only_what_is_left_in_it() -> None:
    live = cloud("Guest")
    plan = live.plan(*MOVED, options=PRUNE, **MANAGE)
    assert told(plan)[2:] == ["delete wlantemplate.old"]
    assert [(item.name, item.count) for item in plan.changes[2].takes] == [("Guest", 1)]
    assert [item.text for item in plan.changes[2].depends_on] == ["wlantemplate.new/wlan.Corp"]
    assert all(item.verified for item in live.carry_out(plan, options=PRUNE))
    assert the_wlan(live) == ("new", "Corp", 5, "7")
    assert live.plan(*MOVED, options=PRUNE, **MANAGE).changes == ()


def test_a_move_that_fails_keeps_the_old_template() -> None:
    live = cloud()
    plan = live.plan(*MOVED, options=PRUNE, **MANAGE)
    live.emulator.faults.add({"method": "PUT", "path": "wlans", "status": 400})
    outcomes = live.carry_out(plan, options=PRUNE)
    assert [str(item.status) for item in outcomes] == ["applied", "failed", "blocked"]
    assert the_wlan(live)[0] == "old"


def test_a_target_brings_what_it_needs_and_an_old_template_never_goes_with_a_declared_wlan_in_it() -> None:
    live = cloud()

    def plan(**options: Any) -> Plan:
        return live.plan(*MOVED, options=Options(threads=1, prune=True, **options), **MANAGE)

    all_of_it = ["create wlantemplate.new", "update wlantemplate.new/wlan.Corp", "delete wlantemplate.old"]
    assert told(plan(targets=("wlantemplate.new/wlan.Corp",))) == all_of_it[:2]
    assert told(plan(targets=("wlantemplate.old",))) == all_of_it
    left = plan(excludes=("wlantemplate.new/wlan.Corp",))
    assert "excluded-but-needed" in [item.rule for item in left.refusals]
    ignored = {"ignore": [{"address": "wlantemplate.new/wlan.*", "until": "2999-01-01", "reason": "x"}]}
    assert told(live.plan(*MOVED, options=PRUNE, **MANAGE, **ignored)) == all_of_it[:1]


def test_somebody_who_moved_it_meanwhile_makes_the_move_stale_or_nothing_to_do() -> None:
    live = cloud()
    live.call("POST", f"orgs/{ORG}/templates", {"id": NEW, "name": "new"})
    third = live.call("POST", f"orgs/{ORG}/templates", {"name": "third"})["id"]
    new = live.only(f"orgs/{ORG}/templates", name="new")["id"]
    inventory = (MOVED[0], declare("wlantemplate.new/wlan.Corp", aliases=(ALIAS,)))
    plan = live.plan(*inventory)
    live.call("PUT", f"orgs/{ORG}/wlans/{WLAN}", {"template_id": third})
    (outcome,) = live.carry_out(plan)
    assert (str(outcome.status), "`wlantemplate`" in outcome.detail) == ("stale", True)
    live.call("PUT", f"orgs/{ORG}/wlans/{WLAN}", {"template_id": new})
    assert [str(item.status) for item in live.carry_out(plan)] == ["unchanged"]


def test_a_rename_and_a_move_together_are_one_update_and_a_pinned_id_does_not_hinder() -> None:
    for pinned in (None, WLAN):
        live = cloud("Guest")
        inventory = (MOVED[0], declare("wlantemplate.new/wlan.Corp 2%2F3", aliases=(ALIAS,), api_id=pinned))
        (move,) = live.plan(*inventory).changes[1:]
        assert (move.renamed_from, move.moved_from) == ("Corp", "wlantemplate.old")
        assert all(item.verified for item in live.apply(*inventory))
        assert the_wlan(live) == ("new", "Corp 2/3", 5, "")
        assert live.plan(*inventory).changes == ()


def test_a_rule_of_a_template_moves_too() -> None:
    lists: dict[str, Any] = {"src_wxtags": [], "dst_allow_wxtags": [], "dst_deny_wxtags": []}
    live = cloud(wxrules=[{"id": NEW, "name": "r", "order": 1, "template_id": OLD, "enabled": False, **lists}])
    inventory = (
        MOVED[0],
        declare("wlantemplate.new/wxrule.r", {"order": 1, **lists}, aliases=("wlantemplate.old/wxrule.r",)),
    )
    assert all(item.verified for item in live.apply(*inventory))
    assert live.call("GET", f"orgs/{ORG}/wxrules/{NEW}")["enabled"] is False
    assert live.plan(*inventory).changes == ()


HERE = declare("wlantemplate.new")


@pytest.mark.parametrize(
    "alias",
    [
        "wlantemplate.nobody/wlan.Corp",
        "wlantemplate.old/wlan.Nobody",
        "wlantemplate.new/wlan.Old",
        "site.Rome/wlan.Corp",
    ],
)
def test_an_alias_of_nothing_is_idle(alias: str) -> None:
    plan = cloud().plan(HERE, declare("wlantemplate.new/wlan.Lab", aliases=(alias,)))
    assert (told(plan), rules(plan)) == (["create wlantemplate.new", "create wlantemplate.new/wlan.Lab"], [])


STUCK = [
    ("wlantemplate.new/wlan.Lab", "site.Paris/wlan.Lab"),
    ("site.Paris/wlan.Corp", ALIAS),
    ("site.Rome/wlan.Lab", "site.Paris/wlan.Lab"),
]


@pytest.mark.parametrize(("address", "alias"), STUCK)
def test_what_the_api_cannot_move_is_left_out_though_nothing_else_is_declared_where_it_was(
    address: str, alias: str
) -> None:
    live = cloud()
    live.call("POST", f"sites/{SITE}/wlans", {"ssid": "Lab"})
    holders = (declare("wlantemplate.new"), declare("site.Rome"), declare("site.Paris"))
    plan = live.plan(*holders, declare(address, aliases=(alias,)), options=PRUNE, **MANAGE)
    assert "alias-elsewhere" in [item.rule for item in plan.errors]
    assert not [text for text in told(plan) if "/wlan." in text or text == f"delete {alias.partition('/')[0]}"]


def test_a_former_place_that_could_not_be_read_leaves_the_object_out() -> None:
    live = cloud()
    live.emulator.faults.add({"method": "GET", "path": f"sites/{SITE}/wlans", "status": 403})
    plan = live.plan(HERE, declare("wlantemplate.new/wlan.Lab", aliases=("site.Paris/wlan.Lab",)))
    assert (rules(plan), told(plan)) == (["unread"], ["create wlantemplate.new"])


def test_the_way_back_of_a_run_moves_it_back_and_makes_its_template_again(tmp_path: Path) -> None:
    live = cloud("Guest")
    options = Options(threads=1, delete_created=True, rollback="last", ack_deletes=1)
    assert carried_out(live, live.client, live.plan(*MOVED, options=PRUNE, **MANAGE), tmp_path) == []
    past = written_by(find_run(tmp_path, "last"), org_id=ORG)
    inventory = Inventory(project=PROJECT, resources=())
    back = make_rollback(inventory, past, live.connect(), org_id=ORG, options=options)
    assert [(item.rule, item.detail) for item in back.errors] == []
    assert carried_out(live, live.connect(), back, tmp_path) == []
    assert the_wlan(live) == ("old", "Corp", 5, "")
    assert [item["name"] for item in live.call("GET", f"orgs/{ORG}/templates")] == ["old"]
    assert sorted(item["ssid"] for item in live.call("GET", f"orgs/{ORG}/wlans")) == ["Corp", "Guest"]


def test_against_a_base_a_move_is_of_the_branch_and_its_revert_is_a_move_back() -> None:
    live = cloud()
    before = (declare("wlantemplate.old"), declare("wlantemplate.old/wlan.Corp", {"vlan_id": 7}))

    def plan(now: tuple[Resource, ...], base: tuple[Resource, ...]) -> Plan:
        both = [Inventory(project=convert({"version": 1, **MANAGE}, Project), resources=each) for each in (now, base)]
        return make_plan(both[0], live.client, org_id=ORG, options=PRUNE, bases=(both[1],))

    live.apply(*before)
    forth = plan(MOVED, before)
    assert told(forth) == ["create wlantemplate.new", "update wlantemplate.new/wlan.Corp", "delete wlantemplate.old"]
    assert [(field.path, field.cause) for field in forth.changes[1].fields] == [("wlantemplate", Cause.CONFIG)]
    live.carry_out(forth, options=PRUNE)
    back = plan(before, MOVED)
    assert told(back) == ["create wlantemplate.old", "update wlantemplate.old/wlan.Corp", "delete wlantemplate.new"]
    assert all(item.verified for item in live.carry_out(back, options=PRUNE))
    assert the_wlan(live) == ("old", "Corp", 5, "7")


FILES = """\
wlantemplates:
  - name: new
    wlans: [{ssid: Corp, auth: {type: open}, aliases: [wlantemplate.old/wlan.Corp]}]
"""


@pytest.mark.parametrize("by_hand", [False, True])
def test_a_saved_plan_of_a_move_is_made_as_approved_and_not_when_the_wlan_went_elsewhere(
    by_hand: bool, command: Command, inventory: Path, emulator: Emulator
) -> None:
    def call(method: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
        reply = emulator.call(method, f"/api/v1/orgs/{CLI_ORG}/{path}", body=body, token=CANARIES["MIST_APITOKEN"])
        assert isinstance(reply.body, dict)
        return reply.body

    (inventory / "sites.yaml").write_text(FILES)
    old, third = (call("POST", "templates", {"name": name})["id"] for name in ("old", "third"))
    wlan = call("POST", "wlans", {"ssid": "Corp", "template_id": old, "dtim": 5, "auth": {"type": "open"}})["id"]
    assert command("plan", "--out", "p.plan").code == 0
    adopted = command("drift", "adopt", "--target", "wlantemplate.new/wlan.*")
    assert "wlantemplate: it says what holds the object live" in adopted.out + adopted.err
    if by_hand:
        call("PUT", f"wlans/{wlan}", {"template_id": third})
    done = command("apply", "p.plan")
    now = call("GET", f"wlans/{wlan}", {})
    assert (done.code == 0, now["dtim"]) == (not by_hand, 5), done.out + done.err
    assert (now["template_id"] == third, now["template_id"] == old) == (by_hand, False)


NAMES = ("a/b %25", "b [1]*", "wlantemplate.c")
PLACES = st.lists(st.sampled_from(NAMES), min_size=4, max_size=4)


def at(name: str) -> Address:
    return Address.of("wlantemplate", name)


@settings(max_examples=12)
@given(PLACES, PLACES)
def test_wherever_wlans_move_each_keeps_its_id_and_what_nobody_declared(before: list[str], after: list[str]) -> None:
    live = world(templates=[{"id": f"{OLD[:-1]}{place}", "name": name} for place, name in enumerate(NAMES)])
    ids = {item["name"]: item["id"] for item in live.call("GET", f"orgs/{ORG}/templates")}
    wanted, inventory = {}, [declare(at(name).text) for name in NAMES]
    for dtim, (old, new) in enumerate(zip(before, after, strict=True), start=3):
        body = {"ssid": f"w{dtim}", "template_id": ids[old], "dtim": dtim, "auth": {"type": "open"}}
        wanted[live.call("POST", f"orgs/{ORG}/wlans", body)["id"]] = (f"w{dtim}", ids[new], dtim)
        aliases = () if old == new else (f"{at(old)}/wlan.w{dtim}",)
        inventory.append(declare(f"{at(new)}/wlan.w{dtim}", {"vlan_id": 9}, aliases=aliases))
    plan = live.plan(*inventory, options=PRUNE, **MANAGE)
    moved = {change.address.name: change.moved_from for change in plan.changes if change.moved_from}
    assert moved == {f"w{3 + n}": str(at(old)) for n, old in enumerate(before) if old != after[n]}
    assert plan.count(Action.UPDATE) == len(plan.changes) == 4
    assert all(item.verified for item in live.carry_out(plan, options=PRUNE))
    now = live.call("GET", f"orgs/{ORG}/wlans")
    assert {item["id"]: (item["ssid"], item["template_id"], item["dtim"]) for item in now} == wanted
    assert live.plan(*inventory, options=PRUNE, **MANAGE).changes == ()


def test_drift_names_who_moved_it_by_hand_and_the_idle_alias_moves_it_back() -> None:
    live = cloud()
    live.apply(*MOVED)
    live.call("PUT", f"orgs/{ORG}/wlans/{WLAN}", {"template_id": OLD})
    inventory = Inventory(project=convert({"version": 1}, Project), resources=MOVED)
    client, options = live.connect(), Options(threads=1)
    matches = compare(inventory, client, org_id=ORG, options=options)
    report = find_drift(inventory, client, matches, read_log(client, ORG, most=1), options=options)
    (change,) = report.plan.changes
    (moved,) = change.fields
    assert (change.moved_from, moved.path, moved.before, moved.after) == (
        "wlantemplate.old",
        "wlantemplate",
        "old",
        "new",
    )
    assert moved.edited is not None
    assert moved.edited.shown
    assert all(item.verified for item in live.apply(*MOVED))
    assert the_wlan(live) == ("new", "Corp", 5, "7")
