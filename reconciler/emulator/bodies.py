"""Bodies: bytes to JSON, to the parts of a form, or to what is wrong with them.

In: the bytes of a request and its Content-Type.  Out: JSON data, a `Form`, None for no body, or `Malformed`.  What is
read here can be stored and answered again: no NaN, no nesting that would exhaust the interpreter's stack.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from typing import Any

from reconciler.emulator.messages import Malformed

MAX_DEPTH = 64
MAX_PARTS = 20


@dataclass(frozen=True)
class Part:
    """One part of a multipart form."""

    name: str
    filename: str | None
    content: bytes


@dataclass(frozen=True)
class Form:
    parts: tuple[Part, ...]

    def file(self, name: str = "file") -> bytes | None:
        """The content of the part of this name, unless it is empty."""
        return next((p.content for p in self.parts if p.name == name and p.content), None)

    def as_json(self) -> dict[str, Any]:
        """Names and sizes, for the record of calls."""
        return {"parts": [{"name": p.name, "filename": p.filename, "bytes": len(p.content)} for p in self.parts]}


def parse_body(raw: bytes, content_type: str = "") -> object:
    if not raw:
        return None
    if content_type.lower().lstrip().startswith("multipart/"):
        return _form(raw, content_type)
    try:
        value = json.loads(raw, parse_constant=_refused, parse_float=_number)
    except RecursionError:
        return Malformed("JSON parse error: nested too deep")
    except ValueError as error:
        return Malformed(f"JSON parse error: {str(error)[:100]}")
    return Malformed("JSON parse error: nested too deep") if _too_deep(value) else value


def _refused(name: str) -> float:
    raise ValueError(f"{name} is no number")


def _number(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError("number out of range")
    return value


def _too_deep(value: object) -> bool:
    level = [value]
    for _ in range(MAX_DEPTH):
        level = [child for item in level for child in _children(item)]
        if not level:
            return False
    return True


def _children(value: object) -> Iterator[object]:
    children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return (child for child in children if isinstance(child, (dict, list)))


def _form(raw: bytes, content_type: str) -> Form | Malformed:
    boundary = _parameters("Content-Type", content_type).get_boundary()
    if not boundary:
        return Malformed("The request needs to be of multipart format: it names no boundary")
    mark = b"--" + boundary.encode("latin-1", "replace")
    pieces = (b"\r\n" + raw).split(b"\r\n" + mark)
    if len(pieces) < 3 or not pieces[-1].startswith(b"--"):
        return Malformed("The request needs to be of multipart format: it does not end with its boundary")
    if len(pieces) - 2 > MAX_PARTS:
        return Malformed(f"The request has {len(pieces) - 2} parts; at most {MAX_PARTS} are taken")
    parts = []
    for piece in pieces[1:-1]:
        # A part without a header of its own starts with the empty line.
        head, found, content = piece.partition(b"\r\n\r\n")
        part = _part(head, content) if found else None
        if part is None:
            return Malformed("The request needs to be of multipart format: a part has no name")
        parts.append(part)
    return Form(tuple(parts))


def _part(head: bytes, content: bytes) -> Part | None:
    for line in head.decode("utf-8", "replace").splitlines():
        name, _, value = line.partition(":")
        if name.strip().lower() == "content-disposition":
            # The names may be quoted or not, and in any order.
            header = _parameters("Content-Disposition", value)
            part = header.get_param("name", header="content-disposition")
            if isinstance(part, str) and part:
                return Part(part, header.get_filename(), content)
    return None


def _parameters(name: str, value: str) -> Message:
    message = Message()
    message[name] = " ".join(value.split())
    return message
