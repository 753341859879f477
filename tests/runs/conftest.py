"""The fixtures of the command line's tests, with locks in a directory of the test's own."""

from pathlib import Path

import pytest

from tests.cli.conftest import command, emulator, environ, host, inventory

__all__ = ["command", "emulator", "environ", "host", "inventory"]


@pytest.fixture(autouse=True)
def state(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where this user's state is."""
    directory = tmp_path_factory.mktemp("state")
    monkeypatch.setenv("XDG_STATE_HOME", str(directory))
    for name in ("GITHUB_ACTIONS", "GITLAB_CI"):
        monkeypatch.delenv(name, raising=False)
    return directory
