"""Secrets that are not at hand: needed where they are compared for a plan, or sent, and nowhere else."""

import json
from pathlib import Path

import jsonschema
import pytest

from reconciler.emulator import Emulator
from reconciler.schema.outputs import drift_schema
from tests.cli.conftest import CANARIES, Command, writes

WLAN = "/api/v1/sites/11111111-1111-4111-8111-111111111111/wlans"


@pytest.fixture
def without(command: Command, emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> Command:
    """The command line where all is applied, and one secret is gone from the environment."""
    assert command("apply", "--auto-approve").code == 0
    monkeypatch.delenv("LAB_PSK")
    emulator.calls.reset()
    return command


def live(emulator: Emulator) -> dict[str, object]:
    reply = emulator.call("GET", WLAN, token=CANARIES["MIST_APITOKEN"])
    found: dict[str, object] = json.loads(json.dumps(reply.body))[0]
    return found


def test_drift_goes_on_and_says_what_it_did_not_compare(without: Command, emulator: Emulator) -> None:
    found = without("drift")
    assert found.code == 0, found.out
    assert "Not compared: 1 secret without a value here." in found.out
    assert "site.Paris-HQ/wlan.Lab auth.psk" in without("drift", "-v").out
    document = without("drift", "--json").document
    jsonschema.validate(document, drift_schema())
    assert document["compared"]["missing"] == ["site.Paris-HQ/wlan.Lab auth.psk"]
    assert "Not compared: 1 secret without a value here." in without("drift", "--markdown").out
    strict = without("drift", "--require-secrets")
    assert (strict.code, "LAB_PSK is not set" in strict.err) == (3, True)


def test_what_else_differs_in_such_an_object_is_still_drift(without: Command, emulator: Emulator) -> None:
    item = live(emulator)["id"]
    emulator.call("PUT", f"{WLAN}/{item}", body={"auth": {"type": "open"}}, token=CANARIES["MIST_APITOKEN"])
    found = without("drift")
    assert (found.code, "auth.type" in found.out) == (2, True), found.out


def test_a_part_needs_its_own_secrets_only(without: Command, emulator: Emulator, inventory: Path) -> None:
    text = (inventory / "sites.yaml").read_text()
    (inventory / "sites.yaml").write_text(text.replace("name: emea", "name: emea\n  - name: apac"))
    whole = without("plan")
    assert (whole.code, "LAB_PSK is not set" in whole.err) == (3, True)
    part = ("--target", "sitegroup.*")
    assert without("plan", *part, "--out", "it.plan").code == 0
    assert without("apply", "it.plan").code == 0
    assert writes(emulator) == 1
    assert without("apply", "--auto-approve", *part).code == 0
    assert without("plan", "--exclude", "site.Paris-HQ/wlan.*").code == 0
    assert without("plan", "--target", "site.Paris-HQ").code == 3


def test_an_object_that_comes_along_needs_its_secrets_too(
    command: Command, emulator: Emulator, inventory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The target brings a template that it refers to, and its secret is not sent as anything else."""
    (inventory / "more.yaml").write_text(
        "networktemplates: [{name: campus, switch_mgmt: {root_password: !secret env:ROOT}}]\n"
        "sites: [{name: Lyon, country_code: FR, timezone: Europe/Paris, networktemplate: campus}]\n"
    )
    for words in (("plan",), ("apply", "--auto-approve")):
        found = command(*words, "--target", "site.Lyon")
        assert found.code == 3, found.out + found.err
        assert "networktemplate.campus" in found.err
    assert writes(emulator) == 0
    monkeypatch.setenv("ROOT", "canary-root")
    assert command("apply", "--auto-approve", "--target", "site.Lyon").code == 0
