"""Every model of every kind, and every field of them, for tests that look at all of them."""

from collections.abc import Iterator
from types import NoneType
from typing import Any, get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from reconciler.kinds import kinds


def models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    """The model classes that a type expression names."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from models_in(part)


def all_models() -> list[type[BaseModel]]:
    """Every model of every kind, by name."""
    pending = [kind.model for kind in kinds() if kind.model]
    found: dict[type[BaseModel], None] = {}
    while pending:
        model = pending.pop()
        if model in found:
            continue
        found[model] = None
        extra = model.__annotations__.get("__pydantic_extra__")
        pending += models_in(extra) if extra else ()
        for info in model.model_fields.values():
            pending += models_in(info.annotation)
    return sorted(found, key=lambda model: (model.__name__, model.__module__))


def all_fields() -> list[tuple[str, FieldInfo]]:
    """`Class.field` and what pydantic knows of it."""
    return [
        (f"{model.__name__}.{info.alias or name}", info)
        for model in all_models()
        for name, info in model.model_fields.items()
    ]


def nullable(info: FieldInfo) -> bool:
    """Whether a field may be null."""
    return NoneType in get_args(info.annotation)
