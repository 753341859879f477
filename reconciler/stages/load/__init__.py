"""load: files in, parsed documents, templates and tables out.

Everything that is wrong with a file is a diagnostic at its place, and the other files are still read.
"""

from functools import cached_property
from typing import Any, get_args

from reconciler.diagnostics import Diagnostic, Severity, SourceRange
from reconciler.kinds import kinds
from reconciler.model.inventory import WITHOUT_OBJECTS, Document, FileTree, Loaded, Table, Template
from reconciler.model.limits import MAX_BYTES, MAX_FILES
from reconciler.model.matching import is_meant
from reconciler.model.project import PROJECT_FILE, Delimiter, Encoding
from reconciler.model.values import YamlMap
from reconciler.stages.load.cells import CsvForm
from reconciler.stages.load.tables import read_table
from reconciler.yamltext.comments import cut_texts
from reconciler.yamltext.events import parse
from reconciler.yamltext.messages import bad_encoding

_YAML = (".yaml", ".yml", ".json")
"""JSON is YAML: the same reader, places and bounds."""

_TEMPLATE = (".yaml.j2", ".yml.j2")


def load(tree: FileTree) -> Loaded:
    """Reads `reconciler.yaml`, every `*.yaml`, `*.yml` and `*.json` below the root, the templates `*.yaml.j2`, and the
    tables that `generate` names. Hidden files and what `exclude` in `reconciler.yaml` names are left out."""
    reading = _Reading(tree)
    return reading.loaded()


class _Reading:
    """One run of `load`: the tree, and the diagnostics found so far."""

    def __init__(self, tree: FileTree) -> None:
        self.tree = tree
        self.diagnostics: list[Diagnostic] = []

    @cached_property
    def _names(self) -> frozenset[str]:
        """The fields that hold names and texts of people."""
        known = list(kinds())
        keys = {name for kind in known for name in (kind.key, kind.key_fallback, kind.name) if name}
        return frozenset({"address", "aliases", "description", "note", "notes"} | keys).union(
            reference.place.rpartition(".")[2] for kind in known for reference in kind.references
        )

    def loaded(self) -> Loaded:
        paths = self._paths()
        project, has_secrets = self._project(paths)
        forms = _tables_of(project)
        tables = tuple(table for file, form in forms.items() if (table := self._table(file, form, paths)))
        sources = _without_excluded(paths, project)
        skipped = {PROJECT_FILE, *forms}
        documents = [self._document(path) for path in sources if path.endswith(_YAML) and path not in skipped]
        templates = [self._template(path) for path in sources if path.endswith(_TEMPLATE)]
        for path in sources:
            if path.endswith("/"):
                self._read(path)
        return Loaded(
            project=project,
            project_has_secrets=has_secrets,
            documents=tuple(item for item in documents if item),
            templates=tuple(item for item in templates if item),
            tables=tables,
            diagnostics=tuple(self.diagnostics),
        )

    def report(self, rule: str, summary: str, detail: str, file: str) -> None:
        """An error about a file as a whole."""
        source = SourceRange(file, 1, 1)
        self.diagnostics.append(
            Diagnostic(severity=Severity.ERROR, rule=rule, summary=summary, detail=detail, source=source)
        )

    def _paths(self) -> tuple[str, ...]:
        try:
            paths = self.tree.paths()
        except OSError as error:
            detail = f"the inventory's directory can't be listed: {error.strerror or error}"
            self.report("unreadable-file", "A file can't be read", detail, ".")
            return ()
        if len(paths) > MAX_FILES:
            detail = f"{len(paths):,} files; at most {MAX_FILES:,} are read: is this an inventory's directory?"
            self.report("too-many-files", "The inventory has too many files", detail, ".")
            return ()
        return paths

    def _read(self, path: str) -> bytes | None:
        try:
            return self.tree.read(path)
        except OSError as error:
            self.report("unreadable-file", "A file can't be read", f"{path}: {error.strerror or error}", path)
            return None

    def _project(self, paths: tuple[str, ...]) -> tuple[YamlMap, bool]:
        if PROJECT_FILE not in paths:
            if not self.diagnostics:
                detail = f"create {PROJECT_FILE} at the inventory's root; its first line is `version: 1`"
                self.report("no-project-file", "The directory is not an inventory", detail, PROJECT_FILE)
            return YamlMap(), False
        document = self._document(PROJECT_FILE)
        return (document.data, document.has_secrets) if document else (YamlMap(), False)

    def _document(self, path: str) -> Document | None:
        if path.endswith(f"/{PROJECT_FILE}"):
            detail = f"{path}: an inventory has one {PROJECT_FILE}, at its root"
            self.report("nested-project-file", "A second project file", detail, path)
            return None
        data = self._read(path)
        if data is None:
            return None
        parsed = parse(data, path)
        if parsed.diagnostics:
            self.diagnostics += parsed.diagnostics
        elif b" #" in data:
            self.diagnostics += cut_texts(data.decode(), path, self._names)
        if parsed.value.__class__ is YamlMap:
            return Document(path, parsed.value, parsed.has_secrets)
        if parsed.value is not None:
            detail = "a file is a mapping such as `sites:` with a list of objects below it"
            self.report("not-a-mapping", "The file is not a mapping", detail, path)
        return None

    def _template(self, path: str) -> Template | None:
        data = self._read(path)
        if data is None:
            return None
        if len(data) > MAX_BYTES:
            self.report("file-too-large", "The file is too large", f"at most {MAX_BYTES:,} bytes are read", path)
            return None
        try:
            return Template(path, data.decode("utf-8-sig"))
        except UnicodeDecodeError as error:
            self.diagnostics.append(bad_encoding(data, error.start, path))
            return None

    def _table(self, file: str, form: CsvForm, paths: tuple[str, ...]) -> Table | None:
        if file not in paths:
            return None  # compose says so, at the place where it is named
        data = self._read(file)
        if data is None:
            return None
        table, found = read_table(data, file, form)
        self.diagnostics += found
        return table


def _tables_of(project: YamlMap) -> dict[str, CsvForm]:
    """The files that `generate` names as rows, and how they are written; the project is not validated yet, so nothing
    is taken for granted. Of a file that is named twice, what the last entry says counts."""
    entries: Any = project.get("generate")
    found: dict[str, CsvForm] = {}
    for entry in entries if isinstance(entries, list) else ():
        name = entry.get("rows") if isinstance(entry, dict) else None
        if isinstance(name, str):
            known = found.get(name, CsvForm())
            delimiter, encoding = entry.get("delimiter"), entry.get("encoding")
            found[name] = CsvForm(
                delimiter if delimiter in get_args(Delimiter) else known.delimiter,
                encoding if encoding in get_args(Encoding) else known.encoding,
            )
    return found


def _without_excluded(paths: tuple[str, ...], project: YamlMap) -> list[str]:
    globs: Any = project.get("exclude")
    patterns = [glob for glob in globs if isinstance(glob, str)] if isinstance(globs, list) else []
    kept = [path for path in paths if not path.startswith(WITHOUT_OBJECTS)]
    return [path for path in kept if not any(is_meant(path, glob) for glob in patterns)] if patterns else kept
