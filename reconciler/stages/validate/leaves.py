"""The type of one field, deep in a model, as a check of its own: a model and a path in, a validator out.

For values that are known only when a site's variables are put in: to validate a whole template for each of 500 sites
would take minutes.
"""

import types
from collections.abc import Callable, Iterator
from functools import cache
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, TypeAdapter, ValidationError

from reconciler.model.values import Path

Check = Callable[[str], str]
"""From a text to what its field expects instead; nothing when it fits."""


@cache
def check_at(model: type[BaseModel], path: Path) -> Check | None:
    """The check of the field at a path; None where the model doesn't know it or takes anything."""
    found: list[Any] = [model]
    for step in path:
        found = [below for part in found for below in _below(part, step)]
    return _check_of(found[0]) if found else None


@cache
def _check_of(annotation: Any) -> Check:
    validator = TypeAdapter(annotation)

    def check(text: str) -> str:
        try:
            validator.validate_python(text, strict=True)
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]["msg"]
            return first.removeprefix("Value error, ").removeprefix("expected ").partition(", or a text with")[0]
        return ""

    return check


def _below(annotation: Any, step: str | int) -> Iterator[Any]:
    """The types that a step leads to."""
    origin = get_origin(annotation)
    if origin is Annotated:
        yield from _below(get_args(annotation)[0], step)
    elif origin in (Union, types.UnionType):
        for part in get_args(annotation):
            yield from _below(part, step)
    elif origin is list and isinstance(step, int):
        yield get_args(annotation)[0]
    elif origin is dict:
        yield get_args(annotation)[1]
    elif isinstance(annotation, type) and issubclass(annotation, BaseModel):
        for name, info in annotation.model_fields.items():
            if step == (info.alias or name):
                yield Annotated[info.annotation, *info.metadata] if info.metadata else info.annotation
                return
        extra = annotation.__annotations__.get("__pydantic_extra__")
        if extra is not None and get_args(extra):
            yield get_args(extra)[1]
