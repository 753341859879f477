"""What would have to change: matches in, changes out, in the same order. Compares only what is declared."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from msgspec.structs import replace

from reconciler.kinds import HANDLING, Kind, Kinds
from reconciler.model.address import Address
from reconciler.model.change import Action, Cause, Change, Differences, FieldChange, Note, Placement, RootSummary
from reconciler.model.match import Match
from reconciler.model.matching import is_meant
from reconciler.model.project import Ignore
from reconciler.model.resource import LiveObject, Resource
from reconciler.model.shape import ListAs, Shape
from reconciler.model.values import Secret, YamlList, YamlMap
from reconciler.semantics.compare import differences
from reconciler.semantics.forms import unequal
from reconciler.semantics.overlay import root_summary
from reconciler.semantics.pairing import element_label
from reconciler.stages.diff.likeness import with_likeness
from reconciler.stages.diff.pointing import not_looked_at, referring_below, referring_to
from reconciler.stages.diff.putting_back import objects_of, put_back
from reconciler.stages.diff.refilling import with_secrets
from reconciler.stages.diff.release import release, with_former_names
from reconciler.stages.diff.strict import strictly

__all__ = [
    "diff",
    "not_looked_at",
    "objects_of",
    "put_back",
    "referring_below",
    "referring_to",
    "release",
    "strictly",
    "with_former_names",
    "with_secrets",
]


def diff(
    matches: Iterable[Match], *, kinds: Kinds, ignore: tuple[Ignore, ...] = (), today: date | None = None
) -> Differences:
    """The change of every match that has one; `ignore` rules whose date has passed don't count."""
    rules = [rule for rule in ignore if not (rule.until and today and rule.until < today.isoformat())]
    changes: list[Change] = []
    unchanged = 0
    for item in matches:
        change = _change(item, kinds[item.kind], _ignored(item, rules))
        if change:
            changes.append(change)
        elif item.declared:
            unchanged += 1
    return Differences(changes=tuple(changes), unchanged=unchanged)


def _ignored(item: Match, rules: list[Ignore]) -> tuple[str, ...]:
    """Field globs that are ignored at this address; `*` for the whole object."""
    if not rules or not item.live:
        return ()
    return tuple(rule.field or "*" for rule in rules if is_meant(item.address.text, rule.address))


def _change(item: Match, kind: Kind, ignored: tuple[str, ...]) -> Change | None:
    if "*" in ignored:
        return None
    if item.declared is not None and item.declared.absent:
        return _removal(item) if item.live else None
    if item.declared is None:
        return _removal(item)
    if item.live is None:
        made = _creation(_configured(item.declared, kind) if kind.is_assigned else item.declared, kind)
        return _placed(item, item.placement, made, item.declared) if item.placement else made
    if item.placement and item.placement.leaves:
        return _leaving(item, item.placement)
    declared = _configured(item.declared, kind) if kind.is_assigned else item.declared
    change = _update(_owned(declared, ignored, kind), item.live, kind, item.renamed_from)
    change = _with_released(change, item.released) if change and item.released else change
    change = _with_stripped(change, item.stripped) if change and item.stripped else change
    return _placed(item, item.placement, change, declared) if item.placement else change


def _with_released(change: Change, released: frozenset[str]) -> Change:
    """The change with the leaves that are cleared because nobody declares them any more marked as such."""
    fields = tuple(replace(one, cause=Cause.RELEASED) if one.path in released else one for one in change.fields)
    whole = Cause.RELEASED if all(one.cause is Cause.RELEASED for one in fields) else None
    return replace(change, fields=fields, cause=whole)


def _with_stripped(change: Change, stripped: frozenset[str]) -> Change:
    """The change with the values that go because nobody declared them, and the inventory is strict, marked as such."""
    fields = (replace(one, note=Note.UNDECLARED) if one.path in stripped else one for one in change.fields)
    return replace(change, fields=tuple(fields))


def _leaving(item: Match, placement: Placement) -> Change:
    """A device that goes back to the claimed ones, and keeps nothing of its site."""
    fields = (FieldChange(path=_SITE, before=item.address.parent and item.address.parent.name),)
    return Change(
        address=item.address,
        kind=item.kind,
        action=Action.UPDATE,
        fields=fields,
        placement=placement,
        declared=item.declared,
        live=item.live,
    )


def _configured(resource: Resource, kind: Kind) -> Resource:
    """A device with only the fields that its configuration holds: its MAC address is none of them."""
    left = {*HANDLING, kind.key} if kind.hardware else HANDLING
    body = {root: value for root, value in resource.body.items() if root not in left}
    return replace(resource, body=YamlMap(body, marks=resource.body.marks, mark=resource.body.mark))


def _placed(item: Match, placement: Placement, change: Change | None, declared: Resource) -> Change:
    """The change of a device that comes to its site first: that is shown like a field."""
    fields = [FieldChange(path="claim_code", sensitive=True, note=Note.SET)] if placement.claims else []
    if placement.replaces:
        fields.append(FieldChange(path="mac", before=placement.replaces, after=item.address.name))
    elif item.address.parent:
        before = placement.before.name if placement.before else None
        fields.append(FieldChange(path=_SITE, before=before, after=item.address.parent and item.address.parent.name))
    base = change or Change(
        address=item.address, kind=item.kind, action=Action.UPDATE, declared=declared, live=item.live
    )
    code = {"claim_code": item.declared.body.get("claim_code")} if placement.claims and item.declared else {}
    kept = base.declared or declared
    body = YamlMap({**kept.body, **code}, marks=kept.body.marks, mark=kept.body.mark)
    return replace(base, fields=(*fields, *base.fields), placement=placement, declared=replace(kept, body=body))


_SITE = "site"


def _removal(item: Match) -> Change:
    cause = Cause.RELEASED if item.released else None
    return Change(
        address=item.address,
        kind=item.kind,
        action=Action.DELETE,
        declared=item.declared,
        live=item.live,
        cause=cause,
    )


def _creation(declared: Resource, kind: Kind) -> Change:
    """A create shows every declared root, its natural key first."""
    named = {kind.key: declared.body[kind.key]} if kind.key in declared.body else {}
    body = {**named, **declared.body}
    return Change(
        address=declared.address,
        kind=declared.kind,
        action=Action.CREATE,
        fields=tuple(
            FieldChange(path=root, sensitive=True, note=Note.SET)
            if isinstance(value, Secret) and value.hidden
            else FieldChange(path=root, after=value)
            for root, value in body.items()
            if value is not None
        ),
        replaces=tuple(root for root, value in body.items() if value is not None),
        declared=declared,
    )


def _update(resource: Resource, found: LiveObject, kind: Kind, renamed_from: str | None) -> Change | None:
    live = found.body
    looked_at = unequal(resource.body, live)
    if not looked_at:
        return None
    fields: list[FieldChange] = []
    roots: list[str] = []
    clears: list[str] = []
    summaries: list[RootSummary] = []
    for root, value in looked_at:
        shape = kind.shape.below(root)
        differing = list(differences(value, live.get(root), shape, root))
        if not differing:
            continue
        fields += differing
        if value is None:
            clears.append(root)
            continue
        roots.append(root)
        summary = root_summary(root, value, live.get(root), shape)
        summaries += [summary] if summary else []
    if not fields:
        return None
    return Change(
        address=resource.address,
        kind=resource.kind,
        action=Action.UPDATE,
        fields=with_likeness(fields),
        replaces=tuple(roots),
        clears=tuple(clears),
        roots=tuple(summaries),
        renamed_from=renamed_from,
        moved_from=_moved_from(found, kind, roots),
        declared=resource,
        live=found,
    )


def _moved_from(found: LiveObject, kind: Kind, roots: Iterable[str]) -> str | None:
    """The address of what holds a live object that goes elsewhere."""
    holder = kind.holder
    name = found.body.get(holder.field) if holder and holder.field in roots else None
    return Address.of(holder.kind, name).text if holder and isinstance(name, str) else None


_IGNORED = object()


def _owned(resource: Resource, ignored: tuple[str, ...], kind: Kind) -> Resource:
    """The resource without its ignored leaves, so that they are neither compared nor sent."""
    if not ignored:
        return resource
    kept = {root: _without(value, root, ignored, kind.shape.below(root)) for root, value in resource.body.items()}
    body = YamlMap(
        {root: value for root, value in kept.items() if value is not _IGNORED},
        marks=resource.body.marks,
        mark=resource.body.mark,
    )
    return replace(resource, body=body)


def _without(value: Any, path: str, ignored: tuple[str, ...], shape: Shape) -> Any:
    """A value without what is ignored. An element of a list with a key keeps what the cloud has there: the two are
    known to be one by that key."""
    if any(is_meant(path, glob) for glob in ignored):
        return _IGNORED
    if isinstance(value, list) and shape.list_as is ListAs.KEYED:
        elements = [_element(item, at, path, ignored, shape) for at, item in enumerate(value)]
        return value.of(elements) if isinstance(value, YamlList) else elements
    if not isinstance(value, dict):
        return value
    kept = {key: _without(item, f"{path}.{key}", ignored, shape.below(key)) for key, item in value.items()}
    items = {key: item for key, item in kept.items() if item is not _IGNORED}
    released = getattr(value, "released", None)
    return YamlMap().releasing(items, released) if released else items


def _element(item: Any, at: int, path: str, ignored: tuple[str, ...], shape: Shape) -> Any:
    """An element without what is ignored in it; its key stays."""
    found = _without(item, f"{path}[{element_label(item, at, shape)}]", ignored, shape.below(0))
    if found is _IGNORED or not isinstance(item, dict):
        return item
    return {**{name: item[name] for name in shape.key if name in item}, **found}
