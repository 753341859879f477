"""The inventory on its way from files to resources."""

from collections.abc import Callable, Mapping
from typing import Protocol

from msgspec import Struct, field

from reconciler.diagnostics import Diagnostic
from reconciler.model.policy import Policy
from reconciler.model.project import Project
from reconciler.model.resource import Resource
from reconciler.model.values import SecretRef, YamlMap

WITHOUT_OBJECTS = ("policies/", "node_modules/", "__pycache__/")
"""Directories at the root of an inventory that hold no objects."""


MISSING_SECRET = "missing-secret"  # noqa: S105
"""The rule of a secret that could not be looked up."""


class FileTree(Protocol):
    """Where an inventory's files come from: a directory, or a commit of a git repository."""

    def paths(self) -> tuple[str, ...]:
        """Every file below the root, relative, with `/`, sorted. A directory that can't be entered ends in `/`:
        reading it raises the reason. Hidden files are no part of an inventory."""

    def read(self, path: str) -> bytes:
        """A file's content; raises `OSError` with a reason that a user can read."""


class Document(Struct, frozen=True):
    """One parsed inventory file, or what a template made: its top-level mapping, and whether a `!secret` stands in it.
    `computed` are the keys that a template made of values, each with its mapping."""

    file: str
    data: YamlMap
    has_secrets: bool = True
    computed: tuple[tuple[YamlMap, str], ...] = ()


class Template(Struct, frozen=True):
    """A `*.yaml.j2` file."""

    file: str
    text: str


class Row(Struct, frozen=True):
    """One row of a table that feeds a template: `line` is where it stands in its file, `values` are by column."""

    line: int
    values: Mapping[str, object]


RESERVED = frozenset(
    {"row", "range", "dict", "namespace", "self", "super", "loop", "caller", "varargs", "kwargs"}
    | {"and", "else", "false", "if", "in", "is", "none", "not", "or", "true", "False", "None", "True"}
)
"""Names that mean something in a template already: a column of that name is `row["range"]` only."""


class Table(Struct, frozen=True):
    """A `.csv` or `.yaml` file that `generate` names. `columns` leads from the names that a template can use to the
    columns as the table calls them; `of_text`: every value is a text, as in a CSV."""

    file: str
    rows: tuple[Row, ...]
    columns: Mapping[str, str] = field(default_factory=dict)
    of_text: bool = False


class Loaded(Struct, frozen=True, kw_only=True):
    """All files, parsed. `project` is `reconciler.yaml`, still unvalidated."""

    project: YamlMap
    project_has_secrets: bool = True
    documents: tuple[Document, ...] = ()
    templates: tuple[Template, ...] = ()
    tables: tuple[Table, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()


class SecretLookup(Protocol):
    """Finds the values of `!secret` references; injected into compose."""

    def __call__(self, ref: SecretRef) -> str:
        """The value; raises `LookupError` with what is missing and what to do (never with a value)."""


SecretSource = Callable[[Project], SecretLookup]
"""Makes the lookup once the project file is known: it says which kinds of references are allowed."""


class Inventory(Struct, frozen=True, kw_only=True):
    """The composed inventory: after compose its bodies are unchecked, after validate they are checked and sealed.

    In a body after compose a key that the model doesn't know may stand under `raw`; validate merges it in.
    `incomplete` are the kinds of which rows are left out (`bad_rows: skip`): which objects those would declare is not
    known, so that nothing of these kinds is pruned.
    """

    project: Project
    resources: tuple[Resource, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = field(default=())
    policies: tuple[Policy, ...] = ()
    incomplete: frozenset[str] = frozenset()


META_KEYS = ("absent", "aliases", "id", "key", "profiles", "raw")
"""Keys that every object of an inventory may have besides its kind's fields, its parent and its children."""
