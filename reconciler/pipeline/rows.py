"""The way in from a spreadsheet: a CSV -> objects in the files of an inventory, or a template and a table of its own.

rows -> items -> secrets become references -> files, edited where they are there -> composed and checked as a whole
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from reconciler.diagnostics import Diagnostic, Severity, SourceRange, in_order
from reconciler.errors import InventoryError, ReconcilerError
from reconciler.export.edits import Edits
from reconciler.export.items import Item
from reconciler.export.project import Additions, add_to_project
from reconciler.export.references import external_of
from reconciler.export.secrets import known_names, with_references
from reconciler.export.tables import ALL_ROWS, tables_of
from reconciler.imports.table import TableRows, objects_in
from reconciler.kinds import Kind, kinds
from reconciler.model.address import Address
from reconciler.model.inventory import FileTree, Inventory
from reconciler.model.matching import nearest
from reconciler.model.values import SecretRef
from reconciler.pipeline.offline import load_inventory
from reconciler.sources.edited import EditedTree, text_of
from reconciler.stages.load.cells import CsvForm
from reconciler.stages.load.tables import read_table


class RowsImport(Struct, frozen=True, kw_only=True):
    """New texts of files by path, how many objects are in them, the names of their secrets, and what to know."""

    files: Mapping[str, str]
    objects: int
    secrets: tuple[str, ...]
    diagnostics: tuple[Diagnostic, ...] = ()


class Spreadsheet(Struct, frozen=True, kw_only=True):
    """A CSV file, what its objects are, and which field a column fills where its header does not say so."""

    content: bytes
    file: str
    kind: Kind
    fields: Mapping[str, str]
    delimiter: str | None = None
    encoding: str | None = None


def import_rows(sheet: Spreadsheet, tree: FileTree, *, environ: Mapping[str, str], as_table: bool) -> RowsImport:
    """The objects of a spreadsheet in the files of the inventory `tree`; `as_table`: as a template and a table.

    Raises `UsageError` for a column that means nothing, and `InventoryError` for rows that are no valid objects, an
    inventory with errors, and what would not be the same afterwards."""
    table, told = read_table(sheet.content, sheet.file, CsvForm(sheet.delimiter, sheet.encoding))
    _refuse(told)
    rows = objects_in(table, sheet.kind, kinds(), fields=sheet.fields)
    _refuse(rows.diagnostics)
    before = load_inventory(tree, environ=environ)
    _refuse([item for item in before.diagnostics if item.rule != "missing-secret"])
    items, secrets = with_references(rows.items, known=known_names(before.resources), field_first=as_table)
    edits = Edits(before.resources, lambda file: text_of(tree, file), tree.paths(), kinds())
    additions = Additions(
        external=external_of(items, kinds(), declared=[item.address for item in before.resources]), secrets=secrets
    )
    if as_table:
        tables = tables_of(items, kinds(), bounds=ALL_ROWS, taken=tree.paths())
        edits.texts.update(tables.files)
        edits.add_objects(tables.items)
        additions = replace(additions, generate=tables.generate)
    else:
        edits.add_objects(items)
    named = add_to_project(edits, before, additions, kinds())
    values = {**environ, **secrets.values}
    files = edits.changed()
    after = load_inventory(EditedTree(tree, files), environ=values)
    _refuse(_at_rows(after.diagnostics, rows, sheet.file))
    _prove(items, before, after)
    return RowsImport(
        files=files,
        objects=len(items),
        secrets=tuple(sorted(secrets.places)),
        diagnostics=in_order([*told, *_told(named, before)]),
    )


def _refuse(found: Sequence[Diagnostic]) -> None:
    errors = tuple(item for item in found if item.severity is Severity.ERROR)
    if errors:
        raise InventoryError(
            f"{len(errors):,} error{'' if len(errors) == 1 else 's'}; nothing was written", diagnostics=in_order(errors)
        )


def _at_rows(found: Sequence[Diagnostic], rows: TableRows, file: str) -> list[Diagnostic]:
    """What validation says of the new objects, at the rows that they come from."""
    lines = {address.text: line for address, line in rows.lines.items()}
    kept = []
    for item in found:
        if item.rule == "missing-secret":
            continue
        holder = next((text for text in (item.address, (item.address or "").rpartition("/")[0]) if text in lines), None)
        kept.append(replace(item, source=SourceRange(file, lines[holder], 1)) if holder else item)
    return kept


def _prove(items: Sequence[Item], before: Inventory, after: Inventory) -> None:
    """Each object says what its row says, and what was declared before is what it was."""
    found = {item.address: item for item in after.resources}
    for item in items:
        for path, value in _leaves_of(item.body):
            address = item.address
            body: Any = found[address].body if address in found else {}
            if len(path) > 1 and path[0] not in body:
                child = found.get(Address.of(path[0], None, parent=address))
                body, path = (child.body, path[1:]) if child else (body, path)
            if path[0] != "profiles" and not _says(body, path, value):
                raise _changed(f"{address} does not come to what its row says at `{'.'.join(map(str, path))}`")
    for resource in before.resources:
        if resource.address not in found or not _same(found[resource.address].body, resource.body):
            raise _changed(f"{resource.address} would not be what it was")


def _same(one: Any, other: Any) -> bool:
    """Whether two bodies are equal; a secret that is not set is known by its name only."""
    return bool(one == other) or repr(one) == repr(other)


def _changed(why: str) -> ReconcilerError:
    return ReconcilerError(f"The import could not be proved: {why}; nothing was written")


def _leaves_of(value: Any, path: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], Any]]:
    if isinstance(value, Mapping):
        return [leaf for key, item in value.items() for leaf in _leaves_of(item, (*path, key))]
    return [(path, value)]


def _says(body: Any, path: tuple[str, ...], value: Any) -> bool:
    for step in path:
        body = body.get(step) if isinstance(body, Mapping) else None
    return isinstance(value, SecretRef) or bool(body == value)


def _told(external: Mapping[str, Sequence[str]], inventory: Inventory) -> list[Diagnostic]:
    """Names that became `external`, which may be mistakes in writing as well."""
    declared: defaultdict[str, list[str]] = defaultdict(list)
    for item in inventory.resources:
        declared[kinds()[item.kind].plural].append(item.address.name or "")
    found = []
    for plural, names in external.items():
        near = {name: nearest(name, declared[plural], most=1) for name in names}
        meant = "".join(f"; did you mean {near[name][0]!r} for {name!r}?" for name in names if near[name])
        detail = f"{plural}: {', '.join(names)}. They stand under `external`; a plan says whether they are live{meant}"
        summary = "Names that nothing declares"
        found.append(Diagnostic(severity=Severity.WARNING, rule="external", summary=summary, detail=detail))
    return found
