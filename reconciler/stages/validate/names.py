"""Names that clash, aliases, pinned ids, and parents that nobody declares."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from unicodedata import category

from reconciler.diagnostics import Diagnostic
from reconciler.kinds import Kinds
from reconciler.kinds.shared.checks import Hints
from reconciler.model.address import Address, former_address, plain_mac
from reconciler.model.resource import Resource
from reconciler.semantics.namesakes import MOST_NAMESAKES, contrasts
from reconciler.semantics.naming import alike
from reconciler.stages.validate.problem import at_object
from reconciler.stages.validate.words import shortened


def clashes(resources: Sequence[Resource], kinds: Kinds) -> Iterator[Diagnostic]:
    """Two objects of one kind below one parent with one name, or with names equal but for case. The later one is
    reported; its text names the place of the first."""
    if len({resource.address.text.casefold() for resource in resources}) == len(resources):
        return
    groups: dict[str, list[Resource]] = {}
    for resource in resources:
        groups.setdefault(resource.address.text.casefold(), []).append(resource)
    for group in groups.values():
        first, *others = sorted(group, key=_written) if len(group) > 1 else group
        for resource in others:
            yield _clash(resource, first, kinds)


def namesakes(resources: Sequence[Resource], kinds: Kinds) -> Iterator[Diagnostic]:
    """Objects of one name in one place that have keys of their own, and nothing that tells one from another: without
    their ids no run would know which is which. The later one is reported."""
    keyed = {_name_of(item) for item in resources if item.has_own_key and not kinds[item.kind].hardware}
    groups: dict[tuple[str, Address | None, str], list[Resource]] = {name: [] for name in keyed}
    for resource in resources if keyed else ():
        if not resource.api_id and not resource.absent and (name := _name_of(resource)) in groups:
            groups[name].append(resource)
    for group in groups.values():
        ordered = sorted(group, key=_written)
        for at, resource in enumerate(ordered):
            if at >= MOST_NAMESAKES:
                detail = f"More than {MOST_NAMESAKES} have the name {resource.key!r} here: pin them with their `id:`."
                yield at_object(resource, "duplicate-object", detail)
            elif problem := _untold(resource, ordered[:at], kinds):
                yield problem


def _name_of(resource: Resource) -> tuple[str, Address | None, str]:
    return resource.kind, resource.parent, alike(resource.key or "")


def _untold(resource: Resource, earlier: Sequence[Resource], kinds: Kinds) -> Diagnostic | None:
    shape = kinds[resource.kind].shape
    for other in earlier:
        if other.key != resource.key:
            return at_object(resource, "similar-names", _mixed_up(other))
        if other.address != resource.address and next(contrasts(other.body, resource.body, shape), None) is None:
            detail = (
                f"{other.address} at {_place(other)} has the name {resource.key!r}, too, and nothing tells the two "
                "apart. Write a field in both in which they differ, and which is no secret; or pin each with its `id:`."
            )
            return at_object(resource, "duplicate-object", detail)
    return None


def devices(resources: Iterable[Resource], kinds: Kinds) -> Iterator[Diagnostic]:
    """A device is in one place, and one that another replaces is declared no more. The later one is reported."""
    declared: dict[str, Resource] = {}
    replaced: list[Resource] = []
    for resource in resources:
        if resource.kind not in kinds or not kinds[resource.kind].hardware or resource.key is None:
            continue
        first = declared.setdefault(resource.key, resource)
        if first.address != resource.address:
            detail = (
                f"{resource.key} is already declared as {first.address} at {_place(first)}, and a device is at one "
                "site. Remove one: where it stands alone is where it moves to."
            )
            yield at_object(resource, "device-twice", detail)
        if isinstance(resource.body.get("replaces"), str):
            replaced.append(resource)
    for resource in replaced:
        old = plain_mac(resource.body["replaces"])
        if old in declared:
            other = declared[old]
            detail = f"It replaces {old}, which {other.address} at {_place(other)} declares. Remove that."
            yield at_object(resource, "device-twice", detail)


def unusable(resources: Iterable[Resource]) -> Iterator[Diagnostic]:
    """Names that nobody can read, tell apart or write into an address."""
    for resource in resources:
        key = resource.key
        if key is None or _is_plain(key):
            continue
        if key != key.strip() and key.strip():
            detail = f"{shortened(key)} is another name than {shortened(key.strip())} to the cloud. Remove the blank."
            yield at_object(resource, "blank-at-end", detail)
        for problem in _problems(key):
            yield at_object(resource, "bad-name", f"{shortened(key)} {problem}. Give it another name.")


def _is_plain(key: str) -> bool:
    tidy = key == key.strip() and key.strip(".") != "" and len(key) <= LONGEST
    return tidy and key.isascii() and key.isprintable()


LONGEST = 255
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Signs that turn the direction of writing: a name may show as another one."""


def _problems(key: str) -> Iterator[str]:
    if not key.strip():
        yield "is a name of blanks only"
    if key in (".", ".."):
        yield "is no name but a path"
    if any(category(sign) in ("Cc", "Cs", "Zl", "Zp") for sign in key):
        yield "has control characters in it"
    if not _BIDI.isdisjoint(key):
        yield "has signs in it that turn the direction of writing"
    if len(key) > LONGEST:
        yield f"has {len(key):,} characters, more than {LONGEST}"


def _written(resource: Resource) -> tuple[str, int, int, int]:
    source = resource.source
    return (*source[:3], source.cell.line if source.cell else 0) if source else ("", 0, 0, 0)


def _clash(resource: Resource, first: Resource, kinds: Kinds) -> Diagnostic:
    if resource.address == first.address:
        what = "is written once per parent" if resource.key is None else "has to be the only one of its name"
        detail = f"{resource.address} is already declared at {_place(first)}, and it {what}. Remove or rename one."
        kind = kinds[resource.kind]
        if resource.key is not None and not kind.hardware and not kind.composed_only:
            detail += " Where two of one name are meant, give each a `key:` of its own."
        return at_object(resource, "duplicate-object", detail)
    return at_object(resource, "similar-names", _mixed_up(first))


def _mixed_up(first: Resource) -> str:
    return f"{first.address} is declared at {_place(first)}; on the cloud the two would be mixed up. Rename one."


def aliases(resources: Sequence[Resource]) -> Iterator[Diagnostic]:
    """An alias is a name that an object had; no other object may have it, as name or as alias."""
    renamed = [resource for resource in resources if resource.aliases]
    if not renamed:
        return
    named = {(item.kind, item.parent, item.key): item for item in resources}
    claimed: dict[tuple[str, Address | None, str | None], Resource] = {}
    for resource in renamed:
        for alias in resource.aliases:
            former = former_address(alias, resource.kind)
            slot = (resource.kind, former.parent if former else resource.parent, former.name if former else alias)
            other = named.get(slot) or claimed.setdefault(slot, resource)
            if other is resource and slot[1:] == (resource.parent, resource.key):
                yield at_object(resource, "alias-collision", f"{alias!r} is its own name. Remove the alias.")
            elif other is not resource:
                detail = f"{alias!r} belongs to {other.address} at {_place(other)} too. Remove one of them."
                yield at_object(resource, "alias-collision", detail)


def pinned(resources: Iterable[Resource]) -> Iterator[Diagnostic]:
    """Two objects can't be the same live one."""
    seen: dict[str, Resource] = {}
    for resource in resources:
        if resource.api_id is None:
            continue
        other = seen.setdefault(resource.api_id.lower(), resource)
        if other is not resource:
            detail = f"{other.address} at {_place(other)} has the same `id`. One object can be pinned only once."
            yield at_object(resource, "duplicate-id", detail)


def orphans(
    resources: Iterable[Resource], known: Mapping[str, Resource], external: Mapping[str, frozenset[str]], kinds: Kinds
) -> Iterator[Diagnostic]:
    """Objects below a parent that is neither declared nor listed as living only in the cloud."""
    candidates: dict[str, frozenset[str]] = {}
    hints = Hints()
    for resource in resources:
        parent = resource.parent
        if parent is None or parent.text in known or parent.name in external.get(parent.kind, ()):
            continue
        if parent.kind not in candidates:
            declared = {item.key for item in known.values() if item.kind == parent.kind and item.key}
            candidates[parent.kind] = external.get(parent.kind, frozenset()) | declared
        plural = kinds[parent.kind].plural if parent.kind in kinds else f"{parent.kind}s"
        detail = (
            f"There is no {parent.kind} {parent.name!r}.{hints.about(parent.name or '', candidates[parent.kind])} "
            f"Declare it, or list it under `external: {plural}:` in reconciler.yaml."
        )
        yield at_object(resource, "unknown-parent", detail)


def _place(resource: Resource) -> str:
    return str(resource.source) if resource.source else "an unknown place"
