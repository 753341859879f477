"""What a base declares and the inventory doesn't any more: matches in, matches in which that is declared cleared out.

Three-way: a leaf is released where live still has what the base said, and left (and told) where it has something else.
Below, a value that the base declares is laid beside the one that is declared now and the live one. What is released
becomes a null, or an element that goes, of the declared body: everything after this knows what these mean.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from reconciler.diagnostics import Diagnostic, Severity
from reconciler.kinds import HANDLING, Kind, Kinds
from reconciler.model.address import Address, former_address
from reconciler.model.match import WHOLE, Match, Matches
from reconciler.model.resource import Resource
from reconciler.model.shape import Shape
from reconciler.model.values import Path, SecretRef, YamlList, YamlMap
from reconciler.semantics.compare import covers
from reconciler.semantics.equality import canonical, in_clear, is_cleared, is_empty, is_masked, key_in
from reconciler.semantics.pairing import element_label, pair_elements

_MISSING: Any = object()
_SHOWN = 5


def release(matches: Matches, before: Sequence[Matches], *, kinds: Kinds, keep: bool = False) -> Matches:
    """Each of `before` pairs a base's objects with the same live ones; what one of them says is enough. The first tells
    causes. With `keep` nothing is released, only told."""
    past: dict[tuple[str, str], list[Match]] = {}
    for base in before:
        for item in base.matches:
            if item.live and _is_there(item):
                past.setdefault((item.live.kind, item.live.id), []).append(item)
    if not past:
        return replace(matches, before=before[0])
    declared = {item.address for item in matches.matches if item.declared} | {item.address for item in matches.left_out}
    going = {item.address for item in matches.matches if item.declared and item.declared.absent}
    told: list[Diagnostic] = []
    found: list[Match] = []
    for item in matches.matches:
        old = past.pop((item.live.kind, item.live.id), None) if item.live else None
        old = None if item.declared is None and item.address.parent in going else old  # it goes along
        found.append(_released(item, old, kinds[item.kind], keep, told) if old else item)
    for old in past.values():  # a singleton is no object of its own: without a match it is not declared at all
        first = old[0]
        holder = first.address.parent
        if kinds[first.kind].singleton and first.address not in declared and holder in declared - going:
            bare = Resource(address=first.address, kind=first.kind, body=YamlMap(), parent=holder)
            item = _released(replace(first, declared=bare), old, kinds[first.kind], keep, told)
            found += [item] if item.released else []
    return replace(matches, matches=tuple(found), diagnostics=(*matches.diagnostics, *told), before=before[0])


def with_former_names(resources: Iterable[Resource], base: Iterable[Resource]) -> tuple[Resource, ...]:
    """The resources, each that the base knew as a former name of another one with that one's name as an alias: the way
    back of a rename is a rename, and that of a move is a move."""
    head, old = tuple(resources), tuple(base)
    if not old:
        return head
    now, past = ({item.address for item in side} for side in (head, old))
    renamed: dict[tuple[str, Address | None, str | None], str | None] = {
        (item.kind, item.parent, alias): item.key for item in old if item.address not in now for alias in item.aliases
    }
    renamed |= {
        (item.kind, former.parent, former.name): item.address.text
        for item in old
        if item.address not in now
        for former in filter(None, (former_address(alias, item.kind) for alias in item.aliases))
    }
    return tuple(
        replace(item, aliases=(*item.aliases, name))
        if item.address not in past and (name := renamed.get((item.kind, item.parent, item.key or "")))
        else item
        for item in head
    )


@dataclass(slots=True)
class _Three:
    """One object three ways, and what became of the leaves that only the base declares."""

    keeps: frozenset[Path]
    keep: bool
    released: set[str] = field(default_factory=set)
    left: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)

    def mapping(
        self, head: Mapping[str, Any], base: Mapping[str, Any], live: Mapping[str, Any], shape: Shape, at: "_At"
    ) -> Any:
        """`head` with what only the base has, as far as it is released; `head` itself where nothing is."""
        result = dict(head)
        gone: set[str] = set()
        changed = False
        for key, old in base.items():
            place, below = at.below(key), shape.below(key)
            mine, found = key_in(result, key), live.get(key_in(dict(live), key))
            if mine not in result:
                value = self._only_base(old, found, below, place, whole=bool(at.path) and key not in shape.fields)
                if value is not _MISSING:
                    result[key], changed = value, True
                    gone |= {key}
            elif head[mine] is not old:
                value = self._both(head[mine], old, found, below, place)
                if value is not head[mine]:
                    result[mine], changed = value, True
        if not changed:
            return head
        source = head if isinstance(head, YamlMap) else YamlMap(head)
        return source.releasing(result, frozenset(gone))

    def _both(self, head: Any, base: Any, live: Any, shape: Shape, at: "_At") -> Any:
        if shape.secret:
            return head
        if isinstance(head, dict) and isinstance(base, dict) and isinstance(live, dict):
            return self.mapping(head, base, live, shape, at)
        if isinstance(head, list) and isinstance(base, list) and isinstance(live, list):
            return self._lists(head, base, live, shape, at)
        return head

    def _lists(self, head: list[Any], base: list[Any], live: list[Any], shape: Shape, at: "_At") -> Any:
        merge = getattr(head, "merge", False)
        if not any(isinstance(item, dict) for item in (*head, *base)):
            return self._going(head, base, live, shape, at) if merge else head
        mine, theirs = pair_elements(head, base, shape, covers), pair_elements(base, live, shape, covers)
        items = list(head)
        for index, old in enumerate(mine.pairs):
            found = theirs.pairs[old] if old is not None else None
            if old is not None and found is not None and head[index] is not base[old]:
                place = at.element(index, element_label(head[index], index, shape))
                items[index] = self._both(head[index], base[old], live[found], shape.below(0), place)
        left = [base[index] for index in mine.left]
        gone = self._gone(left, live, shape, at) if merge else []
        if not gone and all(new is old for new, old in zip(items, head, strict=True)):
            return head
        return (head if isinstance(head, YamlList) else YamlList(head)).releasing(items, gone)

    def _going(self, head: list[Any], base: list[Any], live: list[Any], shape: Shape, at: "_At") -> Any:
        """Plain values of a `!merge` list that are no longer among the declared ones."""
        below = shape.below(0)
        wanted = {canonical(item, below) for item in head}
        there = {canonical(item, below) for item in live}
        gone = [item for item in base if canonical(item, below) in there - wanted]
        if not gone or not self._may(at):
            return head
        self.released.add(at.path)
        return (head if isinstance(head, YamlList) else YamlList(head)).releasing(head, gone)

    def _gone(self, old: list[Any], live: list[Any], shape: Shape, at: "_At") -> list[Any]:
        """Elements of a `!merge` list that go: those that live still has as the base said."""
        gone = []
        for item, index in zip(old, pair_elements(old, live, shape, covers).pairs, strict=True):
            if index is None:
                continue
            place = at.element(index, element_label(live[index], index, shape))
            if self._as_said(item, live[index], shape.below(0), place):
                self.released.add(place.path)
                gone.append(item)
        return gone

    def _only_base(self, base: Any, live: Any, shape: Shape, at: "_At", *, whole: bool) -> Any:
        """What to declare in the place of a value that only the base has."""
        if is_empty(in_clear(base)) or shape.ignored or is_cleared(in_clear(live), shape):
            return _MISSING
        if isinstance(base, dict) and isinstance(live, dict) and not whole and not covers(live, base, shape):
            value = self.mapping({}, base, live, shape, at)
            return value or _MISSING
        if isinstance(base, list) and isinstance(live, list) and getattr(base, "merge", False):
            empty = YamlList(merge=True)
            objects = any(isinstance(item, dict) for item in base)
            gone = self._gone(base, live, shape, at) if objects else []
            value = empty.releasing((), gone) if objects else self._going(empty, base, live, shape, at)
            return value if getattr(value, "gone", ()) else _MISSING
        if not self._as_said(base, live, shape, at):
            return _MISSING
        self.released.add(at.path)
        return None

    def _as_said(self, base: Any, live: Any, shape: Shape, at: "_At") -> bool:
        """Whether live is what the base said, and may be released."""
        if _is_unknown(base) or _is_unknown(live) or not covers(base, live, shape):
            self.left.append(at.path)
            return False
        return self._may(at)

    def _may(self, at: "_At") -> bool:
        if self.keep or any(at.steps[:length] in self.keeps for length in range(1, len(at.steps) + 1)):
            self.kept.append(at.path)
            return False
        return True


class _At(Struct, frozen=True):
    """A place: as reports write it, and its steps."""

    path: str = ""
    steps: Path = ()

    def below(self, key: str) -> "_At":
        return _At(f"{self.path}.{key}" if self.path else key, (*self.steps, key))

    def element(self, index: int, label: str) -> "_At":
        return _At(f"{self.path}[{label}]", (*self.steps, index))


def _is_unknown(value: Any) -> bool:
    """Whether a secret is in it that can't be compared: masked by the cloud, or not found here."""
    if isinstance(value, dict):
        return any(map(_is_unknown, value.values()))
    if isinstance(value, list):
        return any(map(_is_unknown, value))
    return isinstance(value, SecretRef) or is_masked(value)


def _released(item: Match, old: list[Match], kind: Kind, keep: bool, told: list[Diagnostic]) -> Match:
    live = item.live
    if live is None or (item.declared and item.declared.absent):
        return item
    if item.declared is None:
        if keep:
            told.append(_note(item, "is no longer declared, and stays as it is, because of `release: keep`"))
            return item
        return replace(item, released=frozenset({WHOLE}))
    three = _Three(item.declared.keeps, keep)
    fixed = {kind.key, *kind.required, *(HANDLING if kind.is_assigned else ())}
    body = item.declared.body
    for base in (match.declared.body for match in old if match.declared):
        asked = {root: value for root, value in base.items() if root not in fixed or root in item.declared.body}
        body = three.mapping(body, asked, live.body, kind.shape, _At())
    if three.kept:
        why = "`release: keep`" if keep else "`!keep`"
        told.append(
            _note(
                item, f"{_listed([*dict.fromkeys(three.kept)])} no longer declared, and kept as live, because of {why}"
            )
        )
    if left := [path for path in dict.fromkeys(three.left) if path not in three.released]:
        told.append(_left(item, left))
    if body is item.declared.body:
        return item
    return replace(item, declared=replace(item.declared, body=body), released=frozenset(three.released))


def _is_there(item: Match) -> bool:
    return item.declared is not None and not item.declared.absent


def _listed(paths: list[str]) -> str:
    more = f" and {len(paths) - _SHOWN:,} more" if len(paths) > _SHOWN else ""
    words = ", ".join(f"`{path}`" for path in paths[:_SHOWN])
    return f"{words}{more} {'is' if len(paths) == 1 else 'are'}"


def _note(item: Match, words: str) -> Diagnostic:
    return Diagnostic(
        severity=Severity.INFO,
        rule="no-longer-declared",
        summary="Something is no longer declared",
        detail=f"{item.address}{'' if item.declared is None else ':'} {words}",
        address=str(item.address),
        source=item.declared.source if item.declared else None,
    )


def _left(item: Match, paths: list[str]) -> Diagnostic:
    return Diagnostic(
        severity=Severity.WARNING,
        rule="released-but-changed",
        summary="Something that is no longer declared was changed in the cloud",
        detail=f"{item.address}: {_listed(paths)} no longer declared, and live is not what the base said, or can't be "
        "compared: left as live. Write null to clear it, or its value to own it again",
        address=str(item.address),
        source=item.declared.source if item.declared else None,
    )
