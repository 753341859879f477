"""`reconciler.yaml`: the project file, validated. A user's mistakes in it become diagnostics in `compose`."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

PROJECT_FILE = "reconciler.yaml"
"""The one at the root of an inventory; all paths in messages are relative to it."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Org(_Part):
    """Which organisation this inventory is for. The name is checked against the live one before any write."""

    id: str | None = Field(None, description="UUID of the organisation; MIST_ORG_ID has precedence")
    name: str | None = Field(None, description="Its exact name, a guard against writing to the wrong one")


Delimiter = Literal[",", ";", "\t", "|"]
Encoding = Literal["utf-8", "utf-16", "cp1252", "cp1250", "cp850", "iso-8859-1", "iso-8859-15", "mac-roman"]


class Generate(_Part):
    """One template, rendered once, or once per row of a CSV or YAML file."""

    template: str = Field(description="A *.yaml.j2 file of the inventory")
    rows: str | None = Field(None, description="A .csv or .yaml file of the inventory: one rendering per row")
    delimiter: Delimiter | None = Field(None, description="What separates the cells of the CSV; found out when absent")
    encoding: Encoding | None = Field(None, description="How the CSV is encoded; found out when absent")


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


class Secrets(_Part):
    """Which secret references the inventory may use."""

    commands: bool = Field(False, description="Allow !secret cmd:...")
    env: list[str] | None = Field(None, description="Names (globs) that !secret env: may read; any when absent")
    env_file: str | None = Field(
        None, description="NAME=value lines: values for !secret env: where the environment has none"
    )


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
    secrets: Secrets = Secrets()
    policies: list[str] = Field(
        default_factory=list, description="File globs of Python policies in the inventory; they are run"
    )
    rules: dict[str, Literal["error", "warning", "info", "off"]] = Field(
        default_factory=dict, description="Per rule or policy id: its severity, or off"
    )
