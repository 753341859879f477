"""A kind's fields as flat data: a section for each object in it. In: a kind. Out: sections, in a fixed order."""

from collections.abc import Mapping
from typing import Any, get_args

from msgspec import Struct
from pydantic import BaseModel

from reconciler.kinds import Kind
from reconciler.model.shape import UNKNOWN, ListAs, Shape
from reconciler.schema.types_in_words import as_yaml, in_words, models_in

OTHER_KEYS = "(other keys)"


class Field(Struct, frozen=True, kw_only=True):
    """One row: `path` leads from the root, `below` names the sections that its objects have."""

    name: str
    path: str
    holds: str
    about: str = ""
    defaults: tuple[str, ...] = ()
    compared: str = ""
    required: bool = False
    secret: bool = False
    below: tuple[str, ...] = ()


class Section(Struct, frozen=True, kw_only=True):
    """The fields of one object; of several that are alike, under the path of the first. `roots` hold them."""

    path: str
    roots: tuple[str, ...]
    about: str
    fields: tuple[Field, ...]


class _Object(Struct, frozen=True, kw_only=True):
    path: str
    model: type[BaseModel]
    shape: Shape


class _Objects:
    """Every distinct object of a kind, by class and shape, with the roots that it occurs in."""

    def __init__(self, kind: Kind) -> None:
        self.found: list[_Object] = []
        self.roots: dict[str, dict[str, None]] = {}
        if kind.model:
            self.path_of(kind.model, kind.shape, "")

    def path_of(self, model: type[BaseModel], shape: Shape, path: str) -> str:
        """The path of the section for an object: that of an equal one, where there is one."""
        root = path.partition(".")[0].partition("[")[0]
        same = next((item for item in self.found if item.model is model and item.shape == shape), None)
        if same is None:
            same = _Object(path=path, model=model, shape=shape)
            self.found.append(same)
        known = self.roots.setdefault(same.path, {})
        if root not in known:
            known[root] = None
            for field in _annotations(model):
                self.below(field, model, shape, path)
        return same.path

    def below(self, name: str, model: type[BaseModel], shape: Shape, path: str) -> tuple[str, ...]:
        """The paths of the sections for the objects in a field."""
        start = _joined(path, "NAME" if name == OTHER_KEYS else name)
        inner = (shape.values or UNKNOWN) if name == OTHER_KEYS else shape.below(name)
        found = models_in(_annotations(model)[name])
        return tuple(
            dict.fromkeys(self.path_of(part, _through(inner, steps), f"{start}{steps}") for steps, part in found)
        )


def sections(kind: Kind) -> tuple[Section, ...]:
    """The sections of a kind: its own fields first, then the objects inside, each where it is met first."""
    objects = _Objects(kind)
    return tuple(
        Section(
            path=item.path,
            roots=tuple(root for root in sorted(objects.roots[item.path]) if root),
            about=_own_doc(item.model) if item.path else "",
            fields=tuple(_field(objects, item, name) for name in _annotations(item.model)),
        )
        for item in objects.found
    )


def _field(objects: _Objects, item: _Object, name: str) -> Field:
    shape = (item.shape.values or UNKNOWN) if name == OTHER_KEYS else item.shape.below(name)
    info = next((info for key, info in item.model.model_fields.items() if (info.alias or key) == name), None)
    return Field(
        name=name,
        path=_joined(item.path, name),
        holds=in_words(_annotations(item.model)[name], info.metadata if info else ()),
        about=(info.description or "") if info else _keys_in_words(item.model),
        defaults=tuple(as_yaml(value) for value in shape.defaults),
        compared=_compared(shape, _annotations(item.model)[name]),
        required=bool(info and info.is_required()),
        secret=_is_secret(shape),
        below=objects.below(name, item.model, item.shape, item.path),
    )


def _annotations(model: type[BaseModel]) -> Mapping[str, Any]:
    """The types of a model's fields by the names that a user writes, and that of other keys."""
    extra = model.__annotations__.get("__pydantic_extra__")
    named = {info.alias or name: info.annotation for name, info in model.model_fields.items()}
    return {**named, **({OTHER_KEYS: get_args(extra)[1]} if extra is not None and get_args(extra) else {})}


def _keys_in_words(model: type[BaseModel]) -> str:
    """What the keys of the user's choice may be, where not every text may."""
    words = in_words(get_args(model.__annotations__["__pydantic_extra__"])[0])
    return "" if words == in_words(str) else f"A key is {words}"


def _through(shape: Shape, steps: str) -> Shape:
    """The shape of the elements: one level down for each `[]` and `.NAME`."""
    for _ in range(steps.count("[]") + steps.count(".NAME")):
        shape = shape.values or UNKNOWN
    return shape


def _joined(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _own_doc(model: type[BaseModel]) -> str:
    """What a class says of itself, and not what its base does."""
    return " ".join((model.__dict__.get("__doc__") or "").split())


def _is_secret(shape: Shape) -> bool:
    return shape.secret or (shape.values is not None and not shape.values.fields and _is_secret(shape.values))


def _compared(shape: Shape, annotation: Any) -> str:
    if shape.list_as is ListAs.SET:
        return "as a set"
    if shape.list_as is ListAs.KEYED:
        return f"by {' and '.join(f'`{key}`' for key in shape.key)}{'' if shape.unordered else ', in order'}"
    return "in order" if in_words(annotation).startswith("list") else ""
