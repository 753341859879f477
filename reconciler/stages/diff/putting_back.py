"""The way back of a recorded run: matches in, matches in which what the run wrote is declared as it was before.

Three-way, as a release: a leaf goes back where live still has what the run left there, and is left (and told) where it
has something else. Nothing that the run did not write is declared, so nothing else is touched. A list is one leaf.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from msgspec.structs import replace

from reconciler.diagnostics import Diagnostic, Severity
from reconciler.kinds import Kind, Kinds
from reconciler.model.address import Address
from reconciler.model.change import Action
from reconciler.model.match import Match, Matches
from reconciler.model.resource import LiveObject, Resource
from reconciler.model.shape import Shape
from reconciler.model.values import YamlMap
from reconciler.model.written import Written
from reconciler.semantics.compare import covers
from reconciler.semantics.equality import is_empty, key_in
from reconciler.semantics.pairing import pair_elements
from reconciler.stages.diff.pointing import pointed
from reconciler.stages.diff.refilling import is_sealed

_MISSING: Any = object()
_WRITTEN = {"wlan": ("auth", "type")}
_CREATED, _CHANGED, _NOT_HELD = "stays-created", "changed-since", "not-in-record"
_SUMMARIES = {
    _CREATED: "An object that the run made stays",
    _CHANGED: "Something was changed after the run",
    _NOT_HELD: "Something is not in the record",
}


def objects_of(written: Iterable[Written], *, kinds: Kinds) -> tuple[Resource, ...]:
    """The objects that a run wrote, to read and to pair them: by id, so that a renamed one is found."""
    return tuple(_resource(item, kinds[item.address.kind]) for item in written if item.address.kind in kinds)


def put_back(matches: Matches, written: Iterable[Written], *, kinds: Kinds, delete_created: bool) -> Matches:
    """The matches of `objects_of`, each declared as it was before the run; those with nothing to put back are left
    out. With `delete_created` what the run made is to be deleted, and else told as staying."""
    past = {item.address: item for item in written}
    made = {address for address, item in past.items() if item.action is Action.CREATE}
    held = {item.address for item in matches.matches if item.live and _was_deleted(past.get(item.address))}
    told: list[Diagnostic] = []
    found: list[Match] = []
    left_out = [*matches.left_out]
    for item in matches.matches:
        was = past.get(item.address) if item.declared else None
        if item.declared is None:
            found.append(item)
        elif was and _was_deleted(was) and (holder := _holder_not_made(item.address, past, found, held)):
            if holder not in held:
                told.append(_note(was, _NOT_HELD, f"is not made again, for {holder} is not"))
            left_out.append(item.declared)
        elif was and not (was.action is Action.UPDATE and _stays_in(was, made, kinds)):
            back = _put_back(item, was, kinds[item.kind], delete_created, told)
            found += [back] if back else []
            if back is None and was.action is Action.DELETE and item.live is None:
                left_out.append(item.declared)
    found = pointed(_without_holders(found, past, told), matches.live, past, kinds=kinds)
    others = [_changed_note(item, past) for item in matches.diagnostics]
    return replace(matches, matches=tuple(found), diagnostics=(*others, *told), left_out=tuple(left_out))


def _stays_in(was: Written, made: set[Address], kinds: Kinds) -> bool:
    """Whether an object lies in something that the run made, and did not come there from elsewhere."""
    holder = kinds[was.address.kind].holder
    return _lies_in(was.address, made) and not (holder and holder.field in was.before)


def _was_deleted(was: Written | None) -> bool:
    return was is not None and was.action is Action.DELETE


def _holder_not_made(
    address: Address, past: Mapping[Address, Written], found: Iterable[Match], held: set[Address]
) -> Address | None:
    """What held the object, where the run deleted that, too, and it is not made again."""
    parent = address.parent
    if parent is None or not _was_deleted(past.get(parent)):
        return None
    again = parent not in held and any(item.address == parent for item in found)
    return None if again else parent


def _without_holders(found: list[Match], past: Mapping[Address, Written], told: list[Diagnostic]) -> list[Match]:
    """What would be deleted and holds something that is not, for it was changed since, stays with it."""
    kept = {Address(item.address) for item in told if item.rule == _CHANGED and item.address}
    going = {item.address for item in found if item.declared and item.declared.absent}
    staying = {address for address in going if any(_lies_in(inside, {address}) for inside in kept if inside in past)}
    words = "was made by the run and holds something that was changed since: it is not deleted"
    told += [_note(past[address], _CHANGED, words) for address in sorted(staying)]
    return [item for item in found if item.address not in staying]


def _resource(item: Written, kind: Kind) -> Resource:
    body = _opened({**item.after, **{root: value for root, value in item.before.items() if value is not None}})
    named = {} if kind.singleton or kind.key in body else {kind.key: item.address.name}
    return Resource(
        address=item.address,
        kind=kind.name,
        body=YamlMap({**named, **{root: value for root, value in body.items() if root not in kind.read_only}}),
        key=None if kind.singleton else item.address.name,
        parent=item.address.parent,
        api_id=None if kind.singleton or kind.hardware or item.action is Action.DELETE else item.api_id,
    )


def _put_back(item: Match, was: Written, kind: Kind, delete_created: bool, told: list[Diagnostic]) -> Match | None:
    if item.placement:
        told.append(_note(was, _CHANGED, "is not where it was when the run wrote it: it is left as it is"))
        return None
    if was.action is Action.DELETE:
        return _made_again(item, was, kind, told)
    if item.live is None:
        if was.action is not Action.CREATE:
            told.append(_note(was, _CHANGED, "is not there any more: nothing of it is put back"))
        return None
    if was.action is Action.CREATE:
        return _unmade(item, item.live, was, kind, delete_created, told)
    back = Back()
    body = back.mapping(was.before, was.after, item.live.body, kind.shape, "")
    sealed = sorted({*back.sealed, *was.secrets})
    told += [_note(was, _NOT_HELD, f": `{path}` is or holds a secret: it is not put back") for path in sealed]
    told += [_note(was, _CHANGED, f": `{path}` is not as the run left it: it is left as live") for path in back.left]
    told += [_note(was, _NOT_HELD, f": {lost}: not put back") for lost in was.lost]
    declared = replace(item.declared, body=_said(body, item.live, kind)) if item.declared and body else None
    return replace(item, declared=declared, renamed_from=None) if declared else None


def _said(body: dict[str, Any], live: LiveObject, kind: Kind) -> YamlMap:
    """The body, with what a rule of the kind wants written, as live has it: nobody forgot it here."""
    root, leaf = _WRITTEN.get(kind.name, ("", ""))
    there = live.body.get(root)
    if not isinstance(there, dict) or leaf not in there or not isinstance(body.get(root, {}), dict):
        return YamlMap(body)
    return YamlMap({**body, root: {leaf: there[leaf], **body.get(root, {})}})


def _made_again(item: Match, was: Written, kind: Kind, told: list[Diagnostic]) -> Match | None:
    if item.live is not None:
        told.append(_note(was, _CHANGED, "is there again: it is left as it is, with what is in it"))
        return None
    held = {root: value for root, value in was.before.items() if root not in kind.read_only and value is not None}
    sealed = _sealed_in(held)
    if sealed and kind.singleton:  # it comes with what holds it, and takes what is known
        words = f": {', '.join(f'`{path}`' for path in sealed)} is or holds a secret: it is not put back"
        told.append(_note(was, _NOT_HELD, words))
    elif sealed:
        words = f"is not made again: {', '.join(f'`{path}`' for path in sealed)} is or holds a secret"
        told.append(_note(was, _NOT_HELD, words))
        return None
    told += [_note(was, _NOT_HELD, f": {lost}: not made again") for lost in was.lost]
    return replace(item, declared=replace(item.declared, body=YamlMap(_opened(held)))) if item.declared else None


def _unmade(
    item: Match, live: LiveObject, was: Written, kind: Kind, delete_created: bool, told: list[Diagnostic]
) -> Match | None:
    if not delete_created:
        told.append(_note(was, _CREATED, "stays: with --delete-created it is deleted", severity=Severity.WARNING))
        return None
    if not covers(_opened(dict(was.after)), dict(live.body), kind.shape):
        told.append(_note(was, _CHANGED, "was made by the run and changed since: it is not deleted"))
        return None
    if item.declared is None:
        return None
    body = YamlMap({kind.key: item.declared.key})
    return replace(item, declared=replace(item.declared, body=body, absent=True), renamed_from=None)


@dataclass(slots=True)
class Back:
    """One object on its way back: the paths of what was changed since, and of what the record does not hold."""

    left: list[str] = field(default_factory=list)
    sealed: list[str] = field(default_factory=list)

    def mapping(
        self, before: Mapping[str, Any], after: Mapping[str, Any], live: Mapping[str, Any], shape: Shape, path: str
    ) -> dict[str, Any]:
        """What to declare, so that what became of `before` becomes `before` again."""
        result: dict[str, Any] = {}
        for key in dict.fromkeys((*before, *after)):
            place = f"{path}.{key}" if path else key
            found = live.get(key_in(dict(live), key))
            value = self._value(before.get(key), after.get(key), found, shape.below(key), place)
            if value is not _MISSING:
                result[key] = value
        return result

    def _value(self, before: Any, after: Any, live: Any, shape: Shape, path: str) -> Any:
        if before == after or shape.ignored or (is_empty(before) and is_empty(after)):
            return _MISSING
        maps = [side for side in (before, after) if isinstance(side, dict)]
        if maps and all(isinstance(side, dict) or is_empty(side) for side in (before, after, live)):
            if is_empty(before) and not is_empty(live) and _same(after, live, shape):
                return None
            return self.mapping(before or {}, after or {}, live or {}, shape, path) or _MISSING
        if _is_lost(before, after, shape):
            self.sealed.append(path)
            return _MISSING
        goal = _goal(before, after, shape)
        if covers(goal, live, shape):
            return _MISSING
        if not covers(_opened(after), live, shape):
            self.left.append(path)
            return _MISSING
        return goal


def _same(one: Any, other: Any, shape: Shape) -> bool:
    return covers(one, other, shape) and covers(other, one, shape)


def _goal(before: Any, after: Any, shape: Shape) -> Any:
    """The value to declare: `before`, with null for what only `after` has in it."""
    if isinstance(before, dict):
        beside = after if isinstance(after, dict) else {}
        new = {key: _goal(value, beside.get(key), shape.below(key)) for key, value in before.items()}
        shown = {key: value for key, value in new.items() if not is_sealed(value)}
        return {**shown, **{key: None for key in beside if key not in before}}
    if isinstance(before, list):
        if not any(isinstance(element, dict) for element in before):
            return list(before)
        other = after if isinstance(after, list) else []
        pairs = pair_elements(before, other, shape, covers).pairs
        return [
            _goal(element, None if index is None else other[index], shape.below(0))
            for element, index in zip(before, pairs, strict=True)
        ]
    return None if is_empty(before) else before


def _is_lost(before: Any, after: Any, shape: Shape) -> bool:
    """Whether `before` can't be put back for want of a secret. In an element of a list that is still there the cloud's
    own is kept."""
    if not isinstance(before, list) or not any(isinstance(element, dict) for element in before):
        return bool(_sealed_in(before)) or (isinstance(after, str) and is_sealed(after))
    other = after if isinstance(after, list) else []
    pairing = pair_elements(before, other, shape, covers)
    gone = [element for element, index in zip(before, pairing.pairs, strict=True) if index is None]
    return any(map(_sealed_in, gone))


def _sealed_in(value: Any, path: str = "") -> list[str]:
    """The paths at which a value has a secret, which its record does not hold."""
    if isinstance(value, dict):
        return [found for key, item in value.items() for found in _sealed_in(item, f"{path}.{key}" if path else key)]
    if isinstance(value, list):
        return [found for at, item in enumerate(value) for found in _sealed_in(item, f"{path}[{at}]")]
    return [path] if is_sealed(value) else []


def _opened(value: Any) -> Any:
    """A value without its secrets."""
    if isinstance(value, dict):
        return {key: _opened(item) for key, item in value.items() if not is_sealed(item)}
    return [_opened(item) for item in value if not is_sealed(item)] if isinstance(value, list) else value


def _lies_in(address: Address, made: set[Address]) -> bool:
    step = address.parent
    while step is not None and step not in made:
        step = step.parent
    return step is not None


def _changed_note(item: Diagnostic, past: Mapping[Address, Written]) -> Diagnostic:
    """In place of the word about a pinned id, which nobody wrote here."""
    was = past.get(Address(item.address)) if item.address and item.rule == "pinned-id-missing" else None
    if was is None:
        return item
    if was.action is Action.CREATE:
        return _note(was, _CHANGED, "was made by the run, and is gone already", severity=Severity.INFO)
    return _note(was, _CHANGED, "is not there any more: nothing of it is put back")


def _note(was: Written, rule: str, words: str, *, severity: Severity = Severity.ERROR) -> Diagnostic:
    summary, detail = _SUMMARIES[rule], f"{was.address}{'' if words[0] == ':' else ' '}{words}"
    return Diagnostic(severity=severity, rule=rule, summary=summary, detail=detail, address=str(was.address))
