"""The layers of the tree, held by reading every module's imports: who may know whom, and which library lives where."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "reconciler"

STAGE_HELPERS = ("applying", "composing", "loading", "planning", "reading", "semantics", "validation")
"""Packages that hold the parts of stages."""

MAY_IMPORT: dict[str, tuple[str, ...]] = {
    "comment": ("errors", "mist", "model.values"),
    "diagnostics": (),
    "emulator": (),
    "errors": ("diagnostics",),
    "model": ("diagnostics",),
    "kinds": ("model", "diagnostics"),
    "mist": ("errors", "model.hiding", "model.values"),
    "report": ("model", "diagnostics"),
    "semantics": ("model", "kinds"),
    "loading": ("model", "diagnostics"),
    "composing": ("model", "kinds", "diagnostics", "loading", "templating"),
    "validation": ("model", "kinds", "diagnostics", "semantics"),
    "reading": ("model", "kinds", "errors", "mist"),
    "planning": ("model", "kinds", "diagnostics", "semantics"),
    "applying": ("model", "kinds", "errors", "mist", "semantics"),
    "stages": ("model", "kinds", "errors", "diagnostics", "mist", *STAGE_HELPERS),
    "filetree": ("loading",),
    "policies": ("model", "kinds", "diagnostics", "errors", "semantics"),
    "runs": ("model", "errors", "mist"),
    "templating": ("loading", "model"),
    "credentials": (),
    "envfile": (),
    "secrets": ("credentials", "envfile", "model"),
    "settings": ("envfile", "errors", "model", "mist"),
}
"""What each part of the package may import of the others; a part may always import itself. Parts that are not named
here (pipeline, cli and what the command line composes) see what they need, within the rules below."""

HOMES: dict[str, tuple[str, ...]] = {
    "click": ("cli",),
    "deepdiff": ("semantics", "stages.diff"),
    "filelock": ("runs.lock",),
    "jinja2": ("composing", "templating", "report.html"),
    "pydantic": ("kinds", "model.project", "settings", "composing", "validation", "schemas"),
    "requests": ("mist", "comment.web", "emulator.adapter", "demo"),
    "rich": ("report", "cli"),
    "ruamel": ("loading", "emulator.seed", "rewriting"),
    "urllib3": ("mist", "comment.web", "emulator.adapter"),
}
"""Where a third-party library may be imported."""

ALIASES = {"_ruamel_yaml": "ruamel", "pydantic_core": "pydantic"}


def modules() -> Iterator[tuple[str, list[str]]]:
    """Every module below the package, without its prefix, and the absolute names that it imports anywhere in it."""
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        name = ".".join(part for part in parts if part != "__init__")
        yield name, imports(ast.parse(path.read_text("utf-8")), name, is_package=path.name == "__init__.py")


def imports(tree: ast.AST, module: str, *, is_package: bool) -> list[str]:
    """The names that a module imports, with relative ones made absolute; `from a import b` counts as `a.b`, because
    `b` may be a module."""
    found: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            above = ["reconciler", *module.split(".")]
            base = above[: len(above) - node.level + is_package] if node.level else []
            start = ".".join([*base, *((node.module or "").split(".") if node.module else [])])
            found += [f"{start}.{alias.name}" for alias in node.names]
    return found


def ours(names: list[str]) -> list[str]:
    """The imports of this package, without its prefix."""
    return [name.removeprefix("reconciler.") for name in names if name.startswith("reconciler.")]


def below(name: str, prefixes: tuple[str, ...]) -> bool:
    return any(name == prefix or name.startswith(f"{prefix}.") for prefix in prefixes)


def part_of(module: str) -> str:
    return module.partition(".")[0]


ALL = tuple(modules())


@pytest.mark.parametrize("part", sorted(MAY_IMPORT))
def test_a_layer_imports_only_what_lies_below_it(part: str) -> None:
    allowed = (part, *MAY_IMPORT[part])
    wrong = [
        f"{module} imports {name}"
        for module, names in ALL
        if part_of(module) == part
        for name in ours(names)
        if not below(name, allowed) and name != "__version__"
    ]
    assert not wrong


def test_a_stage_never_imports_another_stage() -> None:
    wrong = [
        f"{module} imports {name}"
        for module, names in ALL
        if part_of(module) == "stages"
        for name in ours(names)
        if below(name, ("stages",))
    ]
    assert not wrong


def test_only_the_pipeline_and_what_stands_above_it_import_stages() -> None:
    above = ("pipeline", "drifting", "cli", "stages")
    wrong = [
        module for module, names in ALL if not below(module, above) and any(below(n, ("stages",)) for n in ours(names))
    ]
    assert not wrong


def test_nothing_but_the_entry_point_imports_the_command_line() -> None:
    known = ("cli", "__main__", "demo")
    wrong = [
        module for module, names in ALL if not below(module, known) and any(below(n, ("cli",)) for n in ours(names))
    ]
    assert not wrong


@pytest.mark.parametrize("library", sorted(HOMES))
def test_a_library_is_imported_only_where_it_lives(library: str) -> None:
    wrong = [
        f"{module} imports {name}"
        for module, names in ALL
        for name in names
        if ALIASES.get(name.partition(".")[0], name.partition(".")[0]) == library and not below(module, HOMES[library])
    ]
    assert not wrong


def test_every_third_party_library_has_a_home() -> None:
    roots = {name.partition(".")[0] for _, names in ALL for name in names}
    foreign = {ALIASES.get(root, root) for root in roots - sys.stdlib_module_names - {"reconciler"}}
    assert foreign <= set(HOMES)


def test_the_pipeline_and_the_stages_never_print() -> None:
    quiet = ("pipeline", "drifting", "stages", "model", "kinds", *STAGE_HELPERS, "mist", "report")
    wrong = []
    for path in sorted(PACKAGE.rglob("*.py")):
        module = ".".join(path.relative_to(PACKAGE).with_suffix("").parts)
        if below(module, quiet):
            calls = [node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)]
            wrong += [module for call in calls if isinstance(call.func, ast.Name) and call.func.id == "print"]
    assert not wrong


def test_every_stage_has_one_public_function_of_its_own_name() -> None:
    wrong = []
    for path in sorted((PACKAGE / "stages").glob("[a-z]*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        public = [node.name for node in tree.body if isinstance(node, ast.FunctionDef) and node.name[0] != "_"]
        if public != [path.stem]:
            wrong.append(f"{path.stem}: {public}")
    assert not wrong


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("import a.b", ["a.b"]),
        ("from a.b import c, d", ["a.b.c", "a.b.d"]),
        ("def f():\n    from a import b", ["a.b"]),
        ("from . import x", ["reconciler.stages.x"]),
        ("from ..model import y", ["reconciler.model.y"]),
    ],
)
def test_imports_are_found_wherever_they_stand(source: str, expected: list[str]) -> None:
    assert imports(ast.parse(source), "stages.load", is_package=False) == expected
