"""The lines of each item of a block mapping or list, comments above it included: so that items can move, come and go.

A comment belongs to the item below it; one that stands deeper than the items belongs to the item above it.
"""

from msgspec import Struct

from reconciler.yamltext.edit.nodes import Node, Unwritable, column, line_end, line_start, skipped


class Chunk(Struct, frozen=True):
    """One item: `start` is where its leading blank lines and comments begin, `head` the first character of its key or
    dash, `end` the end of its last line (the line break not included)."""

    start: int
    head: int
    end: int


def chunks_of(text: str, node: Node) -> list[Chunk]:
    """The chunks of a block collection, one after the other without a gap. The first one starts at its `head` when it
    stands behind a dash or a key, else with the comments right above it."""
    heads = _heads(text, node)
    width = column(text, heads[0])
    ends = [line_end(text, end.end) for _, end in node.items]
    for at in range(len(heads) - 1):
        ends[at] = _tail(text, ends[at], line_start(text, heads[at + 1]), width)
    ends[-1] = _tail(text, ends[-1], len(text), width)
    starts = [_first_start(text, heads[0], width), *(_after_break(text, end) for end in ends[:-1])]
    for at, (start, head) in enumerate(zip(starts, heads, strict=True)):
        if at and (start > head or column(text, head) != width):
            raise Unwritable("two items stand on one line")
    return [Chunk(start, head, end) for start, head, end in zip(starts, heads, ends, strict=True)]


def _heads(text: str, node: Node) -> list[int]:
    heads = [node.body]
    for _, end in node.items[:-1]:
        heads.append(skipped(text, end.end))
    return heads


def _after_break(text: str, at: int) -> int:
    return at + (2 if text.startswith("\r\n", at) else 1)


def _tail(text: str, end: int, until: int, width: int) -> int:
    """The end of an item with the deeper comments below it."""
    found = end
    at = _after_break(text, end)
    while at < until:
        stop = line_end(text, at)
        row = text[at:stop]
        if row.strip():
            if not row.lstrip().startswith("#") or len(row) - len(row.lstrip()) <= width:
                break
            found = stop
        at = _after_break(text, stop)
    return found


def _first_start(text: str, head: int, width: int) -> int:
    """Where the first item begins: with the comments right above it, in its own column."""
    start = line_start(text, head)
    if text[start:head].strip():
        return head
    while start > 0:
        above = line_start(text, start - 1 - (text[start - 2 : start] == "\r\n"))
        row = text[above:start]
        if not row.lstrip().startswith("#") or len(row) - len(row.lstrip()) != width:
            break
        start = above
    return start
