"""Whether a record is as it was written: each line has a check over its text and the check before it."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

_DIGITS = 32


def check_of(before: str, text: str) -> str:
    """The check of a line's JSON text after a line with the check `before` ("" for the first). It has no key: it shows
    an edit by mistake, and what a record says is shown and asked before it is written."""
    return hashlib.sha256(f"{before}\n{text}".encode()).hexdigest()[:_DIGITS]


def is_as_written(lines: Sequence[Mapping[str, Any]]) -> bool:
    """Whether no line was changed, added or taken out. The line that closes the record of a killed run, which another
    run wrote, has no check."""
    before = ""
    for at, line in enumerate(lines):
        if at and at == len(lines) - 1 and line.get("type") == "summary" and "check" not in line:
            return True
        text = json.dumps({key: value for key, value in line.items() if key != "check"}, ensure_ascii=True)
        before = check_of(before, text)
        if line.get("check") != before:
            return False
    return True
