"""An export onto a tree that people edit: what changed live changes there, in place, and nothing else.

read -> match (with the inventory) -> what differs is adopted, what is new is written where its like are, what is gone
is told or removed -> the edited tree is composed and compared with the same objects
"""

from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from reconciler.diagnostics import Diagnostic, Severity, has_errors, in_order
from reconciler.drift.adopt import adopt
from reconciler.errors import InventoryError, ReconcilerError
from reconciler.export.edits import Edits, canonical_as_before, extra, only_extra
from reconciler.export.items import EVERYTHING, Draft, Item, Selection, is_wanted, left_out
from reconciler.export.objects import draft_of
from reconciler.export.project import Additions, add_to_project
from reconciler.export.proof import faults_of, without_faults
from reconciler.export.references import with_names
from reconciler.export.secrets import Secrets, known_names, with_references
from reconciler.kinds import Kinds
from reconciler.kinds.lists import with_unmodelled
from reconciler.kinds.registry import kinds
from reconciler.model.address import Address
from reconciler.model.change import Action, Change
from reconciler.model.drift import Done
from reconciler.model.inventory import FileTree, Inventory
from reconciler.model.match import Matches
from reconciler.model.project import PROJECT_FILE
from reconciler.model.resource import Resource
from reconciler.model.values import Path, SecretRef
from reconciler.pipeline.export import Export, composition_of
from reconciler.pipeline.newrows import put_in_rows
from reconciler.pipeline.offline import load_inventory
from reconciler.pipeline.tables import Row, TableEdits, row_of
from reconciler.semantics.together import sealed_together
from reconciler.sources.edited import EditedTree, text_of
from reconciler.sources.texts import TextTree
from reconciler.stages.diff import diff
from reconciler.stages.match import match
from reconciler.yamltext.edit.edits import rewritten
from reconciler.yamltext.edit.nodes import Unwritable
from reconciler.yamltext.events import parse

_ROUNDS = 8
_CANT = "A live value can't be written"


class Again(Struct, frozen=True, kw_only=True):
    """New texts of files, files that go, and what became of what: fields that were written, objects that are new, and
    those that are gone live (removed when asked for)."""

    files: Mapping[str, str | bytes]
    removed: tuple[str, ...] = ()
    fields: tuple[Done, ...] = ()
    new: tuple[Address, ...] = ()
    gone: tuple[Address, ...] = ()
    calls: int = 0
    diagnostics: tuple[Diagnostic, ...] = field(default=())


def export_again(
    tree: FileTree,
    matches: Matches,
    *,
    environ: Mapping[str, str],
    selection: Selection = EVERYTHING,
    remove: bool = False,
    only_new: bool = False,
) -> Again:
    """What was read, and what of it is paired already -> an inventory's edited files, proved against it. Raises
    `InventoryError` for an inventory with errors. A secret that `environ` lacks is taken for what is live; `only_new`
    leaves declared objects alone."""
    run = _Run(tree, matches, environ, selection=selection, remove=remove, only_new=only_new)
    return run.result()


def into_project(tree: FileTree, export: Export) -> dict[str, str]:
    """The files of a first export for a directory that has a project file and no object: that one stays as it is, but
    for what the export adds to it. Proved anew."""
    files = dict(export.files)
    text = text_of(tree, PROJECT_FILE)
    before, after = (parse(one.encode(), PROJECT_FILE).value for one in (text, files[PROJECT_FILE]))
    for key, value in after.items():
        if key not in before:
            text = rewritten(text, (key,), value)
    files[PROJECT_FILE] = canonical_as_before(PROJECT_FILE, text_of(tree, PROJECT_FILE), text)
    present = set(tree.paths())
    environ = {name: secret.reveal() for name, secret in export.secrets.items()}
    made = {file: one for file, one in files.items() if file not in present or file == PROJECT_FILE}
    composed = load_inventory(EditedTree(tree, made), environ=environ)
    if has_errors(composed.diagnostics) or composition_of(composed) != composition_of(
        load_inventory(TextTree(export.files), environ=environ)
    ):
        raise ReconcilerError(
            f"With this {PROJECT_FILE} the export is composed to something else; nothing was written",
            remedy="Take `defaults` and `profiles` out of it, or export into an empty directory",
        )
    return files


class _Run:
    def __init__(
        self,
        tree: FileTree,
        matches: Matches,
        environ: Mapping[str, str],
        *,
        selection: Selection,
        remove: bool,
        only_new: bool,
    ) -> None:
        self._tree = tree
        self._known = with_unmodelled(kinds())
        self._remove, self._only_new = remove, only_new
        self._environ, self._inventory = _loaded(tree, matches, environ, self._known)
        self._ids = {item.address: item.live.id for item in matches.matches if item.declared and item.live}
        self._paired = self._match(self._inventory, matches)
        found = diff([item for item in self._paired.matches if item.declared], kinds=self._known)
        self._changes = [change for change in found.changes if is_wanted(change.address, selection) and not only_new]
        draft = draft_of(self._paired, self._known, selection=selection)
        self._draft = with_names(draft, self._known, known=matches.live.names)
        self._resources = {item.address: item for item in self._inventory.resources}
        self._declared = self._resources.keys()
        self._unclear = {(item.rule, item.address): item for item in self._paired.diagnostics}
        """What could not be paired, or not be read: it stays as it is, and is told."""
        self._told: list[Diagnostic] = []
        self._left_rows: set[Row] = set()
        self._touched_rows: set[Row] = set()

    def _match(self, inventory: Inventory, matches: Matches) -> Matches:
        """Pairs what was read. What it was paired with before is a hint, as the ids of earlier runs are."""
        resources = (
            replace(item, known_id=self._ids[item.address]) if item.address in self._ids else item
            for item in inventory.resources
        )
        return sealed_together(match(resources, matches.live, kinds=self._known))

    def result(self) -> Again:
        """Writes, proves, leaves out, until it is proved."""
        draft = self._draft
        for _ in range(_ROUNDS):
            self._told = [replace(item, severity=Severity.WARNING) for item in self._unclear.values()]
            again, secrets = self._written(draft)
            edited = EditedTree(self._tree, again.files, removed=again.removed)
            inventory = load_inventory(edited, environ={**self._environ, **secrets.values})
            paired = self._match(inventory, self._paired)
            found = diff(
                [item for item in paired.matches if item.declared and self._is_ours(item.address)], kinds=self._known
            )
            fresh = [item for item in paired.diagnostics if (item.rule, item.address) not in self._unclear]
            faults = [fault for fault in faults_of(inventory, found, fresh) if not self._is_known(fault.address)]
            mine = [fault for fault in faults if fault.address in {item.address for item in draft.items}]
            if not faults:
                return replace(again, diagnostics=in_order([*draft.diagnostics, *self._told]))
            rows = {
                row for fault in faults if (row := row_of(self._resources.get(fault.address))) in self._touched_rows
            }
            if rows:  # a template makes more of its cells than the fields that were written
                self._left_rows |= {row for row in rows if row}
                continue
            if not mine:
                raise ReconcilerError(
                    f"With the live values the inventory would not be valid: {faults[0].address}: {faults[0].reason}; "
                    "nothing was written",
                    remedy="correct it by hand, and export again",
                )
            draft = without_faults(draft, mine, self._known)
        raise ReconcilerError("The export could not be proved; nothing was written", remedy="export a part of it")

    def _is_ours(self, address: Address) -> bool:
        return not self._only_new or address not in self._declared

    def _is_known(self, address: Address) -> bool:
        """Whether it was told already that an object stays as it is."""
        return any(item.address == address.text for item in self._told if item.rule in ("gone", "not-written"))

    def _written(self, draft: Draft) -> tuple[Again, Secrets]:
        wanted = [self._only_new_in(item) for item in draft.items]
        items, secrets = with_references(
            [item for item in wanted if item.body], known=known_names(self._inventory.resources)
        )
        updates = [change for change in self._changes if change.action is Action.UPDATE]
        tables = TableEdits(self._tree, self._inventory, self._left_rows)
        adoption = adopt(updates, self._inventory, self._text, kinds=self._known, override=True, cells=tables.write)
        self._told += [
            left_out(
                "not-written",
                _CANT,
                f"`{item.path}`: {item.reason}. {item.remedy}",
                item.address,
            )
            for item in adoption.refused
        ]
        edits = Edits(self._inventory.resources, self._text, self._tree.paths(), self._known)
        edits.texts.update(adoption.files)
        fields = [*adoption.done]
        for item in items:
            if item.address in self._declared:
                fields += self._fields(edits, tables, item)
        new = [item for item in items if item.address not in self._declared]
        in_rows = put_in_rows(tables, self._inventory.resources, new)
        self._objects(edits, [item for item in new if item.address not in in_rows])
        gone = [change for change in self._changes if change.action is Action.CREATE]
        self._gone(edits, tables, gone)
        self._touched_rows = tables.touched
        self._project(edits, draft, secrets, new)
        again = Again(
            files={**edits.changed(), **tables.changed()},
            removed=tuple(sorted(edits.removed)),
            fields=tuple(fields),
            new=tuple(item.address for item in new),
            gone=tuple(change.address for change in gone),
            calls=self._paired.live.calls,
        )
        return again, secrets

    def _only_new_in(self, item: Item) -> Item:
        """What of a live object is to be written besides what differs."""
        if item.address not in self._declared:
            return item
        return replace(item, body={}) if self._only_new else only_extra(item, self._resources[item.address])

    def _fields(self, edits: Edits, tables: TableEdits, item: Item) -> list[Done]:
        resource = self._resources[item.address]
        if row_of(resource):
            paths = self._cells(tables, item, resource)
        else:
            try:
                paths = edits.add_fields(item)
            except Unwritable as error:
                self._told.append(left_out("not-written", _CANT, str(error), item.address))
                return []
        return [Done(address=item.address, path=".".join(map(str, path)), file="", line=0) for path in paths]

    def _cells(self, tables: TableEdits, item: Item, resource: Resource) -> list[Path]:
        """Writes what is live and not declared into empty cells of the object's row."""
        done = []
        for path, value in extra(item.body, resource.body):
            if why := tables.fill(resource, path, value):
                words = f"`{'.'.join(map(str, path))}` of an object that a row makes: {why}"
                self._told.append(left_out("not-written", _CANT, words, item.address))
            else:
                done.append(path)
        return done

    def _objects(self, edits: Edits, new: list[Item]) -> None:
        if new:
            edits.add_objects(new)

    def _gone(self, edits: Edits, tables: TableEdits, gone: Iterable[Change]) -> None:
        addresses = [change.address for change in gone]
        removed = tables.remove(addresses) if self._remove else set()
        left = [address for address in addresses if address not in removed]
        why = dict.fromkeys(left, "it stays in its file. --remove takes it out")
        if self._remove:
            why = edits.remove(left)
        self._told += [
            left_out("gone", "A declared object is not live", reason, address) for address, reason in why.items()
        ]

    def _project(self, edits: Edits, draft: Draft, secrets: Secrets, new: list[Item]) -> None:
        """Names that the new objects use and nothing declares, and the secrets that they bring."""
        external = draft.external if new else {}
        add_to_project(edits, self._inventory, Additions(external=external, secrets=secrets), self._known)

    def _text(self, file: str) -> str:
        return text_of(self._tree, file)


def _loaded(
    tree: FileTree, matches: Matches, environ: Mapping[str, str], known: Kinds
) -> tuple[Mapping[str, str], Inventory]:
    """The inventory, with the secrets that are not at hand taken for what is live: a nightly job holds none."""
    inventory = load_inventory(tree, environ=environ)
    if any(item.rule == "missing-secret" for item in inventory.diagnostics):
        paired = match(inventory.resources, matches.live, kinds=known)
        found: dict[str, str] = {}
        for item in paired.matches:
            if item.declared and item.live:
                _assume(item.declared.body, item.live.body, found)
        environ = {**found, **environ}
        inventory = load_inventory(tree, environ=environ)
    errors = tuple(item for item in inventory.diagnostics if item.severity is Severity.ERROR)
    if errors:
        raise InventoryError(
            f"The inventory has {len(errors)} error{'' if len(errors) == 1 else 's'}; nothing was written",
            diagnostics=errors,
            remedy="`reconciler validate` checks it without touching the network",
        )
    return environ, inventory


def _assume(declared: Any, live: Any, found: dict[str, str]) -> None:
    if isinstance(declared, SecretRef) and declared.scheme == "env" and hasattr(live, "reveal"):
        found.setdefault(declared.target, live.reveal())
    elif isinstance(declared, dict) and isinstance(live, Mapping):
        for key, value in declared.items():
            _assume(value, live.get(key), found)
    elif isinstance(declared, list) and isinstance(live, list):
        for one, other in zip(declared, live, strict=False):
            _assume(one, other, found)
