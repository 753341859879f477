"""A saved plan is an approval: only what it approved is applied, and only while it comes to the same."""

import json
import random
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from reconciler.approval.causes import narrow
from reconciler.approval.comparing import Approval, approved
from reconciler.approval.saved import SavedPlan, check_saved, load_plan, plan_key, save_plan
from reconciler.errors import GuardRefusal, ReconcilerError, StalePlan, UsageError
from reconciler.kinds import kinds
from reconciler.model.change import Plan
from reconciler.model.options import Options
from reconciler.model.resource import Resource
from reconciler.model.values import Secret
from tests.world import ORG, TOKEN, World, declare, world

SITE = "22222222-0000-4000-8000-000000000001"
KEY = plan_key({}, Secret(TOKEN, origin="env:MIST_APITOKEN"))
DAY = timedelta(hours=24)


def lived_in() -> World:
    return world(
        sites=[
            {
                "id": SITE,
                "name": "Paris",
                "wlans": [{"ssid": "Lab", "bands": ["5", "6"], "auth": {"type": "psk", "psk": "old-psk-value"}}],
            }
        ]
    )


def lab(psk: str = "new-psk-value") -> list[Resource]:
    return [
        declare("site.Paris", {"notes": "ours"}),
        declare(
            "site.Paris/wlan.Lab", {"bands": ["24", "5"], "auth": {"type": "psk", "psk": Secret(psk, origin="env:P")}}
        ),
        declare("sitegroup.apac"),
    ]


def saved(plan: Plan, path: Path, key: bytes = KEY) -> SavedPlan:
    changes = [{"address": str(item.address), "action": str(item.action)} for item in plan.changes]
    save_plan(plan, path, document={"changes": changes}, key=key, kinds=kinds(), inventory="inventory")
    return load_plan(path)


def compare(cloud: World, file: SavedPlan, resources: list[Resource], **options: Any) -> Approval:
    plan = cloud.plan(*resources, **options)
    declared = frozenset(str(item.address) for item in resources)
    return approved(file, plan, declared=declared, key=KEY, kinds=kinds())


def check(
    file: SavedPlan,
    *,
    org_id: str = ORG,
    key: bytes = KEY,
    later: timedelta = timedelta(),
    other_token: bool = False,
) -> None:
    now = datetime.now(UTC) + later
    check_saved(file, org_id=org_id, key=key, max_age=DAY, now=now, other_token=other_token)


def told(approval: Approval) -> dict[str, str]:
    going = {str(change.address): "apply" for change in approval.plan.changes}
    return going | {str(item.address): str(item.status) for item in approval.settled}


def test_what_comes_to_the_same_is_applied_whole(tmp_path: Path) -> None:
    cloud = lived_in()
    file = saved(cloud.plan(*lab()), tmp_path / "plan")
    check(file)
    assert set(told(compare(cloud, file, lab())).values()) == {"apply"}


def test_the_file_is_for_its_owner_only_and_holds_no_secret(tmp_path: Path) -> None:
    path = tmp_path / "plan"
    path.write_text("something older")
    path.chmod(0o644)
    saved(lived_in().plan(*lab()), path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert not any(secret in path.read_text() for secret in ("new-psk-value", "old-psk-value", TOKEN))


def test_what_is_already_so_is_not_sent_again(tmp_path: Path) -> None:
    cloud = lived_in()
    file = saved(cloud.plan(*lab()), tmp_path / "plan")
    cloud.apply(*lab())
    assert set(told(compare(cloud, file, lab())).values()) == {"unchanged"}


def test_a_rotated_secret_is_stale(tmp_path: Path) -> None:
    cloud = lived_in()
    file = saved(cloud.plan(*lab()), tmp_path / "plan")
    assert told(compare(cloud, file, lab("another-psk-value")))["site.Paris/wlan.Lab"] == "stale"


def test_a_live_secret_that_somebody_changed_is_stale(tmp_path: Path) -> None:
    cloud = lived_in()
    file = saved(cloud.plan(*lab()), tmp_path / "plan")
    wlan = cloud.only(f"sites/{SITE}/wlans")
    cloud.call("PUT", f"sites/{SITE}/wlans/{wlan['id']}", {"auth": {**wlan["auth"], "psk": "by-hand-value"}})
    assert told(compare(cloud, file, lab()))["site.Paris/wlan.Lab"] == "stale"


def test_an_edit_beside_what_the_plan_touches_is_not_stale(tmp_path: Path) -> None:
    cloud = lived_in()
    file = saved(cloud.plan(*lab()), tmp_path / "plan")
    wlan = cloud.only(f"sites/{SITE}/wlans")
    cloud.call("PUT", f"sites/{SITE}/wlans/{wlan['id']}", {"vlan_id": 30, "auth": {**wlan["auth"], "eap_reauth": True}})
    assert told(compare(cloud, file, lab()))["site.Paris/wlan.Lab"] == "apply"


def test_an_inventory_that_says_something_else_now_is_stale(tmp_path: Path) -> None:
    cloud = lived_in()
    file = saved(cloud.plan(*lab()), tmp_path / "plan")
    changed = [declare("site.Paris", {"notes": "theirs"}), *lab()[1:]]
    assert told(compare(cloud, file, changed))["site.Paris"] == "stale"


def test_a_rewritten_inventory_is_told_from_a_changed_cloud(tmp_path: Path) -> None:
    cloud = lived_in()
    file = saved(cloud.plan(*lab()), tmp_path / "plan")
    assert [str(item) for item in compare(cloud, file, lab("another-psk-value")).rewritten] == ["site.Paris/wlan.Lab"]
    assert [str(item) for item in compare(cloud, file, lab()[:2]).rewritten] == ["sitegroup.apac"]
    cloud.call("PUT", f"sites/{SITE}", {"notes": "by hand"})
    approval = compare(cloud, file, lab())
    assert [str(item.address) for item in approval.stale] == ["site.Paris"]
    assert approval.rewritten == ()


def test_an_object_that_is_no_longer_declared_is_stale(tmp_path: Path) -> None:
    cloud = lived_in()
    file = saved(cloud.plan(*lab()), tmp_path / "plan")
    assert told(compare(cloud, file, lab()[:2]))["sitegroup.apac"] == "stale"


def test_what_was_not_approved_is_not_applied(tmp_path: Path) -> None:
    cloud = lived_in()
    file = saved(cloud.plan(*lab()), tmp_path / "plan")
    assert "sitegroup.emea" not in told(compare(cloud, file, [*lab(), declare("sitegroup.emea")]))


def test_only_the_approved_roots_of_an_object_are_applied(tmp_path: Path) -> None:
    cloud = lived_in()
    both = [declare("site.Paris", {"notes": "ours", "timezone": "Asia/Tokyo"})]
    plan = cloud.plan(*both)
    narrowed = narrow(plan.changes[0], ["timezone"])
    assert narrowed is not None
    file = saved(replace(plan, changes=(narrowed,)), tmp_path / "plan")
    cloud.call("PUT", f"sites/{SITE}", {"notes": "by hand"})
    approval = compare(cloud, file, both)
    assert [change.replaces for change in approval.plan.changes] == [("timezone",)]
    cloud.carry_out(approval.plan)
    assert cloud.call("GET", f"sites/{SITE}")["notes"] == "by hand"
    assert told(compare(cloud, file, both)) == {"site.Paris": "unchanged"}


def test_what_needs_something_that_is_not_approved_is_blocked(tmp_path: Path) -> None:
    cloud = lived_in()
    before = [declare("site.Paris", {"sitegroups": ["apac"]}), declare("sitegroup.apac")]
    there = cloud.call("POST", f"orgs/{ORG}/sitegroups", {"name": "apac"})
    file = saved(cloud.plan(*before), tmp_path / "plan")
    cloud.call("DELETE", f"orgs/{ORG}/sitegroups/{there['id']}")
    assert told(compare(cloud, file, before)) == {"site.Paris": "blocked"}


def test_a_delete_whose_object_changed_is_stale_and_one_that_is_gone_is_done(tmp_path: Path) -> None:
    options = Options(prune=True, ack_deletes=2)
    rules = {"options": options, "manage": {"sitegroup": {"prune": True}}}
    cloud = world(sitegroups=[{"name": "old"}, {"name": "older"}])
    new = [declare("sitegroup.new")]
    file = saved(cloud.plan(*new, **rules), tmp_path / "plan")
    first, second = sorted(cloud.call("GET", f"orgs/{ORG}/sitegroups"), key=lambda item: str(item["name"]))
    cloud.call("PUT", f"orgs/{ORG}/sitegroups/{first['id']}", {"name": "old"})
    cloud.call("DELETE", f"orgs/{ORG}/sitegroups/{second['id']}")
    assert told(compare(cloud, file, new, **rules)) == {
        "sitegroup.new": "apply",
        "sitegroup.old": "stale",
        "sitegroup.older": "unchanged",
    }


def test_a_file_of_another_organisation_is_refused(tmp_path: Path) -> None:
    file = saved(lived_in().plan(*lab()), tmp_path / "plan")
    with pytest.raises(GuardRefusal, match="is for organisation"):
        check(file, org_id=SITE)


OTHER = plan_key({}, Secret("other-token", origin="env"))
PLAIN = [declare("site.Paris", {"notes": "ours"}), declare("sitegroup.apac")]


def test_a_file_made_with_another_token_is_refused_when_it_changes_a_secret(tmp_path: Path) -> None:
    file = saved(lived_in().plan(*lab()), tmp_path / "plan")
    with pytest.raises(StalePlan, match=r"another token, so the secrets that it changes .* \(site.Paris/wlan.Lab\)"):
        check(file, key=OTHER, other_token=True)


@pytest.mark.parametrize("psk", ["old-psk-value", None], ids=["declared_and_the_same", "not_declared"])
def test_a_file_made_with_another_token_is_good_when_it_changes_no_secret(tmp_path: Path, psk: str | None) -> None:
    cloud = lived_in()
    auth = {"type": "psk", "roam_mode": "11r", **({"psk": Secret(psk, origin="env:P")} if psk else {})}
    resources = [*PLAIN, declare("site.Paris/wlan.Lab", {"vlan_id": 7, "auth": auth})]
    file = saved(cloud.plan(*resources), tmp_path / "plan", OTHER)
    check(file, other_token=True)
    assert set(told(compare(cloud, file, resources)).values()) == {"apply"}


def test_a_secret_that_was_rotated_since_is_seen_without_a_key(tmp_path: Path) -> None:
    cloud = lived_in()
    auth = {"type": "psk", "roam_mode": "11r"}
    before, after = (
        [*PLAIN, declare("site.Paris/wlan.Lab", {"auth": {**auth, "psk": Secret(psk, origin="env:P")}})]
        for psk in ("old-psk-value", "new-psk-value")
    )
    file = saved(cloud.plan(*before), tmp_path / "plan", OTHER)
    assert told(compare(cloud, file, after))["site.Paris/wlan.Lab"] == "stale"


def test_a_fingerprint_without_a_key_can_not_be_used_to_try_out_a_secret(tmp_path: Path) -> None:
    def printed(psk: str) -> Any:
        cloud = world(
            sites=[{"id": SITE, "name": "Paris", "wlans": [{"ssid": "Lab", "auth": {"type": "psk", "psk": psk}}]}]
        )
        auth = {"type": "psk", "roam_mode": "11r", "psk": Secret(psk, origin="env:P")}
        plan = cloud.plan(declare("site.Paris"), declare("site.Paris/wlan.Lab", {"auth": auth}))
        change = saved(plan, tmp_path / "plan").changes["site.Paris/wlan.Lab"]
        return change.declared, change.keyed

    assert printed("one-psk-value") == printed("another-psk-value")
    assert printed("one-psk-value")[1] is False


def test_a_file_made_with_another_token_may_not_delete(tmp_path: Path) -> None:
    cloud = world(sitegroups=[{"name": "old"}])
    rules = {"options": Options(prune=True, ack_deletes=1), "manage": {"sitegroup": {"prune": True}}}
    file = saved(cloud.plan(declare("sitegroup.new"), **rules), tmp_path / "plan", OTHER)
    with pytest.raises(StalePlan, match="what it deletes"):
        check(file, other_token=True)


def test_where_a_key_is_set_a_file_of_another_key_is_refused_whatever_it_changes(tmp_path: Path) -> None:
    file = saved(lived_in().plan(*PLAIN), tmp_path / "plan", OTHER)
    with pytest.raises(StalePlan, match="whether it was edited"):
        check(file)


@pytest.mark.parametrize("part", ["org", "changes", "plan", "inventory", "made"])
def test_an_edit_of_a_file_of_another_token_shows(tmp_path: Path, part: str) -> None:
    path = tmp_path / "plan"
    saved(lived_in().plan(*PLAIN), path, OTHER)
    content = json.loads(path.read_text())
    if part == "org":
        content["org"]["name"] = "x"
    elif part == "changes":
        content["changes"]["site.Paris"]["live"] = "0" * 64
    elif part == "plan":
        content["plan"]["changes"][0]["more"] = 1
    else:
        content[part] = {"inventory": "elsewhere", "made": "2031-01-01T00:00:00+00:00"}[part]
    path.write_text(json.dumps(content))
    with pytest.raises(StalePlan, match="edited"):
        check(load_plan(path), other_token=True)


def test_an_edit_within_a_second_of_what_is_to_be_deleted_makes_its_delete_stale(tmp_path: Path) -> None:
    cloud = world(clock=lambda: 1_750_000_000.0, rftemplates=[{"name": "old", "band_24_usage": "auto"}])
    rules = {"options": Options(prune=True, ack_deletes=1), "manage": {"rftemplate": {"prune": True}}}
    new = [declare("rftemplate.new")]
    file = saved(cloud.plan(*new, **rules), tmp_path / "plan")
    assert told(compare(cloud, file, new, **rules))["rftemplate.old"] == "apply"
    (old,) = cloud.call("GET", f"orgs/{ORG}/rftemplates")
    cloud.call("PUT", f"orgs/{ORG}/rftemplates/{old['id']}", {"band_24_usage": "5"})
    assert told(compare(cloud, file, new, **rules))["rftemplate.old"] == "stale"


def test_a_key_of_its_own_lets_two_tokens_share_a_plan() -> None:
    environ = {"RECONCILER_PLAN_KEY": "shared"}
    assert plan_key(environ, Secret("a", origin="env")) == plan_key(environ, Secret("b", origin="env"))


@pytest.mark.parametrize(("later", "words"), [(timedelta(hours=25), "older"), (timedelta(hours=-1), "future")])
def test_a_file_of_another_time_is_refused(tmp_path: Path, later: timedelta, words: str) -> None:
    file = saved(lived_in().plan(*lab()), tmp_path / "plan")
    with pytest.raises(StalePlan, match=words):
        check(file, later=later)


def test_a_newer_format_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "plan"
    saved(lived_in().plan(*lab()), path)
    path.write_text(json.dumps({**json.loads(path.read_text()), "file_version": 9}))
    with pytest.raises(StalePlan, match="version 9"):
        load_plan(path)


@pytest.mark.parametrize("content", ["", "[]", "{}", "nonsense", '{"file_version": 2}', "[" * 100_000])
def test_what_is_no_plan_file_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "plan").write_text(content)
    with pytest.raises(UsageError, match="no plan file"):
        load_plan(tmp_path / "plan")


def test_a_path_that_can_not_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="can't be written"):
        saved(lived_in().plan(*lab()), tmp_path / "no" / "plan")


def edited(text: str, chance: random.Random) -> str:
    """One small edit of a file: a byte flipped, cut, doubled or inserted."""
    at = chance.randrange(len(text))
    return chance.choice(
        [
            text[:at] + chance.choice('09aZ"{}[],: \n') + text[at + 1 :],
            text[:at] + text[at + chance.randrange(1, 9) :],
            text[:at] + text[at : at + 5] + text[at:],
            text[:at] + chance.choice(["x", "1", '"', " "]) + text[at:],
        ]
    )


def test_three_hundred_random_edits_are_refused_or_change_nothing(tmp_path: Path) -> None:
    cloud = lived_in()
    path = tmp_path / "plan"
    original = saved(cloud.plan(*lab()), path)
    text, chance = path.read_text(), random.Random(7)
    refused = 0
    for _ in range(300):
        path.write_text(edited(text, chance))
        try:
            file = load_plan(path)
            check(file)
        except ReconcilerError:
            refused += 1
        else:
            assert replace(file, content={}) == replace(original, content={})
    assert refused > 250
