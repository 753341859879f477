"""What may be shown of a body: secrets out, by the name of their field and by their known values.

In: bodies as sent and answered, texts of the cloud.  Out: the same with `(secret)` in place of secrets, bounded.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

from msgspec import Struct, field

from reconciler.mist.known import KnownSecrets
from reconciler.model.hiding import SHOWN, names_secret, shown_text
from reconciler.model.values import Secret

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

_QUERY = re.compile(r"(?<=\?)[^\s#]+")
_USER = re.compile(r"(?<=://)[^/@\s]+(?=@)")
_VARIABLES = "vars"


class Known(Struct, frozen=True, dict=True):
    """The secrets that a text must not show: those of a request, however short, and those of the whole run."""

    own: tuple[str, ...] = ()
    run: KnownSecrets = field(default_factory=KnownSecrets)

    def __repr__(self) -> str:
        return "Known(...)"

    def hide(self, text: str) -> str:
        """The text without them."""
        return self.run.hide(text, more=self._forms)

    @cached_property
    def _forms(self) -> tuple[str, ...]:
        return self.run.beside(self.own)


def known_of(known: "Iterable[str] | Known") -> Known:
    """Values, or what is known already, as one."""
    if isinstance(known, Known):
        return known
    values = tuple(known)
    return Known(values, KnownSecrets(values))


def looks_secret(name: str) -> bool:
    """Whether a field of this name holds a secret."""
    return name.lower() not in _PLAIN_NAMES and _SECRET_WORD.search(name.lower()) is not None


def redacted(value: Any, *, known: Iterable[str] | Known = ()) -> Any:
    """A copy that may be stored: everything below a secret-looking key, variables that are named like secrets, the
    secret parts of texts and every known value are gone."""
    return _redacted(value, known_of(known), is_variable=names_secret)


IsSecret = Callable[[str], bool]


def _redacted(value: Any, known: Known, *, is_variable: IsSecret) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _below(str(key), item, known, is_variable=is_variable) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_redacted(item, known, is_variable=is_variable) for item in value]
    if isinstance(value, str):
        return known.hide(_shown(value))
    return SHOWN if isinstance(value, Secret) else value


def _below(key: str, value: Any, known: Known, *, is_variable: IsSecret) -> Any:
    if (looks_secret(key) or key in known.run.names) and _holds(value):
        return SHOWN
    if key == _VARIABLES and isinstance(value, Mapping):
        hidden = {name: SHOWN for name, item in value.items() if _holds(item) and is_variable(name)}
        value = {**value, **hidden}
    return _redacted(value, known, is_variable=is_variable)


def _shown(text: str) -> str:
    text = shown_text(text)
    return _USER.sub(SHOWN, _QUERY.sub(SHOWN, text)) if "://" in text else text


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


def one_line(text: str, *, limit: int = LONGEST_TEXT) -> str:
    """The text on one line, without control characters, cut to `limit`."""
    clean = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    return clean if len(clean) <= limit else f"{clean[: limit - 4]} ..."


def for_log(body: Any, *, known: Iterable[str] | Known = ()) -> str:
    """A body as one bounded line of a debug log, without any site variable: when an answer comes, nobody knows yet
    which of them secret fields use."""
    secrets = known_of(known)
    shown = _redacted(body, secrets, is_variable=lambda _name: True)
    text = json.dumps(shown, ensure_ascii=False, default=str)
    return one_line(secrets.hide(text), limit=LONGEST_BODY)


def complaint(data: Any, *, known: Iterable[str] | Known = ()) -> str:
    """What the cloud says about an error, in its own words: `detail` and `reason`, a list, or messages per field."""
    return one_line(known_of(known).hide(shown_text("; ".join(dict.fromkeys(_words(data, depth=0))))))


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
