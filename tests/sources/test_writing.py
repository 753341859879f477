"""Files are written whole or not at all, and never through a link."""

import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from reconciler.sources.writing import open_log, write_file

KILLED = """
import os, signal, sys
from pathlib import Path
from reconciler.sources import writing
writing.os.fsync = lambda _descriptor: os.kill(os.getpid(), signal.SIGKILL)
writing.write_file(Path(sys.argv[1]), "half")
"""


def names(directory: Path) -> list[str]:
    return sorted(item.name for item in directory.iterdir())


@pytest.mark.parametrize("older", [None, "older"])
def test_a_file_has_its_new_content_and_nothing_is_left_beside_it(older: str | None, tmp_path: Path) -> None:
    path = tmp_path / "a.plan"
    if older:
        path.write_text(older)
    write_file(path, "é\n")
    assert path.read_bytes() == "é\n".encode()
    assert names(tmp_path) == ["a.plan"]


@pytest.mark.parametrize(("older", "given", "expected"), [(0o644, 0o600, 0o600), (0o640, None, 0o640)])
def test_a_file_has_the_mode_that_is_asked_for_or_keeps_its_own(
    older: int, given: int | None, expected: int, tmp_path: Path
) -> None:
    path = tmp_path / "a"
    path.write_text("older")
    path.chmod(older)
    write_file(path, b"newer", mode=given)
    assert stat.S_IMODE(path.stat().st_mode) == expected


def test_a_new_file_has_the_usual_mode(tmp_path: Path) -> None:
    (tmp_path / "usual").touch()
    write_file(tmp_path / "new", "")
    assert (tmp_path / "new").stat().st_mode == (tmp_path / "usual").stat().st_mode


@pytest.mark.parametrize("target", ["victim", "nowhere"])
def test_a_link_is_not_followed(target: str, tmp_path: Path) -> None:
    (tmp_path / "victim").write_text("precious")
    (tmp_path / "link").symlink_to(target)
    with pytest.raises(OSError, match="links are not followed"):
        write_file(tmp_path / "link", "x")
    assert (tmp_path / "victim").read_text() == "precious"
    assert names(tmp_path) == ["link", "victim"]


def test_what_is_no_regular_file_is_left_alone(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OSError, match="no regular file"):
        write_file(tmp_path / "pipe", "x")


def test_a_write_that_is_killed_leaves_the_older_file_and_the_next_one_tidies_up(tmp_path: Path) -> None:
    path = tmp_path / "a.plan"
    path.write_text("older")
    done = subprocess.run([sys.executable, "-c", KILLED, str(path)], check=False)
    assert done.returncode == -signal.SIGKILL
    assert path.read_text() == "older"
    (left,) = set(names(tmp_path)) - {"a.plan"}
    long_ago = time.time() - 3600
    os.utime(tmp_path / left, (long_ago, long_ago))
    write_file(path, "newer")
    assert (path.read_text(), names(tmp_path)) == ("newer", ["a.plan"])


def test_the_temporary_file_of_a_write_that_is_under_way_stays(tmp_path: Path) -> None:
    (tmp_path / ".a.xyz.tmp").touch()
    (tmp_path / ".other.xyz.tmp").touch()
    os.utime(tmp_path / ".other.xyz.tmp", (0, 0))
    write_file(tmp_path / "a", "x")
    assert names(tmp_path) == [".a.xyz.tmp", ".other.xyz.tmp", "a"]


def test_a_disk_that_is_full_costs_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.plan"
    path.write_text("older")
    limited = (
        "import resource, signal, sys; from pathlib import Path; from reconciler.sources.writing import write_file;"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN); resource.setrlimit(resource.RLIMIT_FSIZE, (10, 10));"
        "write_file(Path(sys.argv[1]), 'x' * 100)"
    )
    done = subprocess.run([sys.executable, "-c", limited, str(path)], check=False, capture_output=True, text=True)
    assert "File too large" in done.stderr
    assert (path.read_text(), names(tmp_path)) == ("older", ["a.plan"])


def test_a_log_is_a_new_file_of_its_owner_only(tmp_path: Path) -> None:
    os.close(open_log(tmp_path / "log"))
    assert stat.S_IMODE((tmp_path / "log").stat().st_mode) == 0o600
    with pytest.raises(FileExistsError):
        open_log(tmp_path / "log")
