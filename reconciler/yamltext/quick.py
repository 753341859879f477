"""The quick reader: YAML that is plain to see, line by line. Whatever is not is left to libyaml, file by file.

Most of an inventory is `key: value`, `key:`, `- value`, `- key: value`, comments and blank lines. A value is text on
one line, quoted or not, `!secret env:NAME`, or a list or mapping in brackets. YAML has one reading of such lines, and
finding it here takes half of the time that libyaml's events take. The first line of any other form, and everything that
could be a mistake, ends the reading with None: then the event loader reads the file from its start and says what is
wrong. A test holds that the two never differ.
"""

import re
from sys import intern
from typing import Any

from reconciler.model.values import Mark, SecretRef, YamlList, YamlMap
from reconciler.yamltext.scalars import STARTS, plain_scalar

_ODD_ASCII = re.compile("[^\n -~]")
_ODD = re.compile("[\0-\t\v-\x1f\x7f-\x9f]|[\u2028\u2029\ufeff]|[\ud800-\udfff]|[\ufffe\uffff]")
"""Tabs, other line breaks and control characters have rules of their own. (One class of all these takes 7 ms to be
compiled.)"""

_LINE = re.compile(r"( *)(- )?(?:([A-Za-z0-9_][A-Za-z0-9_./:\[\]-]{0,99}):(?: +|$))?(.*)")
"""Indentation, the dash of an element, a key, the rest."""

_PLAIN = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/_.")
"""With these, and with letters beyond ASCII, an unquoted text may begin."""

_LETTERS = "\u00c0"
"""The first of the letters beyond ASCII."""

_QUOTES = frozenset("\"'")

_ITEM = re.compile(
    r"""( *)(?:([^\x00-\-:-@\[-^`{-\xbf][^\[\]{},:?#"'`\\]*|-[0-9][0-9.]*)|"([^"\\]*)"|'([^']*)'"""
    r"""|!secret\ +(env|file|cmd):([A-Za-z0-9_./-]+)|([\[{]))"""
)
"""Blanks, then an unquoted or a quoted text, a secret's two parts, or the bracket that opens a list or a mapping."""

_UNQUOTED, _TARGET, _BRACKET = 2, 6, 7
_KEY = re.compile(r" *([A-Za-z0-9_][A-Za-z0-9_./-]{0,99}): +")
_END = re.compile(r" *(?: #.*)?")
_MAX_OPEN = 20


class _NotPlain(Exception):
    """This file is one for libyaml."""


def read_plain(text: str, file: str) -> tuple[YamlMap, bool] | None:
    """The mapping that a file holds, and whether it may name secrets; None when libyaml has to read the file."""
    if (_ODD_ASCII if text.isascii() else _ODD).search(text):
        return None
    try:
        return _read(text.split("\n"), file), "!secret " in text
    except _NotPlain:
        return None


def _read(lines: list[str], file: str) -> YamlMap:  # noqa: C901 - one loop for its speed, as in `events`
    match = _LINE.match
    root = YamlMap()
    stack: list[tuple[Any, int, bool]] = []  # what is open around `current`
    current: Any = None
    column, in_map = 0, True
    waiting: str | None = None  # the last key, when its value was not on its line
    for number, line in enumerate(lines, 1):
        found: Any = match(line)
        indent, dash, key, rest = found.groups()
        if key is None and dash is None:
            if rest and rest[0] != "#" and not (line == "---" and current is None):
                raise _NotPlain
            continue
        at = len(indent)
        value: Any
        if current is None:
            current, root.mark = root, (file, number, 1)
        elif waiting is not None:
            if at < column or (at == column and not dash):
                raise _NotPlain
            value = YamlList() if dash else YamlMap()
            value.mark = (file, number, at + 1)
            current[waiting] = value
            waiting = None
            stack.append((current, column, in_map))
            current, column, in_map = value, at, dash is None
        while column > at or (column == at and in_map is (dash is not None)):
            if not stack:
                raise _NotPlain
            current, column, in_map = stack.pop()
        if column != at:
            raise _NotPlain

        if dash is not None:
            at += 2
            place: Mark = (file, number, at + 1)
            current.marks.append(place)
            if key is not None:
                value = YamlMap()
                value.mark = place
                current.append(value)
                stack.append((current, column, in_map))
                current, column, in_map = value, at, True
        if key is not None:
            key = intern(key)
            place = (file, number, at + 1)
            if current.marks.setdefault(key, place) is not place or len(stack) > _MAX_OPEN:
                raise _NotPlain
            if not rest or rest[0] == "#":
                waiting = key
                continue
        start = rest[:1]
        if start in _PLAIN or start >= _LETTERS:
            if ":" in rest and (": " in rest or rest[-1] == ":"):
                raise _NotPlain
            if "#" in rest:
                rest = rest.partition(" #")[0]
            value = rest.rstrip(" ")
            if start in STARTS:
                value = plain_scalar(value)
        elif start in _QUOTES and rest.find(start, 1) == len(rest) - 1 and "\\" not in rest:
            value = rest[1:-1]
        else:
            value, end = _value(_ITEM.match(rest), (file, number, found.start(4) + 1), _MAX_OPEN)
            if end != len(rest) and not _END.fullmatch(rest, end):
                raise _NotPlain
        if in_map:
            current[key] = value
        else:
            current.append(value)
    if waiting is not None or current is None:
        raise _NotPlain
    return root


def _value(item: Any, place: Mark, depth: int) -> tuple[Any, int]:
    """The value that an item is or opens, and where it ends. `place` is that of the text in which it stands, `depth`
    is how deep it may nest."""
    if item is None:
        raise _NotPlain
    last = item.lastindex
    if last == _UNQUOTED:
        return plain_scalar(item[last].rstrip(" ")), item.end()
    if last < _TARGET:
        return item[last], item.end()
    mark = _at(place, item.end(1))
    if last == _TARGET:
        return SecretRef(item[5], item[6], mark=mark), item.end()
    if not depth:
        raise _NotPlain
    if item[_BRACKET] == "[":
        return _list(item.string, item.end(), YamlList(mark=mark), place, depth - 1)
    return _mapping(item.string, item.end(), YamlMap(mark=mark), place, depth - 1)


def _list(text: str, at: int, found: YamlList, place: Mark, depth: int) -> tuple[YamlList, int]:
    if text.startswith("]", at):
        return found, at + 1
    file, line, column = place[:3]
    while True:
        item: Any = _ITEM.match(text, at)
        value, at = _value(item, place, depth)
        found.append(value)
        found.marks.append((file, line, column + item.end(1)))
        if text.startswith(", ", at):
            at += 1
            continue
        at = _after(text, at, "]")
        if text[at - 1] == "]":
            return found, at


def _mapping(text: str, at: int, found: YamlMap, place: Mark, depth: int) -> tuple[YamlMap, int]:
    if text.startswith("}", at):
        return found, at + 1
    while True:
        entry = _KEY.match(text, at)
        if entry is None or entry[1] in found:
            raise _NotPlain
        key = intern(entry[1])
        found[key], at = _value(_ITEM.match(text, entry.end()), place, depth)
        found.marks[key] = _at(place, entry.start(1))
        at = _after(text, at, "}")
        if text[at - 1] == "}":
            return found, at


def _at(place: Mark, offset: int) -> Mark:
    return (place[0], place[1], place[2] + offset)


def _after(text: str, at: int, close: str) -> int:
    """The position after the comma or the closing bracket that has to follow."""
    while text.startswith(" ", at):
        at += 1
    if text.startswith((",", close), at):
        return at + 1
    raise _NotPlain
