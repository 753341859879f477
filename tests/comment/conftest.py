"""A code host on a port, a saved plan and a drift report, and the command line with a job's environment."""

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from reconciler.approval.saved import save_plan
from reconciler.cli.run import run
from reconciler.kinds import kinds
from reconciler.model.change import Plan
from reconciler.report.json_report import drift_document, dump, plan_document
from tests.comment.hosts import PROJECT_BOT, TOKEN, Host, serving
from tests.report.samples import EMPTY, PLAN

KEY = b"k" * 32


@dataclass(frozen=True)
class Result:
    """What one run gave."""

    code: int
    out: str
    err: str


Command = Callable[..., Result]


def write_plan(path: Path, plan: Plan, *, inventory: str = "net") -> Path:
    save_plan(plan, path, document=plan_document(plan), key=KEY, kinds=kinds(), inventory=inventory)
    return path


@pytest.fixture(scope="session")
def saved_plan(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The same for all tests: it is a plan of many sites."""
    return write_plan(tmp_path_factory.mktemp("saved") / "plan.json", PLAN).read_bytes()


@pytest.fixture
def plan_file(tmp_path: Path, saved_plan: bytes) -> Path:
    path = tmp_path / "plan.json"
    path.write_bytes(saved_plan)
    return path


@pytest.fixture
def drift_file(tmp_path: Path) -> Path:
    path = tmp_path / "drift.json"
    path.write_text(dump(drift_document(PLAN)))
    return path


@pytest.fixture
def no_drift_file(tmp_path: Path) -> Path:
    path = tmp_path / "no-drift.json"
    path.write_text(dump(drift_document(EMPTY)))
    return path


@pytest.fixture
def github() -> Iterator[Host]:
    with serving(Host("github", me=None)) as host:
        yield host


@pytest.fixture
def gitlab() -> Iterator[Host]:
    with serving(Host("gitlab", me=PROJECT_BOT)) as host:
        yield host


@pytest.fixture
def environ(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """An environment without any trace of a CI that these tests may run in."""
    for name in list(os.environ):
        if name.startswith(("GITHUB_", "GITLAB_", "CI", "GH_", "RECONCILER_", "MIST_")):
            monkeypatch.delenv(name)
    return monkeypatch


@pytest.fixture
def on_github(environ: pytest.MonkeyPatch, github: Host, tmp_path: Path) -> Host:
    """The environment of a pull request's job."""
    event = tmp_path / "event.json"
    event.write_text(json.dumps({"action": "synchronize", "pull_request": {"number": 12}}))
    environ.setenv("GITHUB_REPOSITORY", "acme/net")
    environ.setenv("GITHUB_API_URL", github.api)
    environ.setenv("GITHUB_EVENT_PATH", str(event))
    environ.setenv("GITHUB_TOKEN", TOKEN)
    return github


@pytest.fixture
def on_gitlab(environ: pytest.MonkeyPatch, gitlab: Host) -> Host:
    """The environment of a merge request's job."""
    environ.setenv("CI_PROJECT_ID", "42")
    environ.setenv("CI_API_V4_URL", gitlab.api)
    environ.setenv("CI_MERGE_REQUEST_IID", "12")
    environ.setenv("GITLAB_TOKEN", TOKEN)
    return gitlab


@pytest.fixture
def comment(capsys: pytest.CaptureFixture[str]) -> Command:
    """Runs `reconciler comment ...`."""

    def execute(*words: str | Path) -> Result:
        capsys.readouterr()
        code = run(["comment", *map(str, words)])
        streams = capsys.readouterr()
        assert TOKEN not in streams.out + streams.err
        return Result(code, streams.out, streams.err)

    return execute
