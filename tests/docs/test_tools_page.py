"""docs/tools.md: completion works in a shell, a stray file is an error until it is excluded; every page is found."""

import re
import subprocess
from pathlib import Path

import pytest

from reconciler.pipeline.offline import load_inventory
from reconciler.report.diagnostics import diagnostic_lines
from reconciler.report.lines import as_text
from tests.docs.readme import README, ROOT, blocks
from tests.stages.compose.support import Files

DOCS = ROOT / "docs"
TEXT = (DOCS / "tools.md").read_text("utf-8")
STRAY = {"reconciler.yaml": "version: 1\n", "compose.yaml": "volumes: {db: {}}\n"}


def test_the_line_for_bash_makes_the_command_complete(quick: Path) -> None:
    line = next(row.split("`")[1] for row in TEXT.splitlines() if row.startswith("| bash"))
    asked = (
        'COMP_WORDS=(reconciler dr); COMP_CWORD=1; _reconciler_completion reconciler; printf "%s\\n" "${COMPREPLY[@]}"'
    )
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-c", f"{line}\ncomplete -p reconciler\n{asked}"],
        env={"PATH": f"{quick}:/usr/bin:/bin"},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    declared, *found = done.stdout.split("\n")
    assert declared.endswith(" reconciler")
    assert "drift" in found


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_lines_name_the_variable_that_the_command_looks_at(shell: str) -> None:
    assert f"_RECONCILER_COMPLETE={shell}_source reconciler" in TEXT


def test_a_stray_file_is_the_error_that_the_page_shows_and_none_when_it_is_excluded() -> None:
    shown = next(block.text.strip() for block in blocks(TEXT) if block.language == "text")
    assert shown in as_text(diagnostic_lines(load_inventory(Files(STRAY), environ={}).diagnostics))
    excluded = next(block.text for block in blocks(TEXT) if block.text.startswith("exclude:"))
    tree = Files({**STRAY, "charts/values.yaml": "a: 1", "reconciler.yaml": f"version: 1\n{excluded}"})
    assert load_inventory(tree, environ={}).diagnostics == ()


def links(page: Path) -> set[Path]:
    """The pages that a page links to."""
    found = re.findall(r"\]\((?!http)([^)#]+\.md)(?:#[^)]*)?\)", page.read_text("utf-8"))
    return {(page.parent / link).resolve() for link in found}


def test_every_page_is_reached_from_the_index_and_the_index_from_the_readme() -> None:
    index = DOCS / "README.md"
    assert index in links(README)
    pending, reached = [index], {index}
    while pending:
        new = links(pending.pop()) - reached
        reached |= new
        pending += [page for page in new if page.exists()]
    assert set(DOCS.rglob("*.md")) - reached == set()
    assert [page for page in reached if not page.exists()] == []
