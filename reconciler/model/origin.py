"""Where a value of a composed object was written."""

from typing import Any

from msgspec import Struct

from reconciler.diagnostics import SourceRange


class Lost(Struct, frozen=True, kw_only=True):
    """What a lower layer says of the same field, which another one lies over: at `path`, which may lead to what the
    field lies in."""

    path: str
    value: Any
    source: SourceRange | None


class Origin(Struct, frozen=True, kw_only=True):
    """One leaf of an object: its `path` as text (`auth.type`, `acl_policies[0].name`), its value (a `Secret` shows
    nothing of itself) and the place that set it; `lost` is what that one lies over, the lowest last."""

    path: str
    value: Any
    source: SourceRange | None
    lost: tuple[Lost, ...] = ()
