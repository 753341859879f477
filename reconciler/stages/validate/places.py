"""Places of `!merge` lists that mean nothing: a body and its shape in, findings out."""

from collections.abc import Iterator
from typing import Any

from reconciler.kinds import Violation
from reconciler.kinds.shared.checks import path_text
from reconciler.kinds.shared.rules import violation
from reconciler.model.shape import ListAs, Shape
from reconciler.model.values import Path, YamlList, merge_tag
from reconciler.semantics.pairing import element_label


def place_findings(value: Any, shape: Shape, path: Path = ()) -> Iterator[Violation]:
    """An error for every place in a list without order, or beside one of the list's own elements."""
    if isinstance(value, YamlList) and value.place and (detail := _mistake(value, shape)):
        yield violation("merge-place", f"`{path_text(path)}`: {detail}", path)
    items: Any = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, item in items:
        if isinstance(item, dict | list):
            yield from place_findings(item, shape.below(step), (*path, step))


def _mistake(value: YamlList, shape: Shape) -> str:
    tag, name = merge_tag(value), value.place.partition(":")[2]
    if shape.list_as is ListAs.SET or shape.unordered:
        return f"the order of this list means nothing. Write `!merge` instead of `{tag}`."
    if not name:
        return ""
    objects = any(isinstance(item, dict) for item in value)
    if objects and shape.list_as is not ListAs.KEYED:
        return f"the elements of this list have no names. Write `!merge:first` or `!merge:last` instead of `{tag}`."
    labels = [element_label(item, at, shape) if isinstance(item, dict) else str(item) for at, item in enumerate(value)]
    return f"{name!r} is one of the list's own elements. Name another one in `{tag}`." if name in labels else ""
