"""What an unquoted scalar means: its text in, null, a boolean, a number or the same text out.

Stricter than any YAML schema in use, because a network's inventory is full of text that looks like something
else: country code `NO`, PSK `0123456`, MAC `485073e01234` or `10:11:22:33:44:55`. Only what could have been
printed from the value itself becomes that value; everything else stays text, and a quoted scalar always does. A
number in other digits than its own (`47.1000`) is text of which the field that holds it decides.
"""

import re
from decimal import Decimal
from functools import lru_cache

from reconciler.model.values import written_number

WORDS: dict[str, bool | None] = {
    "": None,
    "~": None,
    "null": None,
    "Null": None,
    "NULL": None,
    "true": True,
    "True": True,
    "TRUE": True,
    "false": False,
    "False": False,
    "FALSE": False,
}

STARTS = frozenset("-+.0123456789~nNtTfF") | {""}
"""First characters of everything that is perhaps not text: a cheap look before `plain_scalar`."""

_NUMBER = re.compile(r"-?[0-9]{1,18}|-?[0-9]{1,400}\.[0-9]{1,400}", re.ASCII)


@lru_cache(maxsize=65536)
def plain_scalar(text: str) -> str | int | float | bool | None:
    """The value of an unquoted scalar."""
    if text in WORDS:
        return WORDS[text]
    if _NUMBER.fullmatch(text):
        number = float(text) if "." in text else int(text)
        if number_text(number) == text:
            return number
    return written_number(text) or text


def number_text(number: float) -> str:
    """A number in decimals, never with an exponent, so that it is read back as that number."""
    text = repr(number)
    if "e" not in text:
        return text
    text = format(Decimal(text), "f")
    return text if "." in text else f"{text}.0"
