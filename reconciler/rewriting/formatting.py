"""The canonical form of an inventory's file: text in, the same text with its keys in order and its quotes in one style
out. Comments, anchors, tags, blank lines and indents stay; what it means stays too, which is checked each time.

A mapping in which moving a key would change what an alias stands for is left in its order.
"""

import re
from typing import Any

from reconciler.diagnostics import Diagnostic, Severity, SourceRange
from reconciler.loading.events import parse
from reconciler.loading.scalars import plain_scalar
from reconciler.model.shape import UNKNOWN, Shape
from reconciler.model.values import SecretRef, Untyped, YamlList
from reconciler.rewriting.chunks import Chunk, chunks_of
from reconciler.rewriting.edits import Edit, applied
from reconciler.rewriting.nodes import (
    Form,
    Node,
    Unwritable,
    column,
    line_end,
    line_start,
    newline_of,
    parsed,
    walk,
)
from reconciler.rewriting.order import element, order_of, rank
from reconciler.rewriting.scalars import needs_quotes, scalar_text

_TRAILING = re.compile(r"[ \t]+(?=\r?\n|\r|\Z)")


def formatted(text: str, file: str) -> tuple[str, tuple[Diagnostic, ...]]:
    """The canonical text of a file. One with mistakes comes back as it is, with their diagnostics."""
    before = parse(text.encode("utf-8", "surrogatepass"), file)
    if before.diagnostics:
        return text, before.diagnostics
    try:
        result = _formatted(text, order_of(file))
    except Unwritable as error:
        return text, (_left(file, f"{error}; it stays as it is"),)
    after = parse(result.encode("utf-8", "surrogatepass"), file)
    same = not after.diagnostics and meaning(after.value) == meaning(before.value)
    if not same or _comments(result) != _comments(text):
        return text, (_left(file, "its form is too unusual to be changed safely; it stays as it is"),)
    return result, ()


def meaning(value: Any) -> Any:
    """What a loaded value says, without its places: for comparison. The order of keys says nothing."""
    if isinstance(value, dict):
        return {key: meaning(item) for key, item in value.items()}
    if isinstance(value, list):
        items = tuple(meaning(item) for item in value)
        return ("!merge", items) if isinstance(value, YamlList) and value.merge else items
    if isinstance(value, SecretRef):
        return ("!secret", value.scheme, value.target)
    return (value.__class__.__name__, value)


def _left(file: str, detail: str) -> Diagnostic:
    return Diagnostic(
        severity=Severity.WARNING,
        rule="not-formatted",
        summary="A file can't be formatted",
        detail=detail,
        source=SourceRange(file, 1, 1),
    )


def _formatted(text: str, shape: Shape) -> str:
    root = parsed(text)
    if root is None:
        return text
    text = applied(text, _trimmed(text, root))
    root = parsed(text)
    return text if root is None else applied(text, _Formatter(text).node(root, shape, flow=False, top=True))


def _trimmed(text: str, root: Node) -> list[Edit]:
    """Blanks at the ends of lines, and the missing break of the last one; never inside of a text of several lines."""
    solid = [(node.start, node.end) for node in walk(root) if node.form is Form.SCALAR and _is_long(text, node)]
    found = (item.span() for item in _TRAILING.finditer(text))
    edits: list[Edit] = [(at, until, "") for at, until in found if not any(start <= at <= end for start, end in solid)]
    blocks = [end for start, end in solid if text[start:end].lstrip("&!")[:1] in "|>"]
    if text and not text.endswith(("\n", "\r")) and not any(end >= len(text.rstrip()) for end in blocks):
        edits.append((len(text), len(text), newline_of(text)))
    return edits


def _is_long(text: str, node: Node) -> bool:
    return "\n" in text[node.start : node.end] or "\r" in text[node.start : node.end] or node.style in ("|", ">")


class _Formatter:
    """Makes the edits of one text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.newline = newline_of(text)

    def node(self, node: Node, shape: Shape, *, flow: bool, top: bool = False) -> list[Edit]:
        """The edits of a value and everything in it."""
        if node.form is Form.SCALAR:
            return self._scalar(node, flow=flow)
        if node.form is Form.ALIAS:
            return []
        inside = flow or node.flow
        if node.form is Form.LIST:
            below = element(shape)
            return [edit for item in node.elements for edit in self.node(item, below, flow=inside)]
        nested = [
            [*self._key(key, flow=inside), *self.node(value, _below(shape, key.value), flow=inside)]
            for key, value in node.entries
        ]
        order = sorted(range(len(node.entries)), key=lambda at: (rank(node.entries[at][0].value, shape), at))
        if not (shape.fields or shape.key) or order == list(range(len(order))) or self._tied(node):
            return [edit for edits in nested for edit in edits]
        return self._flow_map(node, nested, order) if node.flow else self._block_map(node, nested, order, top=top)

    def _scalar(self, node: Node, *, flow: bool) -> list[Edit]:
        if node.tag or _is_long(self.text, node) or node.start == node.end:
            return []
        value = node.value if node.style else plain_scalar(node.value)
        if node.body == node.end or isinstance(value, Untyped):
            return []  # quotes would settle what only the field can
        return self._put(node, scalar_text(value, flow=flow))

    def _key(self, node: Node, *, flow: bool) -> list[Edit]:
        plain = node.form is Form.SCALAR and not node.tag and not _is_long(self.text, node)
        if not plain or not node.style or needs_quotes(node.value, flow=flow):
            return []
        return self._put(node, node.value)

    def _put(self, node: Node, text: str) -> list[Edit]:
        return [] if self.text[node.body : node.end] == text else [(node.body, node.end, text)]

    def _tied(self, node: Node) -> bool:
        """Whether the order of the entries counts: an anchor of one is used, or set again, in another."""
        anchors, names = [], []
        for key, value in node.entries:
            nodes = [*walk(key), *walk(value)]
            anchors.append({item.anchor for item in nodes if item.anchor})
            names.append({item.value for item in nodes if item.form is Form.ALIAS})
        return any(
            anchors[one] & (anchors[other] | names[other])
            for one in range(len(anchors))
            if anchors[one]
            for other in range(len(anchors))
            if one != other
        )

    def _flow_map(self, node: Node, nested: list[list[Edit]], order: list[int]) -> list[Edit]:
        """The entries change places, what stands between them stays."""
        spans = [(key.start, max(key.end, value.end)) for key, value in node.entries]
        inner = self.text[spans[0][0] : spans[-1][1]]
        if self.text[node.body : node.body + 1] != "{" or ("#" in inner and ("\n" in inner or "\r" in inner)):
            return [edit for edits in nested for edit in edits]
        return [(*spans[to], applied(self.text, nested[at], *spans[at])) for to, at in enumerate(order)]

    def _block_map(self, node: Node, nested: list[list[Edit]], order: list[int], *, top: bool) -> list[Edit]:
        """The lines of each entry move, with the comments above them. Where the first entry stands behind a dash, the
        comments of what comes there go above the dash. At the top of a file, the first comment is the file's own."""
        chunks = chunks_of(self.text, node)
        if top:
            chunks[0] = Chunk(chunks[0].head, chunks[0].head, chunks[0].end)
        first = line_start(self.text, chunks[0].head)
        behind_dash = bool(self.text[first : chunks[0].head].strip())
        pad = " " * column(self.text, chunks[0].head)
        parts: list[str] = []
        edits: list[Edit] = []
        for to, at in enumerate(order):
            chunk = chunks[at]
            body = applied(self.text, nested[at], chunk.head, chunk.end)
            above = [] if chunk.start == chunk.head else self._above(chunk)
            while to == 0 and above and not above[0].strip():
                above.pop(0)
            if to == 0 and behind_dash:
                edits += self._hoisted(first, above)
                parts.append(body)
            else:
                lead = "" if to == 0 and chunks[0].start == chunks[0].head else pad
                parts.append("".join(f"{row}{self.newline}" for row in above) + lead + body)
        return [*edits, (chunks[0].start, chunks[-1].end, self.newline.join(parts))]

    def _above(self, chunk: Chunk) -> list[str]:
        """The lines above an entry's own first line."""
        rows = self.text[chunk.start : line_start(self.text, chunk.head)]
        return re.split(r"\r\n|\n|\r", rows)[:-1]

    def _hoisted(self, first: int, above: list[str]) -> list[Edit]:
        """Comments above the line that begins at `first`, in its own column."""
        rows = [row.strip() for row in above if row.strip()]
        indent = self.text[first : line_end(self.text, first)]
        pad = indent[: len(indent) - len(indent.lstrip(" "))]
        text = "".join(f"{pad}{row}{self.newline}" for row in rows)
        return [(first, first, text)] if text else []


def _below(shape: Shape, key: str) -> Shape:
    return shape.below(key) if shape is not UNKNOWN else UNKNOWN


def _comments(text: str) -> list[str]:
    """Every line that is only a comment, in any order."""
    return sorted(row.strip() for row in text.splitlines() if row.lstrip().startswith("#"))
