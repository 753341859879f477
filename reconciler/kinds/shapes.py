"""From pydantic models to `Shape`: model class in, frozen tree out. Cached per class."""

import types
from collections.abc import Iterable
from functools import cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from msgspec.structs import replace
from pydantic import BaseModel

from reconciler.kinds.markers import AsSet, Default, KeyedBy, MacText, NumberText, Sensitive
from reconciler.model.shape import ListAs, Shape

_NO_TEXT = frozenset({bool, int, float})


@cache
def shape_of(model: type[BaseModel]) -> Shape:
    """The shape of a model's objects, by the names that a user writes (aliases where there are any)."""
    fields = {
        info.alias or name: _shape(info.annotation, tuple(info.metadata)) for name, info in model.model_fields.items()
    }
    extra = model.__annotations__.get("__pydantic_extra__")
    values = _shape(get_args(extra)[1], ()) if extra is not None and get_args(extra) else None
    return Shape(fields=fields, values=values)


def _shape(annotation: Any, metadata: tuple[Any, ...]) -> Shape:
    origin = get_origin(annotation)
    if origin is Annotated:
        inner, *more = get_args(annotation)
        return _with_defaults(_shape(inner, (*more, *metadata)), more)
    if origin in (Union, types.UnionType):
        return _merged([_shape(part, metadata) for part in get_args(annotation) if part is not type(None)], annotation)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return shape_of(annotation)
    if origin is dict:
        return Shape(values=_shape(get_args(annotation)[1], ()))
    if origin is list:
        return _list_shape(_shape(get_args(annotation)[0], ()), metadata)
    return Shape(
        secret=any(isinstance(mark, Sensitive) for mark in metadata),
        number=_is_number(annotation),
        mac=any(isinstance(mark, MacText) for mark in metadata),
        number_text=any(isinstance(mark, NumberText) for mark in metadata),
        takes=_takes(annotation),
    )


def _with_defaults(shape: Shape, metadata: Iterable[Any]) -> Shape:
    for mark in metadata:
        if isinstance(mark, Default):
            shape = _with_default(shape, mark.at.split(".") if mark.at else [], mark.values)
    return shape


def _with_default(shape: Shape, path: list[str], values: tuple[Any, ...]) -> Shape:
    if not path:
        return replace(shape, defaults=values)
    first, *rest = path
    return replace(shape, fields={**shape.fields, first: _with_default(shape.fields[first], rest, values)})


def _is_number(annotation: Any) -> bool:
    values = get_args(annotation) if get_origin(annotation) is Literal else ()
    return annotation in (int, float) or any(type(value) is int for value in values)


def _list_shape(values: Shape, metadata: tuple[Any, ...]) -> Shape:
    for mark in metadata:
        if isinstance(mark, KeyedBy):
            return Shape(values=values, list_as=ListAs.KEYED, key=mark.fields, unordered=not mark.ordered, listed=True)
        if isinstance(mark, AsSet):
            return Shape(values=values, list_as=ListAs.SET, listed=True)
    return Shape(values=values, listed=True)


def _scalar_types(annotation: Any) -> set[type]:
    if get_origin(annotation) in (Union, types.UnionType):
        return set().union(*(_scalar_types(part) for part in get_args(annotation)))
    if get_origin(annotation) is Annotated:
        return _scalar_types(get_args(annotation)[0])
    return {annotation} if isinstance(annotation, type) else set()


def _takes(annotation: Any) -> frozenset[type]:
    """The types of numbers and booleans that fit, nothing where any text does."""
    if get_origin(annotation) is Literal:
        return frozenset(type(value) for value in get_args(annotation)) & _NO_TEXT
    types_of = _scalar_types(annotation)
    return frozenset() if str in types_of else frozenset(types_of) & _NO_TEXT


def _merged(parts: list[Shape], annotation: Any) -> Shape:
    """The shape of a union: what any of its members knows."""
    if len(parts) == 1:
        return parts[0]
    scalars = _scalar_types(annotation)
    listed = next((part for part in parts if part.list_as is not ListAs.ORDERED), None)
    return Shape(
        fields={name: shape for part in parts for name, shape in part.fields.items()},
        values=next((part.values for part in parts if part.values), None),
        list_as=listed.list_as if listed else ListAs.ORDERED,
        key=listed.key if listed else (),
        unordered=listed.unordered if listed else False,
        secret=any(part.secret for part in parts),
        takes=frozenset() if str in scalars else frozenset().union(*(part.takes for part in parts)),
        mac=any(part.mac for part in parts),
        listed=any(part.listed for part in parts),
        number_text=any(part.number_text for part in parts) or bool(str in scalars and scalars & {int, float}),
    )
