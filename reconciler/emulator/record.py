"""The recorder: a live organisation, read with a token that may only read, to answers to the open questions.

In: host, token and id of an organisation.  Out: `answers.json` in a directory: `quirks` as far as they could be seen,
and `objects`, whose texts are pseudonyms, the same for the same text; only words of the vendor's document stay.  It
sends GET and nothing else.  `emulator --like DIR` takes the quirks.
"""

from __future__ import annotations

import json
import re
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from reconciler.emulator.errors import EmulatorError
from reconciler.emulator.evidence import load_evidence
from reconciler.emulator.facts import Facts, Node, load_facts
from reconciler.emulator.quirks import Quirks
from reconciler.emulator.routes import load_routes

Json = dict[str, Any]
FILE = "answers.json"
SITES = 3
NOBODY = "99999999-0000-4000-8000-000000000999"
TIMEOUT_S = 30
# Answers that a text can't hide: truth values and what says nothing.
PLAIN = (None, True, False, "", 0)


@dataclass(frozen=True)
class Answer:
    """One answer of the cloud."""

    status: int
    headers: Mapping[str, str]
    body: Any


Get = Callable[[str], Answer]


class _Stay(urllib.request.HTTPRedirectHandler):
    """A redirect is an answer: elsewhere the token has no business."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


def over_http(host: str, token: str) -> Get:
    """Reads paths below /api/v1/ of a host."""
    opener = urllib.request.build_opener(_Stay)
    base = host if host.startswith(("http://", "https://")) else f"https://{host}"

    def get(path: str) -> Answer:
        request = urllib.request.Request(  # noqa: S310 - http for emulators
            f"{base.rstrip('/')}/api/v1/{path}", headers={"Authorization": f"Token {token}"}
        )
        try:
            with opener.open(request, timeout=TIMEOUT_S) as reply:
                return _answer(reply.status, reply.headers, reply.read())
        except urllib.error.HTTPError as error:
            return _answer(error.code, error.headers, error.read())
        except (OSError, ValueError) as error:
            raise EmulatorError(f"cannot read from {base}: {error}") from error

    return get


def _answer(status: int, headers: Any, raw: bytes) -> Answer:
    try:
        body = json.loads(raw) if raw else None
    except ValueError:
        body = None
    return Answer(status, {name.lower(): value for name, value in headers.items()}, body)


@dataclass
class Pseudonyms:
    """Words for texts: the same for the same text, and nothing of the text in them."""

    facts: Facts
    words: dict[str, str] = field(default_factory=dict)

    def of(self, value: Any, node: Node) -> Any:
        """A value without names, secrets and numbers of the organisation."""
        if isinstance(value, dict):
            return {self._key(k, node): self.of(v, self._below(k, node)) for k, v in value.items()}
        if isinstance(value, list):
            return [self.of(item, self.facts.follow(node.items)) for item in value]
        known = any(value is one or (value == one and type(value) is type(one)) for one in (*PLAIN, node.default))
        if known or (isinstance(value, str) and value in node.enum):
            return value
        return self._word(str(value)) if isinstance(value, str) else 1

    def _below(self, key: str, node: Node) -> Node:
        return self.facts.follow(node.fields.get(key) or node.values)

    def _key(self, key: str, node: Node) -> str:
        """Names of fields stay; keys of maps, and of what the document doesn't know, are the organisation's."""
        return key if key in node.fields else self._word(key)

    def _word(self, text: str) -> str:
        return self.words.setdefault(text, f"text-{len(self.words) + 1}")


def record(get: Get, org: str, out: Path) -> Json:
    """Reads, writes `answers.json`, and returns it."""
    me = get("self")
    if me.status != 200:
        raise EmulatorError(f"the token may not read: the answer was {me.status}")
    found = dict(_objects(get, org))
    seen = _seen(get, org, found)
    names = Pseudonyms(load_facts())
    objects = {path: [names.of(one, node) for one, node in rows] for path, rows in _by_kind(found).items()}
    answers = {"quirks": seen, "objects": objects}
    out.mkdir(parents=True, exist_ok=True)
    (out / FILE).write_text(json.dumps(answers, indent=1, sort_keys=True) + "\n", "utf-8")
    return answers


def like(folder: Path) -> Json:
    """The quirks of a recording, for the emulator's settings."""
    try:
        quirks = json.loads((folder / FILE).read_text("utf-8"))["quirks"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise EmulatorError(f"{folder} holds no recording: {error}") from error
    if not isinstance(quirks, dict) or not quirks.keys() <= {f.name for f in fields(Quirks)}:
        raise EmulatorError(f"{folder} holds no recording: quirks has unknown names")
    return quirks


Located = tuple[str, str]


def _objects(get: Get, org: str) -> Iterator[tuple[Located, list[Json]]]:
    """Every collection and setting of the organisation and of some sites: (path, schema) and its objects."""
    sites = get(f"orgs/{org}/sites?limit=100")
    rows = [one for one in sites.body if isinstance(one, dict)] if isinstance(sites.body, list) else []
    yield (f"orgs/{org}/sites", "site"), rows
    ids = [one["id"] for one in rows[:SITES]]
    places = [("orgs", f"orgs/{org}"), *(("sites", f"sites/{one}") for one in ids)]
    for scope, place in places:
        for one in load_routes().collections.values():
            if one.scope == scope and "L" in one.ops:
                answer = get(f"{place}/{one.name}?limit=100")
                if answer.status == 200 and isinstance(answer.body, list):
                    yield (f"{place}/{one.name}", one.schema), [x for x in answer.body if isinstance(x, dict)]
        answer = get(f"{place}/setting")
        if answer.status == 200 and isinstance(answer.body, dict):
            yield (f"{place}/setting", {"orgs": "org_setting", "sites": "site_setting"}[scope]), [answer.body]


def _by_kind(found: Mapping[Located, list[Json]]) -> dict[str, list[tuple[Json, Node]]]:
    rows: dict[str, list[tuple[Json, Node]]] = {}
    for (path, schema), objects in found.items():
        kind = f"{path.split('/')[0]}/{path.split('/')[2]}"
        rows.setdefault(kind, []).extend((one, load_facts().of(schema, one)) for one in objects)
    return rows


def _seen(get: Get, org: str, found: Mapping[Located, list[Json]]) -> Json:
    """What the answers say about the open questions; what they don't show is left out."""
    pairs = [pair for rows in _by_kind(found).values() for pair in rows]
    seen: Json = {}
    _empties(pairs, seen)
    _defaults(pairs, seen)
    _twice(get, found, seen)
    _headers(get, org, seen)
    return seen


def _leaves(value: Any, node: Node, name: str = "") -> Iterator[tuple[str, Any, Node]]:
    yield name, value, node
    facts = load_facts()
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _leaves(inner, facts.follow(node.fields.get(key) or node.values), key)


def _empties(pairs: list[tuple[Json, Node]], seen: Json) -> None:
    for one, node in pairs:
        for name, value, target in _leaves(one, node):
            if value == {} and isinstance(value, dict):
                seen["empty_objects"] = "kept"
            elif value == "" and not target.is_id:
                seen["empty_texts"] = "kept"
            elif value is None and target.types and not target.fields:
                seen.setdefault("unset", "null") if target.nullable else None
            elif isinstance(value, str) and re.fullmatch(r"\*{4,}", value):
                seen["mask_secrets"] = True
            elif name == "key" and isinstance(value, str) and re.fullmatch(r".{4}(\.{3}.{4}|\*+)", value):
                seen["key_mask"] = "dots" if "..." in value else "stars"


def _defaults(pairs: list[tuple[Json, Node]], seen: Json) -> None:
    """By what stands at the roots: values that only the document knows, those of the evidence, or none."""
    evidence = load_evidence()
    never = [name in one for one, node in pairs for name in evidence.never.get(node.name, ())]
    made = [name in one for one, node in pairs for name in evidence.made.get(node.name, {})]
    if never and made:
        shares = sum(never) / len(never), sum(made) / len(made)
        seen["server_defaults"] = "document" if shares[0] > 0.5 else "evidence" if shares[1] > 0.5 else "none"


def _twice(get: Get, found: Mapping[Located, list[Json]], seen: Json) -> None:
    """The same objects once more: what moved although nobody wrote."""
    for (path, _), objects in found.items():
        again = get(path if path.endswith("/setting") else f"{path}?limit=100").body
        rows = {one.get("id"): one for one in ([again] if isinstance(again, dict) else again or [])}
        for one in objects:
            other = rows.get(one.get("id"), {})
            for name, value in one.items():
                if isinstance(value, str) and value.startswith("http") and name in other:
                    seen["rotate_urls"] = seen.get("rotate_urls", False) or other[name] != value
                elif isinstance(value, list) and other.get(name) != value and name in other:
                    seen["reorder"] = "server" if name in ("site_ids", "success") else "all"


def _headers(get: Get, org: str, seen: Json) -> None:
    bare, asked = get(f"orgs/{org}/sites"), get(f"orgs/{org}/sites?limit=1")
    total = "x-page-total"
    if bare.status == asked.status == 200:
        both = total in bare.headers, total in asked.headers
        seen["page_headers"] = "always" if both[0] else "asked" if both[1] else "never"
        seen["content_type"] = "vnd" if "vnd.api" in bare.headers.get("content-type", "") else "json"
    missing = get(f"orgs/{org}/wlans/{NOBODY}")
    if missing.status == 404 and isinstance(missing.body, dict):
        seen["not_found_body"] = "detail" if "detail" in missing.body else "id"
    search = get(f"orgs/{org}/usermacs/search?limit=1")
    if search.status == 200:
        seen["usermacs_search"] = "results" if isinstance(search.body, dict) else "array"
