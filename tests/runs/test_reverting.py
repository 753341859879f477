"""The commit that takes back what a run applied: merged by git's objects alone, for an inventory anywhere in it."""

import subprocess
from pathlib import Path

import pytest

from reconciler.errors import GuardRefusal
from reconciler.runs.reverting import push_revert

NAMED = ("-c", "user.name=T", "-c", "user.email=t@example.net")
TEN = "".join(f"line {at}\n" for at in range(10))


def git(directory: Path, *words: str) -> str:
    done = subprocess.run(["git", *NAMED, *words], cwd=directory, check=True, capture_output=True, encoding="utf-8")
    return done.stdout.strip()


def commit(directory: Path, **files: str) -> str:
    for name, text in files.items():
        path = directory / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    git(directory, "add", "-A")
    git(directory, "commit", "--quiet", "--message", "x")
    return git(directory, "rev-parse", "HEAD")


@pytest.fixture
def work(tmp_path: Path) -> Path:
    git(tmp_path, "init", "--quiet", "--bare", "--initial-branch=trunk", "remote.git")
    git(tmp_path, "clone", "--quiet", "remote.git", "work")
    git(tmp_path / "work", "switch", "--quiet", "--create", "trunk")
    return tmp_path / "work"


def pushed(work: Path, commit: str, before: str = "", inventory: str = "a/mist") -> tuple[str, ...] | None:
    """What the branch changes beside the default one; None where there is none."""
    git(work, "push", "--quiet", "origin", "HEAD:trunk")
    found = push_revert(work / inventory, commit=commit, before=before, branch="revert-1", message="Revert")
    if found is None:
        return None
    assert (found.name, found.into) == ("revert-1", "trunk")
    git(work, "fetch", "--quiet", "origin", found.name)
    assert git(work, "status", "--porcelain") == ""
    return tuple(git(work, "diff", "--name-status", "HEAD", "FETCH_HEAD").split())


def test_what_several_commits_brought_goes_and_what_came_since_stays(work: Path) -> None:
    start = commit(work, a__mist__x=TEN, README="1")
    commit(work, a__mist__x=TEN.replace("line 1", "line one"), a__mist__new="n", README="2")
    end = commit(work, a__mist__sub__deep="d")
    commit(work, a__mist__x=TEN.replace("line 1", "line one").replace("line 8", "line eight"))
    assert pushed(work, end, start) == ("D", "a/mist/new", "D", "a/mist/sub/deep", "M", "a/mist/x")
    assert git(work, "show", "FETCH_HEAD:a/mist/x") == TEN.replace("line 8", "line eight").strip()
    assert pushed(work, end, start) is not None, "the branch that is there already is found"


def test_without_a_commit_before_it_is_the_parent_and_an_inventory_may_be_the_whole_repository(work: Path) -> None:
    commit(work, x="1")
    end = commit(work, x="2", y="2")
    assert pushed(work, end, "0" * 40, inventory=".") == ("M", "x", "D", "y")


def test_what_is_taken_out_already_needs_no_branch(work: Path) -> None:
    start = commit(work, a__mist__x="1")
    end = commit(work, a__mist__x="2")
    commit(work, a__mist__x="1")
    assert pushed(work, end, start) is None


def test_what_somebody_changed_since_is_refused(work: Path) -> None:
    start = commit(work, a__mist__x="1")
    end = commit(work, a__mist__x="2")
    commit(work, a__mist__x="3")
    with pytest.raises(GuardRefusal, match="was changed since, in the same lines"):
        pushed(work, end, start)
    assert git(work, "ls-remote", "origin", "refs/heads/revert-1") == ""


def test_a_repository_s_first_commit_has_nothing_before_it(work: Path) -> None:
    with pytest.raises(GuardRefusal, match="No branch with the revert could be pushed"):
        pushed(work, commit(work, a__mist__x="1"))
