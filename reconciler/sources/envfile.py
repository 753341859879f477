"""Env files, for the credentials of a run and for an inventory's secrets: text in, variables out.

Nothing is expanded, and nothing is put into the environment.
"""

import re
from io import StringIO

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)


class EnvFileError(ValueError):
    """A line that is no `NAME=value`; says which, and never shows it: it may hold a secret."""

    def __init__(self, line: int) -> None:
        super().__init__(f"line {line} is not a NAME=value line")
        self.line = line


def parse_env_file(text: str) -> dict[str, str]:
    """The variables of an env file: quotes, comments and a leading `export` are understood. Raises `EnvFileError`."""
    from dotenv.parser import parse_stream  # few runs have such a file

    found: dict[str, str] = {}
    for binding in parse_stream(StringIO(text.removeprefix("\ufeff"))):
        if binding.key is None and not binding.error:
            continue  # blank, or a comment
        blank_lines_before = len(binding.original.string) - len(binding.original.string.lstrip("\r\n"))
        if binding.error or binding.key is None or binding.value is None or not _NAME.fullmatch(binding.key):
            raise EnvFileError(binding.original.line + blank_lines_before)
        found[binding.key] = binding.value
    return found
