"""Where an inventory is strict: what nobody declared inside of a declared object is declared to be nothing."""

from msgspec.structs import replace

from reconciler.kinds import Kinds
from reconciler.model.match import Match, Matches
from reconciler.model.matching import is_meant
from reconciler.semantics.undeclared import with_undeclared


def strictly(matches: Matches, strict: tuple[str, ...], *, kinds: Kinds) -> Matches:
    """The matches in which every object that `strict` means, by kind or address glob, clears what is live in it without
    being declared. `stripped` are the paths of that."""
    if not strict:
        return matches
    named = {kind.name for word in strict if (kind := kinds.find(word))}
    globs = [word for word in strict if kinds.find(word) is None]

    def one(item: Match) -> Match:
        if item.declared is None or item.live is None or item.declared.absent or kinds[item.kind].hardware:
            return item
        if item.kind not in named and not any(is_meant(item.address.text, glob) for glob in globs):
            return item
        body, paths = with_undeclared(kinds[item.kind], item.declared.body, item.live.body)
        return replace(item, declared=replace(item.declared, body=body), stripped=frozenset(paths)) if paths else item

    return replace(matches, matches=tuple(map(one, matches.matches)))
