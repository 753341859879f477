"""The GitLab template: its rules, and its scripts run in the order of a merge request, its merge and a night."""

import re
import subprocess
from collections.abc import Mapping
from typing import Any

import yaml

from tests.ci.conftest import GUEST_WLAN, ORG, SECRETS, Scratch
from tests.ci.runner import ROOT
from tests.comment.hosts import TOKEN

TEMPLATE: dict[str, Any] = yaml.safe_load((ROOT / "examples/ci/gitlab-ci.yml").read_text("utf-8"))
JOBS = {name: job for name, job in TEMPLATE.items() if isinstance(job, dict) and "script" in job}
MERGE_REQUEST = {
    "CI_PIPELINE_SOURCE": "merge_request_event",
    "CI_MERGE_REQUEST_IID": "12",
    "CI_MERGE_REQUEST_PROJECT_ID": "42",
    "CI_MERGE_REQUEST_SOURCE_PROJECT_ID": "42",
}
FORK = {**MERGE_REQUEST, "CI_MERGE_REQUEST_SOURCE_PROJECT_ID": "666"}
PUSH = {"CI_PIPELINE_SOURCE": "push", "CI_COMMIT_BRANCH": "main", "CI_DEFAULT_BRANCH": "main"}
VARIABLES = {**SECRETS, "GITLAB_TOKEN": TOKEN, "MIST_INVENTORY": "mist", "CI": "true", "CI_PROJECT_ID": "42"}


def holds(condition: str, variables: Mapping[str, str]) -> bool:
    """A rule's `if`: comparisons joined by &&."""
    filled = re.sub(r"\$(\w+)", lambda found: repr(variables.get(found[1], "")), condition)
    parts = [part.split(" == ") for part in filled.split(" && ")]
    return all(left.strip("\"'") == right.strip("\"'") for left, right in parts)


def chosen(variables: Mapping[str, str]) -> list[str]:
    """The jobs of a pipeline."""
    return [name for name, job in JOBS.items() if any(holds(rule["if"], variables) for rule in job["rules"])]


def play(scratch: Scratch, name: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Runs one job's script, and what comes after it, as the runner's shell does."""
    environ = {**scratch.environ, **VARIABLES, "CI_API_V4_URL": scratch.gitlab.api, **more}
    job = JOBS[name]
    for part in ("script", "after_script"):
        lines = job.get(part, [])
        done = subprocess.run(
            ["bash", "-eo", "pipefail", "-c", "\n".join(lines)],
            cwd=scratch.work,
            env=environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            check=False,
        )
        if part == "script":
            result = done
    return result


def test_each_event_has_its_jobs() -> None:
    assert chosen(MERGE_REQUEST) == ["mist-validate", "mist-plan"]
    assert chosen(FORK) == ["mist-validate"]
    assert chosen(PUSH) == ["mist-plan-main", "mist-apply"]
    assert chosen({**PUSH, "CI_COMMIT_BRANCH": "other"}) == []
    assert chosen({"CI_PIPELINE_SOURCE": "schedule"}) == ["mist-drift"]


def test_only_the_apply_job_writes_one_at_a_time_and_by_hand() -> None:
    writers = [name for name, job in JOBS.items() if "MIST_APITOKEN_WRITE" in str(job)]
    assert writers == ["mist-apply"]
    job = JOBS["mist-apply"]
    assert job["resource_group"] == f"mist-{ORG}"
    assert job["environment"]["name"] == "mist-production"
    assert [rule["when"] for rule in job["rules"]] == ["manual"]
    assert job["interruptible"] is False


def test_the_tokens_are_no_part_of_the_template() -> None:
    assert all(job["extends"] == ".mist" for job in JOBS.values())
    assert TEMPLATE[".mist"]["before_script"] == [
        'pip install --quiet --disable-pip-version-check "mist-reconciler==$RECONCILER_VERSION"'
    ]
    assert not set(TEMPLATE["variables"]) & {"MIST_APITOKEN_READ", "MIST_APITOKEN_WRITE", "GITLAB_TOKEN"}


def test_a_merge_request_is_planned_commented_merged_and_applied(scratch: Scratch) -> None:
    before = scratch.git("rev-parse", "HEAD")
    scratch.edit("mist/sites/paris-hq.yaml", "vlan_id: 50", "vlan_id: 51", "Move the lab to its own VLAN")
    scratch.by_hand(GUEST_WLAN, {"isolation": False})
    scratch.forget()
    done = play(scratch, "mist-validate", **FORK, MIST_APITOKEN_READ="", MIST_APITOKEN_WRITE="", GITLAB_TOKEN="")
    assert done.returncode == 0, done.stdout
    assert "<testsuites>" in (scratch.work / "mist-validate.xml").read_text("utf-8")
    assert scratch.emulator.calls.total == 0

    done = play(scratch, "mist-plan", **MERGE_REQUEST, CI_MERGE_REQUEST_DIFF_BASE_SHA=before)
    assert done.returncode == 0, done.stdout
    (comment,) = scratch.gitlab.comments
    assert "1 change from this branch, 1 from drift" in comment["body"]

    done = play(scratch, "mist-plan-main", **PUSH, CI_COMMIT_BEFORE_SHA=before)
    assert done.returncode == 0, done.stdout
    (artifact,) = JOBS["mist-plan-main"]["artifacts"]["paths"]
    saved = (scratch.work / artifact).read_text("utf-8")
    assert not [secret for secret in (*SECRETS.values(), TOKEN) if secret in saved]
    assert scratch.writes() == []
    done = play(scratch, "mist-apply", **PUSH)
    assert done.returncode == 0, done.stdout
    assert [method for method, _ in scratch.writes()] == ["PUT"]


def test_the_night_keeps_one_issue(scratch: Scratch) -> None:
    scratch.by_hand(GUEST_WLAN, {"isolation": False})
    done = play(scratch, "mist-drift", CI_PIPELINE_SOURCE="schedule")
    assert done.returncode == 0, done.stdout
    (issue,) = scratch.gitlab.issues
    assert "Jane Doe" in issue["description"]
    failed = play(scratch, "mist-drift", MIST_APITOKEN_READ="two words")
    assert failed.returncode == 64
    assert "MIST_APITOKEN" in failed.stdout
