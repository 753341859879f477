"""Writes constraints.txt: the versions that CI installs. In: the environment that runs this. Out: one pin a line.

    python -m venv fresh && fresh/bin/pip install '.[dev,release]' && fresh/bin/python tools/make_constraints.py

Only what this project needs, directly or by way of others, is pinned; the project itself is not.
"""

import re
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).parent.parent
PROJECT = "mist-reconciler"
EXTRAS = ("dev", "release")
HEAD = "# The versions that CI tests and releases with (scripts/setup.sh). Written by tools/make_constraints.py.\n"


def name_of(text: str) -> str:
    """A package's name in its one form."""
    return re.sub(r"[-_.]+", "-", text).lower()


def needed(name: str, extras: tuple[str, ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What a package needs here, with the extras asked of each."""
    for text in distribution(name).requires or ():
        requirement = Requirement(text)
        if requirement.marker is None or any(requirement.marker.evaluate({"extra": extra}) for extra in ("", *extras)):
            yield name_of(requirement.name), tuple(sorted(requirement.extras))


def pins() -> dict[str, str]:
    """The version of everything that is needed, by name."""
    found: dict[str, str] = {}
    seen: set[tuple[str, tuple[str, ...]]] = set()
    pending = [(PROJECT, EXTRAS)]
    while pending:
        item = pending.pop()
        if item in seen:
            continue
        seen.add(item)
        try:
            found[item[0]] = distribution(item[0]).version
        except PackageNotFoundError as error:
            raise SystemExit(f"{item[0]} is not installed: pip install '.[{','.join(EXTRAS)}]'") from error
        pending += needed(*item)
    del found[PROJECT]
    return dict(sorted(found.items()))


if __name__ == "__main__":
    rows = "".join(f"{name}=={version}\n" for name, version in pins().items())
    (ROOT / "constraints.txt").write_text(HEAD + rows, encoding="utf-8", newline="\n")
