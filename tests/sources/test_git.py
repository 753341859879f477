"""An inventory as it was at a commit, without touching the work tree."""

import subprocess
from pathlib import Path

import pytest

from reconciler.errors import UsageError
from reconciler.runs.who import commit_of
from reconciler.sources.git import GitTree


def git(root: Path, *words: str) -> None:
    identity = ["-c", "user.name=T", "-c", "user.email=t@example.net", "-c", "init.defaultBranch=main"]
    subprocess.run(["git", "-C", str(root), *identity, *words], check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    inventory = tmp_path / "net work"
    (inventory / "sites").mkdir(parents=True)
    (inventory / "reconciler.yaml").write_text("version: 1\n")
    (inventory / "sites" / "é.yaml").write_text("sites: []\n")
    (inventory / ".hidden.yaml").write_text("x")
    (inventory / "link.yaml").symlink_to("/etc/hostname")
    (tmp_path / "outside.yaml").write_text("x")
    git(tmp_path, "init")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-m", "first")
    (inventory / "reconciler.yaml").write_text("version: 2\n")
    (inventory / "new.yaml").write_text("new")
    return inventory


def test_the_files_are_those_of_the_commit_below_the_inventory(repository: Path) -> None:
    tree = GitTree(repository, "HEAD")
    assert tree.paths() == ("reconciler.yaml", "sites/é.yaml")
    assert tree.read("reconciler.yaml") == b"version: 1\n"
    assert tree.read("sites/é.yaml") == b"sites: []\n"
    assert (repository / "reconciler.yaml").read_text() == "version: 2\n"


def test_the_inventory_may_be_the_root_of_the_repository(repository: Path) -> None:
    assert "outside.yaml" in GitTree(repository.parent, "main").paths()


def test_a_file_of_the_work_tree_only_is_not_there(repository: Path) -> None:
    with pytest.raises(FileNotFoundError):
        GitTree(repository, "HEAD").read("new.yaml")


@pytest.mark.parametrize("revision", ["nonsense", "--output=/tmp/x", "-h", "HEAD:reconciler.yaml"])
def test_a_revision_that_is_none_is_refused(repository: Path, revision: str) -> None:
    with pytest.raises(UsageError):
        GitTree(repository, revision)


def test_a_directory_outside_of_git_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no git repository"):
        GitTree(tmp_path, "HEAD")
    with pytest.raises(UsageError, match="no directory"):
        GitTree(tmp_path / "missing", "HEAD")


TRAP = """[core]
\trepositoryformatversion = 0
\tfilemode = true
\tbare = true
\tfsmonitor = "touch {mark}; env > {mark}"
\thooksPath = {hooks}
[filter "x"]
\tclean = "touch {mark}; cat"
\tsmudge = "touch {mark}; cat"
"""


def trapped(inventory: Path, mark: Path) -> None:
    """A bare repository that is committed beside the YAML, with programs in its configuration."""
    for name in ("objects", "refs"):
        (inventory / name).mkdir(parents=True)
    (inventory / "HEAD").write_text("ref: refs/heads/main\n")
    hooks = inventory / "hooks"
    hooks.mkdir()
    for name in ("post-index-change", "reference-transaction"):
        (hooks / name).write_text(f"#!/bin/sh\ntouch {mark}\n")
        (hooks / name).chmod(0o755)
    (inventory / "config").write_text(TRAP.format(mark=mark, hooks=hooks))
    (inventory / ".gitattributes").write_text("* filter=x\n")


@pytest.mark.parametrize("inside", [True, False], ids=["in_a_repository", "alone"])
def test_a_repository_among_the_files_runs_nothing(inside: bool, tmp_path: Path) -> None:
    mark, inventory = tmp_path / "mark", tmp_path / "work" / "net"
    trapped(inventory, mark)
    (inventory / "reconciler.yaml").write_text("version: 1\n")
    if inside:
        (tmp_path / "work" / "a").write_text("x")
        git(tmp_path / "work", "init")
        git(tmp_path / "work", "add", "a")
        git(tmp_path / "work", "commit", "-m", "first")
    found = commit_of(inventory)
    with pytest.raises(UsageError):
        GitTree(inventory, "nonsense")
    assert not mark.exists()
    assert found is None, "git leaves such a directory alone"


def test_a_filter_of_the_repository_itself_is_not_run_to_see_what_changed(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    inventory = tmp_path / "net"
    inventory.mkdir()
    (inventory / "a.yaml").write_text("a: 1\n")
    git(inventory, "init")
    git(inventory, "add", "-A")
    git(inventory, "commit", "-m", "first")
    git(inventory, "config", "filter.x.clean", f"touch {mark}; cat")
    (inventory / ".git" / "info").mkdir(exist_ok=True)
    (inventory / ".git" / "info" / "attributes").write_text("* filter=x\n")
    (inventory / "a.yaml").write_text("a: 2\n")
    found = commit_of(inventory)
    assert found is not None
    assert found["changed"] is True
    assert not mark.exists()


@pytest.mark.parametrize(
    ("name", "content", "changed"),
    [
        ("a.yaml", "a: 1\r\n", False),
        ("a.yaml", "a: 1\n", False),
        ("a.yaml", "a: 2\n", True),
        ("a.yaml", None, True),
        ("new.yaml", "x", True),
        ("x.plan", "ignored", False),
    ],
)
def test_whether_files_differ_from_the_commit(name: str, content: str | None, changed: bool, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("a: 1\n")
    (tmp_path / ".gitignore").write_text("*.plan\n")
    git(tmp_path, "init")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-m", "first")
    (tmp_path / name).unlink() if content is None else (tmp_path / name).write_bytes(content.encode())
    found = commit_of(tmp_path)
    assert found is not None
    assert found["changed"] is changed


def test_git_sees_no_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "bin" / "git"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\nenv > {tmp_path}/seen\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:/usr/bin:/bin")
    monkeypatch.setenv("MIST_APITOKEN", "canary-token")
    monkeypatch.setenv("LAB_PSK", "canary-psk")
    commit_of(tmp_path)
    assert "canary" not in (tmp_path / "seen").read_text()
