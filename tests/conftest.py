"""What all tests share.

Properties draw the same examples in every run, so that the suite is green or red by the code and not by chance;
`RECONCILER_LONG=1000` draws new ones, and so do the commands for long runs in tools/.
"""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import is_hypothesis_test, settings

from tests.quick import quick_command

settings.register_profile("fixed", derandomize=True, database=None, deadline=None)  # a busy machine is no failure
settings.register_profile("new", derandomize=False, deadline=None)
settings.load_profile("new" if "RECONCILER_LONG" in os.environ else "fixed")


if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # as of a job in the background; the commands inherit it
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Coverage is measured by the tests that name one case each. Those that try many examples, all kinds, or play whole
    stories, take three to six times as long while they are traced, and reach few lines that the others don't."""
    for item in items:
        if is_hypothesis_test(getattr(item, "obj", None)) or _BROAD & set(item.path.parents):
            item.add_marker(pytest.mark.no_cover)


_BROAD = {Path(__file__).parent / name for name in ("docs", "kinds", "promises", "schema", "workflow")}


@pytest.fixture(scope="session", autouse=True)
def quick_disk() -> Iterator[None]:
    """Flushing to the disk, before every write of an apply, protects from a power cut, which no test here makes; those
    that count the flushes put in a function of their own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda _file: None)
        yield


@pytest.fixture(scope="session", autouse=True)
def state_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Locks in a directory of this process's own: tests side by side use the same organisation."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))
        yield


@pytest.fixture(scope="session")
def quick() -> Iterator[Path]:
    """A directory with the command `reconciler`."""
    with quick_command() as directory:
        yield directory
