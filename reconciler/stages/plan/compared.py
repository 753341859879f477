"""What a run looked at, and what not: matches in, `Compared` out."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from reconciler.kinds import Kinds
from reconciler.kinds.lists import not_modelled_below_sites, with_unmodelled
from reconciler.model.change import Compared
from reconciler.model.match import Match, Matches
from reconciler.model.resource import ListId, Live
from reconciler.model.values import Secret, SecretRef
from reconciler.semantics.equality import is_masked
from reconciler.semantics.sealing import plain_text

SITE = "site"


def compared(matches: Matches, kinds: Kinds, spared: frozenset[ListId] = frozenset()) -> Compared:
    """How many declared objects were compared, of which kinds; which lists were not read; which secrets are masked
    or have no value here; which live roots no model knows. The `spared` lists are known without a look."""
    both = [item for item in matches.matches if item.declared]
    telling = [item for item in both if item.declared and plain_text(item.declared.body) is None]
    return Compared(
        objects=len(both),
        kinds=tuple(sorted({kinds[item.kind].plural for item in both})),
        unread=_unread(matches.live, kinds, spared),
        masked=tuple(text for item in telling for text in _said_nothing_of(item, _is_hidden)),
        missing=tuple(text for item in telling for text in _said_nothing_of(item, _is_missing)),
        strange=_strange(both, kinds),
        spared=sum(not matches.live.was_listed(*place) for place in spared),
    )


def _strange(both: Iterable[Match], kinds: Kinds) -> tuple[str, ...]:
    """Roots that are live in objects that are declared, and that neither a declaration nor a model has: each once for
    its kind."""
    used = {item.kind for item in both}  # no other kind's model is built for this
    known = {name: kinds[name].shape.fields.keys() for name in used if kinds[name].fields is not None}
    usual = {
        name: known[name] | kinds[name].read_only | {*kinds[name].translated, *kinds[name].renamed} for name in known
    }
    found: set[str] = set()
    seen: set[tuple[str, tuple[str, ...]]] = set()
    for item in both:
        if item.live is None or item.declared is None:
            continue
        if item.live.answer is not None:
            had = (item.kind, tuple(item.live.answer))
            if had in seen or usual[item.kind].issuperset(had[1]):
                seen.add(had)  # of most objects all is known, and none of it is brought to the inventory's form
                continue
        roots = item.live.body.keys() - known[item.kind] - item.declared.body.keys()
        found |= {f"{kinds[item.kind].plural}.{root}" for root in roots}
    return tuple(sorted(found))


def _unread(live: Live, kinds: Kinds, spared: frozenset[ListId]) -> tuple[str, ...]:
    """Lists of the organisation by name, those below sites as `maps of 3 sites`; both: `wlans and those of 3 sites`."""
    failed = {(miss.kind, miss.parent_id) for miss in live.unread}
    sites = {item.id for item in live.objects if item.kind == SITE}
    listed = None if live.listed is None else (live.listed - failed) | spared
    seen = Counter(kind for kind, site in listed or () if site in sites)
    missed = Counter(kind for kind, site in failed - spared if site in sites)
    found: list[str] = []
    for kind in with_unmodelled(kinds):
        looked = _is_known(live, (kind.name, None), failed, spared)
        above = not looked and any(end.parent is None or end.parent_field for end in kind.endpoints)
        below = missed[kind.name] if listed is None else len(sites) - seen[kind.name]
        below = below if kind.endpoint(SITE) else 0
        of_sites = f"of {below:,} site{'' if below == 1 else 's'}" if below else ""
        if above or of_sites:
            found.append(" ".join([kind.plural, *(["and those"] if above and of_sites else []), of_sites]).rstrip())
    return tuple(sorted({*found, *(f"{name} of sites" for name in not_modelled_below_sites(kinds))}))


def _is_known(live: Live, place: ListId, failed: set[ListId], spared: frozenset[ListId]) -> bool:
    return place in spared or (live.was_listed(*place) and place not in failed)


Pairs = Callable[[Any, Any], bool]
"""Whether nothing can be said of a declared and a live value."""


def _is_hidden(declared: Any, live: Any) -> bool:
    return isinstance(live, Secret) and isinstance(declared, Secret) and is_masked(live)


def _is_missing(declared: Any, _live: Any) -> bool:
    return isinstance(declared, SecretRef)


def _said_nothing_of(item: Match, unknown: Pairs) -> Iterator[str]:
    """The declared secrets of which nothing can be said."""
    if item.declared is None or item.live is None:
        return
    yield from (f"{item.address} {path}" for path in _paths(item.declared.body, item.live.body, "", unknown))


def _paths(declared: Any, live: Any, path: str, unknown: Pairs) -> Iterator[str]:
    if isinstance(declared, dict) and isinstance(live, Mapping):
        for key, value in declared.items():
            if isinstance(value, str):
                continue
            yield from _paths(value, live.get(key), f"{path}.{key}" if path else str(key), unknown)
    elif isinstance(declared, list) and isinstance(live, list):
        for at, value in enumerate(declared):
            yield from _paths(value, live[at] if at < len(live) else None, f"{path}[{at}]", unknown)
    elif unknown(declared, live):
        yield path
