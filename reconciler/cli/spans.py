"""Spans of time as people write them: `90m`, `24h`, `7d`."""

import re
from datetime import timedelta

from reconciler.errors import UsageError

_AGE = re.compile(r"(\d{1,6})\s*([smhd])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def age(text: str, *, flag: str = "--max-age", example: str = "90m, 24h or 7d") -> timedelta:
    """`90m`, `24h` or `7d` as a span of time. Raises `UsageError` for anything else."""
    match = _AGE.fullmatch(text.strip().lower())
    if not match:
        raise UsageError(f"{flag} {text!r} is no time", remedy=f"Write it as {example}")
    return timedelta(**{_UNITS[match[2]]: int(match[1])})
