"""What the way to the cloud can do to a run, from the command line: no object twice, nothing pruned from a list that
was not read, a clear outcome, the right exit code, and the next run finishes the work."""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from reconciler.emulator import Emulator
from tests.cli.conftest import CANARIES, ORG, PROJECT, SEED, Command, writes

SITE = "11111111-1111-4111-8111-111111111111"
TOKEN = CANARIES["MIST_APITOKEN"]
APPLY = ("apply", "--auto-approve", "--timeout", "4")
HTML = "<html><body>Bad gateway</body></html>"


def live(emulator: Emulator, path: str) -> Any:
    reply = emulator.call("GET", f"/api/v1/{path}", token=TOKEN)
    assert reply.status == 200
    return reply.body


def no_twins(emulator: Emulator) -> None:
    """Every natural key once."""
    for path, key in [
        (f"orgs/{ORG}/sites", "name"),
        (f"orgs/{ORG}/sitegroups", "name"),
        (f"sites/{SITE}/wlans", "ssid"),
        (f"sites/{SITE}/webhooks", "name"),
    ]:
        names = Counter(item[key] for item in live(emulator, path))
        assert max(names.values(), default=1) == 1, (path, names)


WLANS = {"method": "POST", "path": "/wlans$"}
SITE_PUT = {"method": "PUT", "path": f"sites/{SITE}$"}
FAULTS: list[tuple[str, Mapping[str, Any], int]] = [
    ("a create that is cut after it was stored", {**WLANS, "drop": "after", "times": 1}, 0),
    ("a create whose answer is cut", {**WLANS, "drop": "body", "times": 1}, 0),
    ("a create stored behind a gateway that fails", {**WLANS, "status": 502, "stored": True, "times": 1}, 0),
    ("a create answered with HTML", {**WLANS, "body": HTML, "times": 1}, 0),
    ("a create answered with half of its JSON", {**WLANS, "truncate": 20, "times": 1}, 0),
    ("a create that fails", {**WLANS, "status": 500}, 6),
    ("a create that is refused", {**WLANS, "status": 400, "detail": "no such thing"}, 6),
    ("a change that is cut before it is stored", {**SITE_PUT, "drop": "before", "times": 1}, 0),
    ("a change that is cut after it was stored", {**SITE_PUT, "drop": "after", "times": 1}, 0),
    ("a change that a gateway fails on", {**SITE_PUT, "status": 503, "times": 1}, 0),
    ("a change answered with HTML", {**SITE_PUT, "body": HTML, "times": 1}, 0),
    ("a change that fails", {**SITE_PUT, "status": 500}, 6),
    ("429 with a time", {"method": "POST", "status": 429, "retry_after": 0, "times": 1}, 0),
    ("429 without a time", {"method": "POST", "status": 429, "times": 1}, 0),
    ("a list answered with HTML once", {"method": "GET", "path": "wlans", "body": HTML, "times": 1}, 0),
    ("a list that is cut off once", {"method": "GET", "path": "wlans", "truncate": 3, "times": 1}, 0),
    ("a list that fails once", {"method": "GET", "path": "wlans", "status": 500, "times": 1}, 0),
    ("a site that may not be read", {"method": "GET", "path": f"sites/{SITE}/setting", "status": 403}, 6),
]


@pytest.mark.parametrize(("fault", "code"), [case[1:] for case in FAULTS], ids=[case[0] for case in FAULTS])
def test_a_faulty_run_makes_nothing_twice_and_the_next_one_ends_it(
    fault: Mapping[str, Any], code: int, command: Command, emulator: Emulator
) -> None:
    emulator.faults.add(dict(fault))
    result = command(*APPLY)
    assert result.code == code, result.out + result.err
    emulator.faults.clear()
    no_twins(emulator)
    assert "Traceback" not in result.err
    assert command(*APPLY).code == 0
    assert command("plan", "--detailed-exitcode").code == 0
    no_twins(emulator)
    assert live(emulator, f"sites/{SITE}/setting")["vars"] == {"corp_vlan": "20", "other": "1"}


def test_a_wait_of_a_day_gives_up_at_once_and_the_next_run_goes_on(command: Command, emulator: Emulator) -> None:
    emulator.faults.add({"method": "POST", "path": "/wlans$", "status": 429, "retry_after": 86400})
    result = command(*APPLY, "--threads", "1")
    assert result.code in (1, 6)
    assert "not begun" in result.out or "failed" in result.out
    emulator.faults.clear()
    assert command(*APPLY).code == 0
    no_twins(emulator)


@pytest.mark.parametrize("allowed", range(0, 24, 3))
def test_a_token_revoked_half_way_ends_the_run_soon_and_another_one_ends_the_work(
    allowed: int, command: Command, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    emulator.tokens.revoke(TOKEN, after=allowed) if allowed else emulator.tokens.revoke(TOKEN)
    result = command(*APPLY, "--threads", "1")
    refused = sum(call.status == 401 for call in emulator.calls.log)
    assert refused <= 2
    assert (result.code == 0) == (refused == 0)
    assert result.code in (0, 1, 6)
    emulator.tokens.revoked.clear()
    emulator.tokens.declared.clear()
    assert command(*APPLY).code == 0
    no_twins(emulator)


def test_a_reading_token_is_told_before_the_first_write(command: Command, emulator: Emulator) -> None:
    emulator.tokens.declare({TOKEN: {"role": "read"}})
    result = command(*APPLY)
    assert result.code == 5
    assert "can only read" in result.err
    assert writes(emulator) == 0


PAGES = [
    ("a second page that fails", {"query": "page=2", "status": 500}),
    ("a second page that is forbidden", {"query": "page=2", "status": 403}),
    ("a second page that is empty", {"query": "page=2", "body": "[]"}),
    ("pages that shift while they are read", {"query": "page=2", "shift": 1}),
    ("a first page that is empty", {"query": "page=1", "body": "[]"}),
    ("a list that is an object", {"body": "{}"}),
]


@pytest.mark.parametrize("fault", [case[1] for case in PAGES], ids=[case[0] for case in PAGES])
def test_nothing_is_pruned_or_created_from_a_list_that_was_not_read_whole(
    fault: Mapping[str, Any], command: Command, emulator: Emulator, inventory: Path
) -> None:
    emulator.load({"orgs": [{**SEED["orgs"][0], "rftemplates": [{"name": f"r{number:04}"} for number in range(1003)]}]})
    (inventory / "reconciler.yaml").write_text(
        PROJECT + "  rftemplates: {prune: true}\nlimits: {deletes: {percent: 100}}\n"
    )
    names = "".join(f"  - name: r{number:04}\n" for number in range(1000))
    (inventory / "rf.yaml").write_text("rftemplates:\n" + names)
    emulator.faults.add({"method": "GET", "path": "/rftemplates$", **fault})
    result = command(*APPLY, "--prune", "--target", "rftemplate.*")
    assert result.code == 1, result.out[-500:]
    assert writes(emulator) == 0
    emulator.faults.clear()
    done = command(*APPLY, "--prune", "--target", "rftemplate.*")
    assert done.code == 0, done.out[-500:]
    assert sum(call.method == "DELETE" for call in emulator.calls.log) == 3
    assert writes(emulator) == 3


def test_a_list_that_shows_new_objects_late_makes_none_twice(command: Command, emulator: Emulator) -> None:
    emulator.settings.update({"quirks": {"list_lag_s": 2}})
    emulator.faults.add({"method": "POST", "path": "/wlans$", "drop": "after", "times": 1})
    result = command("apply", "--auto-approve")
    assert result.code == 0, result.out
    emulator.settings.update({"quirks": {"list_lag_s": 0}})
    no_twins(emulator)
    assert command("plan", "--detailed-exitcode").code == 0


def test_an_apply_right_after_another_one_that_was_killed_doubles_nothing_that_lists_hide(
    command: Command, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    emulator.settings.update({"quirks": {"list_lag_s": 3}})
    assert command("plan", "--out", "p.plan").code == 0
    first = command("apply", "p.plan", "--no-record")
    assert first.code == 0, first.out
    emulator.settings.update({"quirks": {"list_lag_s": 0}})
    before = writes(emulator)
    assert command("apply", "p.plan").code == 0
    assert command("apply", "--auto-approve").code == 0
    assert writes(emulator) == before
    no_twins(emulator)


@pytest.mark.parametrize("fault", [{"status": 500, "stored": True}, {"drop": "after"}])
def test_a_create_that_was_stored_without_an_answer_is_found_by_the_next_run_although_lists_hide_it(
    fault: Mapping[str, Any], command: Command, emulator: Emulator
) -> None:
    emulator.settings.update({"quirks": {"list_lag_s": 60}})
    emulator.faults.add({**WLANS, **fault, "times": 1})
    emulator.faults.add({"method": "GET", "path": "/logs$", "status": 403})
    quick = ("apply", "--auto-approve", "--timeout", "1", "--target", "site.Paris-HQ/wlan.Lab")
    first = command(*quick)
    assert first.code == 6, first.out
    emulator.faults.clear()
    second = command(*quick, "--json")
    (outcome,) = [item for item in second.document["outcomes"] if item["address"] == "site.Paris-HQ/wlan.Lab"]
    assert (second.code, outcome["status"]) == (0, "unchanged")
    wlans = [call for call in emulator.calls.log if call.method == "POST" and call.path.endswith("/wlans")]
    assert len(wlans) == 1


def test_a_run_that_did_a_part_says_what_the_network_is_like_and_the_two_ways_from_here(
    command: Command, emulator: Emulator
) -> None:
    emulator.faults.add({"method": "POST", "path": "/sitegroups$", "status": 400, "detail": "no such thing"})
    result = command(*APPLY)
    assert result.code == 6
    assert "Now live: " in result.err
    assert "as before this run." in result.err
    assert "site.Paris-HQ waits until sitegroup.emea can be done." in result.err
    assert "Go on: " in result.err
    assert "Go back: `reconciler rollback last --delete-created`" in result.err
    emulator.faults.clear()
    assert "Go on" not in command(*APPLY).err
