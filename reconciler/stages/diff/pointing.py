"""References to what a run deleted, where the cloud kept them: pointed at the objects that are made again.

The cloud deletes a template that sites still name without a word, and they go on naming its id. The object that a
rollback makes again has another id, so whoever names the old one is told the new one. Only the organisation's own lists
are looked at, and what was read below sites.
"""

from collections.abc import Iterable, Mapping

from msgspec.structs import replace

from reconciler.diagnostics import Diagnostic, Severity
from reconciler.kinds import Kinds, Reference
from reconciler.model.address import Address
from reconciler.model.change import Action
from reconciler.model.match import Match, Matches
from reconciler.model.resource import Live, LiveObject, Resource
from reconciler.model.values import YamlMap
from reconciler.model.written import Written
from reconciler.semantics.forms import with_references
from reconciler.semantics.naming import Names

SITE = "site"


def referring_to(written: Iterable[Written], *, kinds: Kinds) -> frozenset[str]:
    """The kinds of the organisation that may name an object which the run deleted, and what holds those."""
    gone = {item.address.kind for item in written if item.action is Action.DELETE}
    named = [kind for kind in kinds if any(one.kind in gone and not one.by_name for one in kind.references)]
    ends = [(kind.name, end) for kind in named for end in kind.endpoints if end.parent_field or not end.parent]
    return frozenset(name for kind, end in ends for name in (kind, end.parent) if name)


def referring_below(written: Iterable[Written], *, kinds: Kinds) -> dict[str, frozenset[str] | None]:
    """The kinds whose objects below sites may name an object which the run deleted, with the names of these sites;
    None for every site."""
    gone = [item.address for item in written if item.action is Action.DELETE]
    found: dict[str, frozenset[str] | None] = {}
    for kind in kinds:
        if kind.endpoint(SITE) is None:
            continue
        named = {reference.kind for reference in kind.references if not reference.by_name}
        holders = [address.parent for address in gone if address.kind in named]
        if holders:
            inside = all(one is not None and one.kind == SITE for one in holders)
            found[kind.name] = frozenset(one.name or "" for one in holders if one) if inside else None
    return found


def not_looked_at(matches: Matches, at: Mapping[str, frozenset[str] | None], *, kinds: Kinds) -> list[Diagnostic]:
    """What names an object that is made again may stand here too, and was not read."""
    sites = [item.id for item in matches.live.objects if item.kind == SITE]
    unread = {(miss.kind, miss.parent_id) for miss in matches.live.unread}
    found = []
    for name in sorted(name for name, names in at.items() if names is None):
        missed = [one for one in sites if not matches.live.was_listed(name, one) or (name, one) in unread]
        if missed:
            detail = (
                f"the {kinds[name].plural} of {len(missed)} of {len(sites)} sites were not read: those that name what "
                "is made again go on naming its former id. `reconciler plan` tells where they are declared"
            )
            summary = "Not everything that may refer to what is made again was read"
            found.append(Diagnostic(severity=Severity.WARNING, rule="not-looked-at", summary=summary, detail=detail))
    return found


def pointed(found: list[Match], live: Live, past: Mapping[Address, Written], *, kinds: Kinds) -> list[Match]:
    """The matches, and those of live objects that name the former id of something that is made again."""
    again = {item.address for item in found if item.declared and not item.live}
    former = {
        item.api_id: address
        for address, item in past.items()
        if item.action is Action.DELETE and item.api_id and address in again
    }
    if not former:
        return found
    names = Names([*filter(None, (item.address for item in live.objects)), *(item.address for item in found)])
    declared = {(item.kind, item.live.id): at for at, item in enumerate(found) if item.live}
    result = list(found)
    for item in live.objects:
        roots = _repointed(item, former, names, kinds) if item.address else {}
        if not roots or item.address is None:
            continue
        at = declared.get((item.kind, item.id))
        already = None if at is None else result[at].declared
        if at is None or already is None:
            own = Resource(address=item.address, kind=item.kind, body=YamlMap(roots), parent=item.address.parent)
            match = Match(address=item.address, kind=item.kind, declared=own, live=item)
            result = [*result, match] if at is None else [*result[:at], match, *result[at + 1 :]]
        elif not already.absent:
            result[at] = replace(result[at], declared=replace(already, body=YamlMap({**roots, **already.body})))
    return result


def _repointed(item: LiveObject, former: Mapping[str, Address], names: Names, kinds: Kinds) -> dict[str, object]:
    """The roots of an object in which it names a former id, with the name in its place."""
    scope = item.address.parent if item.address else None

    def named(reference: Reference, value: str) -> str:
        address = former.get(value)
        if address is None or reference.kind != address.kind:
            return value
        return names.shortest(address, scope)

    body = with_references(kinds[item.kind], item.body, named)
    return {root: value for root, value in body.items() if value != item.body.get(root)}
