"""Policies: rules of an organisation's own, written in Python beside its inventory. Frozen data."""

from collections.abc import Callable
from typing import Any

from msgspec import Struct

from reconciler.diagnostics import Severity, SourceRange


class Policy(Struct, frozen=True, kw_only=True):
    """One policy. `wants` are the names of the function's parameters: `inventory`, `plan`, `now`.

    It can be called like the function that it was made from, so that its author can test it.
    """

    id: str
    title: str
    severity: Severity
    remedy: str
    wants: tuple[str, ...]
    function: Callable[..., Any]
    source: SourceRange | None = None

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """What the function itself gives."""
        return self.function(*args, **kwargs)

    @property
    def over_plan(self) -> bool:
        """Whether it looks at a plan, and not at the inventory alone."""
        return "plan" in self.wants
