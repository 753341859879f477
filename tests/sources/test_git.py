"""An inventory as it was at a commit, without touching the work tree."""

import subprocess
from pathlib import Path

import pytest

from reconciler.errors import UsageError
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
