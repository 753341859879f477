"""Values as YAML text that every reader of YAML reads alike: a value in, its canonical text out.

A string stands without quotes only where YAML 1.1, YAML 1.2 and our own loader all take it for text: `NO`, `08:00`,
`0123`, `485073e01234` and `10:11:22:33:44:55` are quoted.
"""

import json
import re
from typing import Any

from reconciler.model.values import SecretRef, Untyped, merge_tag
from reconciler.yamltext.edit.nodes import Unwritable
from reconciler.yamltext.scalars import number_text, plain_scalar

_WORDS = frozenset(
    ("y", "n", "yes", "no", "on", "off", "true", "false", "null", "~", ".inf", "-.inf", "+.inf", ".nan", "=", "<<")
)
_NUMERIC = re.compile(r"[-+.\d][\da-fA-F_:.,+-]*|0[xXoObB][\da-fA-F_]+|\d{4}-\d\d?-\d\d?([Tt ].*)?")
_SAFE = re.compile(r"\d{1,3}(\.\d{1,3}){3}(/\d{1,2})?|[\da-fA-F]{8}-([\da-fA-F]{4}-){3}[\da-fA-F]{12}")
"""What looks like a number to `_NUMERIC`, but to no reader of YAML: IPv4 addresses and networks, UUIDs."""
_SOURCE = re.compile(r"[a-z]+:[\w./-]+", re.ASCII)
"""What may stand behind `!secret` without quotes, on every line."""
_INDICATORS = tuple("-?:,[]{}#&*!|>'\"%@`=")


def scalar_text(value: Any, *, flow: bool = False, style: str = "") -> str:
    """One scalar; `style` is the quote that a string should have: none, `'` or `"`."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        text = number_text(value)
        found = plain_scalar(text)
        if (found.number if isinstance(found, Untyped) else found) != value:
            raise Unwritable("this is no number that a YAML file can hold")
        return text
    if isinstance(value, SecretRef):
        source = f"{value.scheme}:{value.target}"
        return f"!secret {source if _SOURCE.fullmatch(source) else double_quoted(source)}"
    if not isinstance(value, str):
        raise Unwritable("this is no value of a YAML file")
    if style == "'" and value.isprintable():
        return "'" + value.replace("'", "''") + "'"
    return double_quoted(value) if style == '"' or needs_quotes(value, flow=flow) else value


def needs_quotes(text: str, *, flow: bool = False) -> bool:
    """Whether a string has to be quoted so that everybody takes it for that string."""
    if not text or text != text.strip() or not text.isprintable():
        return True
    value = plain_scalar(text)
    if text.lower() in _WORDS or value != text or isinstance(value, Untyped):
        return True
    if _NUMERIC.fullmatch(text) and not _SAFE.fullmatch(text):
        return True
    if text.startswith(_INDICATORS) or ": " in text or " #" in text or text.endswith(":"):
        return True
    return flow and bool(set(text) & set(",[]{}:?"))


def double_quoted(text: str) -> str:
    """The string in double quotes, with escapes for what can't be seen."""
    quoted = json.dumps(text, ensure_ascii=False)
    if quoted.isprintable():
        return quoted
    return "".join(char if char.isprintable() else _escape(char) for char in quoted)


def _escape(char: str) -> str:
    code = ord(char)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def flow_text(value: Any) -> str:
    """The value on one line: `{mode: access, networks: [corp, iot]}`."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key_text(key, flow=True)}: {flow_text(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return _tagged(value) + "[" + ", ".join(flow_text(item) for item in value) + "]"
    return scalar_text(value, flow=True)


def _tagged(value: Any) -> str:
    tag = merge_tag(value)
    return f"{tag} " if tag else ""


def key_text(key: Any, *, flow: bool = False) -> str:
    """A key."""
    return scalar_text(str(key), flow=flow)


def block_lines(value: Any) -> list[str]:
    """The value as lines of a block, without indent; short inner values stay on one line."""
    if isinstance(value, dict) and value:
        return [row for key, item in value.items() for row in entry_lines(key_text(key) + ":", item)]
    if isinstance(value, list) and value:
        return [row for item in value for row in _element_lines(item)]
    return [flow_text(value) if isinstance(value, dict | list) else scalar_text(value)]


def entry_lines(head: str, value: Any) -> list[str]:
    """`key: value` as lines."""
    if not isinstance(value, dict | list):
        return [f"{head} {scalar_text(value)}"]
    if is_short(value):
        return [f"{head} {flow_text(value)}"]
    return [f"{head} {merge_tag(value)}".rstrip(), *(f"  {row}" for row in block_lines(value))]


def _element_lines(value: Any) -> list[str]:
    if not isinstance(value, dict | list) or is_short(value):
        return [f"- {flow_text(value) if isinstance(value, dict | list) else scalar_text(value)}"]
    first, *rest = block_lines(value)
    return [f"- {first}", *(f"  {row}" for row in rest)]


def is_short(value: Any) -> bool:
    """Whether a mapping or list fits on one line and is easy to read there; a list of objects never is."""
    if isinstance(value, list) and any(isinstance(item, dict) for item in value):
        return False
    inner = value.values() if isinstance(value, dict) else value
    if any(isinstance(item, list) and any(isinstance(one, dict) for one in item) for item in inner):
        return False
    nested = sum(isinstance(item, dict | list) and bool(item) for item in inner)
    return len(flow_text(value)) <= 60 and nested <= 1
