"""Who made live differ: a plan's changes and the audit log's entries in, the changes with their edits out. Pure.

Entries carry the ids of what they are about under flat keys (`wlan_id`, and `template_id` beside it), which the
vendor's OpenAPI document does not name; a deleted object's id is the text "None", and of a site's setting there is the
site's id only. Where ids are missing, the quoted name in the message has to do: `Delete WLAN "Lab"`. What can't be
told is `UNKNOWN`, never a guess.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from msgspec.structs import replace

from reconciler.drift.log import Event
from reconciler.kinds import Kind, Kinds
from reconciler.kinds.lists import singular
from reconciler.model.address import Address
from reconciler.model.change import NOT_APPLIED, UNKNOWN, Action, Cause, Change, Edit, FieldChange, root_of
from reconciler.model.drift import Unmanaged
from reconciler.semantics.compare import differences
from reconciler.semantics.equality import is_empty
from reconciler.semantics.forms import inventory_form

_MESSAGE = re.compile(r'^(?P<verb>\w+) (?P<what>.*?) ?"(?P<name>.*)"', re.DOTALL)
_NO_OBJECT = frozenset({"admin_id", "id", "org_id", "site_id", "msp_id"})
_POSITION = re.compile(r"\[\d+\].*")
_DELETE = "Delete"
_SETTING = "Setting"


class Log:
    """The entries of an audit log, indexed by what they are about, newest first."""

    def __init__(self, events: Iterable[Event], *, kinds: Kinds, ids: Mapping[str, str]) -> None:
        self._kinds = kinds
        self._ids = ids
        self._by_id: defaultdict[tuple[str, str], list[Event]] = defaultdict(list)
        self._settings: defaultdict[str, list[Event]] = defaultdict(list)
        self._by_name: defaultdict[str, list[Event]] = defaultdict(list)
        for event in sorted(events, key=lambda item: -_time(item)):
            self._add(event)

    def _add(self, event: Event) -> None:
        key, site = object_key(event), event.get("site_id")
        if key:
            self._by_id[key, str(event[key])].append(event)
        elif _is_setting(event) and site:
            self._settings[str(site)].append(event)
        elif site and not _has_none(event) and not _names_another(event):
            self._by_id["site_id", str(site)].append(event)
        said = _MESSAGE.match(str(event.get("message") or ""))
        if key is None and said:
            self._by_name[said["name"]].append(event)

    def of(self, address: Address, live_id: str | None) -> list[Event]:
        """The entries about one object, newest first; of one that is not live, those about its deletion."""
        kind = self._kinds[address.kind]
        if kind.singleton:
            return self._settings.get(live_id or "", [])
        if live_id is None:
            return self._deletions(address, kind)
        named = [event for event in self._named(address, kind) if _verb(event) != _DELETE]
        found = self._by_id.get((id_key(kind), live_id), [])
        return sorted({id(event): event for event in (*found, *named)}.values(), key=lambda item: -_time(item))

    def of_id(self, kind: str, live_id: str) -> list[Event]:
        """The entries that name an id, newest first."""
        return self._by_id.get((id_key(self._kinds[kind]), live_id), [])

    def _deletions(self, address: Address, kind: Kind) -> list[Event]:
        """The deletion of an object, or of the object that held it."""
        found = [event for event in self._named(address, kind) if _verb(event) == _DELETE]
        parent = address.parent
        if found or parent is None or parent.text in self._ids:
            return found
        return self._deletions(parent, self._kinds[parent.kind])

    def _named(self, address: Address, kind: Kind) -> Iterator[Event]:
        words = words_of(kind)
        for event in self._by_name.get(address.name or "", ()):
            said = _MESSAGE.match(str(event["message"]))
            if said and letters(said["what"]) in words and self._is_there(event, address, kind):
                yield event

    def _is_there(self, event: Event, address: Address, kind: Kind) -> bool:
        """Whether an entry without an id speaks of the right place."""
        own, parent = id_key(kind), address.parent
        if own == "site_id":
            return True
        if parent is None:
            return not any(event.get(key) for key in ("site_id", "template_id") if key != own)
        held_by = event.get(id_key(self._kinds[parent.kind]))
        known = self._ids.get(parent.text)
        return held_by == known if known and held_by else held_by is None or known is None


def attributed(changes: Iterable[Change], log: Log) -> tuple[Change, ...]:
    """The changes, each and each field with its edit: the newest one that shows the field changing, else the last one
    of the object, else `UNKNOWN`. What only the files have changed since the base is `NOT_APPLIED`."""
    return tuple(_without_causes(change, _attributed(change, log)) for change in changes)


def _without_causes(change: Change, found: Change) -> Change:
    """A change with its edits in the place of its causes."""
    fields = tuple(
        replace(item, cause=_kept(item.cause), edited=NOT_APPLIED if item.cause is Cause.CONFIG else item.edited)
        for item in found.fields
    )
    edited = NOT_APPLIED if change.cause is Cause.CONFIG else found.edited
    return replace(found, cause=_kept(found.cause), edited=edited, fields=fields)


def _kept(cause: Cause | None) -> Cause | None:
    """The cause that a report of drift tells: that something is no longer declared."""
    return cause if cause is Cause.RELEASED else None


def edits_of(addresses: Iterable[Address], log: Log, ids: Mapping[str, str]) -> tuple[Unmanaged, ...]:
    """Live objects that nothing declares, each with its last edit."""
    return tuple(
        Unmanaged(address=address, edited=edit_of(next(iter(log.of(address, ids.get(address.text))), None)))
        for address in addresses
    )


def _attributed(change: Change, log: Log) -> Change:
    live = change.live
    parent = Address(change.moved_from) if change.moved_from else change.address.parent
    address = Address.of(change.kind, change.renamed_from or change.address.name, parent=parent)
    events = log.of(address, live.id if live else None)
    last = edit_of(next(iter(events), None))
    if change.action is not Action.UPDATE:
        shown = replace(last, shown=True) if last.known and change.action is Action.CREATE else last
        return replace(change, edited=shown, fields=tuple(replace(item, edited=shown) for item in change.fields))
    kind = log._kinds[change.kind]
    entries = [(event, _shown_in(event, kind)) for event in events]
    fields = tuple(replace(item, edited=_field_edit(item, entries, last)) for item in change.fields)
    return replace(change, edited=last, fields=fields)


class _Shown:
    """What an entry shows: the paths that differ between its `before` and its `after`, and the roots it lists."""

    __slots__ = ("paths", "roots")

    def __init__(self, paths: tuple[str, ...], roots: frozenset[str]) -> None:
        self.paths = paths
        self.roots = roots


def _shown_in(event: Event, kind: Kind) -> _Shown:
    before, after = (_body(event.get(key), kind) for key in ("before", "after"))
    roots = sorted({*before, *after})
    paths: list[str] = []
    for root in roots:
        new, old = after.get(root), before.get(root)
        if not (is_empty(new) and is_empty(old)):
            paths += [item.path for item in differences(new, old, kind.shape.below(root), root)]
    return _Shown(tuple(paths), frozenset(roots))


def _body(value: Any, kind: Kind) -> dict[str, Any]:
    """The `before` or `after` of an entry, which may be an object or its JSON text, of changed leaves only."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            return {}
    if not isinstance(value, dict):
        return {}
    body = {str(key): item for key, item in value.items()}
    return inventory_form(kind, body, lambda _reference, name: name, moved=True)


def _field_edit(item: FieldChange, entries: list[tuple[Event, _Shown]], last: Edit) -> Edit:
    for event, shows in entries:
        if any(_overlap(item.path, path) for path in shows.paths) or (item.sensitive and _hides(item.path, shows)):
            return replace(edit_of(event), shown=True)
    return last


def _hides(path: str, shows: _Shown) -> bool:
    """Whether an entry lists the root of a secret although nothing visible in it changed: masked, the secret did."""
    root = root_of(path)
    return root in shows.roots and not any(root_of(other) == root for other in shows.paths)


def _overlap(one: str, other: str) -> bool:
    """Whether two paths are one, or one lies in the other. Positions in lists without a key mean little: the list as a
    whole counts."""
    one, other = _POSITION.sub("", one), _POSITION.sub("", other)
    return one == other or one.startswith((f"{other}.", f"{other}[")) or other.startswith((f"{one}.", f"{one}["))


def parsed_message(event: Event) -> Mapping[str, str] | None:
    """`verb`, `what` and `name` of an entry's message; None when it has another form."""
    said = _MESSAGE.match(str(event.get("message") or ""))
    return said.groupdict() if said else None


def edit_of(event: Event | None) -> Edit:
    """An entry as an edit; `UNKNOWN` where there is none."""
    if event is None:
        return UNKNOWN
    admin, message, source = (str(event.get(key) or "") for key in ("admin_name", "message", "src_ip"))
    return Edit(admin=admin.strip() or "somebody", timestamp=_time(event), message=message, address=source)


def id_key(kind: Kind) -> str:
    """The key of the ids of a kind: the singular of its collection in the API."""
    return f"{singular(_collection(kind))}_id"


def _collection(kind: Kind) -> str:
    collection = next((place.collection for place in kind.endpoints if place.collection), "")
    return collection.rpartition("/")[2]


def words_of(kind: Kind) -> frozenset[str]:
    """How messages may call a kind, without blanks and case."""
    return frozenset({letters(kind.name), letters(kind.title), letters(id_key(kind).removesuffix("_id"))})


def letters(text: str) -> str:
    """A text without blanks, signs and case."""
    return "".join(char for char in text.casefold() if char.isalnum())


def object_key(event: Event) -> str | None:
    """The key of what an entry is about: with several, the one that is not the holder's. None without an id."""
    keys = [key for key in _object_keys(event) if isinstance(event[key], str) and event[key] not in ("", "None")]
    if _has_none(event):
        return None
    return next((key for key in keys if key != "template_id"), keys[0] if keys else None)


def _object_keys(event: Event) -> list[str]:
    return sorted(key for key in event if key.endswith("_id") and key not in _NO_OBJECT)


def _has_none(event: Event) -> bool:
    """Whether an id of the entry is that of a deleted object: the text "None"."""
    return any(event[key] == "None" for key in _object_keys(event))


def _names_another(event: Event) -> bool:
    """Whether a message about something in a site names what it is, and that is no site."""
    said = _MESSAGE.match(str(event.get("message") or ""))
    return said is not None and letters(said["what"]) != "site"


def _is_setting(event: Event) -> bool:
    return _SETTING in str(event.get("message") or "")


def _verb(event: Event) -> str:
    said = _MESSAGE.match(str(event.get("message") or ""))
    return said["verb"] if said else ""


def _time(event: Event) -> float:
    value = event.get("timestamp")
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else 0.0
