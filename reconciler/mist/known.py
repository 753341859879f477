"""Secrets by value: what a run knows to be one, found in any text and in every form in which programs repeat a text.

Forms: as it is, escaped for JSON (once and twice), HTML, Python or a URL, in base64 (also inside of a longer text) and
in hexadecimal digits, in capitals or not; and a piece of any of these that is long enough to be of use.
"""

import base64
import html
import json
import re
from collections.abc import Iterable, Iterator
from itertools import chain
from threading import Lock
from urllib.parse import quote, quote_plus

from reconciler.model.hiding import SHOWN

_PIECE = 6
"""So many characters in a row give a piece of a secret away."""
_INDEXED = _PIECE + 2
"""So long a secret is found by its pieces."""
_LONG = 16
_STEP = 4
"""Of long forms only every fourth piece is indexed: a cut that holds nine characters holds one of them."""
_SHORTEST_WORD = 4
"""Secrets that are shorter are looked for only in what repeats the request that holds them."""

_PLAIN = re.compile(r"[A-Za-z0-9_.-]+")
"""What no encoding of texts changes."""

FormAt = tuple[str, int]


class KnownSecrets:
    """Values that no text may show, and names of fields that no log may show. Safe to use from many threads; the index
    is made when the first text comes."""

    def __init__(self, values: Iterable[str] = ()) -> None:
        self._lock = Lock()
        self._coming: list[Iterable[str]] = []
        self._values: dict[str, None] = {}
        self._pieces: dict[str, list[FormAt]] = {}
        self._short: list[str] = []
        self._names: frozenset[str] = frozenset()
        self._coming_names: list[Iterable[str]] = []
        self.add(values)

    def add(self, values: Iterable[str]) -> None:
        """Makes more values known. They are looked through when the first text comes: most runs have none."""
        with self._lock:
            self._coming.append(values)

    def add_names(self, names: Iterable[str]) -> None:
        """Makes more names of fields known, of which some object keeps a secret in them."""
        with self._lock:
            self._coming_names.append(names)

    @property
    def names(self) -> frozenset[str]:
        """The names that are known."""
        if self._coming_names:
            with self._lock:
                coming = list(self._coming_names)
                self._names = self._names.union(*coming)
                del self._coming_names[: len(coming)]
        return self._names

    def beside(self, values: Iterable[str]) -> tuple[str, ...]:
        """The forms, the longest value's first, of those values that `hide` does not find by itself: they are not known
        here, or too short to be looked for in every text."""
        self._index()
        wanted = [value for value in values if value and not (value in self._values and len(value) >= _INDEXED)]
        forms: dict[str, None] = {}
        for value in sorted(wanted, key=len, reverse=True):
            forms.update(dict.fromkeys(forms_of(value) if len(value) >= _SHORTEST_WORD else (value,)))
        return tuple(forms)

    def hide(self, text: str, *, more: Iterable[str] = ()) -> str:
        """The text without the known values, and without the texts `more`, as they are."""
        for form in more:
            text = text.replace(form, SHOWN)
        self._index()
        return self._without_words(self._without_pieces(text))

    def _index(self) -> None:
        if not self._coming:
            return
        with self._lock:
            coming = list(self._coming)
            for value in chain.from_iterable(coming):
                if value and value not in self._values:
                    self._values[value] = None
                    self._take(value)
            del self._coming[: len(coming)]  # not before: who finds it empty, without the lock, searches a whole index

    def _take(self, value: str) -> None:
        if _SHORTEST_WORD <= len(value) < _INDEXED:
            self._short.append(value)
        if len(value) < _INDEXED:
            return
        for form in dict.fromkeys(map(_even, forms_of(value))):
            for at in range(0, len(form) - _PIECE + 1, _STEP if len(form) >= _LONG else 1):
                self._pieces.setdefault(form[at : at + _PIECE], []).append((form, at))

    def _without_pieces(self, text: str) -> str:
        if not self._pieces:
            return text
        even, parts, done, at = _even(text), [], 0, 0
        while at <= len(even) - _PIECE:
            start, end = self._piece_at(even, at)
            if end:
                parts += [text[done : max(done, start)], SHOWN if start >= done else ""]
                done = at = end
            else:
                at += 1
        return "".join(parts) + text[done:]

    def _piece_at(self, text: str, at: int) -> tuple[int, int]:
        """Where the longest piece of a secret begins and ends that holds the characters at a place; (0, 0) for none."""
        best = (0, 0)
        for form, offset in self._pieces.get(text[at : at + _PIECE], ()):
            start, end, left, right = at, at + _PIECE, offset, offset + _PIECE
            while start and left and text[start - 1] == form[left - 1]:
                start, left = start - 1, left - 1
            while end < len(text) and right < len(form) and text[end] == form[right]:
                end, right = end + 1, right + 1
            if end - start > best[1] - best[0]:
                best = (start, end)
        return best

    def _without_words(self, text: str) -> str:
        for value in self._short:
            if value in text:
                text = "".join(_words_hidden(text, value))
        return text


def _words_hidden(text: str, value: str) -> Iterator[str]:
    """The parts of a text, with a short secret hidden where it stands alone."""
    done = 0
    while (at := text.find(value, done)) >= 0:
        end = at + len(value)
        alone = not (at and text[at - 1].isalnum()) and not (end < len(text) and text[end].isalnum())
        yield text[done:at]
        yield SHOWN if alone else value
        done = end
    yield text[done:]


def forms_of(value: str) -> Iterator[str]:
    """The value as programs repeat it."""
    raw = value.encode("utf-8", "surrogatepass")
    yield value
    if not _PLAIN.fullmatch(value):
        yield from _escaped(value, raw)
    yield from (raw.hex(), raw.hex(" "), raw.hex(":"), "".join(f"\\x{byte:02x}" for byte in raw))
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        for before in range(3):  # where it begins within a group of three bytes decides over all its digits
            digits = encode(bytes(before) + raw).decode().rstrip("=")
            yield digits[(before * 8 + 5) // 6 : len(raw + bytes(before)) * 8 // 6]


def _escaped(value: str, raw: bytes) -> Iterator[str]:
    """The forms of a text with characters that mean something somewhere."""
    plain, ascii_only = json.dumps(value, ensure_ascii=False)[1:-1], json.dumps(value)[1:-1]
    yield from (plain, ascii_only, plain.replace("/", "\\/"))
    yield from (json.dumps(plain, ensure_ascii=False)[1:-1], json.dumps(ascii_only)[1:-1])
    escaped = html.escape(value)
    yield from (escaped, html.escape(value, quote=False), html.escape(escaped))
    yield escaped.replace("&#x27;", "&#39;").replace("&quot;", "&#34;")
    yield "".join(char if char.isalnum() else f"&#{ord(char)};" for char in value)
    yield from (repr(value)[1:-1], repr(raw)[2:-1], value.encode("unicode_escape").decode())
    percent = quote(raw, safe="")
    yield from (percent, quote(raw), quote_plus(raw), quote(percent, safe=""))
    yield " ".join(value.split())


def _even(text: str) -> str:
    """The text in small letters, each in its place."""
    small = text.lower()
    return (
        small if len(small) == len(text) else "".join(char.lower() if len(char.lower()) == 1 else char for char in text)
    )
