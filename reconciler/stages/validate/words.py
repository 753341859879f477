"""Words for pydantic's error types, for the types of YAML values, and for what to do about a mismatch."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

TYPES: Final[Mapping[str, str]] = {
    "bool_type": "true or false",
    "dict_type": "a mapping",
    "float_type": "a number",
    "int_from_float": "a whole number",
    "int_type": "a whole number",
    "list_type": "a list",
    "model_attributes_type": "a mapping",
    "model_type": "a mapping",
    "string_type": "a text",
}
"""What a type error expects."""

ALLOWED: Final = frozenset({"enum", "literal_error"})

LIMITS: Final[Mapping[str, str]] = {
    "greater_than": "be more than {gt}",
    "greater_than_equal": "be {ge} or more",
    "less_than": "be less than {lt}",
    "less_than_equal": "be {le} or less",
    "multiple_of": "be a multiple of {multiple_of}",
    "string_too_long": "have {max_length} characters at most",
    "string_too_short": "have {min_length} characters or more",
    "too_long": "have {max_length} elements at most",
    "too_short": "have {min_length} elements or more",
}
"""What a limit demands, with the limit."""

_WRITTEN_BOOLEANS = {"yes": True, "on": True, "true": True, "no": False, "off": False, "false": False}
_QUOTE_LENGTH = 60


def type_name(value: Any) -> str:
    """What a value is, in words; never the value."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, int | float):
        return "a number"
    if isinstance(value, str):
        return "a text"
    return "a list" if isinstance(value, list) else "a mapping" if isinstance(value, dict) else "a secret"


def quoted(value: Any, *, secret: bool) -> str:
    """`, not ...` with a value that is worth repeating; nothing for secrets and containers."""
    if secret or not isinstance(value, str | int | float):
        return ""
    return f", not {shortened(value)}"


def shortened(value: Any) -> str:
    """A value in quotes, cut where it is long."""
    text = repr(value)
    return text if len(text) <= _QUOTE_LENGTH else text[: _QUOTE_LENGTH - 3] + "..."


def remedy(expected: Sequence[str], value: Any) -> str:
    """How to write the value so that its type fits; with a leading blank, or nothing."""
    wanted = set(expected)
    if isinstance(value, str):
        return _text_remedy(wanted, value)
    if isinstance(value, bool | int | float) and not wanted & {"a list", "a mapping", "true or false"}:
        return " Put it in quotes." if not wanted <= {"a number", "a whole number"} else ""
    if "a list" in wanted and not isinstance(value, dict | type(None)):
        return " Write it as a list: `[...]`."
    if isinstance(value, list) and "a text" in wanted:
        return " Remove the brackets or dashes: only one value fits here."
    return ""


def _text_remedy(wanted: set[str], text: str) -> str:
    if "true or false" in wanted and text.lower() in _WRITTEN_BOOLEANS:
        return f" Write `{str(_WRITTEN_BOOLEANS[text.lower()]).lower()}`, without quotes."
    if wanted <= {"a number", "a whole number"} and text.removeprefix("-").replace(".", "", 1).isdecimal():
        return " Remove the quotes."
    return " Write it as a list: `[...]`." if "a list" in wanted else ""
