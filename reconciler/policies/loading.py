"""The policy files that the project file names, run: their policies and what is wrong with them.

This executes code from the inventory, with everything that the person who runs the command may do. Only the command
line decides whether it happens; see `trust`.
"""

import ast
import contextlib
import sys
from collections.abc import Iterable, Iterator, Sequence
from types import ModuleType

from reconciler.diagnostics import Diagnostic, SourceRange
from reconciler.model.inventory import FileTree
from reconciler.model.matching import is_meant
from reconciler.model.policy import Policy
from reconciler.model.project import PROJECT_FILE
from reconciler.model.values import Mark
from reconciler.policies.problems import place_in, problem, reason_of


def load_policies(
    tree: FileTree, patterns: Sequence[str], *, marks: Sequence[Mark], built_in: Iterable[str]
) -> tuple[tuple[Policy, ...], tuple[Diagnostic, ...]]:
    """The policies of the files that fit the patterns, in the order of files and lines; an id counts once.

    `marks` are the places of the patterns in the project file, `built_in` the ids that no policy may have.
    """
    diagnostics: list[Diagnostic] = []
    found: list[Policy] = []
    for path in _files(tree, patterns, marks, diagnostics):
        try:
            source = tree.read(path).decode("utf-8")
            _refuse_hidden(ast.parse(source, path))
            found += _policies(source, path)
        except OSError as error:
            detail = f"it can't be read: {error.strerror or error}"
            diagnostics.append(problem("bad-policy", detail, SourceRange(path, 1, 1)))
        except (Exception, SystemExit) as error:
            diagnostics.append(problem("bad-policy", reason_of(error), place_in(error, path)))
    return _each_once(found, frozenset(built_in), diagnostics), tuple(diagnostics)


def _files(
    tree: FileTree, patterns: Sequence[str], marks: Sequence[Mark], diagnostics: list[Diagnostic]
) -> Iterator[str]:
    try:
        paths = [path for path in tree.paths() if path.endswith(".py")]
    except OSError:
        paths = []  # loading has said why
    chosen: set[str] = set()
    for at, pattern in enumerate(patterns):
        fitting = {path for path in paths if is_meant(path, pattern)}
        chosen |= fitting
        if not fitting:
            place = SourceRange(*marks[at]) if at < len(marks) else SourceRange(PROJECT_FILE, 1, 1)
            detail = f"{pattern}: no *.py file of the inventory has this name; write it relative to {PROJECT_FILE}"
            diagnostics.append(problem("unknown-policy-file", detail, place))
    yield from sorted(chosen)


def _refuse_hidden(tree: ast.Module) -> None:
    """A second function of the same name would silently take the place of the first one, which may be a policy."""
    seen: dict[str, int] = {}
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            if node.name in seen:
                message = f"two functions are called {node.name}, so that the one of line {seen[node.name]} is lost"
                raise SyntaxError(message, ("", node.lineno, 1, None))
            seen[node.name] = node.lineno


def _policies(source: str, path: str) -> list[Policy]:
    """Runs one file; what it prints goes to stderr, because stdout is for results."""
    module = ModuleType(f"reconciler_policy_{path.removesuffix('.py').replace('/', '_')}")
    module.__file__ = path
    sys.modules[module.__name__] = module  # dataclasses and others look their module up
    try:
        with contextlib.redirect_stdout(sys.stderr):
            exec(compile(source, path, "exec"), module.__dict__)  # noqa: S102 - it is what this module is for
    finally:
        del sys.modules[module.__name__]
    found = [value for value in vars(module).values() if isinstance(value, Policy)]
    return sorted(dict.fromkeys(found), key=lambda item: item.source or SourceRange("", 0, 0))


def _each_once(found: Iterable[Policy], built_in: frozenset[str], diagnostics: list[Diagnostic]) -> tuple[Policy, ...]:
    known: dict[str, Policy] = {}
    for item in found:
        first = known.get(item.id)
        if item.id in built_in:
            diagnostics.append(problem("duplicate-policy", f"{item.id} is the id of a built-in rule", item.source))
        elif first is None:
            known[item.id] = item
        elif first is not item:
            diagnostics.append(problem("duplicate-policy", f"{item.id} is also at {first.source}", item.source))
    return tuple(known.values())
