"""One sticky text at a destination: found by its hidden marker among what this token wrote, then posted or updated.

Another person's comment with the same marker is never touched: that person could change it after us.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from msgspec import Struct

from reconciler.comment.destination import Destination
from reconciler.comment.web import Web
from reconciler.errors import AmbiguousWrite, BadAnswer, Forbidden, NotFound

MAX_PAGES = 200
_TRIES = 3


class Done(Struct, frozen=True, kw_only=True):
    """What became of it: `created`, `updated`, `unchanged`, `closed` or `nothing`; and where it can be read."""

    what: str
    link: str = ""


def marker(key: str) -> str:
    """The hidden first line that marks a text of ours; `key` tells several inventories apart."""
    safe = quote(key, safe="/.:_-").replace("--", "-%2D")
    return f"<!-- mist-reconciler:sticky {safe} -->"


def put(web: Web, destination: Destination, *, key: str, text: str, title: str = "") -> Done:
    """Posts the text, or updates the one that stands there. `title` is an issue's."""
    whole = f"{marker(key)}\n{text}"
    # A POST that got no answer may have been stored: look again, and only then post again.
    lost: AmbiguousWrite | None = None
    for _ in range(_TRIES):
        found = _find(web, destination, key)
        if found is not None:
            return _update(web, destination, found, whole)
        try:
            body = {**({"title": title} if title else {}), **destination.create, destination.text_field: whole}
            return Done(what="created", link=_link(destination, web.send("POST", destination.items, body).data))
        except AmbiguousWrite as error:
            lost = error
    assert lost is not None  # noqa: S101 - the loop returned otherwise
    raise lost


def close(web: Web, destination: Destination, *, key: str, text: str) -> Done:
    """Writes a last text into the open issue and closes it; does nothing where there is none."""
    found = _find(web, destination, key)
    if found is None:
        return Done(what="nothing")
    body = {**destination.close, destination.text_field: f"{marker(key)}\n{text}"}
    web.send(destination.update, destination.item.format(id=found[destination.id_field]), body)
    return Done(what="closed", link=_link(destination, found))


def _update(web: Web, destination: Destination, found: Mapping[str, Any], text: str) -> Done:
    # Hosts store line ends and blanks at the end in their own way.
    if str(found[destination.text_field]).replace("\r\n", "\n").strip() == text.strip():
        return Done(what="unchanged", link=_link(destination, found))
    web.send(
        destination.update, destination.item.format(id=found[destination.id_field]), {destination.text_field: text}
    )
    return Done(what="updated", link=_link(destination, found))


def _find(web: Web, destination: Destination, key: str) -> Mapping[str, Any] | None:
    """The oldest text with the marker that is ours; None when there is none."""
    wanted = marker(key)
    me: Mapping[str, Any] | None = None
    page, query, asked = destination.items, dict(destination.query), False
    for _ in range(MAX_PAGES):
        answer = web.get(page, query=query)
        if not isinstance(answer.data, list):
            raise BadAnswer(f"The answer of {web.host} is no list", remedy="Is the API's address right?")
        for item in answer.data:
            if not _marked(item, destination, wanted):
                continue
            me, asked = (me, True) if asked else (_whoami(web), True)
            if _is_mine(item.get(destination.author), me):
                return dict(item)
        if not answer.next_page:
            return None
        page, query = answer.next_page, {}
    raise BadAnswer(f"{web.host} has more than {MAX_PAGES} pages of comments", remedy="Is it the right pull request?")


def _marked(item: Any, destination: Destination, wanted: str) -> bool:
    if not isinstance(item, dict) or "pull_request" in item or not isinstance(item.get(destination.id_field), int):
        return False
    return str(item.get(destination.text_field) or "").partition("\n")[0].strip() == wanted


def _whoami(web: Web) -> Mapping[str, Any] | None:
    """The account of the token; None for the token of a GitHub Actions job, which is no user's."""
    try:
        data = web.get("user").data
    except (Forbidden, NotFound):
        return None
    return data if isinstance(data, dict) else None


def _is_mine(author: Any, me: Mapping[str, Any] | None) -> bool:
    if not isinstance(author, dict):
        return False
    if me is None:  # names that end in [bot] can't be registered by people
        return author.get("type") == "Bot" and str(author.get("login", "")).endswith("[bot]")
    return author.get("id") is not None and author.get("id") == me.get("id")


def _link(destination: Destination, item: Any) -> str:
    link = item.get(destination.link_field) if isinstance(item, dict) else None
    return link if isinstance(link, str) else ""
