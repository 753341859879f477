"""The project's own workflows: tests on every Python, a release without a token, and no more rights than needed."""

import re
import shlex
import tomllib
from importlib.metadata import requires
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.version import Version

from tests.ci.conftest import ROOT

WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))
TEST, RELEASE = (
    yaml.safe_load((ROOT / f".github/workflows/{name}.yml").read_text("utf-8")) for name in ("test", "release")
)
ON = True
"""YAML 1.1 reads the key `on` so."""
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
RIGHTS = {
    "linux": {"contents": "read"},
    "newest": {"contents": "read"},
    "coverage": {"contents": "read"},
    "windows": {"contents": "read"},
    "test": {"contents": "read"},
    "build": {"contents": "read"},
    "attest": {"attestations": "write", "id-token": "write"},
    "publish": {"id-token": "write"},
    "image": {"attestations": "write", "contents": "read", "id-token": "write", "packages": "write"},
    "release": {"contents": "write"},
}


def steps(job: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = job.get("steps", [])
    return found


def runs(job: dict[str, Any]) -> str:
    return "\n".join(step["run"] for step in steps(job) if "run" in step)


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.name)
def test_actions_are_pinned_scripts_hold_no_expression_and_jobs_end(file: Path) -> None:
    text = file.read_text("utf-8")
    document = yaml.safe_load(text)
    assert document["permissions"] == {}
    assert "pull_request_target" not in document[ON]
    for name, job in document["jobs"].items():
        assert job["permissions"] == RIGHTS[name]
        if "uses" in job:
            assert job["uses"].startswith("./.github/workflows/")
            continue
        assert job["timeout-minutes"] <= 60
        for step in steps(job):
            assert "${{" not in step.get("run", "")
            if "uses" in step:
                assert re.fullmatch(r"(?:actions|pypa)/[a-z-]+@[0-9a-f]{40}", step["uses"])
                assert re.search(rf"{step['uses']} # v\d+\.\d+\.\d+$", text, re.MULTILINE)
            if step.get("uses", "").startswith("actions/checkout@"):
                assert step["with"]["persist-credentials"] is False


def test_one_action_has_one_version_everywhere() -> None:
    files = [*WORKFLOWS, *(ROOT / "examples/ci/github").glob("*.yml"), ROOT / "action.yml"]
    pins: dict[str, set[str]] = {}
    for file in files:
        for name, pin in re.findall(r"uses: ((?:actions|pypa)/[a-z-]+)@(\S+ # \S+)", file.read_text("utf-8")):
            pins.setdefault(name, set()).add(pin)
    assert {name: found for name, found in pins.items() if len(found) > 1} == {}


def test_no_workflow_knows_a_token_besides_the_run_s_own() -> None:
    for file in WORKFLOWS:
        assert "secrets." not in file.read_text("utf-8")


def test_the_whole_suite_runs_on_every_python_that_is_promised() -> None:
    job = TEST["jobs"]["linux"]
    assert job["strategy"]["matrix"]["python"] == ["3.11", "3.12", "3.13", "3.14"]
    assert job["strategy"]["matrix"]["python"][0] == PROJECT["project"]["requires-python"].removeprefix(">=")
    assert runs(job) == "scripts/test"
    assert runs(TEST["jobs"]["coverage"]) == "scripts/coverage"
    assert TEST["jobs"]["newest"]["steps"][-1]["env"] == {"CI": ""}


def test_windows_runs_directories_that_exist() -> None:
    job = TEST["jobs"]["windows"]
    words = shlex.split(next(step["run"] for step in steps(job) if "pytest" in step.get("run", "")))
    places = [word for word in words if word.startswith("tests/")]
    assert "tests/sources/test_directory.py" in places
    assert [place for place in places if not (ROOT / place).exists()] == []


def test_a_release_is_tested_before_it_is_built_and_attested_before_it_is_published() -> None:
    jobs = RELEASE["jobs"]
    assert RELEASE[ON] == {"push": {"tags": ["v*"]}}
    assert jobs["test"]["uses"] == "./.github/workflows/test.yml"
    assert "workflow_call" in TEST[ON]
    assert [jobs[name]["needs"] for name in ("build", "attest", "publish", "image")] == [
        "test",
        "build",
        "attest",
        "publish",
    ]
    assert jobs["release"]["needs"] == ["publish", "image"]
    assert runs(jobs["build"]) == "scripts/build"
    assert jobs["publish"]["environment"] == "pypi"
    assert not [step for step in steps(jobs["publish"]) if step.get("with", {}).get("password")]
    assert "checkout" not in str(jobs["publish"]), "what is published is what was built, and runs nothing of the tree"


def test_the_image_is_tried_before_it_is_pushed() -> None:
    script = runs(RELEASE["jobs"]["image"])
    assert script.index("docker build") < script.index("docker run") < script.index("docker login")
    assert script.index("docker login") < script.index("docker push")


def test_the_build_checks_what_users_install() -> None:
    script = (ROOT / "scripts/build").read_text("utf-8")
    for part in ("-m build", "twine check --strict", "--version", "schema --all", "cyclonedx_py", "GITHUB_REF_NAME"):
        assert part in script
    assert PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]["schemas"] == "reconciler/schemas"


def constraints() -> dict[str, str]:
    rows = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    return dict(row.split("==") for row in rows if not row.startswith("#"))


def test_every_dependency_is_pinned_to_a_version_that_it_may_have() -> None:
    pins = constraints()
    assert list(pins) == sorted(pins)
    wanted = list(PROJECT["project"]["dependencies"])
    wanted += [text for texts in PROJECT["project"]["optional-dependencies"].values() for text in texts]
    for text in wanted:
        requirement = Requirement(text)
        name = re.sub(r"[-_.]+", "-", requirement.name).lower()
        if name == "mist-reconciler":
            continue
        assert Version(pins[name]) in requirement.specifier, text


def test_what_the_dependencies_need_is_pinned_too() -> None:
    pins = constraints()
    for name in ("pydantic", "requests", "rich", "jinja2"):
        for text in requires(name) or ():
            requirement = Requirement(text)
            if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
                assert re.sub(r"[-_.]+", "-", requirement.name).lower() in pins
