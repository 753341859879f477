"""Values whose field says what they are: a text and the types of its field in, a number, a boolean or text out."""

import re
from collections.abc import Collection
from math import isfinite

BOOLEANS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
ANY_NUMBER = re.compile(r"[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?", re.ASCII)
"""A number as YAML knows it, in whatever digits."""

_WHOLE_NUMBER = re.compile(r"[-+]?[0-9]{1,18}", re.ASCII)
_LONGEST = 40


def typed_scalar(text: str, takes: Collection[type]) -> str | int | float | bool:
    """What an untyped text is in a field that takes values of some types: a number or a boolean where only those fit
    and it is one, in any digits; else the same text."""
    if bool in takes and text in BOOLEANS:
        return BOOLEANS[text]
    if (int in takes or float in takes) and _WHOLE_NUMBER.fullmatch(text):
        return int(text)
    if float in takes and len(text) < _LONGEST and ANY_NUMBER.fullmatch(text) and isfinite(float(text)):
        return float(text)
    return str(text)
