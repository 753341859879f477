"""Both sides of a comparison with their secrets known: what one side uses as a secret is one on the other, too."""

from collections.abc import Iterator

from msgspec.structs import replace

from reconciler.model.match import Match, Matches
from reconciler.model.resource import LiveObject
from reconciler.semantics.forms import InventoryBody
from reconciler.semantics.sealing import (
    VARS,
    former_secrets,
    sealed_resource,
    secret_variables,
    secrets_in,
    with_sealed_variables,
)


def sealed_together(matches: Matches) -> Matches:
    """The matches with the variables sealed, declared and live, that any secret field of either side uses."""
    names: set[str] = set()
    for item in matches.matches:
        names |= secret_variables(item.declared.body) if item.declared else set()
    for found in matches.live.objects:
        names.update(_variables_of(found))
    used = frozenset(names)
    return replace(
        matches,
        matches=tuple(_sealed_match(item, used) for item in matches.matches),
        live=replace(matches.live, objects=tuple(_sealed_object(item, used) for item in matches.live.objects)),
    )


def secrets_of(matches: Matches) -> Iterator[str]:
    """Every secret of both sides, and what is live where a whole secret is declared."""
    yield from secrets_in(item.declared.body for item in matches.matches if item.declared)
    yield from secrets_in(item.body for item in matches.live.objects)
    for item in matches.matches:
        if item.declared and item.live:
            yield from former_secrets(item.declared.body, item.live.body)


def _variables_of(item: LiveObject) -> set[str]:
    return item.body.secret_variables() if isinstance(item.body, InventoryBody) else secret_variables(item.body)


def _sealed_match(item: Match, names: frozenset[str]) -> Match:
    declared = sealed_resource(item.declared, names) if item.declared else None
    live = _sealed_object(item.live, names) if item.live else None
    return item if declared is item.declared and live is item.live else replace(item, declared=declared, live=live)


def _sealed_object(item: LiveObject, names: frozenset[str]) -> LiveObject:
    if VARS not in item.body:
        return item
    body = with_sealed_variables(item.body, names, origin="live")
    return item if body is item.body else replace(item, body=body)
