"""Drift at the command line: who it was, and every way back, on the emulator."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from reconciler.emulator import Emulator, Request
from reconciler.schema.outputs import drift_schema
from tests.cli.conftest import CANARIES, SITES, Command, writes

SITE = "/api/v1/sites/11111111-1111-4111-8111-111111111111"
TOMORROW = (datetime.now(UTC) + timedelta(days=1)).date().isoformat()
ADDRESS = "    address: 1 rue de la Paix, 75002 Paris"


@pytest.fixture
def applied(command: Command) -> Command:
    """A cloud in which everything is as declared."""
    assert command("apply", "--auto-approve").code == 0
    assert command("drift").code == 0
    return command


def by_hand(emulator: Emulator, body: dict[str, Any], path: str = SITE, admin: str = "Jane Doe") -> None:
    """Somebody changes an object in the portal."""
    headers = {
        "Authorization": f"Token {CANARIES['MIST_APITOKEN']}",
        "X-Emulator-Admin": admin,
        "X-Forwarded-For": "192.0.2.7",
    }
    assert emulator.handle(Request("PUT", path, {}, body, headers)).status == 200
    emulator.calls.reset()


def wlan(emulator: Emulator) -> str:
    found = emulator.call("GET", f"{SITE}/wlans", token=CANARIES["MIST_APITOKEN"]).body
    assert isinstance(found, list)
    return f"{SITE}/wlans/{found[0]['id']}"


def diff_lines(text: str) -> list[str]:
    return [row for row in text.splitlines() if row[:1] in "+-" and row[:3] not in ("+++", "---")]


def test_drift_names_the_admin_and_adopt_makes_a_one_line_diff_after_which_drift_is_over(
    applied: Command, emulator: Emulator
) -> None:
    by_hand(emulator, {"address": "elsewhere"})
    told = applied("drift")
    assert told.code == 2
    assert "changed by Jane Doe" in told.out
    assert "from 192.0.2.7" in told.out
    result = applied("drift", "adopt", "--target", "site.Paris-HQ")
    assert result.code == 0, result.err
    assert diff_lines(result.out) == [f"-{ADDRESS}", "+    address: elsewhere"]
    assert Path("sites.yaml").read_text() == SITES.replace(ADDRESS, "    address: elsewhere")
    assert applied("drift").code == 0
    assert writes(emulator) == 0


def test_the_json_document_says_who_when_and_from_where_for_each_field(applied: Command, emulator: Emulator) -> None:
    by_hand(emulator, {"address": "elsewhere"})
    document = applied("drift", "--json").document
    jsonschema.validate(document, drift_schema())
    (change,) = document["drift"]
    edited = change["fields"][0]["edited"]
    assert (edited["admin"], edited["address"], edited["shown"]) == ("Jane Doe", "192.0.2.7", True)
    assert datetime.fromisoformat(edited["time"]).timestamp() == pytest.approx(edited["timestamp"], abs=1)
    assert document["audit_log"]["days"] == 30
    assert "Jane Doe" in applied("drift", "--markdown").out


def test_what_the_log_does_not_tell_is_unknown(applied: Command, emulator: Emulator) -> None:
    by_hand(emulator, {"address": "elsewhere"})
    emulator.faults.replace([{"method": "GET", "path": "/(logs|events/system/search)", "times": 99, "status": 403}])
    result = applied("drift")
    assert result.code == 2
    assert "by whom is unknown" in result.out
    document = applied("drift", "--json").document
    assert document["drift"][0]["fields"][0]["edited"] is None
    assert "may not read" in document["audit_log"]["problem"]


def test_the_page_is_written_beside_the_report(applied: Command, emulator: Emulator) -> None:
    by_hand(emulator, {"address": "elsewhere"})
    result = applied("drift", "--json", "--html", "drift.html")
    assert result.code == 2
    assert result.document["drift"]
    page = Path("drift.html").read_text()
    assert "<b>Jane Doe</b>" in page
    assert applied("drift", "--html", "nowhere/drift.html").code == 64


@pytest.mark.parametrize("words", [(), ("--verbose",), ("--json",), ("--markdown",), ("--html", "d.html")])
def test_no_secret_is_in_any_report(words: tuple[str, ...], applied: Command, emulator: Emulator) -> None:
    by_hand(emulator, {"auth": {"type": "psk", "psk": "canary-live-psk"}, "vlan_id": 7}, wlan(emulator))
    result = applied("drift", *words)
    assert result.code == 2
    page = Path("d.html").read_text() if words[:1] == ("--html",) else ""
    assert "auth.psk" in result.out + page
    assert "canary" not in result.out + result.err + page


def test_adopt_leaves_a_secret_alone_and_says_what_to_do(applied: Command, emulator: Emulator) -> None:
    by_hand(emulator, {"auth": {"type": "psk", "psk": "canary-live-psk"}}, wlan(emulator))
    result = applied("drift", "adopt", "--target", "site.Paris-HQ/wlan.Lab")
    assert result.code == 5
    assert "never written into files" in result.err
    assert "canary" not in result.out + result.err
    assert Path("sites.yaml").read_text() == SITES


def test_adopt_in_part_exits_with_6_and_as_one_document(applied: Command, emulator: Emulator) -> None:
    by_hand(emulator, {"auth": {"type": "psk", "psk": "canary-live-psk"}}, wlan(emulator))
    by_hand(emulator, {"address": "elsewhere"})
    result = applied("drift", "adopt", "--target", "site.*", "--json")
    assert result.code == 6
    document = result.document
    assert [item["path"] for item in document["adopted"]] == ["address"]
    assert [item["path"] for item in document["refused"]] == ["auth.psk"]
    assert diff_lines(document["diff"]) == [f"-{ADDRESS}", "+    address: elsewhere"]


def test_a_dry_run_shows_the_diff_and_writes_nothing(applied: Command, emulator: Emulator) -> None:
    by_hand(emulator, {"address": "elsewhere"})
    result = applied("drift", "adopt", "-t", "site.Paris-HQ", "--dry-run")
    assert (result.code, diff_lines(result.out)[1]) == (2, "+    address: elsewhere")
    assert "would be adopted" in result.err
    assert Path("sites.yaml").read_text() == SITES


def test_a_plain_secret_beside_a_change_is_hidden_in_the_diff(
    applied: Command, emulator: Emulator, inventory: Path
) -> None:
    text = SITES.replace("!secret env:LAB_PSK", "canary-psk-0001")
    (inventory / "sites.yaml").write_text(text)
    by_hand(emulator, {"vlan_id": 7}, wlan(emulator))
    (inventory / "sites.yaml").write_text(text.replace("{ssid: Lab, ", "{ssid: Lab, vlan_id: 8, "))
    result = applied("drift", "adopt", "-t", "site.Paris-HQ/wlan.Lab")
    assert result.code == 0, result.err
    assert "psk: (secret)" in result.out
    assert "canary" not in result.out + result.err


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("-t", "site.Paris"), 64, "site.Paris-HQ"),
        (("-t", "site.Paris-HQ", "nothing"), 64, "No difference has the field nothing"),
        (("-t", "sitegroup.emea"), 0, "Nothing to adopt"),
        ((), 64, "--target"),
        (("-t", "site.Paris-HQ", "--since", "soon"), 64, "7d or 4w"),
        (("-t", "site.Paris-HQ", "--since", "0d"), 64, "7d or 4w"),
        ((".", "address", "-t", "site.Paris-HQ"), 0, "1 field adopted"),
        (("address", "-t", "site.Paris-HQ", "--since", "2w"), 0, "1 field adopted"),
    ],
)
def test_adopt_needs_names_that_there_are(
    words: tuple[str, ...], code: int, said: str, applied: Command, emulator: Emulator
) -> None:
    by_hand(emulator, {"address": "elsewhere"})
    result = applied("drift", "adopt", *words)
    assert result.code == code
    assert said in result.err


def test_revert_plans_what_undoes_the_drift_and_the_saved_plan_does_it(applied: Command, emulator: Emulator) -> None:
    by_hand(emulator, {"address": "elsewhere"})
    result = applied("drift", "revert", "--target", "site.Paris-HQ", "--out", "back.plan")
    assert result.code == 0
    assert "elsewhere -> " in result.out
    assert "reconciler apply back.plan" in result.err
    assert writes(emulator) == 0
    assert applied("apply", "back.plan").code == 0
    assert applied("drift").code == 0
    assert applied("drift", "revert", "--json").document["changes"] == []


def test_a_revert_that_a_guard_refuses_is_not_saved(applied: Command, emulator: Emulator, inventory: Path) -> None:
    by_hand(emulator, {"address": "elsewhere"})
    project = inventory / "reconciler.yaml"
    project.write_text(project.read_text() + "limits: {changes: {absolute: 0}}\n")
    result = applied("drift", "revert", "--out", "back.plan")
    assert result.code == 5
    assert not Path("back.plan").exists()


def test_an_exception_hides_its_difference_until_its_date_and_is_told_apart(
    applied: Command, emulator: Emulator, inventory: Path
) -> None:
    by_hand(emulator, {"address": "elsewhere"})
    words = ("drift", "ignore", "site.Paris-HQ", "address", "--until", TOMORROW, "--reason", "moving house")
    assert applied(*words, "--dry-run").code == 2
    assert "ignore" not in (inventory / "reconciler.yaml").read_text()
    assert applied(*words).code == 0
    text = applied("drift", "--html", "d.html")
    assert text.code == 0
    assert f"site.Paris-HQ address, until {TOMORROW}: moving house (hides address)" in text.out
    assert "moving house" in Path("d.html").read_text()
    assert "moving house" in applied("drift", "--markdown").out
    (item,) = applied("drift", "--json").document["exceptions"]
    assert (item["until"], item["hides"]) == (TOMORROW, [{"address": "site.Paris-HQ", "path": "address"}])
    project = inventory / "reconciler.yaml"
    project.write_text(project.read_text().replace(TOMORROW, "2026-01-01"))
    late = applied("drift")
    assert late.code == 2
    assert "warning[expired-exception]" in late.out


def test_an_exception_is_renewed_in_place_and_told_as_json(applied: Command, inventory: Path) -> None:
    words = ("drift", "ignore", "site.Paris-HQ", "--until", TOMORROW, "--reason")
    assert applied(*words, "one").code == 0
    result = applied(*words, "two", "--json")
    assert result.code == 0
    assert result.document["rule"]["reason"] == "two"
    text = (inventory / "reconciler.yaml").read_text()
    assert text.count("address:") == 1
    assert "reason: two" in text
    assert applied(*words, "two", "--dry-run").code == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("site.Paris-HQ", "--until", "soon", "--reason", "x"), "2026-12-31"),
        (("site.Paris-HQ", "--until", "2020-01-01", "--reason", "x"), "has passed"),
        (("site.Paris-HQ", "--until", TOMORROW, "--reason", " "), "needs a reason"),
        (("site.Paris-HQ", "latlng", "--until", TOMORROW, "--reason", "x"), "declares no latlng"),
        (("site.Paris-HQ", "a[b]", "--until", TOMORROW, "--reason", "x"), "list as a whole"),
        (("site.Paris-HQ", "a", "b", "--until", TOMORROW, "--reason", "x"), "One FIELD at a time"),
        (("Paris-HQ", "--until", TOMORROW, "--reason", "x"), "has no Paris-HQ"),
        (("--until", TOMORROW, "--reason", "x"), "Missing argument"),
        ((".", "--until", TOMORROW, "--reason", "x"), "ADDRESS"),
    ],
)
def test_an_exception_that_could_hide_nothing_is_refused(
    words: tuple[str, ...], said: str, command: Command, inventory: Path
) -> None:
    before = (inventory / "reconciler.yaml").read_text()
    result = command("drift", "ignore", *words)
    assert (result.code, said in result.err) == (64, True), result.err
    assert (inventory / "reconciler.yaml").read_text() == before


@pytest.mark.parametrize("words", [("site.*", "notes"), ("webhook.siem",), ("site.Paris-HQ", "set*")])
def test_globs_and_unmanaged_objects_may_be_excepted(words: tuple[str, ...], command: Command) -> None:
    assert command("drift", "ignore", *words, "--until", TOMORROW, "--reason", "x").code == 0


def test_a_read_only_directory_is_told_and_nothing_is_half_written(
    applied: Command, emulator: Emulator, inventory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    by_hand(emulator, {"address": "elsewhere"})

    def refuse(*_words: object, **_more: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("reconciler.sources.writing.tempfile.mkstemp", refuse)
    result = applied("drift", "adopt", "-t", "site.Paris-HQ")
    assert result.code == 64
    assert "Permission denied" in result.err
    assert Path("sites.yaml").read_text() == SITES


def test_the_help_names_the_reports_options_and_the_ways_back(command: Command) -> None:
    text = command("drift", "--help").out
    for word in ("--html", "--since", "adopt", "revert", "ignore"):
        assert word in text
    assert "--until" in command("drift", "ignore", "--help").out


def test_a_directory_may_be_named_and_so_may_json(applied: Command, emulator: Emulator, inventory: Path) -> None:
    assert applied("drift", str(inventory)).code == 0
    assert applied("drift", "nowhere").code == 64
    assert json.loads(applied("drift", ".", "--json").out)["drift"] == []
    assert applied("drift", "--json", "--markdown").code == 64
