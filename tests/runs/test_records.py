"""Records of applies: what they hold, what they never hold, and what happens when they can't be kept."""

import json
import os
import re
import stat
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from reconciler.emulator import Emulator
from reconciler.errors import GuardRefusal
from reconciler.mist.connection import Exchange
from reconciler.model.change import Status
from reconciler.model.values import Secret
from reconciler.pipeline.online import apply_plan
from reconciler.runs.reading import find_run
from reconciler.runs.record import DIRECTORY, RunRecord, recording
from reconciler.runs.sealing import secrets_of
from reconciler.runs.who import commit_of, who
from tests.cli.conftest import CANARIES, ORG, SITES, Command, writes
from tests.world import ONE_THREAD, declare, world

SITE = "/api/v1/sites/11111111-1111-4111-8111-111111111111"


def record_of(inventory: Path) -> tuple[Path, list[dict[str, Any]]]:
    """The only record, and its lines."""
    (path,) = (inventory / ".reconciler" / "runs").iterdir()
    return path, [json.loads(line) for line in path.read_text().splitlines()]


def of(lines: list[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    return [line for line in lines if line["type"] == kind]


def test_an_apply_leaves_a_record_of_all_that_it_did(command: Command, inventory: Path, emulator: Emulator) -> None:
    assert command("apply", "--auto-approve").code == 0
    _, lines = record_of(inventory)
    head, summary = lines[0], lines[-1]
    assert (head["type"], head["org"], head["changes"]) == ("run", {"id": ORG, "name": "Acme Retail"}, 5)
    assert "@" in head["who"]["actor"]
    assert len(head["plan"]) == 64
    assert head["commit"] is None
    by_address = {line["address"]: line for line in of(lines, "write")}
    assert len(by_address) == 5
    site = by_address["site.Paris-HQ"]
    assert (site["method"], f"/api/v1/{site['path']}") == ("PUT", SITE)
    assert site["before"] == {"address": "old street", "sitegroups": []}
    assert by_address["site.Paris-HQ/setting"]["before"] == {"vars": {"corp_vlan": "10", "other": "1"}}
    assert (by_address["sitegroup.emea"]["method"], by_address["sitegroup.emea"]["before"]) == ("POST", {})
    assert {line["status"] for line in of(lines, "outcome")} == {"applied"}
    sent = [line for line in of(lines, "request") if line["method"] != "GET"]
    assert len(sent) == writes(emulator) == 5
    assert {line["status"] for line in sent} == {200}
    assert summary["outcomes"] == {"applied": 5}
    assert (summary["type"], summary["exit_code"], summary["not_as_declared"]) == ("summary", 0, [])


def test_every_write_is_on_record_before_it_is_sent(command: Command, inventory: Path) -> None:
    assert command("apply", "--auto-approve").code == 0
    _, lines = record_of(inventory)
    for at, line in enumerate(lines):
        if line["type"] == "request" and line["method"] != "GET":
            announced = [item for item in lines[:at] if item["type"] == "write" and item["path"] == line["path"]]
            assert announced, line


def test_only_the_owner_can_read_a_record_and_git_never_sees_it(command: Command, inventory: Path) -> None:
    subprocess.run(["git", "init", "-q", "."], check=True, cwd=inventory)
    assert command("apply", "--auto-approve").code == 0
    path, _ = record_of(inventory)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    for directory in (path.parent, path.parent.parent):
        assert stat.S_IMODE(directory.stat().st_mode) == 0o700
    status = subprocess.run(["git", "status", "--porcelain"], check=True, cwd=inventory, capture_output=True, text=True)
    assert ".reconciler" not in status.stdout
    assert command("plan", "--detailed-exitcode").code == 0  # nor is it part of the inventory


def by_hand(emulator: Emulator, method: str, path: str, body: Any = None) -> Any:
    """A call as a person at the portal makes it."""
    reply = emulator.call(method, path, body=body, token=CANARIES["MIST_APITOKEN"])
    assert reply.status == 200, reply.body
    return reply.body


OLD = "canary-old-secret-9"


def test_no_secret_is_ever_in_a_record(command: Command, inventory: Path, emulator: Emulator) -> None:
    with_var = SITES.replace('vars: {corp_vlan: "20"}', 'vars: {corp_vlan: !secret env:LAB_PSK, note: "20"}')
    (inventory / "sites.yaml").write_text(with_var)
    assert command("apply", "--auto-approve").code == 0
    wlan = next(item for item in by_hand(emulator, "GET", f"{SITE}/wlans") if item["ssid"] == "Lab")
    hook = by_hand(emulator, "GET", f"{SITE}/webhooks")[0]
    for path, body in (
        (f"{SITE}/wlans/{wlan['id']}", {"auth": {"type": "psk", "psk": OLD, "keys": [OLD]}}),
        (f"{SITE}/webhooks/{hook['id']}", {"secret": OLD, "url": f"https://me:{OLD}@old.example/?token={OLD}"}),
        (f"{SITE}/setting", {"vars": {"corp_vlan": OLD, "wifi_psk": OLD, "note": f"is {CANARIES['LAB_PSK']}"}}),
        (SITE, {"notes": OLD, "address": "x"}),
    ):
        by_hand(emulator, "PUT", path, body)
    result = command("apply", "--auto-approve")
    assert result.code == 0, result.out
    records = sorted((inventory / ".reconciler" / "runs").iterdir())
    assert len(records) == 2
    text = "".join(path.read_text() for path in records)
    assert "(secret)" in text
    for value in (*CANARIES.values(), OLD):
        assert value not in text
    shown = command("runs", "show", "last").out + command("runs", "show", "last", "--json").out
    assert OLD not in shown
    assert '"vars"' in shown


def test_runs_are_listed_and_shown(command: Command, inventory: Path, emulator: Emulator) -> None:
    assert "No run is recorded here." in command("runs", "list").err
    assert command("runs", "show", "last").code == 64
    assert command("apply", "--auto-approve").code == 0
    (inventory / "sites.yaml").write_text(SITES.replace("1 rue", "2 rue"))
    assert command("apply", "--auto-approve").code == 0
    listed = command("runs", "list", "--json").document["runs"]
    assert [run["summary"]["outcomes"] for run in listed] == [{"applied": 1}, {"applied": 5}]
    text = command("runs", "list").out.splitlines()
    assert [line.split()[0] for line in text] == [run["run"] for run in listed]
    assert "1 applied" in text[0]
    shown = command("runs", "show", listed[0]["run"]).out
    assert "site.Paris-HQ  update applied" in shown
    assert "1 rue de la Paix, 75002 Paris" in shown
    assert "requests\n" in shown
    document = command("runs", "show", "last", "--json").document
    assert (document["run"], document["lines"][0]["type"]) == (listed[0]["run"], "run")
    assert command("runs", "show", "2").code == 64  # both begin with it
    assert "No run is called" in command("runs", "show", "nothing").err


def test_a_run_that_was_killed_is_readable_up_to_there(command: Command, inventory: Path) -> None:
    assert command("apply", "--auto-approve").code == 0
    path, lines = record_of(inventory)
    kept = [line for line in lines if line["type"] not in ("summary", "outcome")]
    path.write_text("".join(json.dumps(line) + "\n" for line in kept) + '{"type": "outc')
    assert "not ended: killed, or still under way" in command("runs", "list").out
    shown = command("runs", "show", "last").out
    assert "site.Paris-HQ  update begun: what became of it is not recorded" in shown
    path.write_text("17\n")
    assert command("runs", "list").code == command("runs", "show", "last").code == 0


def test_a_directory_of_records_that_can_not_be_read_is_told(command: Command, inventory: Path) -> None:
    (inventory / ".reconciler").mkdir()
    (inventory / ".reconciler" / "runs").write_text("")
    result = command("runs", "list")
    assert result.code == 64
    assert "can't be read: Not a directory" in result.err


def test_the_job_and_the_commit_of_a_run_are_shown(
    command: Command, inventory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"GITLAB_CI": "1", "GITLAB_USER_LOGIN": "bob", "CI_JOB_URL": "https://g.example/j/1"}.items():
        monkeypatch.setenv(name, value)
    for words in (["init", "-q"], ["add", "."], ["-c", "user.name=t", "-c", "user.email=t@e", "commit", "-qm", "x"]):
        subprocess.run(["git", *words], check=True, cwd=inventory)
    (inventory / "sites.yaml").write_text(SITES + "\n# later\n")
    assert command("apply", "--auto-approve").code == 0
    shown = command("runs", "show", "last").out
    assert "by bob, " in shown
    assert "https://g.example/j/1" in shown
    assert re.search(r"commit [0-9a-f]{10} with changes", shown)
    assert " with changes" in command("runs", "list").out


def test_an_interrupted_run_is_listed_as_such(command: Command, inventory: Path) -> None:
    try:
        with recording(inventory / DIRECTORY, {"who": {"actor": "ann"}}):
            raise KeyboardInterrupt
    except KeyboardInterrupt:
        pass
    assert "ann  interrupted KeyboardInterrupt" in command("runs", "list").out


def test_what_fails_is_on_record_with_its_reason(command: Command, inventory: Path, emulator: Emulator) -> None:
    emulator.faults.replace([{"method": "PUT", "path": "setting$", "status": 400, "times": 1}])
    assert command("apply", "--auto-approve").code == 6
    _, lines = record_of(inventory)
    failed = [line for line in of(lines, "outcome") if line["status"] == "failed"]
    assert [line["address"] for line in failed] == ["site.Paris-HQ/setting"]
    assert "400" in failed[0]["detail"]
    assert lines[-1]["outcomes"] == {"applied": 4, "failed": 1}
    assert lines[-1]["exit_code"] == 6
    assert "4 applied, 1 failed" in command("runs", "list").out
    assert "site.Paris-HQ/setting  update failed: " in command("runs", "show", "last").out


def block_directory(inventory: Path) -> None:
    (inventory / ".reconciler").write_text("a file stands here")


def block_link(inventory: Path) -> None:
    (inventory / ".reconciler").symlink_to("/tmp")


@pytest.mark.parametrize("block", [block_directory, block_link])
def test_without_a_record_nothing_is_written_unless_it_is_not_wanted(
    block: Any, command: Command, inventory: Path, emulator: Emulator
) -> None:
    block(inventory)
    refused = command("apply", "--auto-approve")
    assert refused.code == 5
    assert "No record of this run can be kept" in refused.err
    assert "--no-record" in refused.err
    assert writes(emulator) == 0
    assert command("apply", "--auto-approve", "--no-record").code == 0
    assert writes(emulator) == 5


def test_an_apply_without_changes_leaves_no_record(command: Command, inventory: Path) -> None:
    assert command("apply", "--auto-approve", "--no-record").code == 0
    assert not (inventory / ".reconciler").exists()
    assert command("apply", "--auto-approve").code == 0
    assert not (inventory / ".reconciler" / "runs").exists()


NOW = datetime(2026, 7, 27, 10, 15, 30, tzinfo=UTC)


def full_disk() -> RunRecord:
    """A record whose disk is full."""
    return RunRecord("x", Path("x.jsonl"), os.open("/dev/full", os.O_WRONLY), lambda: NOW)


def test_a_disk_that_fills_up_stops_the_run_before_the_next_write() -> None:
    cloud = world()
    plan = cloud.plan(declare("sitegroup.one"), declare("sitegroup.two"), declare("sitegroup.three"))
    record = full_disk()
    record.request(Exchange(method="GET", path="self", status=200, milliseconds=1, request_id="", attempt=1))
    outcomes = apply_plan(plan, cloud.client, options=ONE_THREAD, journal=record.journal(()))
    record.close(None)
    assert cloud.writes == []
    assert sorted(outcome.status for outcome in outcomes) == [Status.BLOCKED, Status.BLOCKED, Status.FAILED]
    assert any("can't be written: No space left on device" in outcome.detail for outcome in outcomes)
    assert record.problem == "No space left on device"


def test_a_disk_that_is_full_from_the_start_refuses_the_run(tmp_path: Path) -> None:
    def no_line(_value: Any) -> str:
        raise OSError(28, "No space left on device")

    with (
        pytest.raises(GuardRefusal, match="No space left on device"),
        recording(tmp_path / DIRECTORY, {"who": _Raising(no_line)}),
    ):
        pass


class _Raising:
    """A value whose text can't be made."""

    def __init__(self, act: Any) -> None:
        self.act = act

    def __str__(self) -> str:
        return str(self.act(self))


@pytest.mark.parametrize(
    ("error", "ended"), [(KeyboardInterrupt(), "interrupted"), (ValueError("canary-text"), "failed"), (None, "ended")]
)
def test_a_run_that_ends_otherwise_says_so_without_the_errors_words(
    error: BaseException | None, ended: str, tmp_path: Path
) -> None:
    try:
        with recording(tmp_path / DIRECTORY, {}, now=lambda: NOW) as record:
            if error:
                raise error
    except (KeyboardInterrupt, ValueError):
        pass
    run = find_run(tmp_path / DIRECTORY, "last")
    assert run.run_id == record.run_id
    assert run.run_id.startswith("20260727T101530.000Z-")
    assert run.summary is not None
    assert (run.summary["ended"], run.summary["time"]) == (ended, "2026-07-27T10:15:30.000Z")
    assert "canary" not in record.path.read_text()


def test_a_delete_keeps_the_whole_object_on_record(tmp_path: Path) -> None:
    cloud = world(wlans=[{"ssid": "Old", "auth": {"type": "psk", "psk": "canary-psk-live"}, "vlan_id": 7}])
    cloud.apply(declare("webhook.a", {"url": "https://a.example", "secret": Secret("canary-hook", origin="env:A")}))
    plan = cloud.plan(
        declare("webhook.b", {"url": "https://b.example"}),
        options=ONE_THREAD.__class__(prune=True, ack_deletes=1, threads=1),
        manage={"webhook": {"prune": True}},
    )
    with recording(tmp_path / DIRECTORY, {}) as record:
        apply_plan(plan, cloud.client, options=ONE_THREAD, journal=record.journal(secrets_of(plan)))
    deleted = next(line for line in find_run(tmp_path / DIRECTORY, "last").of("write") if line["method"] == "DELETE")
    assert (deleted["before"]["name"], deleted["before"]["url"]) == ("a", "https://a.example")
    assert deleted["before"]["secret"] == "(secret)"
    assert "canary" not in record.path.read_text()


@pytest.mark.parametrize(
    ("environ", "actor", "job"),
    [
        (
            {"GITHUB_ACTIONS": "true", "GITHUB_ACTOR": "ann", "GITHUB_REPOSITORY": "acme/net", "GITHUB_RUN_ID": "7"},
            "ann",
            "https://github.com/acme/net/actions/runs/7",
        ),
        ({"GITLAB_CI": "true", "GITLAB_USER_LOGIN": "bob", "CI_JOB_URL": "https://g/j/1"}, "bob", "https://g/j/1"),
    ],
)
def test_in_a_pipeline_the_person_behind_it_is_named(environ: dict[str, str], actor: str, job: str) -> None:
    assert who(environ) == {"actor": actor, "job": job}


def test_elsewhere_it_is_the_user_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOGNAME", "carol")
    assert who({})["actor"].startswith("carol@")
    assert list(who({})) == ["actor"]


def test_a_record_names_the_commit_and_whether_files_differ_from_it(tmp_path: Path) -> None:
    def git(*words: str) -> str:
        names = ("-c", "user.name=t", "-c", "user.email=t@example.org")
        return subprocess.run(["git", *names, *words], check=True, cwd=tmp_path, capture_output=True, text=True).stdout

    assert commit_of(tmp_path) is None
    git("init", "-q")
    assert commit_of(tmp_path) is None  # no commit yet
    (tmp_path / "a").write_text("1")
    git("add", "a")
    git("commit", "-qm", "one")
    head = git("rev-parse", "HEAD").strip()
    assert commit_of(tmp_path) == {"id": head, "changed": False}
    (tmp_path / "a").write_text("2")
    assert commit_of(tmp_path) == {"id": head, "changed": True}


def test_without_git_there_is_no_commit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert commit_of(tmp_path) is None


def kill_the_last_run(inventory: Path) -> Path:
    """Cuts the record in the middle of its last line, as a run leaves it that is killed."""
    (record,) = (inventory / ".reconciler" / "runs").glob("*.jsonl")
    lines = record.read_text().splitlines(keepends=True)
    assert '"summary"' in lines[-1]
    record.write_text("".join(lines[:-1]) + lines[-1][:20])
    return record


@pytest.mark.parametrize("words", [("--auto-approve",), ("p.plan",), ("--resume", "--auto-approve")])
def test_a_run_that_was_killed_is_closed_by_the_next_one(
    words: tuple[str, ...], command: Command, inventory: Path, emulator: Emulator
) -> None:
    assert command("plan", "--out", "p.plan").code == 0
    first = "p.plan" if "--resume" in words else "--auto-approve"
    assert command("apply", first).code == 0
    record = kill_the_last_run(inventory)
    site = "/api/v1/sites/11111111-1111-4111-8111-111111111111"
    emulator.call("PUT", site, body={"address": "old street"}, token=CANARIES["MIST_APITOKEN"])
    result = command("apply", *words)
    assert result.code == 0, result.out + result.err
    assert f"Run {record.stem} ended without a summary" in result.err
    assert ("Going on with run" in result.err) is ("--resume" in words)
    assert json.loads(record.read_text().splitlines()[-1])["ended"] == "without a summary"
    assert "ended without a summary" in command("runs", "list").out


def test_without_a_run_on_record_there_is_none_to_go_on_with(command: Command) -> None:
    result = command("apply", "--resume", "--auto-approve")
    assert result.code == 64
    assert "no run of this organisation on record" in result.err
