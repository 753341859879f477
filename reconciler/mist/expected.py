"""Whether a 2xx holds the object that was asked for: an error report, a list or another object is never data.

In: the path of a call and the JSON of its answer.  Out: what is wrong with it in words, "" when nothing is.
"""

import re
from typing import Any

_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", re.ASCII)
_SETTING = re.compile(r"(?:orgs|sites)/[^/]+/setting")
_OPERATION = re.compile(
    r"orgs/[^/]+/(?:inventory|inventory/replace|mxedges/(?:un)?assign|deviceprofiles/[^/]+/(?:un)?assign)"
)
"""Calls that make no object."""

_IMPORT = re.compile(r"(?:orgs|sites)/[^/]+/\w+/import")
"""Calls that make many: each answers in its own way, and what was made is looked for in the list."""

_OWNERS = ("site_id", "org_id", "id")
_ERROR_KEYS = frozenset({"code", "detail", "error", "errors", "message", "reason", "status"})


def wrong_object(path: str, data: Any) -> str:
    """What is wrong with the answer to a GET of one object. An item has the id that its path ends with; a setting names
    its site or organisation; nothing is made of an error's words alone."""
    problem = _wrong_at_all(path, data)
    if problem:
        return problem
    if _is_item(path) and "id" not in data:
        return "is an object without an id"
    if _SETTING.fullmatch(path) and not any(data.get(name) for name in _OWNERS):
        return "is no setting: it names neither site nor organisation"
    return ""


def wrong_reply(method: str, path: str, data: Any) -> str:
    """What is wrong with the answer to a write: a POST names the new object, of a PUT only some keys are sure to come.
    What a read brings depends on what was asked for, and is not judged here."""
    if method not in ("POST", "PUT") or _IMPORT.fullmatch(path):
        return ""
    problem = _wrong_at_all(path, data)
    if problem or method == "PUT" or _OPERATION.fullmatch(path):
        return problem
    return "" if isinstance(data.get("id"), str) and data["id"] else "holds no id of the new object"


def _wrong_at_all(path: str, data: Any) -> str:
    if not isinstance(data, dict):
        return "is no object"
    if data and data.keys() <= _ERROR_KEYS:
        return "is the report of an error and no object"
    if _is_item(path) and not _is_same(data.get("id", path.rpartition("/")[2]), path.rpartition("/")[2]):
        return "is another object: its id is not the one that was asked for"
    return ""


def _is_item(path: str) -> bool:
    return _UUID.fullmatch(path.rpartition("/")[2]) is not None


def _is_same(found: object, wanted: str) -> bool:
    return isinstance(found, str) and found.lower() == wanted.lower()
