"""Records an exception in the project file: its text and a rule in, the new text out."""

from collections.abc import Iterable
from typing import Any

from msgspec.structs import asdict

from reconciler.model.project import PROJECT_FILE, Ignore
from reconciler.yamltext.edit.edits import KEEP, Aligned, rewritten
from reconciler.yamltext.events import parse

IGNORE = "ignore"


def with_exceptions(text: str, rules: Iterable[Ignore]) -> str:
    """The text with all of the rules."""
    for rule in rules:
        text = with_exception(text, rule)
    return text


def with_exception(text: str, rule: Ignore) -> str:
    """The text with the rule at the end of `ignore`; a rule for the same address and field gets the new date and
    reason instead. Raises `Unwritable` when the file can't be edited."""
    wanted = {key: value for key, value in asdict(rule).items() if value is not None}
    listed: Any = (parse(text.encode(), PROJECT_FILE).value or {}).get(IGNORE)
    rules = listed if isinstance(listed, list) else []
    for at, old in enumerate(rules):
        if isinstance(old, dict) and (old.get("address"), old.get("field")) == (rule.address, rule.field):
            return rewritten(text, (IGNORE, at), {**dict.fromkeys(old, KEEP), **wanted})
    if not rules:
        return rewritten(text, (IGNORE,), [wanted])
    return rewritten(text, (IGNORE,), Aligned([*(KEEP for _ in rules), wanted], [*range(len(rules)), None]))
