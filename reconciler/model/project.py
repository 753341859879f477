"""`reconciler.yaml`: the project file, validated. A user's mistakes in it become diagnostics in `compose`.

Its types, `Meta` and `Must` are all that there is to check. `msgspec.convert` does that for a file in which nothing is
wrong; `reconciler.model.project_fields` makes pydantic models of the same, which tell all that is.
"""

import re
from collections.abc import Callable
from datetime import date
from pathlib import PurePosixPath
from typing import Annotated, Any, Literal
from uuid import UUID

from msgspec import Meta, Struct, field
from msgspec.structs import force_setattr

_REF = re.compile(r"refs/(?!(?:heads|tags|remotes|pull|merge-requests|notes|stash)/)[\w-]+(?:/[\w-][\w.-]*)+", re.ASCII)
PROJECT_FILE = "reconciler.yaml"
"""The one at the root of an inventory; all paths in messages are relative to it."""


class Must(Struct, frozen=True):
    """A check of a value beyond its type: raises `ValueError` with what it must be."""

    check: Callable[[str], str]


def _uuid(text: str) -> str:
    try:
        UUID(text)
    except ValueError:
        raise ValueError("must be an id such as 9777c1a0-6ef6-11e6-8bbf-02e208b2d34f") from None
    return text


class Org(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which organisation this inventory is for. The name is checked against the live one before any write."""

    id: Annotated[
        Annotated[str, Must(_uuid)] | None,
        Meta(description="UUID of the organisation; MIST_ORG_ID must be the same, and --org has precedence"),
    ] = None
    name: Annotated[str | None, Meta(description="Its exact name, a guard against writing to the wrong one")] = None

    def __post_init__(self) -> None:
        if self.id is not None:
            _uuid(self.id)


Delimiter = Literal[",", ";", "\t", "|"]
Encoding = Literal["utf-8", "utf-16", "cp1252", "cp1250", "cp850", "iso-8859-1", "iso-8859-15", "mac-roman"]


class Column(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A column whose cells hold several values, or name a secret."""

    column: Annotated[str, Meta(description="What the table calls it")]
    split: Annotated[str, Meta(description="What separates the values of a cell, such as `;`")] = ""
    secret: Annotated[
        Annotated[str, Meta(pattern=r"^((env:[A-Za-z0-9_]+|file:[A-Za-z0-9_.-][A-Za-z0-9_./-]*))?$")],
        Meta(description="A cell is the end of a secret's name that begins so: `env:PSK_`, `file:psks/`"),
    ] = ""

    def __post_init__(self) -> None:
        if self.secret.endswith("\n"):  # which the pattern's `$` takes in Python
            raise ValueError("must be one line")


class Generate(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One template, rendered once, or once per row of a CSV or YAML file; or, with `kind`, one object per row."""

    template: Annotated[str | None, Meta(description="A *.yaml.j2 file of the inventory")] = None
    kind: Annotated[
        str | None, Meta(description="Without a template: each row is an object of this kind, such as psks")
    ] = None
    rows: Annotated[str | None, Meta(description="A .csv or .yaml file of the inventory: one rendering per row")] = None
    delimiter: Annotated[
        Delimiter | None, Meta(description="What separates the cells of the CSV; found out when absent")
    ] = None
    encoding: Annotated[Encoding | None, Meta(description="How the CSV is encoded; found out when absent")] = None
    columns: Annotated[
        dict[str, str | Column] | None,
        Meta(description="With `kind`: the column of each field; every column is a field of its name when absent"),
    ] = None
    fields: Annotated[dict[str, Any], Meta(description="With `kind`: fields that every object has")] = field(
        default_factory=dict
    )
    bad_rows: Annotated[
        Literal["refuse", "skip"] | None,
        Meta(
            description="With `kind`: `skip` leaves out a row with an error, names it and does the others; "
            "`refuse` (the default) does nothing at all"
        ),
    ] = None

    def __post_init__(self) -> None:
        self.must_fit()
        force_setattr(self, "columns", self.named_columns)

    def must_fit(self) -> None:
        """Raises `ValueError` where its fields don't go together."""
        if (self.template is None) == (self.kind is None):
            raise ValueError("takes `template`, or `kind` and `rows`")
        if self.kind is not None and self.rows is None:
            raise ValueError("takes `rows` beside `kind`: each row is an object")
        if self.kind is None and (self.columns is not None or self.fields or self.bad_rows):
            raise ValueError("`columns`, `fields` and `bad_rows` go with `kind`, not with a template")

    @property
    def named_columns(self) -> dict[str, Column] | None:
        """The column of each field, those included that are given by their name alone."""
        if self.columns is None:
            return None
        columns = self.columns.items()
        return {name: Column(column=item) if isinstance(item, str) else item for name, item in columns}


class Limit(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The smaller of the two applies; of a percentage at least one object is allowed, so that a small organisation can
    change at all. `percent` counts against the live objects of the kind."""

    absolute: Annotated[int, Meta(ge=0)] | None = None
    percent: Annotated[float, Meta(ge=0, le=100)] | None = None


class KindLimits(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Limits for one kind."""

    deletes: Limit | None = None
    changes: Limit | None = None


class Limits(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How much one run may delete and change."""

    deletes: Limit = Limit(absolute=5, percent=10.0)
    changes: Limit | None = None
    sites: Annotated[
        Annotated[int, Meta(ge=0)] | None, Meta(description="How many sites the changes of one run may reach")
    ] = None
    undeclared: Annotated[
        Annotated[int, Meta(ge=0)],
        Meta(description="How many values that nobody declared one run may remove, where `strict` is on"),
    ] = 20
    kinds: dict[str, KindLimits] = field(default_factory=dict)


def _date(text: str) -> str:
    # Written out, because dates are compared as text and `fromisoformat` takes other spellings too.
    try:
        if date.fromisoformat(text).isoformat() == text:
            return text
    except ValueError:
        pass
    raise ValueError("must be a date such as 2026-01-31")


def _ref(text: str) -> str:
    if _REF.fullmatch(text) and ".." not in text and not text.endswith(".lock"):
        return text
    raise ValueError("must be a ref of its own such as refs/mist-reconciler/runs, no branch and no tag")


Ref = Annotated[str, Must(_ref)]


class Ignore(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Differences that are not looked at: an address glob and, optionally, a field path glob."""

    address: str
    field: str | None = None
    reason: str | None = None
    until: Annotated[str, Must(_date)] | None = None

    def __post_init__(self) -> None:
        if self.until is not None:
            _date(self.until)


class Manage(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whether live objects of a kind that nothing declares are deleted (with `--prune`)."""

    prune: bool = False
    scope: Annotated[list[str], Meta(description="Address globs of what may be pruned")] = field(
        default_factory=lambda: ["*"]
    )


class DriftScope(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What `drift` looks at besides the organisation's own lists and the kinds that are declared somewhere."""

    kinds: Annotated[list[str], Meta(description="Kinds to be read on every site")] = field(default_factory=list)


class Budget(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which part of the calls that the cloud allows in an hour is for this inventory's runs."""

    leave: Annotated[
        Annotated[float, Meta(ge=0, le=90)],
        Meta(description="Percent of each hour's calls that are left to the portal and others"),
    ] = 10


_NOT_FILES = ("/proc", "/sys", "/dev")


def _secret_directory(text: str) -> str:
    """A directory such as /run/secrets: none that would open the whole machine, or what is no file."""
    path = PurePosixPath(text)
    plain = path.is_absolute() and ".." not in path.parts and len(path.parts) > 1
    if not plain or any(path.is_relative_to(root) for root in _NOT_FILES):
        raise ValueError("must be a directory by its full path, such as /run/secrets, and not the whole machine")
    return text


class Secrets(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which secret references the inventory may use."""

    commands: Annotated[bool, Meta(description="Allow !secret cmd:...")] = False
    directories: Annotated[
        list[Annotated[str, Must(_secret_directory)]],
        Meta(description="Directories outside of the inventory in which !secret file: may read"),
    ] = field(default_factory=list)
    env: Annotated[list[str] | None, Meta(description="Names (globs) that !secret env: may read; any when absent")] = (
        None
    )
    env_file: Annotated[
        str | None, Meta(description="NAME=value lines: values for !secret env: where the environment has none")
    ] = None

    def __post_init__(self) -> None:
        for text in self.directories:
            _secret_directory(text)


class Records(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where the records of applies are kept besides `.reconciler/runs`, or instead of it."""

    directory: Annotated[
        str | None, Meta(description="A directory, absolute or from the inventory, instead of the usual")
    ] = None
    git: Annotated[Ref | None, Meta(description="A ref of the repository's remote, to which each record is pushed")] = (
        None
    )

    def __post_init__(self) -> None:
        if self.git is not None:
            _ref(self.git)
        self.must_fit()

    def must_fit(self) -> None:
        """Raises `ValueError` where its fields don't go together."""
        if self.directory and self.git:
            raise ValueError("give `directory` or `git`, not both")


class Lock(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What keeps applies of several machines apart."""

    git: Annotated[bool, Meta(description="Hold a lease on the ref of the records while an apply is under way")] = False
    ref: Annotated[Ref, Meta(description="The ref for the lease where `records` has none")] = (
        "refs/mist-reconciler/runs"
    )

    def __post_init__(self) -> None:
        _ref(self.ref)


class Project(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The whole of `reconciler.yaml`."""

    version: Literal[1]
    org: Org = Org()
    host: str | None = None
    vars: Annotated[dict[str, Any], Meta(description="Variables for templates: ${ name }")] = field(
        default_factory=dict
    )
    defaults: Annotated[dict[str, dict[str, Any]], Meta(description="Per kind: fields for every object")] = field(
        default_factory=dict
    )
    profiles: Annotated[dict[str, dict[str, dict[str, Any]]], Meta(description="Per kind: named field sets")] = field(
        default_factory=dict
    )
    exclude: Annotated[list[str], Meta(description="File globs that are no part of the inventory")] = field(
        default_factory=list
    )
    generate: list[Generate] = field(default_factory=list)
    external: Annotated[dict[str, list[str]], Meta(description="Per kind: names that live only in the cloud")] = field(
        default_factory=dict
    )
    manage: dict[str, Manage] = field(default_factory=dict)
    protect: Annotated[list[str], Meta(description="Address globs that are never deleted")] = field(
        default_factory=list
    )
    limits: Limits = Limits()
    ignore: list[Ignore] = field(default_factory=list)
    release: Annotated[
        Literal["clear", "keep"],
        Meta(
            description="What a base declares and this inventory does not: cleared where live still is as it was, "
            "or kept"
        ),
    ] = "clear"
    strict: Annotated[
        list[str],
        Meta(
            description="Kinds, and address globs, of declared objects in which what nobody declared is removed: "
            "members of declared maps, and whole fields"
        ),
    ] = field(default_factory=list)
    drift: DriftScope = DriftScope()
    budget: Budget = Budget()
    secrets: Secrets = Secrets()
    records: Records = Records()
    lock: Lock = Lock()
    policies: Annotated[list[str], Meta(description="File globs of Python policies in the inventory; they are run")] = (
        field(default_factory=list)
    )
    rules: Annotated[
        dict[str, Literal["error", "warning", "info", "off"]],
        Meta(description="Per rule or policy id: its severity, or off"),
    ] = field(default_factory=dict)
