"""The fixtures of the command line's tests, and an inventory to which a test adds policies."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import PROJECT, command, emulator, environ, host, inventory

__all__ = ["command", "emulator", "environ", "host", "inventory"]

AddPolicy = Callable[..., None]


@pytest.fixture
def add_policy(inventory: Path) -> AddPolicy:
    """Writes `policies/NAME.py` and names it in the project file; `rules` are the project's."""

    def add(code: str, *, name: str = "own", rules: str = "{}", patterns: str = "policies/*.py") -> None:
        (inventory / "policies").mkdir(exist_ok=True)
        (inventory / "policies" / f"{name}.py").write_text(f"from reconciler.policies import *\n{code}")
        text = f"{PROJECT}policies: ['{patterns}']\nrules: {rules}\n"
        (inventory / "reconciler.yaml").write_text(text)

    return add
