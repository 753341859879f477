"""`reconciler.yaml`: the project file, validated. A user's mistakes in it become diagnostics in `compose`."""

import re
from datetime import date
from pathlib import PurePosixPath
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

_REF = re.compile(r"refs/(?!(?:heads|tags|remotes|pull|merge-requests|notes|stash)/)[\w-]+(?:/[\w-][\w.-]*)+", re.ASCII)
PROJECT_FILE = "reconciler.yaml"
"""The one at the root of an inventory; all paths in messages are relative to it."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, defer_build=True)


def _uuid(text: str) -> str:
    try:
        UUID(text)
    except ValueError:
        raise ValueError("must be an id such as 9777c1a0-6ef6-11e6-8bbf-02e208b2d34f") from None
    return text


class Org(_Part):
    """Which organisation this inventory is for. The name is checked against the live one before any write."""

    id: Annotated[str, AfterValidator(_uuid)] | None = Field(
        None, description="UUID of the organisation; MIST_ORG_ID must be the same, and --org has precedence"
    )
    name: str | None = Field(None, description="Its exact name, a guard against writing to the wrong one")


Delimiter = Literal[",", ";", "\t", "|"]
Encoding = Literal["utf-8", "utf-16", "cp1252", "cp1250", "cp850", "iso-8859-1", "iso-8859-15", "mac-roman"]


class Column(_Part):
    """A column whose cells hold several values, or name a secret."""

    column: str = Field(description="What the table calls it")
    split: str = Field("", description="What separates the values of a cell, such as `;`")
    secret: str = Field(
        "",
        pattern=r"^((env:[A-Za-z0-9_]+|file:[A-Za-z0-9_.-][A-Za-z0-9_./-]*))?$",
        description="A cell is the end of a secret's name that begins so: `env:PSK_`, `file:psks/`",
    )


def _column(value: Any) -> Any:
    return {"column": value} if isinstance(value, str) else value


class Generate(_Part):
    """One template, rendered once, or once per row of a CSV or YAML file; or, with `kind`, one object per row."""

    template: str | None = Field(None, description="A *.yaml.j2 file of the inventory")
    kind: str | None = Field(None, description="Without a template: each row is an object of this kind, such as psks")
    rows: str | None = Field(None, description="A .csv or .yaml file of the inventory: one rendering per row")
    delimiter: Delimiter | None = Field(None, description="What separates the cells of the CSV; found out when absent")
    encoding: Encoding | None = Field(None, description="How the CSV is encoded; found out when absent")
    columns: dict[str, Annotated[Column, BeforeValidator(_column, json_schema_input_type=str | Column)]] | None = Field(
        None, description="With `kind`: the column of each field; every column is a field of its name when absent"
    )
    fields: dict[str, Any] = Field(default_factory=dict, description="With `kind`: fields that every object has")
    bad_rows: Literal["refuse", "skip"] | None = Field(
        None,
        description="With `kind`: `skip` leaves out a row with an error, names it and does the others; "
        "`refuse` (the default) does nothing at all",
    )

    @model_validator(mode="after")
    def _is_of_one_form(self) -> Self:
        if (self.template is None) == (self.kind is None):
            raise ValueError("takes `template`, or `kind` and `rows`")
        if self.kind is not None and self.rows is None:
            raise ValueError("takes `rows` beside `kind`: each row is an object")
        if self.kind is None and (self.columns is not None or self.fields or self.bad_rows):
            raise ValueError("`columns`, `fields` and `bad_rows` go with `kind`, not with a template")
        return self


class Limit(_Part):
    """The smaller of the two applies; of a percentage at least one object is allowed, so that a small organisation can
    change at all. `percent` counts against the live objects of the kind."""

    absolute: int | None = Field(None, ge=0)
    percent: float | None = Field(None, ge=0, le=100)


class KindLimits(_Part):
    """Limits for one kind."""

    deletes: Limit | None = None
    changes: Limit | None = None


class Limits(_Part):
    """How much one run may delete and change."""

    deletes: Limit = Limit(absolute=5, percent=10)
    changes: Limit | None = None
    sites: int | None = Field(None, ge=0, description="How many sites the changes of one run may reach")
    undeclared: int = Field(
        20, ge=0, description="How many values that nobody declared one run may remove, where `strict` is on"
    )
    kinds: dict[str, KindLimits] = Field(default_factory=dict)


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


Ref = Annotated[str, AfterValidator(_ref)]


class Ignore(_Part):
    """Differences that are not looked at: an address glob and, optionally, a field path glob."""

    address: str
    field: str | None = None
    reason: str | None = None
    until: Annotated[str, AfterValidator(_date)] | None = None


class Manage(_Part):
    """Whether live objects of a kind that nothing declares are deleted (with `--prune`)."""

    prune: bool = False
    scope: list[str] = Field(default_factory=lambda: ["*"], description="Address globs of what may be pruned")


class DriftScope(_Part):
    """What `drift` looks at besides the organisation's own lists and the kinds that are declared somewhere."""

    kinds: list[str] = Field(default_factory=list, description="Kinds to be read on every site")


class Budget(_Part):
    """Which part of the calls that the cloud allows in an hour is for this inventory's runs."""

    leave: float = Field(
        10, ge=0, le=90, description="Percent of each hour's calls that are left to the portal and others"
    )


_NOT_FILES = ("/proc", "/sys", "/dev")


def _secret_directory(text: str) -> str:
    """A directory such as /run/secrets: none that would open the whole machine, or what is no file."""
    path = PurePosixPath(text)
    plain = path.is_absolute() and ".." not in path.parts and len(path.parts) > 1
    if not plain or any(path.is_relative_to(root) for root in _NOT_FILES):
        raise ValueError("must be a directory by its full path, such as /run/secrets, and not the whole machine")
    return text


class Secrets(_Part):
    """Which secret references the inventory may use."""

    commands: bool = Field(False, description="Allow !secret cmd:...")
    directories: list[Annotated[str, AfterValidator(_secret_directory)]] = Field(
        default_factory=list, description="Directories outside of the inventory in which !secret file: may read"
    )
    env: list[str] | None = Field(None, description="Names (globs) that !secret env: may read; any when absent")
    env_file: str | None = Field(
        None, description="NAME=value lines: values for !secret env: where the environment has none"
    )


class Records(_Part):
    """Where the records of applies are kept besides `.reconciler/runs`, or instead of it."""

    directory: str | None = Field(None, description="A directory, absolute or from the inventory, instead of the usual")
    git: Ref | None = Field(None, description="A ref of the repository's remote, to which each record is pushed")

    @model_validator(mode="after")
    def _one_place(self) -> "Records":
        if self.directory and self.git:
            raise ValueError("give `directory` or `git`, not both")
        return self


class Lock(_Part):
    """What keeps applies of several machines apart."""

    git: bool = Field(False, description="Hold a lease on the ref of the records while an apply is under way")
    ref: Ref = Field("refs/mist-reconciler/runs", description="The ref for the lease where `records` has none")


class Project(_Part):
    """The whole of `reconciler.yaml`."""

    version: Literal[1]
    org: Org = Org()
    host: str | None = None
    vars: dict[str, Any] = Field(default_factory=dict, description="Variables for templates: ${ name }")
    defaults: dict[str, dict[str, Any]] = Field(default_factory=dict, description="Per kind: fields for every object")
    profiles: dict[str, dict[str, dict[str, Any]]] = Field(
        default_factory=dict, description="Per kind: named field sets"
    )
    exclude: list[str] = Field(default_factory=list, description="File globs that are no part of the inventory")
    generate: list[Generate] = Field(default_factory=list)
    external: dict[str, list[str]] = Field(
        default_factory=dict, description="Per kind: names that live only in the cloud"
    )
    manage: dict[str, Manage] = Field(default_factory=dict)
    protect: list[str] = Field(default_factory=list, description="Address globs that are never deleted")
    limits: Limits = Limits()
    ignore: list[Ignore] = Field(default_factory=list)
    release: Literal["clear", "keep"] = Field(
        "clear",
        description="What a base declares and this inventory does not: cleared where live still is as it was, or kept",
    )
    strict: list[str] = Field(
        default_factory=list,
        description="Kinds, and address globs, of declared objects in which what nobody declared is removed: members "
        "of declared maps, and whole fields",
    )
    drift: DriftScope = DriftScope()
    budget: Budget = Budget()
    secrets: Secrets = Secrets()
    records: Records = Records()
    lock: Lock = Lock()
    policies: list[str] = Field(
        default_factory=list, description="File globs of Python policies in the inventory; they are run"
    )
    rules: dict[str, Literal["error", "warning", "info", "off"]] = Field(
        default_factory=dict, description="Per rule or policy id: its severity, or off"
    )
