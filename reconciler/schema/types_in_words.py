"""What a field may hold, in plain words. In: a type expression of a model and its bounds. Out: a short text.

`Annotated[int, Ge(1), Le(4)]` is "whole number from 1 to 4", `list[Literal["a", "b"]]` is "list, each `a` or `b`".
"""

import json
import re
import types
from collections.abc import Iterable, Sequence
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from reconciler.kinds.shared.types import Numeric

_PLAIN = {str: "text", int: "whole number", float: "number", bool: "`true` or `false`", Any: "anything"}
_NEEDS_QUOTES = re.compile(
    r"|[\d.+-]+|true|false|yes|no|on|off|null|~|.*[:#{}\[\],&*!|>'\"%@`].*|\s.*|.*\s", re.IGNORECASE
)
_MANY = {"text": "texts", "whole number": "whole numbers", "number": "numbers", "object": "objects"}


def in_words(annotation: Any, bounds: Iterable[Any] = ()) -> str:
    """The words for a type; null, which every field may be, is left out."""
    origin, marks = get_origin(annotation), tuple(bounds)
    if origin is Annotated:
        inner, *more = get_args(annotation)
        return in_words(inner, (*_flat(more), *marks))
    expected = next((mark for mark in marks if hasattr(mark, "expected")), None)
    if expected is not None:
        return f"{expected.expected}, or a site variable" if isinstance(expected, Numeric) else str(expected.expected)
    if origin in (Union, types.UnionType):
        return " or ".join(in_words(part, marks) for part in get_args(annotation) if part is not type(None))
    if origin is Literal:
        return _listed([value for value in get_args(annotation) if value is not None])
    if origin is list:
        return _counted(_many("list", in_words(get_args(annotation)[0])), marks, "entries")
    if origin is dict:
        return _counted(_many("map of names to", in_words(get_args(annotation)[1])), marks, "entries")
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return "object"
    word = _PLAIN.get(annotation, "anything")
    return _counted(word, marks, "characters") if annotation is str else _between(word, marks)


def models_in(annotation: Any, steps: str = "") -> list[tuple[str, type[BaseModel]]]:
    """The objects in a type, with the steps that lead to each: `[]` into a list, `.NAME` into a map."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [(steps, annotation)]
    origin, parts = get_origin(annotation), get_args(annotation)
    if origin is list:
        return models_in(parts[0], f"{steps}[]")
    if origin is dict:
        return models_in(parts[1], f"{steps}.NAME")
    inner = parts[:1] if origin is Annotated else parts if origin in (Union, types.UnionType) else ()
    return [found for part in inner for found in models_in(part, steps)]


def _flat(marks: Iterable[Any]) -> list[Any]:
    """The marks, and those that a `Field(...)` among them holds."""
    return [one for mark in marks for one in (mark.metadata if isinstance(mark, FieldInfo) else (mark,))]


def as_yaml(value: Any) -> str:
    """A value as a user writes it: `true`, `[a, "24"]`, `{}`."""
    if isinstance(value, list):
        return f"[{', '.join(map(as_yaml, value))}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key}: {as_yaml(one)}' for key, one in value.items())}}}"
    if isinstance(value, str) and not _NEEDS_QUOTES.fullmatch(value):
        return value
    return json.dumps(value, ensure_ascii=False)


def _listed(values: Sequence[Any]) -> str:
    shown = [f"`{as_yaml(value)}`" for value in values]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} or {shown[-1]}"


def _many(holder: str, each: str) -> str:
    if each in _MANY:
        return f"{holder} of {_MANY[each]}" if holder == "list" else f"{holder} {_MANY[each]}"
    return f"list, each {each}" if holder == "list" else f"map of names, each to {each}"


def _bound(marks: Iterable[Any], *names: str) -> Any:
    return next((getattr(mark, name) for mark in marks for name in names if hasattr(mark, name)), None)


def _between(word: str, marks: Sequence[Any]) -> str:
    low, high = _bound(marks, "ge", "gt"), _bound(marks, "le", "lt")
    if low is not None and high is not None:
        return f"{word} from {low} to {high}"
    if low is not None:
        return f"{word}, at least {low}"
    return f"{word}, at most {high}" if high is not None else word


def _counted(word: str, marks: Sequence[Any], what: str) -> str:
    low, high = _bound(marks, "min_length"), _bound(marks, "max_length")
    if low is not None and high is not None:
        return f"{word}, {low} to {high} {what}"
    if low is not None:
        return f"{word}, not empty" if low == 1 else f"{word}, at least {low} {what}"
    return f"{word}, at most {high} {what}" if high is not None else word
