"""Puts a new value at a place of a YAML text, with the fewest changed lines: text, path and value in, text out."""

from collections.abc import Iterable
from difflib import SequenceMatcher
from enum import Enum
from typing import Any

from reconciler.model.values import Path
from reconciler.yamltext.edit.chunks import chunks_of
from reconciler.yamltext.edit.nodes import Form, Node, Unwritable, column, line_end, line_start, newline_of, parsed
from reconciler.yamltext.edit.scalars import (
    block_lines,
    double_quoted,
    entry_lines,
    flow_text,
    is_short,
    key_text,
    scalar_text,
)
from reconciler.yamltext.scalars import plain_scalar

Edit = tuple[int, int, str]
"""Start, end, and the text that takes the place of what is between them."""


class Sign(Enum):
    """Stands for something that is no value: `KEEP` for "as it is", `GONE` for a key that is taken away."""

    KEEP = "keep"
    GONE = "gone"


KEEP, GONE = Sign.KEEP, Sign.GONE
NOTHING = ("", "~", "null", "Null", "NULL")


class Aligned(list[Any]):
    """A list whose elements know which element of the old list they were: `sources[i]` is its index, None for a new
    one. Without it, equal elements are taken for the same."""

    def __init__(self, elements: Iterable[Any], sources: Iterable[int | None]) -> None:
        super().__init__(elements)
        self.sources = tuple(sources)


def rewritten(text: str, path: Path, value: Any) -> str:
    """The text with `value` at `path`; mappings on the way that are missing are made.

    Raises `Unwritable` when that can't be done without touching something else.
    """
    root = parsed(text)
    if root is None:
        raise Unwritable("the file is empty")
    editor = _Editor(text)
    node = root
    for at, step in enumerate(path):
        below = node.get(step)
        if value is GONE and at + 1 == len(path):
            return applied(text, editor.without(node, step))
        if below is None or (below.form is Form.SCALAR and at + 1 < len(path)):
            if below is not None and (below.style or below.value not in NOTHING or below.tag):
                raise Unwritable("there is another value in its place")
            if any(isinstance(missing, int) for missing in path[at + 1 :]):
                raise Unwritable("there is no such place in the file")
            for missing in reversed(path[at + 1 :]):
                value = {missing: value}
            return applied(text, editor.entry(node, step, below, value))
        if below.form is Form.ALIAS and at + 1 < len(path):
            raise Unwritable(f"the value is shared by *{below.value}")
        node, holder = below, node
    if not path:
        return applied(text, editor.put(root, value, 0))
    return applied(text, editor.put(node, value, _gap(holder, node, path[-1])))


def applied(text: str, edits: Iterable[Edit], start: int = 0, end: int | None = None) -> str:
    """The part of the text from `start` to `end` with the edits made."""
    parts: list[str] = []
    at = start
    for first, last, new in sorted(edits):
        if first < at:
            raise Unwritable("two changes overlap")
        parts += [text[at:first], new]
        at = last
    return "".join([*parts, text[at : len(text) if end is None else end]])


def _gap(holder: Node, node: Node, step: str | int) -> int:
    """The offset right after the colon of a key; of an element its own start."""
    if isinstance(step, int):
        return node.start
    return next(key.end for key, value in holder.entries if value is node)


class _Editor:
    """Makes edits of one text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.newline = newline_of(text)

    def put(self, node: Node, value: Any, gap: int) -> list[Edit]:
        """The edits that make `node` hold `value`; `gap` is where its line may be cut when it changes its form."""
        if value is KEEP:
            return []
        if isinstance(value, dict) and node.form is Form.MAP and node.entries:
            return self._put_map(node, value, gap)
        if isinstance(value, list) and node.form is Form.LIST and node.elements:
            return self._put_list(node, value, gap)
        if isinstance(value, dict | list):
            return self._replace(node, value, gap)
        if node.form in (Form.MAP, Form.LIST) and not node.flow:
            return self._replace(node, value, gap)
        return self._put_scalar(node, value)

    def _put_scalar(self, node: Node, value: Any) -> list[Edit]:
        """A scalar in the place of a scalar, an alias or a flow collection; its anchor stays, its quotes too."""
        if node.form is Form.SCALAR and node.style in ("|", ">") and isinstance(value, str):
            text = self._literal(node, value)
        else:
            style = node.style if node.form is Form.SCALAR and node.style in ("'", '"') else ""
            text = scalar_text(value, flow=self._in_flow(node), style=style)
        if node.start == node.end:
            return [(node.start, node.end, f" {text}")]
        anchor = f"&{node.anchor} " if node.anchor else ""
        return [(node.start, node.end, anchor + text)]

    def _literal(self, node: Node, value: str) -> str:
        """A block scalar's new text, in the form `|`, where that can hold it."""
        rows = value.removesuffix("\n").split("\n")
        simple = value.strip() and not value.startswith((" ", "\n")) and not value.endswith("\n\n")
        if not simple or not all(row.isprintable() and row == row.rstrip() for row in rows):
            return double_quoted(value)
        second = line_end(self.text, node.body) + len(self.newline)
        width = len(self.text[second : node.end]) - len(self.text[second : node.end].lstrip(" "))
        pad = " " * (width or column(self.text, line_start(self.text, node.start)) + 2)
        lines = [f"{pad}{row}" if row else "" for row in rows]
        return self.newline.join(["|" if value.endswith("\n") else "|-", *lines])

    def _in_flow(self, node: Node) -> bool:
        """Whether brackets are open on the line before a scalar; a cautious look that can only cost quotes."""
        return any(char in self.text[line_start(self.text, node.start) : node.start] for char in "[{")

    def _put_map(self, node: Node, value: dict[str, Any], gap: int) -> list[Edit]:
        edits: list[Edit] = []
        known = {key.value: (key, below) for key, below in node.entries}
        if any(key not in value for key in known if key != "<<") and KEEP not in value.values():
            return self._replace(node, value, gap)
        for key, (own, below) in known.items():
            item = value.get(key, KEEP)
            if item is GONE:
                edits += self.without(node, key)
            elif item is not KEEP and not _same(below, item):
                edits += self.put(below, item, own.end)
        # New keys come last: where the last value was not written at all, both are put into one place.
        for key in value:
            edits += [] if key in known else self.entry(node, key, None, value[key])
        return _joined(edits)

    def without(self, node: Node, step: str | int) -> list[Edit]:
        """The edits that take a key away from a mapping; nothing when it is not there."""
        at = next((at for at, (key, _) in enumerate(node.entries) if key.value == step), None)
        if at is None or node.form is not Form.MAP:
            raise Unwritable("there is no such place in the file")
        if node.flow:
            return self._without_flow(node, at)
        chunks = chunks_of(self.text, node)
        if len(chunks) == 1:
            return [(chunks[0].head, node.end, "{}")]
        if at:
            return [(chunks[at - 1].end, chunks[at].end, "")]
        if self.text[chunks[1].start : chunks[1].head].strip():
            raise Unwritable("there are comments between this key and the next")
        return [(chunks[0].start, chunks[1].head if chunks[0].start == chunks[0].head else chunks[1].start, "")]

    def _without_flow(self, node: Node, at: int) -> list[Edit]:
        spans = [(key.start, max(key.end, value.end)) for key, value in node.entries]
        if self.text[node.body : node.body + 1] != "{" or "#" in self.text[spans[0][0] : spans[-1][1]]:
            raise Unwritable("the mapping has no braces, or comments inside of them")
        if len(spans) == 1:
            return [(node.body + 1, node.end - 1, "")]
        return [(spans[at - 1][1], spans[at][1], "")] if at else [(spans[0][0], spans[1][0], "")]

    def entry(self, node: Node, step: str | int, below: Node | None, value: Any) -> list[Edit]:
        """The edits that give a mapping a key, or a value to a key that has none."""
        if below is not None:
            return self.put(below, value, _gap(node, below, step))
        if node.form is not Form.MAP or isinstance(step, int):
            raise Unwritable("there is no such place in the file")
        if node.flow:
            return self._insert_flow(node, f"{key_text(step, flow=True)}: {flow_text(value)}")
        chunks = chunks_of(self.text, node)
        pad = " " * column(self.text, chunks[-1].head)
        rows = entry_lines(f"{key_text(step)}:", value)
        end = chunks[-1].end
        return [(end, end, "".join(f"{self.newline}{pad}{row}" for row in rows))]

    def _put_list(self, node: Node, value: list[Any], gap: int) -> list[Edit]:
        sources = value.sources if isinstance(value, Aligned) else _sources(node, value)
        nested = {
            source: self.put(node.elements[source], item, node.elements[source].start)
            for item, source in zip(value, sources, strict=True)
            if source is not None and not _same(node.elements[source], item)
        }
        if sources == tuple(range(len(node.elements))):
            return [edit for edits in nested.values() for edit in edits]
        if not value:
            return self._replace(node, value, gap)
        rebuild = self._rebuild_flow if node.flow else self._rebuild_block
        return rebuild(node, value, sources, nested)

    def _rebuild_block(
        self, node: Node, value: list[Any], sources: tuple[int | None, ...], nested: dict[int, list[Edit]]
    ) -> list[Edit]:
        chunks = chunks_of(self.text, node)
        if self.text[line_start(self.text, chunks[0].head) : chunks[0].head].strip():
            raise Unwritable("the list begins in the middle of a line")
        pad = " " * column(self.text, chunks[0].head)
        parts = []
        for item, source in zip(value, sources, strict=True):
            if source is None:
                parts.append(self.newline.join(f"{pad}{row}" for row in block_lines([item])))
            else:
                chunk = chunks[source]
                parts.append(applied(self.text, nested.get(source, ()), chunk.start, chunk.end))
        return [(chunks[0].start, chunks[-1].end, self.newline.join(parts))]

    def _rebuild_flow(
        self, node: Node, value: list[Any], sources: tuple[int | None, ...], nested: dict[int, list[Edit]]
    ) -> list[Edit]:
        first, last = node.elements[0], node.elements[-1]
        if "#" in self.text[first.start : last.end] and self.newline in self.text[first.start : last.end]:
            raise Unwritable("there are comments inside of the brackets")
        parts = []
        for item, source in zip(value, sources, strict=True):
            old = node.elements[source] if source is not None else None
            kept = applied(self.text, nested.get(source or 0, ()), old.start, old.end) if old else flow_text(item)
            parts.append(kept)
        return [(first.start, last.end, self._separator(node).join(parts))]

    def _separator(self, node: Node) -> str:
        """What stands between the last two elements of a flow collection."""
        items = node.items
        if len(items) < 2:
            return ", "
        between = self.text[items[-2][1].end : items[-1][0].start]
        return between if between.strip() == "," else ", "

    def _insert_flow(self, node: Node, text: str) -> list[Edit]:
        if self.text[node.body : node.body + 1] not in ("{", "["):
            raise Unwritable("the mapping stands in a list without braces")
        if not node.items:
            return [(node.body + 1, node.end - 1, text)]
        end = max(node.items[-1][0].end, node.items[-1][1].end)
        return [(end, end, self._separator(node) + text)]

    def _replace(self, node: Node, value: Any, gap: int) -> list[Edit]:
        """The whole node in a new form. A mapping or list that is long becomes a block where that is possible."""
        props = self._properties(node)
        if not isinstance(value, dict | list):
            return self._cut(node, gap, f"{props}{scalar_text(value)}")
        on_line = (
            (node.flow and bool(node.items)) or self._in_flow(node) or not value or is_short(value) or gap == node.start
        )
        if on_line:
            return self._cut(node, gap, props + flow_text(value))
        pad = " " * (_indent(self.text, gap) + 2)
        rows = "".join(f"{self.newline}{pad}{row}" for row in block_lines(value))
        return self._cut(node, gap, props.rstrip() + rows)

    def _properties(self, node: Node) -> str:
        written = self.text[node.start : node.body].split()
        tag = "".join(f"{word} " for word in written if word.startswith("!merge"))
        return (f"&{node.anchor} " if node.anchor else "") + tag

    def _cut(self, node: Node, gap: int, text: str) -> list[Edit]:
        """Replaces a node; from the colon of its key on where it stood on lines of its own."""
        blocks = node.form in (Form.MAP, Form.LIST) and not node.flow
        if node.start == node.end:
            return [(node.start, node.end, text if text.startswith(("\n", "\r")) else f" {text}")]
        if not blocks and not text.startswith(("\n", "\r")):
            return [(node.start, node.end, text)]
        if gap == node.start:
            return [(node.start, node.end, text)]
        colon = self.text.find(":", gap) + 1 if self.text[gap : gap + 1] != ":" else gap + 1
        blank = "" if text.startswith(("\n", "\r")) else " "
        return [(colon, max(node.end, colon), blank + text)]


def _joined(edits: list[Edit]) -> list[Edit]:
    """Insertions at one place as one, in their order."""
    found: dict[tuple[int, int], str] = {}
    for start, end, text in edits:
        found[start, end] = found.get((start, end), "") + text
    return [(start, end, text) for (start, end), text in found.items()]


def _indent(text: str, at: int) -> int:
    """The column where the key of a value stands: that of its line, dashes not counted."""
    start = line_start(text, at)
    row = text[start:at]
    width = len(row) - len(row.lstrip(" "))
    while row[width : width + 2] == "- ":
        width += 2
        width += len(row[width:]) - len(row[width:].lstrip(" "))
    return width


def _sources(node: Node, value: list[Any]) -> tuple[int | None, ...]:
    """Which old element each new one is: equal ones in order, then those between equal ones pairwise."""
    old = [_spelled(_loaded(element)) for element in node.elements]
    sources: list[int | None] = [None] * len(value)
    matcher = SequenceMatcher(None, old, [_spelled(item) for item in value], autojunk=False)
    for tag, low, high, start, end in matcher.get_opcodes():
        if tag in ("equal", "replace"):
            for offset in range(min(high - low, end - start)):
                sources[start + offset] = low + offset
    return tuple(sources)


def _same(node: Node, value: Any) -> bool:
    return _spelled(_loaded(node)) == _spelled(value)


def _spelled(value: Any) -> str:
    return repr(value)


def _loaded(node: Node) -> Any:
    """What a node holds, as the loader reads it; an alias stands for itself."""
    if node.form is Form.ALIAS:
        return ("*", node.value)
    if node.form is Form.SCALAR:
        return node.value if node.style or node.tag else plain_scalar(node.value)
    if node.form is Form.MAP:
        return {key.value: _loaded(below) for key, below in node.entries}
    return [_loaded(element) for element in node.elements]
