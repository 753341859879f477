"""The models are what the script makes of the facts: nobody edited them by hand."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCUMENT = ROOT.parent / "shared" / "mist" / "openapi.json"


def test_the_field_tables_are_current() -> None:
    if not DOCUMENT.exists():
        pytest.skip("the vendor's document is not here")
    command = [sys.executable, str(ROOT / "tools" / "make_models.py"), str(DOCUMENT), "--check"]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout) == (0, ""), ran.stdout + ran.stderr
