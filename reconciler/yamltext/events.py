"""The event loader: bytes of a YAML file in, marked values and diagnostics out. What `quick` can read, it leaves to it.

libyaml's parser hands over events one by one; nothing here recurses, in C or in Python, so no nesting can end the
process. `_build` is one long loop on purpose: it runs once per value of an inventory, and a call per value would
double the time of loading.
"""

from collections.abc import Callable
from sys import intern
from typing import Any, NoReturn

from _ruamel_yaml import CParser  # type: ignore[import-not-found]
from msgspec import Struct
from msgspec.structs import replace
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

from reconciler.diagnostics import Diagnostic, Severity, SourceRange
from reconciler.model.limits import MAX_ALIAS_NODES, MAX_BYTES, MAX_DEPTH
from reconciler.model.values import KEEP, PLACES, Mark, SecretRef, YamlList, YamlMap
from reconciler.yamltext.flow import masked, needs_mask, restore, unmasked, with_whole_signs
from reconciler.yamltext.messages import bad_encoding, empty_value, syntax_error
from reconciler.yamltext.quick import read_plain
from reconciler.yamltext.scalars import STARTS, plain_scalar

_MERGE: Any = object()
_BROKEN: Any = object()
_REPAIR: Any = object()
"""Private keys of a mapping that is still being read: the value of `<<`, the value of a key that can't be one, and
the text that the whole mapping should have been."""

_TAGS = (
    "known are !secret before env:NAME or file:PATH, !keep without a value, and !merge before a list, alone or with a "
    "place: !merge:first, !merge:last, !merge:before:NAME, !merge:after:NAME"
)
SECRET_SCHEMES = ("env", "file", "cmd")


class Parsed(Struct, frozen=True):
    """One file: its value (None when it is empty or can't be read), what is wrong, and whether it names secrets or
    keeps fields."""

    value: Any
    diagnostics: tuple[Diagnostic, ...] = ()
    has_secrets: bool = False


class _Unusable(Exception):
    """The rest of the file can't be read; the diagnostic is in the reading's list."""


class _Reading:
    """What is known about the file being read, and the rare cases of the loop."""

    __slots__ = ("alias_nodes", "anchors", "diagnostics", "file", "has_secrets", "nodes", "open_anchors", "unfinished")

    def __init__(self, file: str) -> None:
        self.file = file
        self.diagnostics: list[Diagnostic] = []
        self.anchors: dict[str, tuple[Any, int]] = {}
        self.open_anchors: dict[int, tuple[str, int]] = {}
        self.nodes = 0
        self.alias_nodes = 0
        self.has_secrets = False
        self.unfinished = False

    def place(self, event: Any) -> Mark:
        mark = event.start_mark
        return (self.file, mark.line + 1, mark.column + 1)

    def report(self, rule: str, summary: str, detail: str, place: Mark | None) -> None:
        source = SourceRange(*place) if place else None
        self.diagnostics.append(
            Diagnostic(severity=Severity.ERROR, rule=rule, summary=summary, detail=detail, source=source)
        )

    def stop(self, rule: str, summary: str, detail: str, place: Mark) -> NoReturn:
        self.report(rule, summary, detail, place)
        raise _Unusable

    def duplicate(self, key: Any, first: Mark, place: Mark) -> None:
        name = "<<" if key is _MERGE else unmasked(key)
        detail = f"{name!r} is already set at {SourceRange(*first)}; keep one of the two"
        self.report("duplicate-key", "A key is written twice", detail, place)

    def tagged_key(self, event: Any) -> None:
        detail = f"take the tag away from {unmasked(event.value)!r}"
        self.report("key-not-text", "A key must be plain text", detail, self.place(event))

    def scalar(self, event: Any) -> Any:
        """The value of a scalar that has a tag or an anchor."""
        value: Any = event.value
        if event.ctag and event.ctag != "!":
            if event.ctag == "!keep" and not value:
                self.has_secrets = True
                return KEEP
            value = self._secret(event) if event.ctag == "!secret" else self._unknown_tag(event, value)
        elif event.implicit[0]:
            value = plain_scalar(value)
        if event.anchor is not None:
            self.anchors[event.anchor] = (value, 1)
        return value

    def _secret(self, event: Any) -> SecretRef | None:
        scheme, colon, target = unmasked(event.value).partition(":")
        if colon and target and scheme in SECRET_SCHEMES:
            self.has_secrets = True
            return SecretRef(scheme, target, mark=self.place(event))
        detail = "write !secret env:NAME or !secret file:PATH"
        self.report("bad-secret-reference", "This is not a reference to a secret", detail, self.place(event))
        return None

    def _unknown_tag(self, event: Any, value: Any) -> Any:
        tag = unmasked(event.ctag).replace("tag:yaml.org,2002:", "!!")
        advice = "write the value in quotes where it is text" if tag.startswith("!!") else _TAGS
        self.report("unknown-tag", "A tag is not known here", f"{tag}: {advice}", self.place(event))
        return value

    def opened(self, event: Any, value: Any, depth: int) -> None:
        """Looks at a mapping or list that has a tag or an anchor, or lies deep."""
        if depth > MAX_DEPTH:
            detail = f"values may lie {MAX_DEPTH} levels deep"
            self.stop("too-deep", "The file is nested too deeply", detail, self.place(event))
        tag, colon, place = unmasked(event.ctag or "").partition(":")
        if tag == "!merge" and isinstance(value, YamlList) and (not colon or PLACES.fullmatch(place)):
            value.merge, value.place = True, place
        elif event.ctag and event.ctag != "!":
            self._unknown_tag(event, value)
        if event.anchor is not None:
            self.anchors.pop(event.anchor, None)
            self.open_anchors[id(value)] = (event.anchor, self.nodes)

    def closed(self, value: Any) -> None:
        """Remembers an anchored mapping or list, now that it is whole."""
        anchor, before = self.open_anchors.pop(id(value))
        self.anchors[anchor] = (value, self.nodes - before + 1)

    def alias(self, event: Any) -> Any:
        """What `*name` stands for. Counted as if it were written out, so that no file can explode later."""
        found = self.anchors.get(event.anchor)
        if found is None:
            detail = f"*{event.anchor} needs an &{event.anchor} before it in this file"
            if any(name == event.anchor for name, _ in self.open_anchors.values()):
                detail = f"*{event.anchor} stands inside the value that it names"
            self.stop("unknown-anchor", "An alias has no anchor", detail, self.place(event))
        value, nodes = found
        self.nodes += nodes
        self.alias_nodes += nodes
        if self.alias_nodes > MAX_ALIAS_NODES:
            detail = f"the aliases of a file may stand for {MAX_ALIAS_NODES:,} values together"
            self.stop("alias-expansion", "Aliases make the file too large", detail, self.place(event))
        return value

    def nothing(self, key: Any, place: Mark, depth: int) -> None:
        """Reports a key or a dash with nothing behind it: YAML reads null there, but nobody can tell what is meant."""
        if depth and key is not _BROKEN:
            name = "<<" if key is _MERGE else key if key is None else unmasked(key)
            self.report("empty-value", "Nothing stands where a value should", empty_value(name, depth), place)

    def broken_key(self, event: Any, get: Callable[[], Any], enclosing: YamlMap) -> None:
        """Reads over a mapping, list or alias that stands where a key should."""
        texts: list[str] = []
        depth = 0
        last = event
        while True:
            if isinstance(last, MappingStartEvent | SequenceStartEvent):
                depth += 1
            elif isinstance(last, MappingEndEvent | SequenceEndEvent):
                depth -= 1
            elif isinstance(last, ScalarEvent) and last.value:
                texts.append(unmasked(last.value))
            if not depth:
                break
            last = get()
        self.unfinished = True
        if isinstance(event, MappingStartEvent) and event.flow_style and len(texts) == 1:
            variable = "{{" + texts[0] + "}}"
            enclosing[_REPAIR] = variable
            detail = f'YAML reads {variable} as a mapping; put the whole value in quotes: "{variable}"'
            self.report("unquoted-variable", "A Mist variable must be quoted", detail, enclosing.mark)
        else:
            detail = "a mapping, a list or an alias can't be one"
            self.report("key-not-text", "A key must be plain text", detail, self.place(event))

    def finish(self, value: YamlMap, parent: Any) -> None:
        """Settles the private keys of a mapping whose last entry has been read."""
        if _BROKEN in value:
            value.marks.pop(_BROKEN)
            value.pop(_BROKEN)
            text = value.pop(_REPAIR, None)
            if text and not value:
                parent[next(reversed(parent)) if isinstance(parent, dict) else -1] = text
        if _MERGE in value:
            self._merge(value, value.pop(_MERGE), value.marks.pop(_MERGE))

    def _merge(self, value: YamlMap, sources: Any, place: Mark) -> None:
        for source in sources if isinstance(sources, YamlList) else [sources]:
            if not isinstance(source, YamlMap):
                self.report("bad-merge", "`<<` takes a mapping", "write <<: *name or <<: [*one, *two]", place)
                continue
            for key, item in source.items():
                if key not in value:
                    value[key] = item
                    value.marks[key] = source.marks[key]


def _build(get: Callable[[], Any], reading: _Reading) -> Any:  # noqa: C901 - one loop, see the module's text
    file = reading.file
    new_map, new_list = YamlMap.__new__, YamlList.__new__
    root = YamlList()
    stack: list[tuple[Any, Any, bool]] = []
    current: Any = root
    marks: Any = root.marks
    in_map = False
    key: Any = None
    while True:
        # One turn is one entry of a mapping, one element of a list, or the end of either.
        event = get()
        kind = event.__class__
        if in_map:
            if kind is ScalarEvent:
                key = intern(event.value)
                mark = event.start_mark
                place = (file, mark.line + 1, mark.column + 1)
                if key == "<<" and event.implicit[0]:
                    key = _MERGE
                    reading.unfinished = True
                if event.ctag is not None:
                    reading.tagged_key(event)
                if marks.setdefault(key, place) is not place:
                    reading.duplicate(key, marks[key], place)
                    key = _BROKEN
                    marks[key] = place
                    reading.unfinished = True
                event = get()
                kind = event.__class__
            elif kind is not MappingEndEvent:
                marks[_BROKEN] = reading.place(event)
                reading.broken_key(event, get, current)
                key = _BROKEN
                event = get()
                kind = event.__class__
        else:
            mark = event.start_mark
            place = (file, mark.line + 1, mark.column + 1)

        value: Any
        if kind is ScalarEvent:
            value = event.value
            if event.ctag is not None or event.anchor is not None:
                value = reading.scalar(event)
            elif value[:1] in STARTS and event.implicit[0]:
                value = plain_scalar(value)
            if value is None and not event.value and not event.ctag:
                reading.nothing(key if in_map else None, place, len(stack))
            if in_map:
                current[key] = value
            else:
                current.append(value)
                marks.append(place)
        elif kind is MappingStartEvent or kind is SequenceStartEvent:
            value = new_map(YamlMap) if kind is MappingStartEvent else new_list(YamlList)
            if in_map:
                mark = event.start_mark
                value.mark = (file, mark.line + 1, mark.column + 1)
                current[key] = value
            else:
                value.mark = place
                current.append(value)
                marks.append(place)
            stack.append((current, marks, in_map))
            current = value
            if kind is MappingStartEvent:
                in_map = True
                value.marks = marks = {}
            else:
                in_map = False
                value.marks = marks = []
                value.merge = False
                value.place = ""
            if event.ctag is not None or event.anchor is not None or len(stack) > MAX_DEPTH:
                reading.opened(event, value, len(stack))
        elif kind is MappingEndEvent or kind is SequenceEndEvent:
            value = current
            current, marks, in_map = stack.pop()
            reading.nodes += len(value)
            if reading.unfinished and kind is MappingEndEvent:
                reading.finish(value, current)
            if reading.open_anchors and id(value) in reading.open_anchors:
                reading.closed(value)
        elif kind is AliasEvent:
            value = reading.alias(event)
            if in_map:
                current[key] = value
            else:
                current.append(value)
                marks.append(place)
        else:
            return root[0]


def parse(data: bytes, file: str) -> Parsed:
    """Reads one file, never raising: `value` is what it holds, None when it is empty or can't be read."""
    if len(data) > MAX_BYTES:
        detail = f"{len(data):,} bytes; at most {MAX_BYTES:,} are read: split it"
        return _failed("file-too-large", "The file is too large", detail, (file, 1, 1))
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        return Parsed(None, (bad_encoding(data, error.start, file),))
    if file.endswith(".json") and "\\u" in text:
        data = with_whole_signs(text).encode()
    plain = read_plain(text, file)
    return parse_events(data, file) if plain is None else Parsed(plain[0], has_secrets=plain[1])


def parse_events(data: bytes, file: str) -> Parsed:
    """The same for a file of UTF-8 text of a fitting size, always by libyaml's events."""
    attempts = [masked] if needs_mask(data) else [_as_it_is, masked]
    parsed = Parsed(None)
    for prepared in attempts:
        changed = prepared(data)
        try:
            parsed = _parse(changed, file)
        except YAMLError as error:
            parsed = Parsed(None, (syntax_error(error, data, file),))
        else:
            return parsed if changed == data else replace(parsed, value=restore(parsed.value))
    return parsed


def _as_it_is(data: bytes) -> bytes:
    return data


def _parse(data: bytes, file: str) -> Parsed:
    reading = _Reading(file)
    try:
        value = _document(CParser(data), reading)
    except _Unusable:
        value = None
    return Parsed(value, tuple(reading.diagnostics), reading.has_secrets)


def _failed(rule: str, summary: str, detail: str, place: Mark) -> Parsed:
    reading = _Reading(place[0])
    reading.report(rule, summary, detail, place)
    return Parsed(None, tuple(reading.diagnostics))


def _document(parser: Any, reading: _Reading) -> Any:
    get = parser.get_event
    get()
    if not isinstance(get(), DocumentStartEvent):
        return None
    value = _build(get, reading)
    after = get()
    if isinstance(after, DocumentStartEvent):
        detail = "put the second one into a file of its own"
        reading.report("many-documents", "A file holds one document", detail, reading.place(after))
    return value
