"""Conditions of switch matching rules that mean nothing to the cloud: one rule in, findings out.

The cloud compares a part of a name: `match_name[3:9]: floor1`. Terraform writes the same as `match_name` with
`match_name_offset`, and `match_model` for the beginning of a model; sent as they are, no switch fits them.
"""

import re
from collections.abc import Iterator

from reconciler.kinds.kind import Violation
from reconciler.kinds.shared.checks import Body, any_of, closest, is_literal, path_text
from reconciler.kinds.shared.rules import violation
from reconciler.model.values import Path

_RULE = "switch-match-form"
_OFFSET = "_offset"
_SERIES = re.compile(r"EX(?!92)[0-9]{4}(?:-[0-9]+)?")
"""A series of switches and perhaps its ports: every switch's own model goes on with a letter."""


CONDITIONS = frozenset({"match_model", "match_name", "match_role"})
"""What a rule may look at: the vendor's OpenAPI document, its API page of sites and its Terraform provider."""


def _unknown(key: str, where: Path) -> Iterator[Violation]:
    """A condition that no source of the vendor knows: an error where another was probably meant."""
    name, bracket, part = key.partition("[")
    if name.removesuffix(_OFFSET) in CONDITIONS:
        return
    near = closest(name.removeprefix("match_"), frozenset(item.removeprefix("match_") for item in CONDITIONS))
    there_are = f"There are {any_of(sorted(CONDITIONS))}, and parts of them."
    told = f"Did you mean `match_{near}{bracket}{part}`?" if near else there_are
    detail = f"`{path_text(where)}` is no condition that the vendor's sources know. {told}"
    yield violation(_RULE, detail, where, warning=near is None)


def check_conditions(rule: Body, path: Path) -> Iterator[Violation]:
    """An error for every condition in Terraform's form, with the cloud's own, and for those that are misspelt."""
    for key, value in rule.items():
        if key.startswith("match_"):
            yield from _unknown(key, (*path, key))
        if not key.startswith("match_") or "[" in key:
            continue
        name, offset = key.removesuffix(_OFFSET), rule.get(f"{key}{_OFFSET}")
        where = (*path, key)
        if key.endswith(_OFFSET) and name not in rule:
            yield violation(_RULE, f"`{path_text(where)}` has no `{name}` beside it. Remove it.", where)
        elif key.endswith(_OFFSET) or not is_literal(value):
            continue
        elif offset is not None or key == "match_name":
            start = offset if isinstance(offset, int) else 0
            also = f", and remove `{key}{_OFFSET}`" if offset is not None else ""
            detail = f"`{path_text(where)}` fits no switch. Write `{key}[{start}:{start + len(value)}]: {value}`{also}."
            yield violation(_RULE, detail, where)
        elif key == "match_model" and _SERIES.fullmatch(value):
            detail = f"No switch has {value!r} as its whole model. For all that begin so write `{key}[0:{len(value)}]`."
            yield violation(_RULE, detail, where, warning=True)
