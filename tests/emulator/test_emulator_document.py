"""The emulator's own house: routes with handlers, facts without sentences, no circle, no foreign import.

What it answers is compared with the vendor's document by tools/audit_emulator.py.
"""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import pytest

from reconciler.emulator import constants, files, handlers
from reconciler.emulator.routes import load_routes
from tests.emulator.support import ROOT

ROUTES = load_routes()
HANDLED = sorted(handlers.build_handlers(ROUTES))
SOURCES = sorted((ROOT / "reconciler" / "emulator").glob("*.py"))


def test_every_handler_has_a_route() -> None:
    assert len(HANDLED) > 400
    collected = {**handlers.FIXED, **files.HANDLERS, **constants.HANDLERS}
    unknown = [key for key in collected if key not in HANDLED]
    assert unknown == []


def test_a_route_that_the_document_lacks_says_who_has_it() -> None:
    added = {(m, p): o.source for p, r in ROUTES.routes.items() for m, o in r.methods.items() if o.source}
    assert set(added.values()) == {"provider", "site page"}


def test_no_module_of_the_emulator_imports_in_a_circle() -> None:
    graph: dict[str, set[str]] = {}
    for source in SOURCES:
        names = [n for n in ast.walk(ast.parse(source.read_text("utf-8"))) if isinstance(n, ast.ImportFrom)]
        targets = {f"{n.module}.{a.name}" for n in names for a in n.names} | {str(n.module) for n in names}
        ours = {t.removeprefix("reconciler.emulator.") for t in targets if t.startswith("reconciler.emulator.")}
        graph[source.stem] = ours & {s.stem for s in SOURCES}
    assert list(TopologicalSorter(graph).static_order())


def test_the_facts_hold_no_sentences() -> None:
    text = (ROOT / "reconciler" / "emulator" / "facts.json").read_text("utf-8")
    values: list[str] = []

    def walk(node: Any) -> None:
        children = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
        for child in children:
            if isinstance(child, str):
                values.append(child)
            walk(child)

    walk(json.loads(text))
    # Defaults and enums are short; the longest is the text of a message that a guest gets.
    assert max(map(len, values)) < 60


@pytest.mark.parametrize("source", SOURCES, ids=lambda p: p.name)
def test_the_emulator_imports_nothing_else_of_this_project(source: Path) -> None:
    names = set()
    for node in ast.walk(ast.parse(source.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0
            names.add(node.module or "")
    ours = {n for n in names if n.split(".")[0] == "reconciler"}
    assert all(n.startswith("reconciler.emulator") for n in ours)
    assert len(source.read_text("utf-8").splitlines()) < 400


def test_the_core_loads_neither_requests_nor_a_web_server() -> None:
    code = (
        "import sys, reconciler.emulator as e; e.Emulator(); "
        "print([m for m in ('requests', 'werkzeug', 'http.server', 'ruamel.yaml') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout == "[]\n"


def test_the_package_has_no_other_names() -> None:
    import reconciler.emulator as package

    with pytest.raises(AttributeError):
        _ = package.Reconciler
