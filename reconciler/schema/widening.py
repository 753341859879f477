"""What a source of the vendor's other than its document takes, taken by the JSON Schemas too: an editor must not
underline what `validate` lets through."""

from collections.abc import Callable, Iterable

from reconciler.kinds.sources import SOURCES, Line
from reconciler.schema.tidy import Json

Inside = Callable[[Json, str], Json]
_TYPES = {"list": "array", "text": "string"}


def widen(schema: Json, lines: Iterable[Line], inside: Inside) -> None:
    """Changes the schema of a kind's object in place. `inside` leads from an object's schema to that of a step."""
    for line in lines:
        *steps, last = line.pattern.split(".")[1:]
        if last == "**":
            continue  # the field itself has a line, and then takes anything
        holder = schema
        for step in steps:
            if holder is not _ANYTHING:
                holder = inside(holder, step) if _knows(holder, step) else _ANYTHING
        if holder is _ANYTHING:
            continue
        if _knows(holder, last):
            if line.limits:
                _take_more(_entry(holder, last), line)
        else:
            holder.setdefault("properties", {})[last] = {"description": f"From {SOURCES[line.source]}"}


_ANYTHING: Json = {}
"""What lies below a field that takes anything."""


def _knows(holder: Json, step: str) -> bool:
    if step == "[]":
        return "items" in holder
    return bool(holder.get("additionalProperties")) if step == "*" else step in holder.get("properties", {})


def _entry(holder: Json, step: str) -> Json:
    entry: Json = (
        holder["items"]
        if step == "[]"
        else holder["additionalProperties"]
        if step == "*"
        else holder["properties"][step]
    )
    return entry


def _take_more(entry: Json, line: Line) -> None:
    """The entry of a field with what the line takes beside what it took."""
    if line.values and "enum" in entry:
        entry["enum"] = list(dict.fromkeys([*entry["enum"], *line.values]))
        return
    described = {"description": entry.pop("description")} if "description" in entry else {}
    taken = entry["anyOf"] if entry.keys() == {"anyOf"} else [dict(entry)]
    entry.clear()
    more = _of(line)
    entry |= {"anyOf": taken if more in taken else [*taken, more], **described}


def _of(line: Line) -> Json:
    if line.values:
        return {"enum": list(line.values)}
    if line.shape:
        return {"type": _TYPES.get(line.shape, line.shape)}
    bounds = {"minimum": line.least, "maximum": line.most}
    return {"type": "number", **{name: bound for name, bound in bounds.items() if bound is not None}}
