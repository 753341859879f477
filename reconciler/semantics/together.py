"""Both sides of a comparison with their secrets known: what one side uses as a secret is one on the other, too."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from msgspec.structs import replace

from reconciler.model.hiding import names_secret
from reconciler.model.match import Match, Matches
from reconciler.model.resource import LiveObject
from reconciler.semantics.forms import InventoryBody
from reconciler.semantics.sealing import (
    VARS,
    former_secrets,
    may_use,
    sealed_resource,
    secret_variables,
    secrets_in,
    site_variables,
    with_sealed_variables,
)


def sealed_together(matches: Matches) -> Matches:
    """The matches with the variables sealed, declared and live, that any secret field of either side uses."""
    declared = [item.declared.body for item in matches.matches if item.declared]
    sides = (*map(site_variables, declared), *map(_site_variables, matches.live.objects))
    known = frozenset().union(*sides)
    names: set[str] = set()
    for body in declared if known else ():
        names |= secret_variables(body) if may_use(body, known) else set()
    for item in matches.live.objects if known else ():
        names |= _used_by(item) if may_use(_answer(item), known) else set()
    used = frozenset(names)
    if not any(name in used or names_secret(name) for name in known):
        return matches
    objects = tuple(_sealed_object(item, used) for item in matches.live.objects)
    sealed = {(item.kind, item.id): item for item in objects}
    found = tuple(_sealed_match(item, used, sealed) for item in matches.matches)
    return replace(matches, matches=found, live=replace(matches.live, objects=objects))


def secrets_of(matches: Matches) -> Iterator[str]:
    """Every secret of both sides, and what is live where a whole secret is declared."""
    yield from secrets_in(item.declared.body for item in matches.matches if item.declared)
    yield from secrets_in(item.body for item in matches.live.objects)
    for item in matches.matches:
        if item.declared and item.live:
            yield from former_secrets(item.declared.body, item.live.body)


def _answer(item: LiveObject) -> Mapping[str, Any]:
    return item.body if item.answer is None else item.answer


def _site_variables(item: LiveObject) -> Collection[str]:
    found = site_variables(_answer(item))
    return found if found and VARS in item.body else ()


def _used_by(item: LiveObject) -> set[str]:
    return item.body.secret_variables() if isinstance(item.body, InventoryBody) else secret_variables(item.body)


def _sealed_match(item: Match, names: frozenset[str], objects: Mapping[tuple[str, str], LiveObject]) -> Match:
    declared = sealed_resource(item.declared, names) if item.declared else None
    live = objects[item.live.kind, item.live.id] if item.live else None
    return item if declared is item.declared and live is item.live else replace(item, declared=declared, live=live)


def _sealed_object(item: LiveObject, names: frozenset[str]) -> LiveObject:
    if not any(name in names or names_secret(name) for name in _site_variables(item)):
        return item
    body = with_sealed_variables(item.body, names, origin="live")
    return item if body is item.body else replace(item, body=body)
