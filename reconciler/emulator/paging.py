"""Pages of a list: what a caller asks for in, the page and its response headers out.

Sources: the vendor's OpenAPI document (limit 100 unless told, page from 1), its automation guide (at most 1000; the
X-Page headers) and its API pages (the same names as request headers; response headers only where one was sent).
A route that takes no `limit` and `page` answers whole, without the headers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

from reconciler.emulator.errors import bad_request
from reconciler.emulator.messages import Request

DEFAULT_LIMIT = 100
MAX_LIMIT = 1000
MAX_DIGITS = 15
Item = TypeVar("Item")


def number(query: Mapping[str, str], name: str, default: int) -> int:
    text = query.get(name) or str(default)
    if not (text.isascii() and text.isdigit() and len(text) <= MAX_DIGITS):
        raise bad_request(f"invalid query parameter: {name}")
    return int(text)


def asked(request: Request) -> dict[str, str]:
    """`limit` and `page` as the caller sent them, in the query or as headers."""
    found = {"limit": request.header("X-Page-Limit"), "page": request.header("X-Page-Page")}
    found |= {name: request.query[name] for name in found if request.query.get(name)}
    return {name: text for name, text in found.items() if text}


def window(wanted: Mapping[str, str]) -> tuple[int, int]:
    """(limit, page) as asked for, within bounds."""
    limit = min(number(wanted, "limit", DEFAULT_LIMIT), MAX_LIMIT)
    return limit, max(1, number(wanted, "page", 1))


def paged(
    items: Sequence[Item], request: Request, *, headers: str, whole: bool = False
) -> tuple[Sequence[Item], dict[str, str]]:
    """The page, and the headers when `headers` (asked, always, never) says so; `whole`: all items if none was asked."""
    wanted = asked(request)
    limit, page = window(wanted)
    if whole and not wanted:
        return items, {}
    start = (page - 1) * limit
    found = {"X-Page-Total": str(len(items)), "X-Page-Limit": str(limit), "X-Page-Page": str(page)}
    sent = headers == "always" or (headers == "asked" and bool(wanted))
    return items[start : start + limit], found if sent else {}
