"""Which sites a template's change reaches: those that name it, or that it names itself."""

from collections import defaultdict
from collections.abc import Mapping
from functools import cached_property

from reconciler.kinds import Kinds
from reconciler.model.change import Change
from reconciler.model.match import Matches
from reconciler.semantics.forms import references_in


class Reach:
    """An index made once per plan, when the first change asks: sites by what they refer to."""

    def __init__(self, matches: Matches, kinds: Kinds) -> None:
        self._kinds = kinds
        self._matches = [item for item in matches.matches if item.kind == "site"]

    @cached_property
    def _sites(self) -> list[str]:
        return [item.address.name or "" for item in self._matches]

    @cached_property
    def _by_reference(self) -> Mapping[tuple[str, str], list[str]]:
        found: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
        for item, name in zip(self._matches, self._sites, strict=True):
            live_body = item.live.body if item.live else {}
            body = {**live_body, **(item.declared.body if item.declared else {})}
            for reference, target in references_in(self._kinds["site"], body):
                found[reference.kind, target].append(name)
        return found

    def sites(self, change: Change) -> tuple[str, ...]:
        """Names of the sites that the changed object applies to, sorted; none for objects of a site itself."""
        top = change.address
        while top.parent:
            top = top.parent
        if top.kind == "site":
            return ()
        found = set(self._by_reference.get((top.kind, top.name or ""), ()))
        if top == change.address:
            found |= self._own_targets(change)
        return tuple(sorted(found))

    def _own_targets(self, change: Change) -> set[str]:
        """Sites that an object names itself: `applies` of a WLAN template."""
        body = {
            **(change.live.body if change.live else {}),
            **(change.declared.body if change.declared else {}),
        }
        applies = body.get("applies")
        everywhere = isinstance(applies, dict) and bool(applies.get("org"))
        found: set[str] = set(self._sites) if everywhere else set()
        left_out: set[str] = set()
        for reference, name in references_in(self._kinds[change.kind], body):
            names = self._named(reference.kind, name)
            if reference.field.startswith("exceptions"):
                left_out |= names
            else:
                found |= names
        return found - left_out

    def _named(self, kind: str, name: str) -> set[str]:
        if kind == "site":
            return {name}
        if kind == "sitegroup":
            return set(self._by_reference.get(("sitegroup", name), ()))
        return set()
