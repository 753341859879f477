"""A whole list, page by page, or an error: never a part of it.

In: a function that reads one page.  Out: all objects. A full page is followed by the next one, whatever the headers
say, and they may be missing. A total must stay the same from page to page, every object must have an id, no id may
come twice, and there must be as many objects as the total says.
"""

from collections.abc import Callable, Mapping
from typing import Any

from reconciler.mist.answers import Answer

PAGE_SIZE = 1000


class Shifted(Exception):
    """The pages don't make up one list; the text says how."""


def all_pages(read_page: Callable[[int], Answer], *, size: int = PAGE_SIZE) -> list[dict[str, Any]]:
    """Reads pages of `size` from 1 until one is not full, and the total, if there is one, is reached.

    A page that is longer than what was asked for is the whole list of a route without pages.
    """
    objects: dict[str, dict[str, Any]] = {}
    total: int | None = None
    page = 0
    while True:
        page += 1
        answer = read_page(page)
        found = _number(answer.headers, "x-page-total")
        if page > 1 and found != total:
            raise Shifted(f"said {total} objects first and {found} on page {page}")
        total = found
        before = len(objects)
        _add(objects, answer.data, page)
        added = len(objects) - before
        if total is not None and len(objects) > total:
            raise Shifted(f"holds {len(objects)} objects and says {total}")
        if total is not None and added == 0 and len(objects) < total:
            raise Shifted(f"ends after {before} objects and says {total}")
        full = added == (_number(answer.headers, "x-page-limit") or size)
        if not full and (total is None or len(objects) == total):
            return list(objects.values())


def _number(headers: Mapping[str, str], name: str) -> int | None:
    text = headers.get(name)
    if text is None:
        return None
    if not (text.isascii() and text.isdigit()):
        raise Shifted(f"has an {name.title()} that is no number")
    return int(text)


def _add(objects: dict[str, dict[str, Any]], data: Any, page: int) -> None:
    if isinstance(data, dict) and isinstance(data.get("results"), list):
        data = data["results"]  # a search may answer in an envelope
    if not isinstance(data, list):
        raise Shifted("is no list")
    for item in data:
        key = item.get("id") if isinstance(item, dict) else None
        if not isinstance(key, str) or not key:
            raise Shifted("holds something that is no object with an id")
        if key in objects:
            raise Shifted(f"holds one object twice (seen again on page {page})")
        objects[key] = item
