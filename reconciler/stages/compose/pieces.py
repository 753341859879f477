"""What a template makes: not text, but pieces of the template's own text and values to insert between them.

Only a `Literal` becomes syntax. Everything else that a template puts out, by whatever way, is an `Insert`: data.
"""

from collections.abc import Iterable
from typing import Any

from reconciler.model.limits import MAX_BYTES

MAX_PIECES = 1_000_000


class TooLargeError(Exception):
    """What a template makes grows beyond the bounds of a file."""

    def __init__(self) -> None:
        super().__init__(f"the text grows beyond {MAX_BYTES:,} characters")


class Literal:
    """A part of the template's own text, and where it begins in it."""

    __slots__ = ("offset", "text")

    def __init__(self, offset: int, text: str) -> None:
        self.offset = offset
        self.text = text


class Insert:
    """The value of an expression, and where that stands in the template; -1 where nobody knows."""

    __slots__ = ("offset", "value")

    def __init__(self, offset: int, value: Any) -> None:
        self.offset = offset
        self.value = value


Piece = Literal | Insert


class Fragment(str):
    """What a macro or a `{% set %}` block made: put out as it is, it stays the pieces that it was made of. Whatever a
    template does with it gives plain text, which is data like any other."""

    __slots__ = ("_pieces",)

    _pieces: list[Piece]


def fragment(output: Iterable[Any]) -> Fragment:
    """The output of a block, joined."""
    pieces = joined(output)
    result = Fragment("".join([item.text if isinstance(item, Literal) else str(item.value) for item in pieces]))
    if len(result) > MAX_BYTES:
        raise TooLargeError
    result._pieces = pieces
    return result


def joined(output: Iterable[Any]) -> list[Piece]:
    """The pieces of an output. What is neither a literal nor an insert came by another way, and is data."""
    pieces: list[Piece] = []
    size = 0
    for item in output:
        kind = item.__class__
        if kind is Literal:
            size += len(item.text)
            pieces.append(item)
        elif kind is Insert:
            if isinstance(item.value, str):
                size += len(item.value)
            pieces.append(item)
        elif kind is Fragment:
            size += len(item)
            pieces += item._pieces
        else:
            pieces.append(Insert(-1, item))
        if size > MAX_BYTES or len(pieces) > MAX_PIECES:
            raise TooLargeError
    return pieces


def trimmed(value: Any, chars: str | None = None) -> Any:
    """A text without blanks, or without other characters, at its ends. Without blanks, a fragment stays one."""
    if value.__class__ is not Fragment or chars is not None:
        return str(value).strip(chars)
    pieces = list(value._pieces)
    while pieces and isinstance(pieces[0], Literal) and not pieces[0].text.strip():
        pieces.pop(0)
    while pieces and isinstance(pieces[-1], Literal) and not pieces[-1].text.strip():
        pieces.pop()
    if pieces and isinstance(pieces[0], Literal):
        text = pieces[0].text.lstrip()
        pieces[0] = Literal(pieces[0].offset + len(pieces[0].text) - len(text), text)
    if pieces and isinstance(pieces[-1], Literal):
        pieces[-1] = Literal(pieces[-1].offset, pieces[-1].text.rstrip())
    return fragment(pieces)
