"""What somebody made by hand and nobody declared: named with its author, in every format, until it is accepted."""

import json
from pathlib import Path

import jsonschema
import pytest

from reconciler.emulator import Emulator, Request
from reconciler.schema.outputs import drift_schema
from tests.cli.conftest import CANARIES, ORG, Command, writes

SITE = "/api/v1/sites/11111111-1111-4111-8111-111111111111"
OPEN = {"ssid": "Open", "enabled": True, "auth": {"type": "open"}}
PSK = {"passphrase": "canary-passphrase", "ssid": "Lab"}
FOREIGN = {"name": "copy", "url": "https://elsewhere.example.org/x", "topics": ["audits"], "type": "http-post"}


@pytest.fixture
def applied(command: Command) -> Command:
    """A cloud in which everything is as declared."""
    assert command("apply", "--auto-approve").code == 0
    result = command("drift")
    assert result.code == 0, result.out
    return command


def by_hand(
    emulator: Emulator, path: str, body: dict[str, object], method: str = "POST", admin: str = "Jane Doe"
) -> str:
    headers = {"Authorization": f"Token {CANARIES['MIST_APITOKEN']}", "X-Emulator-Admin": admin}
    reply = emulator.handle(Request(method, path, {}, body, headers))
    assert reply.status == 200, reply.body
    emulator.calls.reset()
    return str(reply.body["id"]) if isinstance(reply.body, dict) and "id" in reply.body else ""


def test_an_open_ssid_and_a_webhook_to_a_foreign_host_are_named_with_their_author(
    applied: Command, emulator: Emulator
) -> None:
    by_hand(emulator, f"{SITE}/wlans", OPEN)
    by_hand(emulator, f"/api/v1/orgs/{ORG}/webhooks", FOREIGN, admin="Mallory")
    for words in ((), ("--markdown",), ("--json",), ("--html", "it.html")):
        result = applied("drift", *words)
        assert result.code == 2
        text = Path("it.html").read_text() if "--html" in words else result.out.replace("&#45;", "-")
        assert "wlan.Open" in text
        assert "webhook.copy" in text
        assert "Jane Doe" in text
        assert "Mallory" in text
        assert "matches the inventory" not in text
    document = applied("drift", "--json").document
    jsonschema.validate(document, drift_schema())
    assert document["unmanaged_edited"]["webhook.copy"]["admin"] == "Mallory"
    assert writes(emulator) == 0


def test_a_site_and_a_kind_that_nobody_declares_are_found_in_the_audit_log(
    command: Command, emulator: Emulator, inventory: Path
) -> None:
    (inventory / "sites.yaml").write_text("sitegroups:\n  - name: emea\nsites:\n  - {name: Paris-HQ}\n")
    assert command("apply", "--auto-approve").code == 0
    assert command("drift").code == 0
    by_hand(emulator, f"{SITE}/wlans", OPEN)
    gone = by_hand(emulator, f"{SITE}/webhooks", FOREIGN)
    by_hand(emulator, f"{SITE}/webhooks/{gone}", {}, method="DELETE")
    result = command("drift")
    assert result.code == 2
    assert "site.Paris-HQ/wlan.Open  made by Jane Doe" in result.out
    assert "webhook.copy" not in result.out
    assert [item["made"] for item in command("drift", "--json").document["elsewhere"]] == [True]
    assert (
        command("drift", "ignore", "site.Paris-HQ/wlan.Open", "--until", "2999-01-01", "--reason", "guests").code == 0
    )
    assert command("drift").code == 0


def test_a_kind_of_the_cloud_that_is_not_modelled_is_looked_at(applied: Command, emulator: Emulator) -> None:
    by_hand(
        emulator, f"/api/v1/orgs/{ORG}/psks", {"name": "backdoor", "passphrase": "canary-passphrase", "ssid": "Lab"}
    )
    result = applied("drift")
    assert result.code == 2
    assert "psk.backdoor" in result.out


def test_the_first_run_offers_a_baseline_after_which_only_new_ones_are_drift(
    applied: Command, emulator: Emulator
) -> None:
    by_hand(emulator, f"{SITE}/wlans", OPEN)
    by_hand(emulator, f"/api/v1/orgs/{ORG}/psks", {**PSK, "name": "old"})
    assert "--undeclared" in applied("drift").out
    result = applied("drift", "ignore", "--undeclared", "--reason", "before we began")
    assert result.code == 0, result.err
    assert "site.Paris-HQ/wlan.Open" in Path("reconciler.yaml").read_text()
    assert applied("drift").code == 0
    by_hand(emulator, f"/api/v1/orgs/{ORG}/webhooks", FOREIGN)
    assert applied("drift").code == 2
    assert "wlan.Open" not in applied("drift").out.replace("hides", "").split("exception")[0]


def test_what_was_compared_and_what_not_is_said_by_name(applied: Command) -> None:
    plan, drift = applied("plan"), applied("drift")
    assert "Compared 5 objects of 5 kinds. Not looked at: " in plan.out
    assert "psks" in applied("plan", "-v").out
    assert "networktemplates" not in drift.out
    compared = json.loads(applied("drift", "--json").out)["compared"]
    assert compared["kinds"] == ["settings", "sitegroups", "sites", "webhooks", "wlans"]
    assert "psks of 1 site" in compared["unread"]


def test_kinds_named_in_the_project_file_are_read_on_every_site(
    command: Command, emulator: Emulator, inventory: Path
) -> None:
    (inventory / "sites.yaml").write_text("sites:\n  - {name: Paris-HQ}\n")
    project = inventory / "reconciler.yaml"
    project.write_text(project.read_text() + "drift: {kinds: [wlans]}\n")
    assert command("apply", "--auto-approve").code == 0
    by_hand(emulator, f"{SITE}/wlans", OPEN)
    document = command("drift", "--json").document
    assert document["unmanaged"] == ["site.Paris-HQ/wlan.Open"]
    assert document["elsewhere"] == []


def test_secrets_that_the_cloud_hides_are_counted_and_named(applied: Command, emulator: Emulator) -> None:
    emulator.tokens.replace({CANARIES["MIST_APITOKEN"]: {"role": "read"}})
    result = applied("drift")
    assert "Not compared: 2 secrets that the cloud hides from this token." in result.out
    assert "site.Paris-HQ/wlan.Lab auth.psk" in applied("drift", "-v").out
    assert "Not compared: 2 secrets" in applied("drift", "--markdown").out
    assert len(applied("drift", "--json").document["compared"]["masked"]) == 2


def test_an_address_can_be_passed_over_for_one_run(applied: Command, emulator: Emulator) -> None:
    by_hand(emulator, f"{SITE}/wlans", OPEN)
    by_hand(emulator, SITE, {"address": "elsewhere"}, method="PUT")
    assert applied("drift", "--ignore", "site.Paris-HQ").code == 2
    assert applied("drift", "--ignore", "site.Paris-HQ", "--ignore", "site.Paris-HQ/wlan.Open").code == 0
    assert applied("drift").code == 2


def test_a_word_under_drift_kinds_that_is_no_kind_of_a_site_is_an_error(command: Command, inventory: Path) -> None:
    project = inventory / "reconciler.yaml"
    project.write_text(project.read_text() + "drift: {kinds: [sitegroups]}\n")
    result = command("validate")
    assert result.code == 3
    assert "drift: kinds" in result.out + result.err


def test_what_was_added_inside_of_what_is_declared_is_told_with_its_author_and_not_planned(
    applied: Command, emulator: Emulator
) -> None:
    by_hand(emulator, f"{SITE}/setting", {"vars": {"corp_vlan": "20", "other": "1", "sneaked": "7"}}, method="PUT")
    result = applied("drift")
    assert result.code == 0
    assert "Also there, inside of what is declared (2)" in result.out
    assert "site.Paris-HQ/setting vars.sneaked  changed by Jane Doe" in result.out
    document = applied("drift", "--json").document
    jsonschema.validate(document, drift_schema())
    assert [item["path"] for item in document["also_there"]] == ["vars.other", "vars.sneaked"]
    assert "vars.sneaked" in applied("drift", "--markdown").out
    assert applied("plan", "--detailed-exitcode").code == 0
