"""What an adopted value looks like: declared and live beside each other in, the new declared value out. Pure.

Walks as the comparison does, so that a path means the same here as in a drift report. What stays as it is is `KEEP`;
secrets always are. Only what is declared changes: live values that nobody declared are not taken over.
"""

from collections.abc import Callable
from typing import Any

from msgspec import Struct

from reconciler.model.shape import ListAs, Shape
from reconciler.model.values import Secret, SecretRef
from reconciler.semantics.compare import covers, differences
from reconciler.semantics.equality import canonical, is_empty
from reconciler.semantics.pairing import element_label, pair_elements
from reconciler.yamltext.edit.edits import GONE, KEEP, Aligned
from reconciler.yamltext.edit.nodes import Unwritable

Chosen = Callable[[str], bool]
"""Whether the difference at a path is to be adopted."""


class Entry(Struct, frozen=True):
    """An element on its way into a new list: where it is live, where it was declared, and its value."""

    live: int | None
    source: int | None
    value: Any


def adopted(declared: Any, live: Any, shape: Shape, path: str, chosen: Chosen) -> Any:
    """The declared value with the chosen differences taken from live, `KEEP` where nothing changes."""
    sealed = shape.secret or isinstance(declared, Secret | SecretRef) or isinstance(live, Secret)
    if sealed or covers(declared, live, shape):
        return KEEP
    if isinstance(declared, dict):
        return _mapping(declared, live, shape, path, chosen)
    if isinstance(declared, list) and isinstance(live, list):
        return _list(declared, live, shape, path, chosen)
    if not chosen(path) or has_secret(live) or has_secret(declared):
        return KEEP
    return converted(declared, live, shape)


def has_secret(value: Any) -> bool:
    """Whether a secret stands in a value."""
    if isinstance(value, dict):
        return any(has_secret(item) for item in value.values())
    if isinstance(value, list):
        return any(has_secret(item) for item in value)
    return isinstance(value, Secret | SecretRef)


def converted(declared: Any, live: Any, shape: Shape) -> Any:
    """The live value, in the type in which the field is declared where both are one to the cloud."""
    if isinstance(live, list | dict):
        return plain(live)
    if not shape.number_text or isinstance(live, bool):
        return live
    if isinstance(declared, str) and isinstance(live, int | float):
        return str(live)
    if isinstance(declared, int) and isinstance(live, str) and live.isdecimal() and str(int(live)) == live:
        return int(live)
    return live


def plain(value: Any) -> Any:
    """A copy in plain dicts and lists."""
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, list) else value


def _mapping(declared: dict[str, Any], live: Any, shape: Shape, path: str, chosen: Chosen) -> Any:
    if not isinstance(live, dict) and not is_empty(live):
        return live if chosen(path) and not has_secret(declared) else KEEP
    if is_empty(live) and not has_secret(declared):
        told = differences(declared, live, shape, path)
        if all(chosen(item.path) for item in told):
            return None
    base = live or {}
    found = {
        key: _entry(value, base.get(key), shape, f"{path}.{key}" if path else key, (key, chosen))
        for key, value in declared.items()
    }
    changed = {key: value for key, value in found.items() if value is not KEEP}
    return {**dict.fromkeys(declared, KEEP), **changed} if changed else KEEP


def _entry(declared: Any, live: Any, shape: Shape, path: str, place: tuple[str, Chosen]) -> Any:
    """One entry of a mapping. Where the keys are names that people chose, one that is not live is taken away: `null`
    would be no network and no port usage."""
    key, chosen = place
    below = shape.below(key)
    if live is None and isinstance(declared, dict) and key not in shape.fields and not has_secret(declared):
        told = list(differences(declared, live, below, path))
        return GONE if told and all(chosen(item.path) for item in told) else KEEP
    return adopted(declared, live, below, path, chosen)


def _list(declared: list[Any], live: list[Any], shape: Shape, path: str, chosen: Chosen) -> Any:
    if any(isinstance(element, dict) for element in (*declared, *live)):
        return _objects(declared, live, shape, path, chosen)
    if not chosen(path) or has_secret(live) or has_secret(declared):
        return KEEP
    return _scalars(declared, live, shape)


def _scalars(declared: list[Any], live: list[Any], shape: Shape) -> list[Any]:
    """Elements that stay keep their place where order does not count; where it does, it is that of live."""
    below = shape.below(0)
    merge = getattr(declared, "merge", False)
    free: dict[Any, list[int]] = {}
    for at, element in enumerate(declared):
        free.setdefault(canonical(element, below), []).append(at)
    sources = [free[key].pop(0) if free.get(key := canonical(element, below)) else None for element in live]
    if merge or shape.list_as is ListAs.SET:
        stay = [at for at in sources if at is not None]
        stay = sorted(stay) if shape.list_as is ListAs.SET else stay
        new = [] if merge else [at for at, source in enumerate(sources) if source is None]
        return Aligned([*(KEEP for _ in stay), *(live[at] for at in new)], [*stay, *(None for _ in new)])
    return Aligned([live[at] if source is None else KEEP for at, source in enumerate(sources)], sources)


def _objects(declared: list[Any], live: list[Any], shape: Shape, path: str, chosen: Chosen) -> Any:
    pairing = pair_elements(declared, live, shape, covers)
    merge = getattr(declared, "merge", False)
    entries: list[Entry] = []
    # Without a key nobody can say whether a live element with a secret is the declared one, changed.
    unclear = not pairing.keyed and any(has_secret(live[index]) for index in pairing.left)
    extra = [] if merge else list(pairing.left)
    for at, index in enumerate(pairing.pairs):
        label = f"{path}[{element_label(declared[at], at, shape)}]"
        if index is None and at in extra and _may_take_place(declared[at], live[at], label, chosen):
            extra.remove(at)
            entries.append(Entry(at, at, adopted(declared[at], live[at], shape.below(0), label, lambda _path: True)))
        elif index is not None:
            entries.append(Entry(index, at, adopted(declared[at], live[index], shape.below(0), label, chosen)))
        elif not chosen(label) or (unclear and has_secret(declared[at])):
            entries.append(Entry(None, at, KEEP))
    for index in extra:
        label = f"{path}[{element_label(live[index], index, shape)}]"
        if chosen(label) and not has_secret(live[index]):
            _insert(entries, Entry(index, None, plain(live[index])))
    if shape.list_as is not ListAs.SET and not shape.unordered and chosen(path):
        entries = _in_live_order(entries)
    if all(entry.source == at and entry.value is KEEP for at, entry in enumerate(entries)) and len(entries) == len(
        declared
    ):
        return KEEP
    return Aligned([entry.value for entry in entries], [entry.source for entry in entries])


def _may_take_place(declared: Any, live: Any, label: str, chosen: Chosen) -> bool:
    """In a list without a key: whether the live element at the same place is the declared one, changed."""
    both = isinstance(declared, dict) and isinstance(live, dict)
    return both and chosen(label) and not has_secret(declared) and not has_secret(live)


def _insert(entries: list[Entry], new: Entry) -> None:
    """Puts a live element before the first one that follows it in live."""
    later = (at for at, entry in enumerate(entries) if entry.live is not None and entry.live > (new.live or 0))
    entries.insert(next(later, len(entries)), new)


def _in_live_order(entries: list[Entry]) -> list[Entry]:
    """The entries as they stand live; one that is not live stays behind the one before it."""
    keyed: list[tuple[int, Entry]] = []
    last = -1
    for entry in entries:
        last = last if entry.live is None else entry.live
        keyed.append((last, entry))
    return [entry for _, entry in sorted(keyed, key=lambda item: item[0])]


def materialised(declared: Any, new: Any) -> Any:
    """The whole new value without `KEEP`: for a place where nothing of it is written yet."""
    if new is KEEP:
        return plain(declared)
    if new is GONE:
        raise Unwritable("what others share can't be taken away in one object only")
    if isinstance(new, Aligned):
        return [
            materialised(declared[source], item) if source is not None else item
            for item, source in zip(new, new.sources, strict=True)
        ]
    if isinstance(new, dict) and isinstance(declared, dict):
        return {key: materialised(declared.get(key), item) for key, item in new.items()}
    return new
