"""Files of a directory, by the path rules of both kinds of systems: nothing outside of it is ever read."""

import ntpath
import os
import posixpath
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.sources.directory import DirectoryTree, flags_of, inner_name, is_below

POSIX = [
    ("/inv", "/inv", True),
    ("/inv/sites", "/inv", True),
    ("/inv/sites/a.yaml", "/inv", True),
    ("/inventory", "/inv", False),
    ("/Inv/sites", "/inv", False),
    ("/", "/inv", False),
    ("/inv", "/", True),
    ("inv/sites", "/inv", False),
]
WINDOWS = [
    (r"C:\inv", r"C:\inv", True),
    (r"C:\inv\sites", r"C:\inv", True),
    (r"C:\inv\sites\deep\a.yaml", r"C:\inv", True),
    (r"c:\INV\sites", r"C:\inv", True),
    (r"C:\inventory", r"C:\inv", False),
    (r"D:\inv\sites", r"C:\inv", False),
    (r"C:\sites", "C:\\", True),
    (r"\\server\share\inv\sites", r"\\server\share\inv", True),
    (r"\\server\other\inv", r"\\server\share\inv", False),
    (r"C:\inv\..\other", r"C:\inv\sites", False),
]


@pytest.mark.parametrize(
    ("rules", "path", "root", "below"),
    [*[(posixpath, *case) for case in POSIX], *[(ntpath, *case) for case in WINDOWS]],
    ids=str,
)
def test_a_path_lies_below_a_root_or_not(rules: Any, path: str, root: str, below: bool) -> None:
    assert is_below(path, root, rules=rules) is below


NAMES = st.lists(
    st.text("abcAB.- é", min_size=1, max_size=5).filter(lambda name: name.strip(". ")), min_size=1, max_size=4
)


@pytest.mark.parametrize(
    ("rules", "root"), [(posixpath, "/srv/inv"), (ntpath, r"C:\inv"), (ntpath, r"\\host\share\inv")]
)
@given(names=NAMES)
def test_every_file_in_every_subdirectory_is_below_and_has_its_name(rules: Any, root: str, names: list[str]) -> None:
    full = rules.join(root, *names)
    assert is_below(full, root, rules=rules)
    assert not is_below(root, full, rules=rules)
    assert inner_name(full, root, rules=rules) == "/".join(names)


@pytest.mark.parametrize(
    ("system", "flags"),
    [
        (SimpleNamespace(O_RDONLY=0, O_BINARY=0x8000), 0x8000),
        (SimpleNamespace(O_RDONLY=0, O_NONBLOCK=0x800, O_NOFOLLOW=0x20000), 0x20800),
    ],
)
def test_a_file_is_opened_as_the_system_can(system: Any, flags: int) -> None:
    assert flags_of(system) == flags


def test_bytes_stay_as_they_are(tmp_path: Path) -> None:
    content = b"a: 1\r\nb: \x1a 2\r\n"
    (tmp_path / "deep/er").mkdir(parents=True)
    (tmp_path / "deep/er/a.yaml").write_bytes(content)
    tree = DirectoryTree(tmp_path)
    assert tree.paths() == ("deep/er/a.yaml",)
    assert tree.read("deep/er/a.yaml") == content


@pytest.mark.parametrize("path", ["../x.yaml", "sites/../../x.yaml", "/etc/hostname"])
def test_a_name_that_leads_out_is_refused(tmp_path: Path, path: str) -> None:
    (tmp_path / "inv/sites").mkdir(parents=True)
    (tmp_path / "x.yaml").write_text("secret: 1")
    with pytest.raises(OSError, match="outside of the inventory"):
        DirectoryTree(tmp_path / "inv").read(path)


def test_the_file_system_s_own_root_may_be_one(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes(b"a: 1")
    root = Path(tmp_path.anchor)
    assert DirectoryTree(root).read(tmp_path.resolve().relative_to(root).joinpath("a.yaml").as_posix()) == b"a: 1"
    assert os.path.isabs(root)
