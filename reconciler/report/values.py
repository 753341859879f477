"""Values as a reader sees them: any value of a body in, one line, a block of lines or plain JSON data out.

The text is YAML, so that a value can be copied from a plan into a file. Whatever could move a terminal's cursor or
hide is escaped: names come from the cloud, where anybody may have typed them.
"""

import json
import math
import re
from collections.abc import Mapping
from typing import Any

from reconciler.model.hiding import SHOWN
from reconciler.model.values import Secret, SecretRef

SECRET = SHOWN
_PLAIN = re.compile(r"[A-Za-z_/][\w ./@+*()&;<=>$^~,'-]*(?::[\w./@+*()-]+)*", re.ASCII)
_NETWORK = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}(?:/\d{1,2})?|\d+ [\w ,.'-]*[A-Za-z][\w ,.'-]*", re.ASCII)
_WORDS = frozenset({"true", "false", "yes", "no", "on", "off", "y", "n", "null", "nan", "inf", ".inf", ".nan", "~"})


def jsonable(value: Any) -> Any:
    """A copy of plain JSON data; secrets as `(secret)`, what JSON doesn't know as its text."""
    if isinstance(value, Mapping):
        return {str(key): jsonable(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [jsonable(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if value is None or isinstance(value, str | bool | int | float):
        return value
    return _opaque(value)


def inline(value: Any) -> str:
    """The value on one line: `access`, `"10"`, `[a, b]`, `{mode: access, vlan: 20}`."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{inline(key)}: {inline(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(inline(item) for item in value) + "]"
    return scalar(value, flow=True)


def block(value: Any) -> list[str]:
    """The value as the lines of a YAML block; short inner values stay on one line."""
    value = value.shown if isinstance(value, Secret) else value
    if isinstance(value, str) and "\n" in value:
        return [printable(line) for line in value.splitlines()]
    if isinstance(value, Mapping) and value:
        return [line for key, item in value.items() for line in _entry(f"{scalar(key)}:", item)]
    if isinstance(value, list | tuple) and value:
        return [line for item in value for line in _element(item)]
    return [inline(value)]


def scalar(value: Any, *, flow: bool = False) -> str:
    """One scalar; a string that YAML could take for something else is quoted. `flow`: inside brackets."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, str):
        return _string(value, flow=flow)
    return _string(value.shown, flow=flow) if isinstance(value, Secret) else _opaque(value)


def printable(text: str) -> str:
    """The text with every control or invisible character shown as an escape."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)


def _string(text: str, *, flow: bool) -> str:
    plain = (
        (_PLAIN.fullmatch(text) or _NETWORK.fullmatch(text))
        and text.lower() not in _WORDS
        and not text.endswith(" ")
        and " -> " not in text
        and not (flow and set(text) & set("{}[],"))
    )
    if plain or text == SECRET or _plain_unicode(text):
        return text
    quoted = json.dumps(text, ensure_ascii=False)
    return printable(quoted.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029"))


def _plain_unicode(text: str) -> bool:
    """Words in any script, such as a city's name."""
    return (
        bool(text)
        and text[0].isalpha()
        and all(char.isalnum() or char in " -_." for char in text)
        and (text.lower() not in _WORDS and text[-1] != " ")
    )


def _opaque(value: Any) -> str:
    if isinstance(value, Secret):
        return printable(value.shown)
    if isinstance(value, SecretRef):
        return repr(value)
    return printable(str(value))


def _is_short(value: Any) -> bool:
    return len(inline(value)) <= 60 and not (isinstance(value, str) and "\n" in value)


def _entry(head: str, value: Any) -> list[str]:
    if _is_short(value):
        return [f"{head} {inline(value)}"]
    return [head, *(f"  {line}" for line in block(value))]


def _element(value: Any) -> list[str]:
    if isinstance(value, Mapping) and value and not _is_short(value):
        first, *rest = block(value)
        return [f"- {first}", *(f"  {line}" for line in rest)]
    return _entry("-", value)
