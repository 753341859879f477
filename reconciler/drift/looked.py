"""What the last green drift report looked at: a report in, what to remember out; and later that, with the audit log in,
the lists out that need no second look.

A list that was read once, and in which the audit log shows no change since, holds what it held then. So a nightly
report reads what is declared, and asks the log once for all else. The log is trusted for this only where it is whole
back to the last look, and its entries can be placed; the clock is the cloud's own. Pure.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

from msgspec import Struct

from reconciler.drift.attribution import edit_of, id_key, letters, object_key, parsed_message, words_of
from reconciler.drift.elsewhere import CHANGED, DELETED, LISTS, MADE
from reconciler.drift.exceptions import expired
from reconciler.drift.log import AuditLog, Event
from reconciler.drift.undeclared import is_accepted
from reconciler.kinds import Kinds
from reconciler.model.address import Address
from reconciler.model.match import Matches
from reconciler.model.project import Project
from reconciler.model.resource import ListId

_VERSION = 1
MARGIN = 900.0
"""Seconds by which the log may lag behind what it tells of."""
_DAY = 86_400.0
_SITE = "site"
_SETTING = "setting"
_OF_A_SETTING = re.compile(r"\w+ Site Settings?")
"""The message of an entry about a setting: it has no name, and the id of the site."""
ALL = "*"


class Looked(Struct, frozen=True, kw_only=True):
    """`at`: up to when, in seconds of the cloud's clock, all is known of the `lists` and of the addresses in each."""

    org_id: str
    at: float
    lists: Mapping[ListId, tuple[str, ...]]


def looked_text(looked: Looked) -> str:
    """As it is stored. It holds addresses and ids."""
    rows = [[kind, site, list(held)] for (kind, site), held in looked.lists.items()]
    rows.sort(key=lambda row: (row[0], row[1] or ""))
    return json.dumps({"version": _VERSION, "org_id": looked.org_id, "at": looked.at, "lists": rows}) + "\n"


def looked_of(text: str, org_id: str) -> Looked | None:
    """What was stored about this organisation; None for anything else: then all is read."""
    try:
        stored = json.loads(text)
        if (stored["version"], stored["org_id"]) != (_VERSION, org_id):
            return None
        lists = {
            (str(kind), None if site is None else str(site)): tuple(str(each) for each in held)
            for kind, site, held in stored["lists"]
        }
        return Looked(org_id=org_id, at=float(stored["at"]), lists=lists)
    except (ValueError, TypeError, KeyError, RecursionError):
        return None


def unchanged(looked: Looked, audit: AuditLog, project: Project, *, kinds: Kinds, today: date) -> frozenset[ListId]:
    """The lists in which nothing changed since they were looked at, and that hold only what is accepted still."""
    if not _reaches(audit, looked.at):
        return frozenset()
    places = Places(kinds)
    touched: set[ListId] = set()
    for event in audit.events:
        if edit_of(event).timestamp >= looked.at:
            touched |= places.of(event)
    if (ALL, None) in touched:
        return frozenset()
    rules = [rule for rule in project.ignore if not expired(rule, today)]
    external = {
        (kind.name, name) for word, names in project.external.items() if (kind := kinds.find(word)) for name in names
    }
    return frozenset(
        place
        for place, held in looked.lists.items()
        if place not in touched
        and (ALL, place[1]) not in touched
        and all(_is_known(Address(text), external) or is_accepted(text, rules) for text in held)
    )


def looked_at(matches: Matches, audit: AuditLog, spared: frozenset[ListId], before: Looked | None) -> Looked | None:
    """What a green report has looked at beside the declared: its own lists, and the `spared` ones of `before`. None
    where the log could not vouch for it later."""
    live = matches.live
    if audit.until is None or live.listed is None or not _reaches(audit, audit.until - MARGIN):
        return None
    sites = {item.address: item.id for item in live.objects if item.kind == _SITE and item.address}
    held: defaultdict[ListId, list[str]] = defaultdict(list)
    for item in live.objects:
        if item.address:
            held[item.kind, sites.get(item.address.parent) if item.address.parent else None].append(item.address.text)
    declared = {item.address.text for item in matches.matches if item.declared}
    failed = {(miss.kind, miss.parent_id) for miss in live.unread}
    lists = {
        place: tuple(sorted(held.get(place, ())))
        for place in live.listed
        if place not in failed and declared.isdisjoint(held.get(place, ()))
    }
    if before is not None:
        lists |= {place: before.lists[place] for place in spared if place not in lists}
    return Looked(org_id=live.org_id, at=audit.until - MARGIN, lists=lists)


def _reaches(audit: AuditLog, at: float) -> bool:
    """Whether the entries are all that there are since then."""
    if audit.until is None or audit.until - audit.read.days * _DAY > at:
        return False
    return not audit.read.problem or any(0 < edit_of(event).timestamp < at for event in audit.events)


def _is_known(address: Address, external: Iterable[tuple[str, str]]) -> bool:
    return (address.kind, address.name or "") in external


class Places:
    """In which lists an entry of the log may have changed something."""

    def __init__(self, kinds: Kinds) -> None:
        self._by_key: defaultdict[str, set[str]] = defaultdict(set)
        self._by_word: defaultdict[str, set[str]] = defaultdict(set)
        for kind in kinds:
            if kind.endpoints:
                self._by_key[id_key(kind)].add(kind.name)
                for word in words_of(kind):
                    self._by_word[word].add(kind.name)

    def of(self, event: Event) -> set[ListId]:
        """The lists, `*` for all of a site; of the organisation, for all there are. Nothing for what changes none: a
        login."""
        key, message = object_key(event) or "", parsed_message(event)
        names = self._by_key.get(key, set()) | {LISTS[key] for key in (key,) if key in LISTS}
        if message:
            names |= self._by_word.get(letters(message["what"]), set())
        site = str(event["site_id"]) if event.get("site_id") else None
        if site and not key and _OF_A_SETTING.fullmatch(str(event.get("message"))):
            names = {_SETTING}
        own: set[ListId] = {(_SITE, None)} if site else set()
        if names:
            return own | {(name, place) for name in names for place in (None, site)}
        changes = bool(key or event.get("before") or event.get("after"))
        if changes or (message and message["verb"] in {*MADE, *CHANGED, DELETED}):
            return own | {(ALL, site)}
        return own
