"""The commands beside the workflow: schema, emulator, demo, and what happens at a run's edges."""

import json
import os
import re
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from reconciler.cli.run import run
from reconciler.emulator import Emulator
from tests.cli.conftest import PROJECT, Command, writes


def test_schemas_are_listed_printed_and_written(command: Command, inventory: Path) -> None:
    listed = command("schema").out.split()
    assert {"site", "wlan", "inventory", "project", "plan"} <= set(listed)
    assert json.loads(command("schema", "wlan").out)["title"]
    written = command("schema", "--all", "-o", "out/schemas")
    assert written.code == 0
    kept = Path(__file__).parents[2] / "schemas"
    assert {path.name: path.read_text() for path in Path("out/schemas").iterdir()} == {
        path.name: path.read_text() for path in kept.iterdir()
    }
    assert command("schema", "--all", "-o", "sites.yaml/below").code == 64


def test_the_field_reference_is_written(command: Command, inventory: Path) -> None:
    written = command("schema", "--docs", "-o", "out/kinds")
    assert "pages in out/kinds" in written.err
    kept = Path(__file__).parents[2] / "docs/kinds"
    names = {path.name for path in Path("out/kinds").iterdir()}
    assert names == {path.name for path in kept.iterdir()}
    assert all((kept / name).read_text("utf-8") == (Path("out/kinds") / name).read_text("utf-8") for name in names)
    assert command("schema", "--docs", "--all").code == 64


def test_an_audit_with_differences_is_an_error_that_lists_them(command: Command) -> None:
    Path("api.json").write_text(json.dumps({"components": {"schemas": {}}, "paths": {}}))
    result = command("schema", "audit", "api.json")
    assert result.code in (1, 64)
    Path("api.json").write_text("{}")
    assert command("schema", "audit", "api.json").code == 64


def test_the_emulator_says_where_it_listens_and_ends_when_told() -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "reconciler", "emulator", "--port", "0"], stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout
        first = process.stdout.readline()
        url = re.fullmatch(r"listening on (http://127\.0\.0\.1:\d+)\n", first)
        assert url
        with urllib.request.urlopen(f"{url[1]}/__emulator__/calls") as reply:
            assert json.load(reply)["total"] == 0
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=20)
    assert process.returncode == 0


def test_an_emulator_that_can_not_start_says_why(command: Command, host: str) -> None:
    busy = command("emulator", "--port", host.rpartition(":")[2])
    assert busy.code == 64
    assert "--port" in busy.err
    Path("seed.yaml").write_text("orgs: 7\n")
    broken = command("emulator", "--port", "0", "--seed", "seed.yaml")
    assert broken.code == 64
    assert "--seed" in broken.err


def test_a_saved_plan_that_a_guard_refuses_now_is_not_applied(
    command: Command, emulator: Emulator, inventory: Path
) -> None:
    command("plan", "--out", "p.plan")
    emulator.calls.reset()
    (inventory / "reconciler.yaml").write_text(f"{PROJECT}limits: {{changes: {{absolute: 1, percent: 0}}}}\n")
    text, document = command("apply", "p.plan"), command("apply", "p.plan", "--json")
    assert text.code == document.code == 5
    assert "Nothing was written" in text.err
    assert document.document["error"]["exit_code"] == 5
    assert writes(emulator) == 0


def test_in_ci_a_stale_object_refuses_the_whole_saved_plan(
    command: Command, emulator: Emulator, inventory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command("plan", "--out", "p.plan")
    sites = inventory / "sites.yaml"
    sites.write_text(sites.read_text().replace("1 rue", "2 rue"))
    emulator.calls.reset()
    monkeypatch.setenv("CI", "true")
    result = command("apply", "p.plan")
    assert result.code == 4
    assert writes(emulator) == 0


def test_quiet_and_verbose_change_what_is_told_besides_the_result(command: Command) -> None:
    assert "Saved to" in command("plan", "--out", "p.plan").err
    assert command("plan", "--out", "p.plan", "--quiet").err == ""
    assert "after: sitegroup.emea" in command("plan", "--verbose").out


def test_a_pipe_that_was_closed_ends_the_run_quietly(inventory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w") as closed:
        monkeypatch.setattr(sys, "stdout", closed)
        assert run(["render"]) == 1


def test_the_shell_can_ask_for_completions(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_RECONCILER_COMPLETE", "bash_source")
    with pytest.raises(SystemExit):
        run([])


def test_an_apply_that_is_told_to_be_short_is(command: Command) -> None:
    result = command("apply", "--auto-approve", "-qq")
    assert (result.code, result.err) == (0, "")
    plan, *rest = result.out.splitlines()
    assert plan.startswith("Plan: ")
    assert len([row for row in rest if row]) == 1
    assert command("plan", "--summary").out.startswith("No changes.")
    assert len(command("drift", "-qq").out.splitlines()) == 1


def test_explain_and_render_of_one_object_are_about_that_one(command: Command, inventory: Path) -> None:
    (inventory / "more.yaml").write_text(
        "sites:\n  - {name: Lyon, wlans: [{ssid: Open, auth: {type: open}}], setting: {vars: {a: b}}}\n"
    )
    assert "wlan-open" in command("render").err
    for words in (("explain", "site.Paris-HQ"), ("render", "site.Paris-HQ")):
        assert command(*words).err == ""
    assert "wlan-open" in command("render", "site.Lyon").err
    elsewhere = command("explain", "site.Lyon", "vars")
    assert (elsewhere.code, "`reconciler explain site.Lyon/setting vars`" in elsewhere.err) == (64, True)
