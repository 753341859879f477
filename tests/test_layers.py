"""The layers of the tree, held by reading every module's imports: who may know whom, and which library lives where."""

import ast
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "reconciler"

STAGES = ("load", "compose", "validate", "read", "match", "diff", "plan", "apply")

MAY_IMPORT: dict[str, tuple[str, ...]] = {
    "diagnostics": (),
    "emulator": (),
    "errors": ("diagnostics",),
    "model": ("diagnostics",),
    "kinds": ("model", "diagnostics"),
    "yamltext": ("model", "diagnostics", "kinds", "sources.writing"),
    "transport": ("errors",),
    "mist": ("errors", "model.hiding", "model.values", "transport"),
    "comment": ("errors", "mist.redact", "model.values", "transport"),
    "semantics": ("model", "kinds"),
    "sources": ("model", "errors"),
    "settings": ("errors", "model", "mist", "sources", "transport"),
    "stages.load": ("model", "diagnostics", "kinds", "yamltext"),
    "stages.compose": ("model", "diagnostics", "kinds", "semantics.equality", "yamltext"),
    "stages.validate": ("model", "diagnostics", "kinds", "semantics"),
    "stages.read": ("model", "kinds", "errors", "mist", "semantics.bulk", "semantics.ports"),
    "stages.match": ("model", "diagnostics", "kinds", "semantics"),
    "stages.diff": ("model", "diagnostics", "kinds", "semantics"),
    "stages.plan": ("model", "diagnostics", "kinds", "semantics"),
    "stages.apply": ("model", "kinds", "errors", "mist", "semantics"),
    "approval": ("model", "diagnostics", "errors", "kinds", "semantics", "sources.writing"),
    "policies": ("model", "diagnostics", "errors", "kinds", "semantics"),
    "drift": ("model", "diagnostics", "errors", "kinds", "mist", "semantics", "yamltext"),
    "export": (
        "model",
        "diagnostics",
        "drift.places",
        "errors",
        "kinds",
        "semantics",
        "sources.credentials",
        "yamltext",
    ),
    "imports": ("model", "diagnostics", "errors", "export.items", "kinds", "semantics"),
    "snapshot": ("model", "approval.fingerprints", "drift", "errors", "kinds", "semantics", "sources.writing"),
    "runs": ("model", "errors", "mist", "sources.git", "sources.writing"),
    "report": ("model", "diagnostics", "errors"),
    "schema": ("model", "diagnostics", "kinds"),
    "pipeline.collector": (),
    "pipeline.offline": (
        "model",
        "kinds",
        "policies",
        "sources.alone",
        "sources.secrets",
        "pipeline.collector",
        "stages.load",
        "stages.compose",
        "stages.validate",
    ),
    "pipeline.pins": ("diagnostics", "model"),
    "pipeline.reads": (
        "model",
        "kinds",
        "approval.causes",
        "approval.seen",
        "stages.plan.forecast",
        "stages.read",
    ),
    "pipeline.online": (
        "pipeline.pins",
        "pipeline.reads",
        "pipeline.collector",
        "model",
        "diagnostics",
        "errors",
        "kinds",
        "mist",
        "policies",
        "approval.causes",
        "drift.authors",
        "drift.log",
        "drift.members",
        "semantics.naming",
        "semantics.sealing",
        "semantics.together",
        "stages.read",
        "stages.match",
        "stages.diff",
        "stages.plan",
        "stages.apply",
    ),
    "pipeline.drift": (
        "model",
        "diagnostics",
        "approval.causes",
        "kinds",
        "mist",
        "drift",
        "sources.edited",
        "stages.diff",
        "stages.match",
        "pipeline",
    ),
    "pipeline.export": (
        "model",
        "diagnostics",
        "errors",
        "kinds",
        "mist",
        "export",
        "semantics.together",
        "sources.texts",
        "stages.diff",
        "stages.match",
        "stages.read",
        "pipeline",
    ),
    "pipeline.tables": (
        "model",
        "diagnostics",
        "drift.values",
        "export.cells",
        "stages.load.cells",
        "yamltext",
    ),
    "pipeline.newrows": ("model", "diagnostics", "export.items", "pipeline.tables", "yamltext"),
    "pipeline.again": (
        "model",
        "diagnostics",
        "drift.adopt",
        "errors",
        "export",
        "kinds",
        "semantics.together",
        "sources.edited",
        "sources.texts",
        "stages.diff",
        "stages.match",
        "yamltext",
        "pipeline",
    ),
    "pipeline.snapshot": (
        "model",
        "diagnostics",
        "approval.fingerprints",
        "drift",
        "errors",
        "kinds",
        "mist",
        "semantics.forms",
        "semantics.sealing",
        "snapshot",
    ),
    "pipeline.rollback": ("model", "kinds", "mist", "stages.diff", "pipeline"),
    "pipeline.imports": (
        "diagnostics",
        "errors",
        "imports",
        "kinds",
        "semantics.together",
        "sources.texts",
        "stages.match",
        "pipeline",
    ),
    "pipeline.backup": (
        "model",
        "diagnostics",
        "imports.backup",
        "kinds",
        "semantics.together",
        "stages.match",
        "stages.read",
        "pipeline",
    ),
    "pipeline.rows": (
        "model",
        "diagnostics",
        "errors",
        "export",
        "imports.table",
        "kinds",
        "sources.edited",
        "stages.load",
        "pipeline",
    ),
    "pipeline.watching": ("model", "errors", "mist", "semantics.sealing"),
    "pipeline.listing": (
        "model",
        "kinds",
        "mist",
        "drift",
        "export",
        "semantics.together",
        "stages.match",
        "stages.read",
        "pipeline",
    ),
    "demo": ("errors",),
    "cli": ("*",),
    "__main__": ("cli",),
}
"""What each part of the package may import of the others; a part may always import itself. Only the command line may
import everything (`*`)."""

HOMES: dict[str, tuple[str, ...]] = {
    "click": ("cli",),
    "deepdiff": ("stages.diff",),
    "dotenv": ("sources.envfile",),
    "filelock": ("runs.ledger", "runs.lock"),
    "jinja2": ("stages.compose", "report.html"),
    "msgspec": ("*",),
    "pydantic": ("kinds", "model.project_fields", "stages.compose", "stages.validate", "schema"),
    "requests": ("transport", "emulator.adapter", "demo"),
    "rich": ("report", "cli"),
    "ruamel": ("yamltext", "emulator.seed"),
    "urllib3": ("transport", "emulator.adapter"),
}
"""Where a third-party library may be imported; `*`: everywhere."""

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
    """The part of `MAY_IMPORT` that a module belongs to: a package of a package where that is named by itself."""
    return next((part for part in sorted(MAY_IMPORT, key=len, reverse=True) if below(module, (part,))), "")


ALL = tuple(modules())
OF_PART = {part: [(module, ours(names)) for module, names in ALL if part_of(module) == part] for part in MAY_IMPORT}


def test_every_module_belongs_to_a_part_whose_imports_are_held() -> None:
    marks = ("", "stages", "pipeline")  # packages that hold nothing but a docstring
    assert [module for module, names in ALL if not part_of(module) and (module not in marks or names)] == []


@pytest.mark.parametrize("part", sorted(MAY_IMPORT))
def test_a_layer_imports_only_what_lies_below_it(part: str) -> None:
    allowed = (part, *MAY_IMPORT[part])
    wrong = [
        f"{module} imports {name}"
        for module, names in OF_PART[part]
        for name in names
        if "*" not in allowed and not below(name, allowed) and name != "__version__"
    ]
    assert not wrong


@pytest.mark.parametrize("part", sorted(MAY_IMPORT))
def test_nothing_is_allowed_that_no_module_needs(part: str) -> None:
    used = [name for _, names in OF_PART[part] for name in names]
    unused = [allowed for allowed in MAY_IMPORT[part] if allowed != "*" and not any(below(n, (allowed,)) for n in used)]
    assert not unused


def test_no_module_imports_itself_by_way_of_others() -> None:
    known = {module for module, _ in ALL}
    graph = {
        module: {target for name in ours(names) if (target := module_of(name, known)) != module}
        for module, names in ALL
    }
    TopologicalSorter({module: sorted(graph[module]) for module in sorted(graph)}).prepare()  # raises CycleError


def module_of(name: str, known: set[str]) -> str:
    """The module that an imported name is, or stands in."""
    while name and name not in known:
        name = name.rpartition(".")[0]
    return name


@pytest.mark.parametrize("library", sorted(name for name, homes in HOMES.items() if "*" not in homes))
def test_a_library_is_imported_only_where_it_lives(library: str) -> None:
    wrong = [
        f"{module} imports {name}"
        for module, names in ALL
        for name in names
        if ALIASES.get(name.partition(".")[0], name.partition(".")[0]) == library and not below(module, HOMES[library])
    ]
    assert not wrong


def test_frozen_data_is_made_in_one_way() -> None:
    """A frozen dataclass takes some fifty times as long to define and eight times as long to make as a `Struct`."""
    frozen = [
        path.relative_to(PACKAGE).as_posix()
        for path in sorted(PACKAGE.rglob("*.py"))
        if "@dataclass(frozen=True" in path.read_text("utf-8") and "emulator" not in path.parts
    ]
    assert not frozen


def test_every_third_party_library_has_a_home() -> None:
    roots = {name.partition(".")[0] for _, names in ALL for name in names}
    foreign = {ALIASES.get(root, root) for root in roots - sys.stdlib_module_names - {"reconciler"}}
    assert foreign <= set(HOMES)


def test_the_pipeline_and_the_stages_never_print() -> None:
    quiet = ("pipeline", "stages", "model", "kinds", "semantics", "mist", "report", "drift", "approval")
    wrong = []
    for path in sorted(PACKAGE.rglob("*.py")):
        module = ".".join(path.relative_to(PACKAGE).with_suffix("").parts)
        if below(module, quiet):
            calls = [node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)]
            wrong += [module for call in calls if isinstance(call.func, ast.Name) and call.func.id == "print"]
    assert not wrong


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_is_a_package_with_one_public_function_of_its_own_name(stage: str) -> None:
    tree = ast.parse((PACKAGE / "stages" / stage / "__init__.py").read_text("utf-8"))
    public = [
        node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name[0] != "_"
    ]
    assert public == [stage]


def test_there_are_no_other_stages() -> None:
    assert sorted(path.parent.name for path in (PACKAGE / "stages").glob("*/__init__.py")) == sorted(STAGES)


@pytest.mark.parametrize("stage", STAGES)
def test_only_the_pipeline_looks_into_a_stage(stage: str) -> None:
    room = f"stages.{stage}"
    wrong = [
        module
        for module, names in ALL
        if not below(module, ("pipeline", room)) and any(below(n, (room,)) for n in ours(names))
    ]
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
