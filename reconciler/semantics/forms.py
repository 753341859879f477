"""Between the two forms of an object: the API's (references by id) and the inventory's (references by name)."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, Final

from reconciler.kinds import Delta, Kind, Reference
from reconciler.kinds.shared.checks import each, split
from reconciler.model.shape import Shape
from reconciler.model.values import YamlList, YamlMap, copied
from reconciler.semantics.equality import is_empty
from reconciler.semantics.sealing import sealed_field, sealed_text, variables_in_secrets

Translate = Callable[[Reference, str], str]
"""From a reference and one name (or id) to the id (or name); returns its argument where it knows no better. The name of
the organisation itself is `ITSELF`."""

ITSELF: Final = "organisation"


def inventory_form(kind: Kind, body: Mapping[str, Any], to_name: Translate, *, moved: bool = False) -> dict[str, Any]:
    """A live body as the inventory would write it: ids become names, secrets are sealed, what the cloud makes is
    left out; of an object that is `moved` with what holds it."""
    return dict(InventoryBody(kind, body, to_name, moved=moved))


class InventoryBody(Mapping[str, Any]):
    """The same, root by root when it is asked for: of most live objects a run looks at few roots. Never changed."""

    __slots__ = ("_answer", "_holder", "_kind", "_made", "_to_name")

    def __init__(self, kind: Kind, answer: Mapping[str, Any], to_name: Translate, *, moved: bool = False) -> None:
        self._kind = kind
        self._holder = kind.holder if moved and kind.holder and answer.get(kind.holder.api) else None
        self._answer = answer
        self._to_name = to_name
        self._made: dict[str, Any] = {}

    def __getitem__(self, root: str) -> Any:
        if root not in self._made:
            source = self._source(root)
            if source is None:
                raise KeyError(root)
            self._made[root] = self._formed(source, root)
        return self._made[root]

    def __contains__(self, root: object) -> bool:
        return isinstance(root, str) and self._source(root) is not None

    def __iter__(self) -> Iterator[str]:
        kind = self._kind
        roots = dict.fromkeys(kind.renamed.get(api, api) for api in self._answer if api not in kind.read_only)
        for head, references in kind.translated.items():
            for reference in references if head in roots else ():
                if _applies(reference, self._answer):
                    roots.pop(head, None)
                    roots[reference.root] = None
        return iter({self._holder.field: None, **roots} if self._holder else roots)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __bool__(self) -> bool:
        return self._holder is not None or not self._kind.read_only.issuperset(self._answer)

    def __repr__(self) -> str:
        return f"InventoryBody({self._kind.name}, {list(self)})"

    def secret_variables(self) -> set[str]:
        """The site variables that it uses in the place of a secret; no root is made for that."""
        found: set[str] = set()
        for api, value in self._answer.items():
            named = "{{" in value if isinstance(value, str) else isinstance(value, dict | list)
            if named and api not in self._kind.read_only:
                found.update(variables_in_secrets(value, self._kind.shape.below(self._root(api))))
        return found

    def unequal(self, declared: Mapping[str, Any]) -> list[tuple[str, Any]]:
        """The declared roots that may differ from it. Where a root is the same in either form, and the answer has all
        of the value, nothing is made to know that it doesn't."""
        answer, remade = self._answer, self._kind.remade
        if "*" in self._kind.translated:
            return [(root, value) for root, value in declared.items() if value != self.get(root)]
        return [
            (root, value)
            for root, value in declared.items()
            if root in remade or root not in answer or (value != answer[root] and not _within(value, answer[root]))
            if value != self.get(root)
        ]

    def _source(self, root: str) -> str | None:
        """The API's root that stands for one of the inventory form; None where the answer holds none."""
        if root not in self._kind.remade:
            return root if root in self._answer else None
        if self._holder and root == self._holder.field:
            return self._holder.api
        for api in (*self._kind.sources.get(root, ()), root):
            if api in self._answer and api not in self._kind.read_only and self._root(api) == root:
                return api
        return None

    def _root(self, api: str) -> str:
        name = self._kind.renamed.get(api, api)
        found = (item.root for item in self._kind.translated.get(name, ()) if _applies(item, self._answer))
        return next(found, name)

    def _formed(self, api: str, root: str) -> Any:
        value = self._answer[api]
        if self._holder and root == self._holder.field:
            return self._to_name(self._holder, str(value))
        translated = self._kind.translated
        name = self._kind.renamed.get(api, api)
        for reference in (*translated.get(name, ()), *translated.get("*", ())):
            if _applies(reference, self._answer):
                change = partial(_each, reference, self._to_name)
                rest, new_rest = reference.api_place.partition(".")[2], reference.place.partition(".")[2]
                value = _below(value, rest, new_rest, change) if rest else change(value)
        delta = self._kind.deltas.get(root)
        if delta is not None and isinstance(value, list):
            value = [item for item in value if not _is_gone(item, delta)]
        if root in self._kind.naming and _is_plain(value):
            return value
        return seal(value, self._kind.shape.below(root))


def unequal(declared: Mapping[str, Any], live: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """The declared roots and values that may differ from a live body; all others surely don't."""
    if isinstance(live, InventoryBody):
        return live.unequal(declared)
    return [(root, value) for root, value in declared.items() if value != live.get(root)]


def _within(value: Any, live: Any) -> bool:
    """Whether a live value is a declared one, or a mapping that holds all of it. A secret never equals a text."""
    if value == live:
        return True
    if not isinstance(value, dict) or not isinstance(live, dict):
        return False
    return all(key in live and _within(item, live[key]) for key, item in value.items())


def _is_plain(value: Any) -> bool:
    """Whether a value is names and nothing more: a mapping that a reference lies in may hold secrets beside it."""
    return not isinstance(value, dict) and not (isinstance(value, list) and any(isinstance(i, dict) for i in value))


def _is_gone(element: Any, delta: Delta) -> bool:
    return isinstance(element, dict) and element.get(delta.field) == delta.gone


def with_references(kind: Kind, body: Mapping[str, Any], translate: Translate) -> dict[str, Any]:
    """A body in inventory form with every name in a reference translated."""
    result = dict(body)
    for reference in kind.with_holder:
        if not reference.by_name and _may_hold(reference, body) and _applies(reference, body):
            result = _moved(result, reference.place, reference.place, partial(_each, reference, translate))
    return result


def api_form(
    kind: Kind, body: Mapping[str, Any], to_id: Translate, *, whole: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """A body in inventory form as the API wants it: names become ids. Secrets stay sealed.

    `whole` is the object that a partial body belongs to: it decides which references apply.
    """
    result, deciding = dict(body), body if whole is None else whole
    for reference in kind.with_holder if kind.may_refer(body) else ():
        if not reference.by_name and _may_hold(reference, body) and _applies(reference, deciding):
            result = _moved(result, reference.place, reference.api_place, partial(_each, reference, to_id))
    return {_api_name(kind, key): value for key, value in result.items()} if kind.renamed else result


def api_root(kind: Kind, root: str) -> str:
    """The API's name of a root key of the inventory form."""
    for reference in kind.with_holder:
        if reference.field == root:
            return reference.api
    return _api_name(kind, root)


def _api_name(kind: Kind, root: str) -> str:
    return kind.called.get(root, root)


def references_in(kind: Kind, body: Mapping[str, Any]) -> list[tuple[Reference, str]]:
    """Every (reference, name) that a body in inventory form holds, in a fixed order."""
    found: list[tuple[Reference, str]] = []
    for reference in kind.with_holder:
        if not _may_hold(reference, body) or not _applies(reference, body):
            continue
        for _path, value in each(body, split(reference.field)):
            names = value if isinstance(value, list) else [value]
            found += [(reference, name) for name in names if isinstance(name, str) and name]
    return found


def seal(value: Any, shape: Shape) -> Any:
    """A copy in which every secret is a `Secret` of origin `live`: in a secret field, or as a part of any text."""
    if isinstance(value, dict):
        return {key: seal(item, shape.below(key)) for key, item in value.items()}
    if isinstance(value, list):
        below = shape.below(0)
        return [seal(item, below) for item in value]
    if not isinstance(value, str) or not value:
        return value
    return sealed_field(value, origin="live") if shape.secret else sealed_text(value, origin="live")


def _may_hold(reference: Reference, body: Mapping[str, Any]) -> bool:
    """A quick look: most bodies have few of the roots in which their kind may name others."""
    return reference.root in body or reference.root == "*"


def _applies(reference: Reference, body: Mapping[str, Any]) -> bool:
    return reference.when is None or body.get(reference.when[0]) == reference.when[1]


def _each(reference: Reference, translate: Translate, value: Any) -> Any:
    if reference.itself and isinstance(value, bool):
        name = translate(reference, ITSELF) if value else None
        return True if name == ITSELF else name
    if isinstance(value, dict):
        return _with_keys(value, partial(translate, reference))
    if isinstance(value, list):
        items = [translate(reference, item) if isinstance(item, str) else item for item in value]
        return value.of(items) if isinstance(value, YamlList) else items
    if isinstance(value, str):
        name = None if is_empty(value) else translate(reference, value)
        return True if reference.itself and name == ITSELF else name
    return value


def _with_keys(value: Mapping[str, Any], change: Callable[[str], str]) -> dict[str, Any]:
    """A copy of a mapping under changed keys; an inventory's knows where each stands."""
    keys = {key: change(key) for key in value}
    found = {keys[key]: item for key, item in value.items()}
    if not isinstance(value, YamlMap):
        return found
    return YamlMap(found, marks={keys[key]: mark for key, mark in value.marks.items() if key in keys}, mark=value.mark)


def _moved(body: dict[str, Any], source: str, target: str, change: Callable[[Any], Any]) -> dict[str, Any]:
    """`body` with the value at one dotted path put at another (same depth), changed; copies only along the path."""
    head, _, rest = source.partition(".")
    new_head, _, new_rest = target.partition(".")
    if head != "*" and head not in body:
        return body
    result: dict[str, Any] = copied(body)
    for key in list(body) if head == "*" else [head]:
        value = result.pop(key)
        moved = _below(value, rest, new_rest, change) if rest else change(value)
        result[key if head == "*" else new_head] = moved
    return result


def _below(value: Any, source: str, target: str, change: Callable[[Any], Any]) -> Any:
    """The same for what is below a key: for each element of a list, where the path says so."""
    head, _, rest = source.partition(".")
    if isinstance(value, list) and head == "[]":
        result = copied(value)
        result[:] = [_below(item, rest, target.partition(".")[2], change) for item in value]
        return result
    return _moved(value, source, target, change) if isinstance(value, dict) else value
