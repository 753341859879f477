"""The models are what the script makes of the facts: nobody edited them by hand."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_field_tables_are_current() -> None:
    command = [sys.executable, str(ROOT / "tools" / "make_models.py"), "--check"]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout) == (0, ""), ran.stdout + ran.stderr
