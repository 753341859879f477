"""Hypothesis strategies for bodies of every kind, made from its pydantic model: plain values in inventory form.

    @given(bodies("wlan"))
    def test_...(body: dict[str, Any]) -> None: ...

A body holds a random subset of the kind's fields, nested ones included, and passes the kind's model. It may break the
kind's conditional rules (a webhook type without what it needs): those are `validate`'s matter.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import partial
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from hypothesis import strategies as st
from pydantic import AfterValidator, BaseModel
from pydantic.fields import FieldInfo

from reconciler.kinds import Kind, Violation, kinds
from reconciler.kinds.markers import AsSet, KeyedBy
from reconciler.kinds.shared.checks import each, path_text, split
from reconciler.kinds.shared.conditional import has_certain_rows, lacking
from reconciler.kinds.shared.types import Numeric, Told
from reconciler.model.address import Address
from reconciler.model.resource import Resource
from reconciler.model.values import Path, YamlMap
from tests.kinds.walk import models_in

LETTERS = "abcdefghijklmnopqrstuvwxyz"
NAMES = st.text(LETTERS + "ABC019-_", min_size=1, max_size=8)
WORDS = st.text(LETTERS + "ÀßΩ 0123456789-_.:/\"'#", min_size=1, max_size=10).filter(lambda text: set(text) != {"*"})
VARIABLES = st.text(LETTERS + "_", min_size=1, max_size=6).map(lambda name: f"{{{{{name}}}}}")
OCTETS = st.integers(1, 254)
IPV4 = st.tuples(OCTETS, OCTETS, OCTETS, OCTETS).map(lambda parts: ".".join(map(str, parts)))
IPV6 = st.integers(1, 0xFFFF).map(lambda number: f"2001:db8::{number:x}")
HOSTS = st.one_of(IPV4, NAMES.map(lambda name: f"{name.strip('-_') or 'h'}.example.net"))
HEX = st.text("0123456789abcdef", min_size=12, max_size=12)
SUBNETS = st.tuples(st.integers(1, 223), st.integers(0, 255), st.integers(16, 30)).map(
    lambda parts: f"{parts[0]}.{parts[1]}.0.0/{parts[2]}"
)
ZONES = st.sampled_from(["Europe/Paris", "America/New_York", "Asia/Tokyo", "UTC", "Australia/Sydney"])

BY_RULE: dict[str, st.SearchStrategy[Any]] = {
    "country_code": st.sampled_from(["DE", "FR", "JP", "NO", "US"]),
    "host": HOSTS,
    "itself": st.one_of(st.booleans(), st.uuids().map(str)),
    "latitude": st.floats(-90, 90, allow_nan=False).map(lambda number: round(number, 6)),
    "longitude": st.floats(-180, 180, allow_nan=False).map(lambda number: round(number, 6)),
    "mac": HEX.map(lambda text: ":".join(text[at : at + 2] for at in range(0, 12, 2))),
    "match_key": st.sampled_from(["match_model", "match_name[0:3]", "match_role"]),
    "next_hop": IPV4,
    "port": st.integers(1, 65535),
    "port_range": st.sampled_from(["0", "443", "8000-8080"]),
    "protocol": st.sampled_from(["any", "tcp", "udp", "icmp", "gre", "47"]),
    "psk": st.text(LETTERS + "0123456789!", min_size=8, max_size=63),
    "sky_atp": st.sampled_from(["disabled", "standard"]),
    "sponsors": st.dictionaries(NAMES.map(lambda name: f"{name}@example.net"), NAMES, min_size=1, max_size=2),
    "time_of_day": st.sampled_from(["any", "00:00", "02:30", "23:59"]),
    "url": HOSTS.map(lambda host: f"https://{host}/path"),
    "uuid": st.uuids().map(str),
    "variable": st.text(LETTERS + "_0", min_size=1, max_size=8),
    "variable_value": WORDS,
    "vlan_id": st.integers(1, 4094),
    "vlan_range": st.one_of(st.integers(1, 4094), st.just("10-20"), VARIABLES),
    "vlan_ids": st.one_of(
        st.lists(st.integers(1, 4094), min_size=1, max_size=3, unique=True), st.just("10,20"), VARIABLES
    ),
}
"""A strategy for each type that says what it expects (`Told`), by its rule."""

BY_CHECK: dict[str, st.SearchStrategy[Any]] = {
    "_ip_address": st.one_of(IPV4, IPV6, VARIABLES),
    "_ipv4_address": IPV4,
    "_ipv6_address": IPV6,
    "_subnet": st.one_of(SUBNETS, VARIABLES),
    "_time_zone": ZONES,
    "_url": HOSTS.map(lambda host: f"https://{host}/path"),
}
"""A strategy for each type that a function checks, by the function's name."""


@dataclass(frozen=True)
class _Plan:
    """How large a body may grow: fields per object and elements per list, fewer the deeper it gets."""

    size: int
    depth: int = 0

    @property
    def most(self) -> int:
        return max(1, self.size - 2 * self.depth)

    def deeper(self) -> "_Plan":
        return _Plan(self.size, self.depth + 1)


def bodies(
    kind: str,
    *,
    size: int = 6,
    without: Collection[str] = (),
    only: Collection[str] | None = None,
    references: bool = False,
) -> st.SearchStrategy[dict[str, Any]]:
    """Valid bodies of a kind.

    `size` bounds the fields per object and the elements per list (fewer below); `without` and `only` name root
    fields to leave out or to choose from; fields that refer to other objects are left out unless `references`.
    The natural key, where the kind has one that has to be given, is always there.
    """
    entry = kinds()[kind]
    assert entry.model is not None
    out = set(without)
    if not references:
        out |= {reference.root for reference in entry.references if "." not in reference.field}
    drawn = _model(entry.model, _Plan(size), frozenset(out), None if only is None else frozenset(only))
    drawn = drawn if references else drawn.map(partial(_without_names, entry))
    whole = _with_what_is_required(drawn, entry, _Plan(size)) if has_certain_rows(kind) else drawn
    return whole.map(partial(_creatable, entry)) if entry.check_planned else whole


def _without_names(kind: Kind, body: dict[str, Any]) -> dict[str, Any]:
    """The body without the deeper fields that name other objects."""
    for reference in kind.references:
        *above, last = split(reference.field.removesuffix(".{}"))
        for _path, holder in each(body, tuple(above)) if above else [((), body)]:
            if isinstance(holder, dict):
                holder.pop(last, None)
    return body


def _with_what_is_required(
    drawn: st.SearchStrategy[dict[str, Any]], entry: Kind, plan: _Plan
) -> st.SearchStrategy[dict[str, Any]]:
    """The bodies with a value for each field that a plan would miss."""

    @st.composite
    def build(draw: Callable[[st.SearchStrategy[Any]], Any]) -> dict[str, Any]:
        body = draw(drawn)
        assert entry.model is not None
        while missing := next(iter(lacking(entry.name, body, None)), None):
            holder: Any = body
            for step in missing.path:
                holder = holder[step]
            path = missing.detail.split("`")[1].removeprefix(path_text(missing.path)).removeprefix(".")
            holder[path] = draw(_field(_info_at(entry.model, (*missing.path, path)), plan.deeper()))
        return body

    return build()


def _info_at(model: type[BaseModel], path: Path) -> FieldInfo:
    """What pydantic knows of the field at a path of a body."""
    found: list[FieldInfo] = []
    part = model
    for step in path:
        infos = {info.alias or name: info for name, info in part.model_fields.items()}
        if step in infos:  # what is not a field is a key of a map, or the place of an element
            found.append(infos[str(step)])
            part = next(models_in(found[-1].annotation), part)
    return found[-1]


def _creatable(kind: Kind, body: dict[str, Any]) -> dict[str, Any]:
    """The body with what a plan refuses put right: what does nothing goes, what a new object needs is added."""
    added = kind.name == "wlan" and "auth" not in body
    if kind.name == "wlan":
        body["auth"] = {"type": "open", **(body.get("auth") or {})}
    while found := _refused(kind, body):
        path = found.path
        holder: Any = body
        for step in path if found.rule == "new-object-incomplete" else path[:-1]:
            holder = holder[step]
        if found.rule != "new-object-incomplete":
            del holder[path[-1]]
        elif path[0] == "networks":
            holder["vlan_id"] = 7
        elif path == ("auth",):
            holder |= {"psk": "correct horse", "keys": ["0123456789"]}
        else:
            holder["secret"] = "shared"
    if added:
        del body["auth"]
    return body


def _refused(kind: Kind, body: dict[str, Any]) -> Violation | None:
    assert kind.check_planned is not None
    address = Address.of(kind.name, "x")
    resource = Resource(address=address, kind=kind.name, body=YamlMap(body))
    return next((item for item in kind.check_planned(resource, body, None) if not item.warning), None)


def values(model: type[BaseModel], *, size: int = 6) -> st.SearchStrategy[dict[str, Any]]:
    """Valid objects of one nested model."""
    return _model(model, _Plan(size))


def _model(
    model: type[BaseModel],
    plan: _Plan,
    out: frozenset[str] = frozenset(),
    only: frozenset[str] | None = None,
    always: tuple[str, ...] = (),
) -> st.SearchStrategy[dict[str, Any]]:
    infos = {info.alias or name: info for name, info in model.model_fields.items()}
    required = {name for name, info in infos.items() if info.is_required()} | set(always)
    free = sorted(name for name in infos if name not in required | out and (only is None or name in only))
    inner = plan.deeper()

    @st.composite
    def build(draw: Callable[[st.SearchStrategy[Any]], Any]) -> dict[str, Any]:
        least = 0 if required or not free else 1
        chosen = draw(st.lists(st.sampled_from(free), unique=True, min_size=least, max_size=plan.most)) if free else []
        body = {name: draw(_field(infos[name], inner)) for name in sorted([*chosen, *required])}
        extra = get_args(model.__annotations__.get("__pydantic_extra__"))
        if extra:
            keys, elements = (_value(part, (), inner) for part in extra)
            body |= {
                key: item for key, item in draw(st.dictionaries(keys, elements, max_size=2)).items() if key not in body
            }
        return body

    return build()


def _field(info: FieldInfo, plan: _Plan) -> st.SearchStrategy[Any]:
    return _value(info.annotation, tuple(info.metadata), plan)


def _value(annotation: Any, metadata: tuple[Any, ...], plan: _Plan) -> st.SearchStrategy[Any]:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        limits = [limit for mark in arguments[1:] if isinstance(mark, FieldInfo) for limit in mark.metadata]
        return _value(arguments[0], (*arguments[1:], *limits, *metadata), plan)
    told = _told(metadata)
    if told is not None:
        return told
    if origin in (Union, UnionType):
        return st.one_of([_value(part, metadata, plan) for part in arguments if part is not NoneType])
    if origin is Literal:
        return st.sampled_from(arguments)
    if origin is list:
        return _list(arguments[0], metadata, plan)
    if origin is dict:
        keys = _value(arguments[0], (), plan) if get_origin(arguments[0]) is Annotated else NAMES
        return st.dictionaries(keys, _value(arguments[1], (), plan.deeper()), min_size=1, max_size=min(3, plan.most))
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return _model(annotation, plan)
    return _scalar(annotation, metadata)


def _told(metadata: tuple[Any, ...]) -> st.SearchStrategy[Any] | None:
    for mark in metadata:
        if isinstance(mark, Numeric):
            numbers = st.integers(
                mark.low if mark.low is not None else 0, mark.high if mark.high is not None else 10**6
            )
            return st.one_of(numbers, numbers.map(str), VARIABLES)
        if isinstance(mark, Told):
            return BY_RULE[mark.rule]
        if isinstance(mark, AfterValidator):
            return BY_CHECK[mark.func.__name__]
    return None


def _scalar(annotation: Any, metadata: tuple[Any, ...]) -> st.SearchStrategy[Any]:
    def limit(name: str) -> Any:
        return next((getattr(mark, name) for mark in metadata if getattr(mark, name, None) is not None), None)

    if annotation is str:
        low = limit("min_length") or 1
        return st.text(LETTERS + "0123456789", min_size=low, max_size=limit("max_length") or low + 8)
    if annotation is bool:
        return st.booleans()
    if annotation is int:
        low, high = limit("ge"), limit("le")
        return st.integers(
            low if low is not None else min(0, high or 0) - 10, high if high is not None else (low or 0) + 1000
        )
    if annotation is float:
        low, high = limit("ge") or 0, limit("le") or 1000
        return st.floats(low, high, allow_nan=False).map(lambda number: min(high, max(low, round(number, 3))))
    if annotation is Any:
        return WORDS
    raise TypeError(f"no strategy for {annotation!r}")


def _key(names: tuple[str, ...], element: dict[str, Any]) -> tuple[str, ...]:
    return tuple(str(element[name]) for name in names)


def _list(item: Any, metadata: tuple[Any, ...], plan: _Plan) -> st.SearchStrategy[list[Any]]:
    most = min(4, plan.most)
    for mark in metadata:
        if isinstance(mark, KeyedBy):
            names = mark.fields
            elements = _model(item, plan.deeper(), always=names)
            return st.lists(elements, min_size=1, max_size=most, unique_by=partial(_key, names))
        if isinstance(mark, AsSet):
            return st.lists(_value(item, (), plan.deeper()), min_size=1, max_size=most, unique_by=repr)
    return st.lists(_value(item, (), plan.deeper()), min_size=1, max_size=most)
