"""Secrets of what is exported: sealed values in, `!secret env:NAME` out, and what each name holds, in memory only.

A name is made of what the object is called and of its field, so that people know what to set. Values that are the same
under the same field are one secret, under a name of their own.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any
from unicodedata import normalize

from msgspec import Struct
from msgspec.structs import replace

from reconciler.export.items import Item
from reconciler.model.address import Address
from reconciler.model.resource import Resource
from reconciler.model.values import Path, Secret, SecretRef, YamlList
from reconciler.sources.credentials import is_credential

_GENERIC = frozenset({"secret", "password", "key", "token", "value", "community_name", "passphrase"})
_NO_MARK = ("", 1, 1)


class SecretAt(Struct, frozen=True):
    """Where a secret stands."""

    address: Address
    path: Path
    secret: Secret


class Secrets(Struct, frozen=True, kw_only=True):
    """What each name holds: `values` for the proof, never written; `places` for people; `masked` are the names whose
    value the cloud did not show."""

    values: Mapping[str, str]
    places: Mapping[str, tuple[SecretAt, ...]]
    masked: frozenset[str]


def with_references(
    items: Sequence[Item], *, known: Mapping[tuple[str, str], str] | None = None, field_first: bool = False
) -> tuple[tuple[Item, ...], Secrets]:
    """The items with a reference in the place of every secret. `known` are the names that an inventory has already, by
    field and value. With `field_first`, names of one field begin alike, so that a template can hold that beginning."""
    places = [place for item in items for place in _places(item)]
    named = _named(places, known or {}, field_first=field_first)
    by_place = {(place.address, place.path): name for name, found in named.items() for place in found}
    secret_items = {place.address for place in places}
    changed = tuple(
        replace(item, body=_put(item.body, (), item.address, by_place)) if item.address in secret_items else item
        for item in items
    )
    masked = frozenset(name for name, found in named.items() if found[0].secret.masked)
    values = {name: found[0].secret.reveal() for name, found in named.items()}
    return changed, Secrets(values=values, places={name: tuple(found) for name, found in named.items()}, masked=masked)


def _places(item: Item) -> Iterator[SecretAt]:
    for path, secret in _secrets_in(item.body):
        if secret.shown != secret.reveal():
            yield SecretAt(item.address, path, secret)


def _secrets_in(body: Mapping[str, Any]) -> Iterator[tuple[Path, Secret]]:
    stack: list[tuple[Path, Any]] = [((), body)]
    while stack:
        path, value = stack.pop()
        if isinstance(value, Mapping):
            stack += [((*path, key), below) for key, below in reversed(list(value.items()))]
        elif isinstance(value, list):
            stack += [((*path, at), below) for at, below in reversed(list(enumerate(value)))]
        elif isinstance(value, Secret):
            yield path, value


def known_names(resources: Iterable[Resource]) -> dict[tuple[str, str], str]:
    """The names of an inventory's secrets, by field and value."""
    found: dict[tuple[str, str], str] = {}
    for item in resources:
        for path, secret in _secrets_in(item.body):
            scheme, _, target = secret.origin.partition(":")
            if scheme == "env":
                found.setdefault((_field(path), secret.reveal()), target)
    return found


def _named(
    places: Sequence[SecretAt], known: Mapping[tuple[str, str], str], *, field_first: bool
) -> dict[str, list[SecretAt]]:
    """Names for all secrets, in the order of their first place."""
    groups: defaultdict[tuple[str, str], list[SecretAt]] = defaultdict(list)
    for at, place in enumerate(places):
        slot = ("masked", str(at)) if place.secret.masked else (_field(place.path), place.secret.reveal())
        groups[slot].append(place)
    name = partial(_name, field_first=field_first)
    short = Counter(name(group) for group in groups.values())
    named: dict[str, list[SecretAt]] = {}
    taken = set(known.values())
    for slot, group in groups.items():
        if slot in known:
            named[known[slot]] = group
            continue
        wanted = base = name(group) if short[name(group)] == 1 else name(group, whole=True)
        number = 1
        while wanted in named or wanted in taken:
            number += 1
            wanted = f"{base}_{number}"
        named[wanted] = group
    return named


def _field(path: Path) -> str:
    """The field's name; of one that says little, with what it lies in."""
    words = [step for step in path if isinstance(step, str)]
    return "_".join(words[-2:] if words[-1].lower() in _GENERIC else words[-1:])


def _name(group: Sequence[SecretAt], *, whole: bool = False, field_first: bool = False) -> str:
    """What a secret is called: after its object and its field; `whole` names what holds the object, too."""
    first = group[0]
    owners = dict.fromkeys(place.address for place in group)
    field = _word(_field(first.path)) or "SECRET"
    owner = first.address if first.address.name else (first.address.parent or first.address)
    holder = _word(owner.parent.name or "") if whole and owner.parent else ""
    own = [holder, _word(owner.name or "") or owner.kind.upper()] if len(owners) == 1 else []
    tops = {address.text.partition("/")[0] for address in owners}
    if field_first and not own and len(tops) == 1:
        own = [_word(Address(tops.pop()).name or "")]
    words = [field, *own] if field_first else [*own, field]
    name = "_".join(filter(None, words))
    name = name if name[0].isalpha() else f"{owner.kind.upper()}_{name}"
    return f"NET_{name}" if is_credential(name) else name


def _word(text: str) -> str:
    """A text in the signs that a variable's name may have."""
    plain = normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub("[^A-Z0-9]+", "_", plain.upper()).strip("_")[:60]


def _put(value: Any, path: Path, address: Address, names: Mapping[tuple[Address, Path], str]) -> Any:
    if isinstance(value, Mapping):
        return {key: _put(item, (*path, key), address, names) for key, item in value.items()}
    if isinstance(value, list):
        items = [_put(item, (*path, at), address, names) for at, item in enumerate(value)]
        return value.of(items) if isinstance(value, YamlList) else items
    if isinstance(value, Secret):
        name = names.get((address, path))
        return value.shown if name is None else SecretRef("env", name, mark=_NO_MARK)
    return value
