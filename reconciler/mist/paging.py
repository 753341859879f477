"""A whole list, page by page, or an error: never a part of it.

In: a function that reads one page.  Out: all objects. The total must stay the same from page to page, every object
must have an id, no id may come twice, and there must be as many objects as the total says.
"""

from collections.abc import Callable, Mapping
from typing import Any

from reconciler.mist.answers import Answer

PAGE_SIZE = 1000


class Shifted(Exception):
    """The pages don't make up one list; the text says how."""


def all_pages(read_page: Callable[[int], Answer]) -> list[dict[str, Any]]:
    """Reads pages from 1 until the total is reached; no X-Page-Total means that the first page is all there is."""
    objects: dict[str, dict[str, Any]] = {}
    total: int | None = None
    page = 0
    while True:
        page += 1
        answer = read_page(page)
        found = _total(answer.headers)
        if page > 1 and found != total:
            raise Shifted(f"said {total} objects first and {found} on page {page}")
        total = found
        before = len(objects)
        _add(objects, answer.data, page)
        if total is None or len(objects) == total:
            return list(objects.values())
        if len(objects) > total:
            raise Shifted(f"holds {len(objects)} objects and says {total}")
        if len(objects) == before:
            raise Shifted(f"ends after {before} objects and says {total}")


def _total(headers: Mapping[str, str]) -> int | None:
    text = headers.get("x-page-total")
    if text is None:
        return None
    if not (text.isascii() and text.isdigit()):
        raise Shifted("has an X-Page-Total that is no number")
    return int(text)


def _add(objects: dict[str, dict[str, Any]], data: Any, page: int) -> None:
    if not isinstance(data, list):
        raise Shifted("is no list")
    for item in data:
        key = item.get("id") if isinstance(item, dict) else None
        if not isinstance(key, str) or not key:
            raise Shifted("holds something that is no object with an id")
        if key in objects:
            raise Shifted(f"holds one object twice (seen again on page {page})")
        objects[key] = item
