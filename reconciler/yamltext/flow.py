"""Unquoted text such as `env:LAB_PSK` or `https://x/?y` inside of `{...}` and `[...]`.

YAML allows `:` and `?` there when more text follows; the libyaml that ruamel.yaml.clib brings does not. So in a
file that has such text, each of these signs is masked before parsing by a character of the same width (so that
columns stay) and put back into every value afterwards. Masking one in a quoted text or a comment does no harm.
"""

import re
from typing import Any

from reconciler.model.values import YamlList, YamlMap

_MASKS = {":": "\ue03a", "?": "\ue03f"}
_UNMASK = str.maketrans({mask: sign for sign, mask in _MASKS.items()})
_FOREIGN = re.compile("|".join(_MASKS.values()).encode())

_SIGN = re.compile(
    rb"""!merge:\S*|(?<!["'])(?<!["'] ):(?=[^\s,\[\]{}])|(?<=[^\s,\[\]{}"'])\?|(?<=[\s,\[{])\?(?=[^\s,\[\]{}])"""
)
_PAIR = re.compile(r"(?<!\\)((?:\\\\)*)\\u(d[89ab][0-9a-f]{2})\\u(d[c-f][0-9a-f]{2})", re.IGNORECASE)
_INSIDE = re.compile(rb"[:?][^\s,\[\]{}]")


def needs_mask(data: bytes) -> bool:
    """A quick look for `[` or `{` and such a sign on one line; what it misses shows as a mistake in the first parse."""
    for found in _INSIDE.finditer(data):
        sign = found.start()
        line = data.rfind(b"\n", 0, sign) + 1
        if data.find(b"{", line, sign) >= 0 or data.find(b"[", line, sign) >= 0:
            return True
    return False


def masked(data: bytes) -> bytes:
    """The same text with its signs masked; as it is when a mask is part of the text already."""
    if _FOREIGN.search(data):
        return data
    return _SIGN.sub(_mask, data)


def _mask(found: re.Match[bytes]) -> bytes:
    """A tag is no text: `!merge:first` stays as it is."""
    return found[0] if found[0].startswith(b"!") else _MASKS[found[0].decode()].encode()


def with_whole_signs(text: str) -> str:
    """JSON text in which a sign that is escaped in two halves (a surrogate pair: YAML has none) is one escape."""
    return _PAIR.sub(_one_escape, text)


def _one_escape(found: re.Match[str]) -> str:
    code = 0x10000 + ((int(found[2], 16) - 0xD800) << 10) + int(found[3], 16) - 0xDC00
    return f"{found[1]}\\U{code:08x}"


def unmasked(text: str) -> str:
    """The text with its signs back in place."""
    return text.translate(_UNMASK)


def restore(root: Any) -> Any:
    """The value with all signs back in place; mappings and lists are changed where they are."""
    if isinstance(root, str):
        return unmasked(root)
    waiting = [root]
    seen: set[int] = set()
    while waiting:
        holder = waiting.pop()
        if id(holder) in seen or not isinstance(holder, YamlMap | YamlList):
            continue
        seen.add(id(holder))
        if isinstance(holder, YamlMap):
            _restore_keys(holder)
        items: Any = holder.items() if isinstance(holder, YamlMap) else enumerate(holder)
        for key, value in items:
            if isinstance(value, str):
                if not value.isascii():
                    holder[key] = unmasked(value)
            else:
                waiting.append(value)
    return root


def _restore_keys(holder: YamlMap) -> None:
    if all(key.isascii() for key in holder):
        return
    entries = [(unmasked(key), value, holder.marks[key]) for key, value in holder.items()]
    holder.clear()
    holder.marks.clear()
    for key, value, mark in entries:
        holder[key] = value
        holder.marks[key] = mark
