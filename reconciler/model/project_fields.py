"""The project file as a pydantic model, made from `Project`: all that is wrong with it at once, and its JSON Schema.

Imported only for these: a file in which nothing is wrong does without.
"""

from collections.abc import Callable
from functools import cache
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

import msgspec
from msgspec import NODEFAULT, Meta, Struct
from msgspec.structs import FieldInfo, fields
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, create_model, model_validator

from reconciler.model.project import Column, Must, Project

_CONFIG = ConfigDict(extra="forbid", strict=True, frozen=True)
_LIMITS = ("ge", "le", "pattern", "description")


@cache
def model_of(struct: type[Struct]) -> type[BaseModel]:
    """The model of a part of the project file, with the same names, types, limits and defaults."""
    parts: dict[str, Any] = {item.name: (_type(item.type), _default(item)) for item in fields(struct)}
    rule: Callable[[Any], None] | None = getattr(struct, "must_fit", None)

    def fitting(part: Any) -> Any:
        if rule is not None:
            rule(part)
        return part

    rules: dict[str, Any] = {"fitting": model_validator(mode="after")(fitting)}
    return create_model(
        struct.__name__,
        __config__=_CONFIG,
        __doc__=struct.__doc__,
        __validators__=rules,
        **parts,
    )


def read(data: Any) -> Project:
    """The project that a mapping holds. Raises pydantic's `ValidationError` for all that is wrong in it."""
    return msgspec.convert(model_of(Project).model_validate(data), Project, from_attributes=True)


def _default(item: FieldInfo) -> Any:
    """The default, and the description that stands at the type."""
    marks = get_args(item.type)[1:] if get_origin(item.type) is Annotated else ()
    description = next((mark.description for mark in marks if isinstance(mark, Meta) and mark.description), None)
    if item.default_factory is not NODEFAULT:
        return Field(default_factory=item.default_factory, description=description)
    if item.default is NODEFAULT:
        return Field(description=description)
    default = item.default
    if isinstance(default, Struct):
        default = model_of(type(default)).model_validate(_set(default))
    return Field(default, description=description)


def _set(part: Struct) -> dict[str, Any]:
    """What a part has that is not as usual."""
    usual = {item.name: item.default for item in fields(part)}
    return {name: value for name, value in msgspec.structs.asdict(part).items() if value != usual[name] and value != {}}


def _type(found: Any) -> Any:
    """The type with models in the place of parts, and with pydantic's marks in the place of ours."""
    origin, arguments = get_origin(found), get_args(found)
    if found == dict[str, str | Column]:
        column = model_of(Column)
        named = BeforeValidator(_named, json_schema_input_type=str | column)
        return dict[str, Annotated[column, named]]  # type: ignore[valid-type]
    if origin is Annotated:
        marks = [mark for item in arguments[1:] for mark in _marks(item)]
        inner = _type(arguments[0])
        return Annotated[inner, *marks] if marks else inner
    if origin in (Union, UnionType):
        return Union[tuple(_type(item) for item in arguments)]  # noqa: UP007 - made from a tuple
    if origin in (list, dict):
        return origin[tuple(_type(item) for item in arguments)]
    return model_of(found) if isinstance(found, type) and issubclass(found, Struct) else found


def _marks(mark: Any) -> list[Any]:
    if isinstance(mark, Must):
        return [AfterValidator(mark.check)]
    limits = {name: value for name in _LIMITS[:-1] if (value := getattr(mark, name, None)) is not None}
    return [Field(**limits)] if limits else []


def _named(value: Any) -> Any:
    return {"column": value} if isinstance(value, str) else value
