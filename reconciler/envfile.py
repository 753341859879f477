"""Env files, that of the command line and that of an inventory's secrets: text in, names and values out.

`NAME=value` lines; quotes, comments and a leading `export` are understood, nothing is expanded. No message holds a
value.
"""

import re

_NAME = re.compile(r"[A-Za-z_]\w*", re.ASCII)


class EnvFileError(ValueError):
    """A line that is none of an env file: what is wrong with it, in which line, and what to do."""

    def __init__(self, line: int, what: str, remedy: str) -> None:
        super().__init__(what)
        self.line = line
        self.remedy = remedy


def parse_env_file(text: str) -> dict[str, str]:
    """The variables of a file; raises `EnvFileError` at the first line that is not one."""
    found: dict[str, str] = {}
    for number, raw in enumerate(text.removeprefix("\ufeff").splitlines(), start=1):
        row = raw.strip().removeprefix("export ").lstrip()
        if not row or row.startswith("#"):
            continue
        key, equals, value = row.partition("=")
        if not equals or not _NAME.fullmatch(key.rstrip()):
            raise EnvFileError(number, "is not a NAME=value line", "Comments start with #")
        found[key.rstrip()] = _unquoted(value.strip(), line=number)
    return found


def _unquoted(value: str, *, line: int) -> str:
    quote = value[:1]
    if quote not in ("'", '"'):
        return re.split(r"\s#", f" {value}", maxsplit=1)[0].strip()
    body, closed, rest = _until_quote(value[1:], quote)
    if not closed or (rest.strip() and not rest.strip().startswith("#")):
        raise EnvFileError(line, "has a value whose quotes don't match", "Close the value with the same quote")
    return body


def _until_quote(text: str, quote: str) -> tuple[str, bool, str]:
    """The text up to the closing quote, whether there is one, and the rest. Double quotes know `\\"` and `\\\\`."""
    taken: list[str] = []
    position = 0
    while position < len(text):
        char = text[position]
        if char == quote:
            return "".join(taken), True, text[position + 1 :]
        if quote == '"' and char == "\\" and text[position + 1 : position + 2] in ('"', "\\", "$"):
            position += 1
            char = text[position]
        taken.append(char)
        position += 1
    return "".join(taken), False, ""
