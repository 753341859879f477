"""The list of all kinds in the documentation is the one that their entries make."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_page_of_all_kinds_is_current() -> None:
    command = [sys.executable, str(ROOT / "tools" / "make_kinds_page.py"), "--check"]
    assert subprocess.run(command, check=False, cwd=ROOT).returncode == 0, "run tools/make_kinds_page.py"
