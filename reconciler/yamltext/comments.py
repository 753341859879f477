"""Names and addresses that a comment cuts: `name: Store #12` is the name `Store` to YAML, and nobody sees it.

The text of a file in, an error for each such place out. A comment is meant where blanks or nothing stand around its
sign as usual (`# why`, two blanks before it); one blank before it and none behind it is how people write a number.
"""

import re
from collections.abc import Iterator
from typing import Any

from _ruamel_yaml import CParser  # type: ignore[import-not-found]
from ruamel.yaml.error import YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from reconciler.diagnostics import Diagnostic, Severity, SourceRange
from reconciler.model.values import Untyped
from reconciler.yamltext.flow import masked
from reconciler.yamltext.scalars import plain_scalar

_MAYBE = re.compile(r"\S #[^\s#]")
_GLUED = re.compile(r" #[^\s#].*")


def cut_texts(text: str, file: str, fields: frozenset[str]) -> Iterator[Diagnostic]:
    """An error for every unquoted text of these fields behind which a comment goes on like a part of it."""
    if not _MAYBE.search(text):
        return
    lines = text.removeprefix("\ufeff").split("\n")
    for key, event in _values(masked(text.encode())):
        end = event.end_mark
        glued = _GLUED.match(lines[end.line], end.column) if end.line < len(lines) else None
        value = plain_scalar(event.value)
        if key not in fields or not glued or event.style or not isinstance(value, str) or isinstance(value, Untyped):
            continue
        detail = (
            f"`{key}` is {event.value!r} here, because YAML takes `{glued[0].strip()}` for a comment. Put the whole "
            "text in quotes; or write a blank behind the `#` where it is one"
        )
        place = SourceRange(file, event.start_mark.line + 1, event.start_mark.column + 1)
        yield Diagnostic(
            severity=Severity.ERROR, rule="cut-text", summary="A comment cuts a text", detail=detail, source=place
        )


def _values(data: bytes) -> Iterator[tuple[str | None, Any]]:
    """Every scalar value with the key that it, or its list, stands behind."""
    parser = CParser(data)
    outside: list[Any] = [False, False, None]
    open_ones: list[list[Any]] = []  # whether it is a mapping, whether a key comes next, the last key
    try:
        while not isinstance(event := parser.get_event(), StreamEndEvent):
            inner = open_ones[-1] if open_ones else outside
            if isinstance(event, MappingEndEvent | SequenceEndEvent):
                open_ones.pop()
            elif isinstance(event, ScalarEvent) and inner[1]:
                inner[1:] = False, event.value
            else:
                if isinstance(event, ScalarEvent):
                    yield inner[2], event
                if isinstance(event, ScalarEvent | AliasEvent | MappingStartEvent | SequenceStartEvent):
                    inner[1] = inner[0]
                if isinstance(event, MappingStartEvent | SequenceStartEvent):
                    is_map = isinstance(event, MappingStartEvent)
                    open_ones.append([is_map, is_map, None if is_map else inner[2]])
    except YAMLError:
        return
