"""What a policy file uses: the decorator `policy`, and `Finding`."""

import inspect
import re
from collections.abc import Callable
from typing import Any

from reconciler.diagnostics import Severity, SourceRange
from reconciler.model.policy import Policy
from reconciler.policies.views import ChangeView, ResourceView

PARAMETERS = ("inventory", "plan", "now")
_ID = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_SEVERITIES = tuple(severity.value for severity in Severity)


class Finding:
    """What a policy found: at which object, in words, at which field, and what to do.

    `at` is a resource or a change as the policy was given it, or an address as text; None for the inventory as a whole.
    `field` is a path in the object: `auth.type`, `acl_policies[2].name`, `acl_policies[iot].actions`. `remedy` and
    `severity` go before the policy's own.
    """

    __slots__ = ("address", "detail", "field", "remedy", "severity")

    def __init__(
        self,
        at: "ResourceView | ChangeView | str | None",
        detail: str,
        *,
        field: str | None = None,
        remedy: str | None = None,
        severity: str | None = None,
    ) -> None:
        if not isinstance(at, str | ResourceView | ChangeView | None):
            raise TypeError(f"a Finding is at a resource, a change or an address, not at a {type(at).__name__}")
        for name, value in (("detail", detail), ("field", field), ("remedy", remedy)):
            if not isinstance(value, str) and (value is not None or name == "detail"):
                raise TypeError(f"the {name} of a Finding is text, not a {type(value).__name__}")
        self.address = at if isinstance(at, str | None) else at.address
        self.detail = detail
        self.field = field
        self.remedy = remedy
        self.severity = None if severity is None else _severity(severity)

    def __repr__(self) -> str:
        return f"Finding({self.address!r}, {self.detail!r})"


def policy(
    *,
    id: str,  # noqa: A002 - the word that users know from every other tool's rules
    title: str,
    severity: str = "error",
    remedy: str = "",
) -> Callable[[Callable[..., Any]], Policy]:
    """Makes a policy of a function.

    `id` is lower case words with dashes, of no other policy and of no built-in rule; `title` says what is wrong in the
    same words for every finding; `severity` is error, warning or info; `remedy` is what to do, unless a finding says.
    Raises `ValueError` and `TypeError` for what is no policy.
    """
    if not isinstance(id, str) or not _ID.fullmatch(id):
        raise ValueError(f"a policy's id is lower case words with dashes, such as no-open-ssid, not {id!r}")
    if not isinstance(title, str) or not title.strip():
        raise ValueError(f"the policy {id} has no title")
    if not isinstance(remedy, str):
        raise TypeError(f"the remedy of the policy {id} is not text")
    chosen = _severity(severity)

    def decorate(function: Callable[..., Any]) -> Policy:
        wants = tuple(inspect.signature(function).parameters)
        unknown = [name for name in wants if name not in PARAMETERS]
        if unknown or not {"inventory", "plan"} & set(wants):
            raise TypeError(
                f"the policy {id} takes ({', '.join(wants)}): it may take inventory, plan and now, and needs one of "
                "the first two"
            )
        if inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function):
            raise TypeError(f"the policy {id} is asynchronous: write it with `def`")
        code = inspect.unwrap(function).__code__
        return Policy(
            id=id,
            title=title.strip(),
            severity=chosen,
            remedy=remedy.strip(),
            wants=wants,
            function=function,
            source=SourceRange(code.co_filename, code.co_firstlineno, 1),
        )

    return decorate


def _severity(word: str) -> Severity:
    if word not in _SEVERITIES:
        raise ValueError(f"a severity is {', '.join(_SEVERITIES[:-1])} or {_SEVERITIES[-1]}, not {word!r}")
    return Severity(word)
