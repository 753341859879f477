"""The example workflows, run step by step: a pull request, its merge, the nightly report."""

import json
import re
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.ci.conftest import GUEST_WLAN, ORG, SECRETS, Scratch
from tests.ci.runner import OURS, ROOT, Runner
from tests.comment.hosts import TOKEN

WORKFLOWS = sorted((ROOT / "examples/ci/github").glob("*.yml"))
PLAN, APPLY, DRIFT, ROLLBACK = (
    ROOT / f"examples/ci/github/mist-{name}.yml" for name in ("plan", "apply", "drift", "rollback")
)
HEAD = "c0ffee" * 6 + "c0ff"
BRANCH_EDIT = ("mist/sites/paris-hq.yaml", "vlan_id: 50", "vlan_id: 51")


def event(scratch: Scratch, *, fork: bool = False) -> dict[str, Any]:
    """The context of a pull request's run."""
    repository = {"full_name": "stranger/net" if fork else "acme/net"}
    request = {"number": 12, "head": {"sha": HEAD, "repo": repository}, "base": {"repo": {"full_name": "acme/net"}}}
    (scratch.temp / "event.json").write_text(json.dumps({"pull_request": request}))
    return {"event": {"pull_request": request}, "repository": "acme/net", "token": TOKEN}


def runner(scratch: Scratch, name: str, *, run_id: str = "1", fork: bool = False) -> Runner:
    """A runner with the environment that GitHub gives to a run of this event."""
    environ = {
        **scratch.environ,
        "GITHUB_REPOSITORY": "acme/net",
        "GITHUB_API_URL": scratch.github.api,
        "GITHUB_EVENT_NAME": name,
        "GITHUB_SHA": scratch.git("rev-parse", "HEAD"),
    }
    github: dict[str, Any] = {"token": TOKEN, "repository": "acme/net"}
    if name == "pull_request":
        environ["GITHUB_EVENT_PATH"] = str(scratch.temp / "event.json")
        github = event(scratch, fork=fork)
    return Runner(
        scratch.work, scratch.temp, environ, github, {} if fork else SECRETS, scratch.artifacts, run_id=run_id
    )


def open_pull_request(scratch: Scratch) -> None:
    """A branch changes a site, somebody else's edit is live, and the merge of both branches is checked out."""
    scratch.git("switch", "--quiet", "--create", "lab-vlan")
    scratch.edit(*BRANCH_EDIT, "Move the lab to its own VLAN")
    scratch.git("switch", "--quiet", "main")
    scratch.git("merge", "--quiet", "--no-ff", "--message", "merge", "lab-vlan")
    scratch.by_hand(GUEST_WLAN, {"isolation": False})
    scratch.forget()


def stand_in_gh(scratch: Scratch, answers: dict[str, str]) -> None:
    """`gh api PATH --jq ...` with fixed answers."""
    tool = Path(scratch.environ["PATH"].partition(":")[0]) / "gh"
    cases = "".join(f"  '{path}') echo '{answer}' ;;\n" for path, answer in answers.items())
    tool.write_text(
        f'#!/bin/sh\n[ "$1" = api ] || exit 9\ncase "$2" in\n{cases}  *) echo "no: $2" >&2; exit 1 ;;\nesac\n'
    )
    tool.chmod(0o755)


def merged(scratch: Scratch) -> dict[str, str]:
    sha = scratch.git("rev-parse", "HEAD")
    runs = "repos/acme/net/actions/workflows/mist-plan.yml/runs"
    return {
        f"repos/acme/net/commits/{sha}/pulls": HEAD,
        f"{runs}?head_sha={HEAD}&event=pull_request&status=success": "2",
        f"repos/acme/net/actions/runs/2/artifacts?name=mist-plan-{HEAD}": "1",
    }


def test_a_pull_request_is_planned_commented_merged_and_applied_as_approved(scratch: Scratch) -> None:
    open_pull_request(scratch)
    planning = runner(scratch, "pull_request")
    assert planning.workflow(PLAN) == {"validate": True, "plan": True}, planning.log
    assert scratch.writes() == []
    scratch.artifacts.clear()
    again = runner(scratch, "pull_request", run_id="2")
    assert again.workflow(PLAN) == {"validate": True, "plan": True}, again.log

    (comment,) = scratch.github.comments
    assert re.search(r"1 change from this branch, 1 from drift", comment["body"]), comment["body"]
    assert "Kestrel-Lab" in comment["body"]
    assert "Kestrel-Guest" in comment["body"]

    (artifact,) = scratch.artifacts.values()
    saved = (artifact / "mist-plan.json").read_text("utf-8")
    assert "Kestrel-Lab" in saved
    for secret in (*SECRETS.values(), TOKEN, "example-only"):
        assert secret not in saved
        assert secret not in planning.log
        assert secret not in comment["body"]

    stand_in_gh(scratch, merged(scratch))
    file = artifact / "mist-plan.json"
    file.write_text(saved.replace('"after": 51', '"after": 52'), "utf-8")
    edited = runner(scratch, "push", run_id="3")
    assert edited.workflow(APPLY) == {"find": True, "apply": False}
    assert "edited after it was made" in edited.log
    assert scratch.writes() == []

    file.write_text(saved, "utf-8")
    applying = runner(scratch, "push", run_id="4")
    assert applying.workflow(APPLY) == {"find": True, "apply": True}, applying.log
    assert [method for method, _ in scratch.writes()] == ["PUT"]
    lab = next(item for item in scratch.emulator.state()["orgs"][0]["sites"] if item["name"] == "Paris-HQ")["wlans"]
    assert [str(item["vlan_id"]) for item in lab if item["ssid"] == "Kestrel-Lab"] == ["51"]


def test_a_stale_plan_is_refused(scratch: Scratch) -> None:
    open_pull_request(scratch)
    runner(scratch, "pull_request", run_id="2").workflow(PLAN)
    stand_in_gh(scratch, merged(scratch))
    site = next(item for item in scratch.emulator.state()["orgs"][0]["sites"] if item["name"] == "Paris-HQ")
    lab = next(item for item in site["wlans"] if item["ssid"] == "Kestrel-Lab")
    scratch.by_hand(f"/api/v1/sites/{site['id']}/wlans/{lab['id']}", {"vlan_id": 77})
    scratch.forget()
    stale = runner(scratch, "push", run_id="3")
    assert stale.workflow(APPLY) == {"find": True, "apply": False}
    assert "stale" in stale.log
    assert scratch.writes() == []


def test_a_push_without_an_approved_plan_applies_nothing(scratch: Scratch) -> None:
    answers = merged(scratch)
    stand_in_gh(scratch, dict.fromkeys(answers, ""))
    direct = runner(scratch, "push")
    assert direct.workflow(APPLY) == {"find": False, "apply": None}
    assert "not merged from a pull request" in direct.log
    first, second, third = answers
    stand_in_gh(scratch, {first: HEAD, second: ""})
    failed = runner(scratch, "push")
    assert failed.workflow(APPLY) == {"find": False, "apply": None}
    assert "no successful run" in failed.log
    stand_in_gh(scratch, {first: HEAD, second: "2", third: "0"})
    forked = runner(scratch, "push")
    assert forked.workflow(APPLY) == {"find": False, "apply": None}
    assert "it came from a fork" in forked.log


def test_a_fork_is_validated_and_not_planned(scratch: Scratch) -> None:
    scratch.edit(*BRANCH_EDIT, "From a stranger")
    scratch.forget()
    run = runner(scratch, "pull_request", fork=True)
    assert run.workflow(PLAN) == {"validate": True, "plan": None}, run.log
    assert scratch.emulator.calls.total == 0
    assert scratch.github.calls == []


def test_what_is_invalid_is_annotated_at_its_line(scratch: Scratch) -> None:
    scratch.edit("mist/sites/paris-hq.yaml", "vlan_id: 50", "vlan_idd: 50", "A typing error")
    run = runner(scratch, "pull_request", fork=True)
    assert run.workflow(PLAN) == {"validate": False, "plan": None}
    assert re.search(r"^::error file=mist/sites/paris-hq\.yaml,line=\d+,col=\d+,title=", run.log, re.MULTILINE)


def test_the_nightly_job_keeps_one_issue_until_there_is_no_drift(scratch: Scratch) -> None:
    scratch.by_hand(GUEST_WLAN, {"isolation": False})
    for _ in range(2):
        run = runner(scratch, "schedule")
        assert run.workflow(DRIFT) == {"drift": True}, run.log
    (issue,) = scratch.github.issues
    assert issue["state"] == "open"
    assert "Jane Doe" in issue["body"]
    assert "Kestrel-Guest" in issue["body"]
    scratch.by_hand(GUEST_WLAN, {"isolation": True})
    runner(scratch, "schedule").workflow(DRIFT)
    assert [item["state"] for item in scratch.github.issues] == ["closed"]


def test_a_report_that_could_not_be_posted_fails_the_nightly_job(scratch: Scratch) -> None:
    scratch.by_hand(GUEST_WLAN, {"isolation": False})
    scratch.github.may_write = False
    run = runner(scratch, "schedule")
    assert run.workflow(DRIFT) == {"drift": False}
    assert "issues: write" in run.log


def test_a_comment_that_could_not_be_posted_is_a_warning(scratch: Scratch) -> None:
    open_pull_request(scratch)
    scratch.github.may_write = False
    run = runner(scratch, "pull_request")
    assert run.workflow(PLAN) == {"validate": True, "plan": True}
    assert "::warning::The plan is made" in run.log


def test_a_rollback_is_planned_opens_the_revert_and_is_applied_as_approved(scratch: Scratch) -> None:
    remote = scratch.temp / "remote.git"
    scratch.git("init", "--quiet", "--bare", "--initial-branch=main", str(remote))
    scratch.git("remote", "add", "origin", str(remote))
    with (scratch.work / "mist/reconciler.yaml").open("a") as project:
        project.write("records: {git: refs/mist-reconciler/runs}\n")
    (scratch.work / ".gitignore").write_text(".reconciler/\n")
    (scratch.work / "README.md").write_text("Our network\n")
    scratch.git("add", "--all")
    scratch.git("commit", "--quiet", "--message", "Records that survive the runner")
    (scratch.work / "mist/org/more.yaml").write_text("sitegroups: [{name: lifts}]\n")
    scratch.git("add", "--all")
    scratch.edit(*BRANCH_EDIT, "Move the lab to its own VLAN")
    token = {"MIST_APITOKEN": SECRETS["MIST_APITOKEN_WRITE"], **SECRETS}
    applied = runner(scratch, "push").shell("reconciler apply mist --auto-approve --quiet", token)
    assert applied.code == 0, applied.log
    scratch.edit("README.md", "Our", "The", "Somebody else's commit")
    scratch.git("push", "--quiet", "origin", "main")
    shutil.rmtree(scratch.work / "mist/.reconciler")
    scratch.forget()

    run = runner(scratch, "workflow_dispatch")
    inputs = {"run": "last", "delete-created": True}
    assert run.workflow(ROLLBACK, inputs) == {"plan": True, "apply": True}, run.log
    assert sorted(method for method, _ in scratch.writes()) == ["DELETE", "PUT"]
    (pull,) = scratch.github.pulls
    assert pull["base"] == "main"
    assert pull["title"].startswith("Revert what run 2")
    scratch.git("fetch", "--quiet", "origin", pull["head"])
    changed = scratch.git("diff", "--name-status", "main", "FETCH_HEAD").split()
    assert changed == ["D", "mist/org/more.yaml", "M", "mist/sites/paris-hq.yaml"]
    assert TOKEN not in run.log + pull["body"]


# ---- the action by itself


def act(scratch: Scratch, **inputs: str) -> Any:
    run = runner(scratch, "push")
    token = {"MIST_APITOKEN": SECRETS["MIST_APITOKEN_WRITE"], **SECRETS}
    return run.action({"inventory": "mist", **{name.replace("_", "-"): text for name, text in inputs.items()}}, token)


def test_the_action_tells_exit_code_changes_and_the_plans_file(scratch: Scratch) -> None:
    step = act(scratch, command="plan", plan_file="a plan.json")
    assert step.outputs == {"exitcode": "0", "changes": "false", "plan-file": "a plan.json"}, step.log
    scratch.edit(*BRANCH_EDIT, "A change")
    step = act(scratch, command="plan")
    assert step.outputs == {"exitcode": "2", "changes": "true", "plan-file": "mist-plan.json"}
    # Text of the cloud and of the branch stands where the runner takes no commands.
    (stop,) = re.findall(r"^::stop-commands::([0-9a-f]{32})$", step.log, re.MULTILINE)
    assert step.log.index(f"::stop-commands::{stop}") < step.log.index("Plan for") < step.log.index(f"::{stop}::")
    assert "Kestrel-Lab" in (scratch.temp / "github_step_summary").read_text("utf-8")
    scratch.by_hand(GUEST_WLAN, {"isolation": False})
    step = act(scratch, command="plan", base="HEAD~1", fail_on="drift")
    assert step.code == 5


@pytest.mark.parametrize(
    "inputs",
    [
        {"command": "destroy"},
        {"command": "plan; touch mark"},
        {"command": "plan", "inventory": "--help"},
        {"command": "plan", "plan_file": "x\nchanges=false"},
        {"command": "apply", "plan_file": "--auto-approve"},
    ],
)
def test_inputs_that_are_no_inputs_are_refused(scratch: Scratch, inputs: dict[str, str]) -> None:
    step = act(scratch, **inputs)
    assert step.code == 64
    assert "::error::" in step.log
    assert not (scratch.work / "mark").exists()


def test_inputs_are_never_run(scratch: Scratch) -> None:
    text = "$(touch mark)`touch mark`;touch mark' || touch mark || '"
    assert act(scratch, command="plan", base=text).code == 64
    assert act(scratch, command="validate", inventory=text).code == 64
    assert not (scratch.work / "mark").exists()


@pytest.mark.parametrize(
    ("version", "installed"), [("", str(ROOT)), ("1.2.3", "mist-reconciler==1.2.3"), ("1.2; touch mark", None)]
)
def test_the_action_installs_itself_or_a_release(tmp_path: Path, version: str, installed: str | None) -> None:
    tools = tmp_path / "tools"
    tools.mkdir()
    fake = (
        'mkdir -p "$3/bin"; printf \'#!/bin/sh\\necho "$0 $*"\\n\' > "$3/bin/pip"; cp "$3/bin/pip" "$3/bin/reconciler"'
    )
    (tools / "python").write_text(f'#!/bin/sh\n{fake}\nchmod +x "$3"/bin/*\n')
    (tools / "python").chmod(0o755)
    run = Runner(tmp_path, tmp_path, {"PATH": f"{tools}:/usr/bin:/bin"}, {}, {}, {})
    action = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
    step = next(step for step in action["runs"]["steps"] if step.get("name", "").startswith("Install"))
    done = run.shell(step["run"], {"INPUT_VERSION": version})
    if installed is None:
        assert done.code == 64
        assert not (tmp_path / "mark").exists()
        return
    assert done.code == 0, done.log
    assert done.log.splitlines()[0].endswith(f"install --quiet --disable-pip-version-check {installed}")
    assert (tmp_path / "github_path").read_text() == f"{tmp_path}/reconciler/bin\n"


def test_the_action_keeps_what_pip_downloads() -> None:
    steps = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))["runs"]["steps"]
    cache = next(step for step in steps if step.get("uses", "").startswith("actions/cache@"))
    install = next(step for step in steps if step.get("name", "").startswith("Install"))
    assert steps.index(cache) < steps.index(install)
    assert install["env"]["PIP_CACHE_DIR"] == cache["with"]["path"]
    assert all(f"inputs.{name}" in cache["with"]["key"] for name in ("python-version", "version"))


# ---- what the files say


def steps_of(document: dict[Any, Any]) -> list[dict[str, Any]]:
    jobs = document["jobs"].values() if "jobs" in document else [document["runs"]]
    return [step for job in jobs for step in job["steps"]]


@pytest.mark.parametrize("file", [*WORKFLOWS, ROOT / "action.yml"], ids=lambda file: file.name)
def test_foreign_actions_are_pinned_by_hash_and_scripts_hold_no_expression(file: Path) -> None:
    text = file.read_text("utf-8")
    for step in steps_of(yaml.safe_load(text)):
        if "uses" in step and step["uses"] != OURS:
            assert re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40}", step["uses"])
            assert re.search(rf"{step['uses']} # v\d+\.\d+\.\d+$", text, re.MULTILINE)
        assert "${{" not in step.get("run", "")


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.name)
def test_every_job_has_only_the_rights_that_it_needs(file: Path) -> None:
    document = yaml.safe_load(file.read_text("utf-8"))
    assert document["permissions"] == {}
    assert "pull_request_target" not in document[True]
    needed = {
        "validate": {"contents": "read"},
        "plan": {"contents": "read", "pull-requests": "write"},
        "find": {"actions": "read", "contents": "read", "pull-requests": "read"},
        "apply": {"actions": "read", "contents": "read"},
        "drift": {"contents": "read", "issues": "write"},
    }
    pushes = file == ROLLBACK  # a branch with the revert, and the record
    if pushes:
        needed = {"plan": {"contents": "write", "pull-requests": "write"}, "apply": {"contents": "write"}}
    for name, job in document["jobs"].items():
        assert job["permissions"] == needed[name]
        assert job["timeout-minutes"] <= 60
        for step in job["steps"]:
            if str(step.get("uses", "")).startswith("actions/checkout@"):
                assert step["with"].get("persist-credentials") is (None if pushes else False)


def test_only_the_apply_job_writes_and_it_waits_for_approval() -> None:
    writers = {
        name
        for file in WORKFLOWS
        for name, job in yaml.safe_load(file.read_text("utf-8"))["jobs"].items()
        if "MIST_APITOKEN_WRITE" in json.dumps(job)
    }
    assert writers == {"apply"}
    document = yaml.safe_load(APPLY.read_text("utf-8"))
    for writing in (document, yaml.safe_load(ROLLBACK.read_text("utf-8"))):
        assert writing["jobs"]["apply"]["environment"] == "mist-production"
        assert writing["concurrency"] == document["concurrency"]
    assert document["concurrency"] == {"group": f"mist-apply-{ORG}", "cancel-in-progress": False, "queue": "max"}


def test_the_version_that_the_examples_name_is_this_one() -> None:
    from reconciler import __version__

    texts = [file.read_text("utf-8") for file in (*WORKFLOWS, ROOT / "examples/ci/gitlab-ci.yml")]
    texts.append((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    named = {found for text in texts for found in re.findall(r"(?:@v|rev: v|VERSION: \")(\d[\w.]*)", text)}
    assert named - {"4.2.2", "4.3.0"} == {__version__}


def test_shell_scripts_parse() -> None:
    import subprocess

    assert shutil.which("bash")
    assert subprocess.run(["bash", "-n", str(ROOT / "scripts/action")], check=False).returncode == 0
    assert sys.version_info >= (3, 11)
