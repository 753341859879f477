"""What a run looked at, and what not: matches in, `Compared` out."""

from collections.abc import Iterator
from typing import Any

from reconciler.kinds import Kinds
from reconciler.kinds.lists import not_modelled_below_sites, with_unmodelled
from reconciler.model.change import Compared
from reconciler.model.match import Match, Matches
from reconciler.model.resource import Live
from reconciler.model.values import Secret
from reconciler.semantics.equality import is_masked

SITE = "site"


def compared(matches: Matches, kinds: Kinds) -> Compared:
    """How many declared objects were compared, of which kinds; which lists were not read; which secrets are masked."""
    both = [item for item in matches.matches if item.declared]
    return Compared(
        objects=len(both),
        kinds=tuple(sorted({kinds[item.kind].plural for item in both})),
        unread=_unread(matches.live, kinds),
        masked=tuple(text for item in both for text in _masked(item)),
    )


def _unread(live: Live, kinds: Kinds) -> tuple[str, ...]:
    """Lists of the organisation by name, and below sites as `wlans of 3 sites`."""
    failed = {(miss.kind, miss.parent_id) for miss in live.unread}
    sites = [item.id for item in live.objects if item.kind == SITE]
    found: list[str] = []
    for kind in with_unmodelled(kinds):
        looked = live.was_listed(kind.name, None) and (kind.name, None) not in failed
        if not looked and any(end.parent is None or end.parent_field for end in kind.endpoints):
            found.append(kind.plural)
        if kind.endpoint(SITE):
            left = sum(not live.was_listed(kind.name, site) or (kind.name, site) in failed for site in sites)
            if left:
                found.append(f"{kind.plural} of {left:,} site{'' if left == 1 else 's'}")
    below = [f"{name} of sites" for name in not_modelled_below_sites(kinds)]
    return tuple(sorted({*found, *below}))


def _masked(item: Match) -> Iterator[str]:
    """The declared secrets whose live value is hidden."""
    if item.declared is None or item.live is None:
        return
    yield from (f"{item.address} {path}" for path in _paths(dict(item.declared.body), dict(item.live.body), ""))


def _paths(declared: Any, live: Any, path: str) -> Iterator[str]:
    if isinstance(declared, dict) and isinstance(live, dict):
        for key, value in declared.items():
            yield from _paths(value, live.get(key), f"{path}.{key}" if path else str(key))
    elif isinstance(declared, list) and isinstance(live, list):
        for at, value in enumerate(declared):
            yield from _paths(value, live[at] if at < len(live) else None, f"{path}[{at}]")
    elif isinstance(live, Secret) and isinstance(declared, Secret) and is_masked(live):
        yield path
