"""What may be shown of a body: secrets out, by the name of their field and by their known values.

In: bodies as sent and answered, texts of the cloud.  Out: the same with `(secret)` in place of secrets, bounded.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from reconciler.model.values import Secret

SHOWN = "(secret)"
LONGEST_TEXT = 600
LONGEST_BODY = 4000
_SHORTEST_GUESS = 4
"""Values under a secret-looking name that are shorter are too common to be searched for in a text."""

_SECRET_WORD = re.compile(
    r"psk|passphrase|passw(or)?d|pwd|secret|token|community|credential|authorization|jwt|magic|keypair|"
    r"api_?key|private_?key|keywrap|auth_?keys?|_key$|^keys?$|_kek$|_mack$|claim_code|^headers$"
)
_PLAIN_NAMES = frozenset(
    {
        "dynamic_psk",
        "token_url",
        "oauth2_token_url",
        "enable_local_keycaching",
        "password_enabled",
        "psk_name",
        "psk_role",
    }
)
"""Names with such a word whose values hold no secret themselves (what lies below them is still looked at)."""

_URL_SECRET = re.compile(r"(?<=://)[^/@\s]+(?=@)|(?<=\?)[^\s#]+")


def looks_secret(name: str) -> bool:
    """Whether a field of this name holds a secret."""
    return name.lower() not in _PLAIN_NAMES and _SECRET_WORD.search(name.lower()) is not None


def redacted(value: Any, *, known: Iterable[str] = ()) -> Any:
    """A copy that may be logged: everything below a secret-looking key and every known value is gone."""
    return _redacted(value, tuple(known))


def _redacted(value: Any, known: tuple[str, ...]) -> Any:
    if isinstance(value, Mapping):
        return {
            str(key): SHOWN if looks_secret(str(key)) and _holds(item) else _redacted(item, known)
            for key, item in value.items()
        }
    if isinstance(value, list | tuple):
        return [_redacted(item, known) for item in value]
    if isinstance(value, str):
        return masked(_URL_SECRET.sub(SHOWN, value) if "://" in value else value, known)
    return SHOWN if isinstance(value, Secret) else value


def _holds(value: Any) -> bool:
    return value is not None and not isinstance(value, bool) and value not in ("", [], {})


def secret_values(body: Any) -> tuple[str, ...]:
    """The secrets that a body holds, longest first: every `Secret`, and texts under a secret-looking name."""
    found = set(_sealed(body)) | {text for text in _guessed(body) if len(text) >= _SHORTEST_GUESS}
    return tuple(sorted(found - {""}, key=lambda text: (-len(text), text)))


def _sealed(value: Any) -> Iterator[str]:
    if isinstance(value, Secret):
        yield value.reveal()
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _sealed(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _sealed(item)


def _guessed(value: Any, inside: bool = False) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _guessed(item, inside or looks_secret(str(key)))
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _guessed(item, inside)
    elif inside and isinstance(value, str):
        yield value


def masked(text: str, known: Iterable[str]) -> str:
    """The text without the known values, also where JSON escapes them."""
    for value in known:
        for form in dict.fromkeys((value, json.dumps(value)[1:-1], json.dumps(value, ensure_ascii=False)[1:-1])):
            text = text.replace(form, SHOWN)
    return text


def one_line(text: str, *, limit: int = LONGEST_TEXT) -> str:
    """The text on one line, without control characters, cut to `limit`."""
    clean = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    return clean if len(clean) <= limit else f"{clean[: limit - 4]} ..."


def for_log(body: Any, *, known: Iterable[str] = ()) -> str:
    """A body as one bounded line of a debug log."""
    return one_line(json.dumps(redacted(body, known=known), ensure_ascii=False, default=str), limit=LONGEST_BODY)


def complaint(data: Any, *, known: Iterable[str] = ()) -> str:
    """What the cloud says about an error, in its own words: `detail` and `reason`, a list, or messages per field."""
    known = tuple(known)
    return one_line(masked("; ".join(dict.fromkeys(_words(data, depth=0))), known))


def _words(data: Any, *, depth: int) -> Iterator[str]:
    if isinstance(data, str):
        yield data
    elif isinstance(data, list) and depth < 4:
        for item in data:
            yield from _words(item, depth=depth + 1)
    elif isinstance(data, Mapping) and depth < 4:
        for key, item in data.items():
            words = ", ".join(_words(item, depth=depth + 1))
            if words:
                yield words if key in ("detail", "reason", "error", "message") else f"{key}: {words}"
