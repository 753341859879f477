"""The commands as people use them, against an emulator on a port."""

import json
import os
import stat
import sys
from io import StringIO
from pathlib import Path

import jsonschema
import pytest

from reconciler.emulator import Emulator
from reconciler.schema.outputs import drift_schema, plan_schema, validate_schema
from tests.cli.conftest import CANARIES, ORG, PROJECT, SITES, Command, writes

SITE = "/api/v1/sites/11111111-1111-4111-8111-111111111111"


def hand_edit(emulator: Emulator, body: dict[str, object], path: str = SITE) -> None:
    """Somebody changes an object in the portal; it does not count as a call of ours."""
    reply = emulator.call("PUT", path, body=body, token=CANARIES["MIST_APITOKEN"], admin="Jane Doe")
    assert reply.status == 200
    emulator.calls.reset()


class Terminal(StringIO):
    """A stdin on which somebody types."""

    def isatty(self) -> bool:
        return True


def test_plan_apply_and_an_empty_second_plan(command: Command, emulator: Emulator) -> None:
    planned = command("plan", "--detailed-exitcode")
    assert planned.code == 2
    assert "+ site.Paris-HQ/wlan.Lab" in planned.out
    assert "~ vars.corp_vlan" in planned.out
    assert writes(emulator) == 0
    applied = command("apply", "--auto-approve")
    assert applied.code == 0
    assert "Apply: 5 applied. Read back and verified." in applied.out
    again = command("plan", "--detailed-exitcode")
    assert again.code == 0
    assert "No changes. What was compared matches the inventory." in again.out


@pytest.mark.parametrize(("typed", "code"), [("yes\n", 0), ("y\n", 1), ("YES\n", 1), ("", 1)])
def test_only_yes_is_yes(
    typed: str, code: int, command: Command, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", Terminal(typed))
    result = command("apply")
    assert result.code == code
    assert "Do you want to apply these 5 changes? Only 'yes' is accepted" in result.err
    assert bool(writes(emulator)) is (code == 0)


@pytest.mark.parametrize("words", [("apply",), ("apply", "--json")])
def test_without_a_terminal_apply_names_the_flag_that_it_needs(
    words: tuple[str, ...], command: Command, emulator: Emulator
) -> None:
    result = command(*words)
    assert result.code == 64
    assert "--auto-approve" in result.out + result.err
    assert emulator.calls.reads == writes(emulator) == 0


def test_an_apply_with_nothing_to_do_asks_nothing(
    command: Command, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    command("apply", "--auto-approve")
    emulator.calls.reset()
    monkeypatch.setattr(sys, "stdin", Terminal(""))
    assert command("apply").code == 0
    assert command("apply", "--auto-approve", "--json").document["outcomes"] == []
    assert writes(emulator) == 0


def test_drift_names_what_differs_and_who_did_it(command: Command, emulator: Emulator) -> None:
    command("apply", "--auto-approve")
    assert command("drift").code == 0
    hand_edit(emulator, {"address": "elsewhere"})
    text, document = command("drift"), command("drift", "--json")
    assert text.code == document.code == 2
    assert "live elsewhere" in text.out
    assert "changed by Jane Doe" in text.out
    assert document.document["drift"][0]["fields"][0]["before"] == "elsewhere"
    assert command("drift", "--markdown").out.startswith("<!-- mist-reconciler:drift -->")
    assert writes(emulator) == 0


def test_json_documents_keep_to_their_schemas(command: Command) -> None:
    jsonschema.validate(command("plan", "--json").document, plan_schema())
    jsonschema.validate(command("drift", "--json").document, drift_schema())
    jsonschema.validate(command("validate", "--json").document, validate_schema())
    jsonschema.validate(command("plan", "/nowhere", "--json").document, plan_schema())
    applied = command("apply", "--auto-approve", "--json").document
    jsonschema.validate(applied, plan_schema())
    assert applied["applied"] == 5


def test_a_saved_plan_is_applied_once_and_then_has_nothing_to_do(
    command: Command, emulator: Emulator, inventory: Path
) -> None:
    planned = command("plan", "--out", "p.plan")
    assert stat.S_IMODE(os.stat("p.plan").st_mode) == 0o600
    assert command("show", "p.plan").out == planned.out
    assert command("show", "p.plan", "--json").document["summary"]["create"] == 3
    assert "### Plan for Acme Retail" in command("show", "p.plan", "--markdown").out
    assert command("apply", "p.plan").code == 0
    emulator.calls.reset()
    again = command("apply", "p.plan")
    assert again.code == 0
    assert "already so" in again.out
    assert writes(emulator) == 0


def test_a_saved_plan_goes_with_the_inventory_that_moved(command: Command, inventory: Path) -> None:
    command("plan", "--out", "p.plan")
    (inventory / "moved").mkdir()
    for name in ("reconciler.yaml", "sites.yaml"):
        (inventory / name).rename(inventory / "moved" / name)
    assert command("apply", "p.plan").code == 3
    assert command("apply", "p.plan", "--inventory", "moved").code == 0


def test_a_hand_edit_after_the_plan_is_refused_as_stale_and_shown(command: Command, emulator: Emulator) -> None:
    command("plan", "--out", "p.plan", "--target", "site.Paris-HQ")
    hand_edit(emulator, {"address": "by hand"})
    result = command("apply", "p.plan", "--refuse-any-stale")
    assert result.code == 4
    assert "by hand -> " in result.out
    assert "stale" in result.out
    assert writes(emulator) == 0
    document = command("apply", "p.plan", "--refuse-any-stale", "--json")
    assert document.code == 4
    assert document.document["stale"] == 1
    assert writes(emulator) == 0


def test_a_saved_plan_keeps_the_options_that_it_was_made_with(command: Command, emulator: Emulator) -> None:
    command("plan", "--out", "p.plan", "--target", "sitegroup.emea")
    assert command("apply", "p.plan").code == 0
    assert writes(emulator) == 1


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--max-age", "0m"), 4, "older"),
        (("--max-age", "soon"), 64, "90m, 24h or 7d"),
        (("--org", "00000000-0000-4000-8000-000000000009"), 5, "organisation"),
    ],
)
def test_a_saved_plan_is_refused_before_anything_is_written(
    words: tuple[str, ...], code: int, said: str, command: Command, emulator: Emulator
) -> None:
    command("plan", "--out", "p.plan")
    path = Path("p.plan")
    if words == ("--max-age", "0m"):
        words = ("--max-age", "0s")
        import time

        time.sleep(1.1)
    assert path.exists()
    result = command("apply", "p.plan", *words)
    assert result.code == code
    assert said in result.err
    assert writes(emulator) == 0


def test_an_edited_plan_file_is_refused(command: Command, emulator: Emulator) -> None:
    command("plan", "--out", "p.plan")
    path = Path("p.plan")
    path.write_text(path.read_text().replace("1 rue de la Paix", "2 rue de la Paix"))
    result = command("apply", "p.plan")
    assert result.code == 4
    assert "edited" in result.err
    assert writes(emulator) == 0


def test_show_says_that_a_plan_file_was_edited(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    command("plan", "--out", "p.json")
    assert command("show", "p.json").code == 0
    text = Path("p.json").read_text()
    Path("p.json").write_text(text.replace("site.Paris-HQ", "site.Paris-HX"))
    for token in ("canary-token-0003", ""):
        monkeypatch.setenv("MIST_APITOKEN", token)
        shown = command("show", "p.json")
        assert (shown.code, "was edited after it was made" in shown.err) == (4, True)


def test_a_saved_plan_remembers_the_host_that_a_flag_named(
    command: Command, host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MIST_HOST")
    assert command("plan", "--host", host, "--out", "p.json").code == 0
    assert command("apply", "p.json").code == 0
    lost = command("plan", "--host", "http://127.0.0.1:1")
    assert (lost.code, "--host, MIST_HOST or `host:`" in lost.err) == (1, True)


@pytest.mark.parametrize("damage", ['{"file_version": 1}', "{}", "[]", "no json", '{"file_version": 99}'])
def test_what_is_no_plan_file_is_told_as_such(damage: str, command: Command) -> None:
    Path("p.plan").write_text(damage)
    for words in (("show", "p.plan"), ("apply", "p.plan")):
        result = command(*words)
        assert result.code in (4, 64)
        assert result.err.startswith("error: p.plan")


def test_a_plan_file_whose_plan_is_nonsense_is_told_as_such(command: Command) -> None:
    command("plan", "--out", "p.plan")
    content = json.loads(Path("p.plan").read_text())
    content["plan"]["changes"][0]["fields"] = 7
    Path("p.plan").write_text(json.dumps(content))
    assert command("show", "p.plan").code == 64


def test_a_guard_refuses_and_the_plan_is_still_shown(command: Command, emulator: Emulator, inventory: Path) -> None:
    (inventory / "reconciler.yaml").write_text(f"{PROJECT}limits: {{changes: {{absolute: 1, percent: 0}}}}\n")
    for words in (("plan", "--out", "p.plan"), ("apply", "--auto-approve")):
        result = command(*words)
        assert result.code == 5
        assert "error[limit-changes]" in result.out
        assert "refused" in result.err
    assert not Path("p.plan").exists()
    for words in (("plan", "--json"), ("apply", "--auto-approve", "--json")):
        result = command(*words)
        assert result.code == result.document["error"]["exit_code"] == 5
        jsonschema.validate(result.document, plan_schema())
    assert command("drift").code == 2
    assert writes(emulator) == 0


def test_a_partly_failed_apply_is_code_6_and_says_what_failed(command: Command, emulator: Emulator) -> None:
    emulator.call(
        "PUT", "/__emulator__/faults", body=[{"method": "POST", "path": ".*wlans.*", "times": 99, "status": 400}]
    )
    result = command("apply", "--auto-approve")
    assert result.code == 6
    assert "failed     site.Paris-HQ/wlan.Lab" in result.out
    assert "4 applied, 1 failed" in result.out


def test_an_apply_of_which_nothing_worked_is_code_1(command: Command, emulator: Emulator) -> None:
    faults = [{"method": method, "path": ".*", "times": 99, "status": 400} for method in ("POST", "PUT")]
    emulator.call("PUT", "/__emulator__/faults", body=faults)
    result = command("apply", "--auto-approve")
    assert result.code == 1
    assert "0 applied" in result.out


def test_prune_deletes_what_nothing_declares_only_when_asked(
    command: Command, emulator: Emulator, inventory: Path
) -> None:
    command("apply", "--auto-approve")
    (inventory / "sites.yaml").write_text(SITES.replace("ssid: Lab", "ssid: Lab2"))
    kept, pruned = command("plan", "--json").document, command("plan", "--json", "--prune").document
    assert kept["summary"]["delete"] == 0
    assert kept["unmanaged"] == ["site.Paris-HQ/wlan.Lab"]
    assert pruned["summary"]["delete"] == 1
    command("plan", "--prune", "--out", "p.plan")
    assert "deleted    site.Paris-HQ/wlan.Lab" in command("apply", "p.plan").out


def test_render_prints_an_inventory_that_means_the_same(command: Command, tmp_path: Path) -> None:
    rendered = command("render")
    assert rendered.code == 0
    assert "psk: !secret env:LAB_PSK" in rendered.out
    (tmp_path / "sites.yaml").write_text(rendered.out)
    assert command("render").out.count("\n") == rendered.out.count("\n")
    assert "wlans:" not in command("render", "sitegroup.*").out
    assert "wlans:" in command("render", "site.Paris-HQ").out
    assert command("render", ".", "sitegroup.emea").out.startswith("sitegroups:")


@pytest.mark.parametrize("words", [("render", "site.Paris"), ("explain", "site.Paris")])
def test_an_unknown_address_is_answered_with_the_nearest(words: tuple[str, ...], command: Command) -> None:
    result = command(*words)
    assert result.code == 64
    assert "Did you mean site.Paris-HQ" in result.err


def test_explain_names_the_line_of_each_value(command: Command) -> None:
    assert "sites.yaml:3" in command("explain", "site.Paris-HQ", "timezone").out
    assert "(secret)" in command("explain", "site.Paris-HQ/wlan.Lab").out
    missing = command("explain", "site.Paris-HQ", "nope")
    assert missing.code == 64
    assert "nothing declares it" in missing.err


def test_no_report_ever_holds_a_secret(command: Command, emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    runs = [
        command(*words)
        for words in (
            ("validate",),
            ("validate", "--format", "sarif"),
            ("render",),
            ("explain", "site.Paris-HQ/wlan.Lab"),
            ("plan", "--out", "p.plan", "--debug-http", "--verbose"),
            ("plan", "--json"),
            ("plan", "--markdown"),
            ("show", "p.plan", "--json"),
            ("apply", "--auto-approve", "--debug-http"),
        )
    ]
    monkeypatch.setenv("LAB_PSK", "canary-rotated-0004")
    runs += [command(*words) for words in (("plan",), ("drift", "--json"), ("apply", "p.plan", "--debug"))]
    assert "(secret, changed)" in runs[-3].out
    assert runs[-1].code in (4, 6)
    everything = "".join(result.out + result.err for result in runs) + Path("p.plan").read_text()
    for canary in (*CANARIES.values(), "canary-rotated-0004"):
        assert canary not in everything
    assert "http: " in runs[4].err
    assert ORG in everything
