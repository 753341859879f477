"""The columns of a table: the values of its rows in; which paths differ, and how a template inserts them, out."""

import re
from collections.abc import Collection, Mapping, Sequence
from keyword import iskeyword
from typing import Any

from msgspec import Struct

from reconciler.export.layout import slug_of
from reconciler.model.inventory import RESERVED
from reconciler.model.shape import Shape
from reconciler.model.values import Path, SecretRef, merge_tag
from reconciler.yamltext.scalars import number_text

BETWEEN = ";"
"""What separates the words of a list in a cell."""
_TEMPLATE_SIGNS = re.compile("\\$\\{|\\{%|\\{#|[\ue100-\ue102]")
"""What a template would not leave as it is."""


class Column(Struct, frozen=True, kw_only=True):
    """One of them: where its values stand in an object (`place`: in the template), its header, `expression` of a
    template, and what stands there while the template's text is made. A secret's name begins with `prefix`."""

    path: Path
    place: Path
    name: str
    expression: str
    stand_in: str
    prefix: str | None = None

    @property
    def inserted(self) -> str:
        """What the template has in its place."""
        inserted = f"${{ {self.expression} }}"
        return inserted if self.prefix is None else f"!secret env:{self.prefix}{inserted}"

    def cell(self, value: Any) -> str:
        """A value as text; nothing where a row has none."""
        if value is None:
            return ""
        if isinstance(value, SecretRef):
            return value.target[len(self.prefix or "") :]
        if isinstance(value, list):
            return BETWEEN.join(value)
        if isinstance(value, bool):
            return "true" if value else "false"
        return number_text(value) if isinstance(value, int | float) else str(value)


def is_of_words(value: Any) -> bool:
    """Whether a value is a list of texts that a cell can hold together."""
    return (
        isinstance(value, list)
        and bool(value)
        and not merge_tag(value)
        and all(isinstance(item, str) and item and item == item.strip() and BETWEEN not in item for item in value)
    )


def columns_of(
    shape: Shape, order: Sequence[Path], rows: Sequence[Mapping[Path, Any]], *, key: str
) -> list[Column] | None:
    """The columns in the order of their paths, the `key` always; None where the rows can't be a table."""
    if any(_TEMPLATE_SIGNS.search(str(step)) for path in order for step in path):
        return None
    mark = _mark(rows)
    names: dict[str, Path] = {}
    found: list[Column] = []
    for path in order:
        values = [row.get(path) for row in rows]
        if not _differs(values) and path != (key,):
            continue
        secrets = [value.target for value in values if isinstance(value, SecretRef)]
        prefix = _prefix(secrets) if secrets else None
        if prefix == "":
            return None
        place = (*path, 0) if all(isinstance(value, list) and len(value) == 1 for value in values) else path
        name = _name(place, order, names, secret=bool(secrets))
        names[name] = path
        expression = name if secrets or place != path else _expression(name, values, _shape_at(shape, path))
        stand_in = f"{mark}{len(found)}{mark}"
        found.append(Column(path=path, place=place, name=name, expression=expression, stand_in=stand_in, prefix=prefix))
    return found


def _differs(values: Sequence[Any]) -> bool:
    """Whether there is more than one value, or one that a template would not leave as it is."""
    first = values[0]
    if isinstance(first, SecretRef):
        return any(value.target != first.target for value in values)
    texts = first if isinstance(first, list) else [first]
    if any(isinstance(text, str) and _TEMPLATE_SIGNS.search(text) for text in texts):
        return True
    return any(value != first or type(value) is not type(first) for value in values)


def _prefix(targets: Sequence[str]) -> str:
    """What the names of all secrets begin with, as whole words."""
    first, last = min(targets), max(targets)
    common = next((at for at, (one, other) in enumerate(zip(first, last, strict=False)) if one != other), len(first))
    return first[: first.rfind("_", 0, common) + 1]


def _mark(rows: Sequence[Mapping[Path, Any]]) -> str:
    """A word that no value has in it."""
    word = "Qx"
    texts = {str(value) for row in rows for value in row.values() if isinstance(value, str | list)}
    while any(word in text for text in texts):
        word += "x"
    return word


def _shape_at(shape: Shape, path: Path) -> Shape:
    for step in path:
        shape = shape.below(step)
    return shape


def _expression(name: str, values: Sequence[Any], shape: Shape) -> str:
    """How a cell becomes the value again. The field says what a text is; one that takes texts too does not."""
    types = {list if isinstance(value, list) else type(value) for value in values if value is not None}
    if list in types:
        return f"{name}.split('{BETWEEN}')"
    if types <= {int, float} and not types & set(shape.takes):
        return f"{name} | {'float' if float in types else 'int'}"
    return f"{name} == 'true'" if types == {bool} and bool not in shape.takes else name


def _name(path: Path, order: Sequence[Path], taken: Collection[str], *, secret: bool) -> str:
    """The field's name; with what holds it, where another column has that name already."""
    words: list[str] = []
    for at, step in enumerate(path):
        if isinstance(step, int):
            several = (*path[:at], 1) in {other[: at + 1] for other in order}
            word = words.pop().removesuffix("s") if words else "value"
            words.append(f"{word}_{step + 1}" if several else word)
        else:
            words.append(slug_of(step).replace("-", "_") or "value")
    base = words[-1]
    for count in range(1, len(words) + 1):
        base = _usable("_".join(words[-count:]) + ("_secret" if secret else ""))
        if base not in taken:
            return base
    number = 2
    while f"{base}_{number}" in taken:
        number += 1
    return f"{base}_{number}"


def _usable(name: str) -> str:
    """A name that a template can use as it is."""
    name = name if name[:1].isalpha() else f"value_{name}"
    return f"{name}_value" if name in RESERVED or iskeyword(name) else name
