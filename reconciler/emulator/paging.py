"""Pages of a list: query parameters `limit` and `page` in, the page and its response headers out.

Source: the vendor's OpenAPI document (limit 100 unless told, page from 1) and automation guide (at most 1000; the
X-Page headers).  A route that takes no `limit` and `page` answers whole, without the headers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

from reconciler.emulator.errors import bad_request

DEFAULT_LIMIT = 100
MAX_LIMIT = 1000
Item = TypeVar("Item")


def number(query: Mapping[str, str], name: str, default: int) -> int:
    text = query.get(name, str(default))
    if not (text.isascii() and text.isdigit()):
        raise bad_request(f"invalid query parameter: {name}")
    return int(text)


def window(query: Mapping[str, str]) -> tuple[int, int]:
    """(limit, page) as asked for, within bounds."""
    limit = min(number(query, "limit", DEFAULT_LIMIT), MAX_LIMIT)
    return limit, max(1, number(query, "page", 1))


def paged(items: Sequence[Item], query: Mapping[str, str]) -> tuple[Sequence[Item], dict[str, str]]:
    limit, page = window(query)
    start = (page - 1) * limit
    headers = {"X-Page-Total": str(len(items)), "X-Page-Limit": str(limit), "X-Page-Page": str(page)}
    return items[start : start + limit], headers
