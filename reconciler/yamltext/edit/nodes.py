"""Where everything stands in a YAML text: the text in, a tree of nodes with offsets out."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

_PROPERTY = re.compile(r"(?:&[^\s,\[\]{}]+|![^\s,\[\]{}]*)")
_BLANK = re.compile(r"(?:\s|#[^\r\n]*)*")


class Unwritable(Exception):
    """This text can't be edited safely; the message says why, for the user."""


class Form(StrEnum):
    """What a node is."""

    MAP = "map"
    LIST = "list"
    SCALAR = "scalar"
    ALIAS = "alias"


@dataclass(slots=True)
class Node:
    """One value. `start` counts its anchor and tag in, `body` not; `end` is the offset after its last character.

    `style` is the quote of a scalar (`|` and `>` for blocks, empty for plain). `entries` are the keys and values of a
    mapping, `elements` those of a list; the body of a block list is its first dash.
    """

    form: Form
    start: int
    end: int
    body: int = 0
    flow: bool = False
    style: str = ""
    value: str = ""
    anchor: str | None = None
    tag: str | None = None
    entries: list[tuple["Node", "Node"]] = field(default_factory=list)
    elements: list["Node"] = field(default_factory=list)

    @property
    def items(self) -> list[tuple["Node", "Node"]]:
        """The items of a collection, each as the nodes that it starts and ends with."""
        return self.entries if self.form is Form.MAP else [(element, element) for element in self.elements]

    def get(self, step: str | int) -> "Node | None":
        """The value of a key or the element at an index."""
        if isinstance(step, int):
            return self.elements[step] if self.form is Form.LIST and step < len(self.elements) else None
        return next((value for key, value in self.entries if key.value == step), None)


def parsed(text: str) -> Node | None:
    """The tree of the first document; None for an empty text. Raises `Unwritable` for a text that is no YAML."""
    yaml = YAML(typ="safe", pure=True)
    try:
        events = iter(list(yaml.parse(text)))
    except (YAMLError, ValueError, RecursionError) as error:
        raise Unwritable("the file can't be parsed") from error
    for event in events:
        if isinstance(event, DocumentStartEvent):
            first = next(events)
            root = _node(first, events, text)
            return None if root.form is Form.SCALAR and root.start == root.end and not root.style else root
    return None


def _node(event: Any, events: Iterator[Any], text: str) -> Node:
    start, end = event.start_mark.index, event.end_mark.index
    if isinstance(event, AliasEvent):
        return Node(Form.ALIAS, start, end, body=start, value=event.anchor)
    tag = str(event.ctag) if event.ctag else None
    if isinstance(event, ScalarEvent):
        body = _body(text, start, end) if event.anchor or tag else start
        node = Node(Form.SCALAR, start, end, body=body, style=event.style or "", value=event.value)
        node.end = max(body, start + len(text[start:end].rstrip())) if node.style in ("|", ">") else end
    else:
        node = _collection(event, events, text)
    node.anchor, node.tag = event.anchor, tag
    return node


def _collection(event: Any, events: Iterator[Any], text: str) -> Node:
    start = event.start_mark.index
    is_map = isinstance(event, MappingStartEvent)
    node = Node(Form.MAP if is_map else Form.LIST, start, start, flow=bool(event.flow_style))
    assert is_map or isinstance(event, SequenceStartEvent)  # noqa: S101 - the parser knows no other events
    node.body = skipped(text, _body(text, start, len(text)) if event.anchor or event.ctag else start)
    for item in events:
        if isinstance(item, MappingEndEvent | SequenceEndEvent):
            last = node.items[-1][1].end if node.items else start
            node.end = item.end_mark.index if node.flow else max(last, node.items[-1][0].end if node.items else last)
            return node
        if is_map:
            key = _node(item, events, text)
            value = _node(next(events), events, text)
            colon = skipped(text, key.end)
            node.entries.append((key, _placed(value, colon + 1 if text.startswith(":", colon) else key.end)))
        else:
            before = node.elements[-1].end if node.elements else node.body
            dash = skipped(text, before) + 1
            node.elements.append(_placed(_node(item, events, text), dash))
    raise Unwritable("the file can't be parsed")


def _placed(node: Node, at: int) -> Node:
    """A value that is not written at all stands right behind the colon or dash, not at the next word."""
    if node.form is Form.SCALAR and not (node.style or node.value or node.anchor or node.tag):
        node.start = node.body = node.end = at
    return node


def _body(text: str, start: int, end: int) -> int:
    """The offset after the anchor and the tag."""
    at = start
    while at < end and (found := _PROPERTY.match(text, at)):
        at = found.end()
        while at < end and text[at] in " \t":
            at += 1
    return min(at, end)


def skipped(text: str, at: int) -> int:
    """The next offset that is no blank, line break or comment."""
    found = _BLANK.match(text, at)
    return found.end() if found else at


def line_start(text: str, at: int) -> int:
    """The offset of the first character of a line."""
    return max(text.rfind("\n", 0, at), text.rfind("\r", 0, at)) + 1


def line_end(text: str, at: int) -> int:
    """The offset of the line break that ends a line, or of the text's end."""
    found = [position for position in (text.find("\n", at), text.find("\r", at)) if position >= 0]
    return min(found, default=len(text))


def column(text: str, at: int) -> int:
    """The column of an offset, from 0."""
    return at - line_start(text, at)


def newline_of(text: str) -> str:
    """The line break that a text uses."""
    return "\r\n" if "\r\n" in text else "\n"


def walk(node: Node) -> Iterator[Node]:
    """A node and everything below it, keys included."""
    yield node
    for key, value in node.entries:
        yield from walk(key)
        yield from walk(value)
    for element in node.elements:
        yield from walk(element)
