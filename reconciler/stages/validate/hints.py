"""What was probably meant by a field that a model does not know."""

from reconciler.kinds import Kind, Kinds
from reconciler.kinds.lists import keys_of_list
from reconciler.kinds.shared.checks import any_of, closest, path_text
from reconciler.model.values import Path
from reconciler.stages.validate.bodies import shape_at

RAW = " If the cloud knows it and this release does not, put it under `raw:`, as it stands."

_NOTHING_MORE = f"is not a field here.{RAW}"

RENAMED = {"group_ids": "sitegroups", "site_groups": "sitegroups", "variables": "vars", "name": "ssid"}
"""Fields that people and other tools write in another way; counts where the right one is known."""

_OFTEN = "auth."
"""Where a field is meant that several mappings of an object have: the type of a WLAN is that of its security."""


class UnknownKeys:
    """Says of unknown fields what they are instead, or where they belong. Each is worked out once, and after the first
    few hundred of a run none is any more: a wrong template makes a hundred thousand of them."""

    def __init__(self, kinds: Kinds, limit: int = 100) -> None:
        self._kinds = kinds
        self._left = limit
        self._known: dict[tuple[str, Path], str] = {}

    def about(self, path: Path, kind: Kind) -> str:
        """A sentence or two about the unknown field at a path."""
        question = (kind.name, path if len(path) == 1 else tuple(step for step in path if isinstance(step, str)))
        meaning = self._known.get(question)
        if meaning is None and self._left:
            self._left -= 1
            meaning = self._known[question] = self._meaning(path, kind)
        return f"`{path_text(path)}` {meaning or _NOTHING_MORE}"

    def _meaning(self, path: Path, kind: Kind) -> str:
        key, place = str(path[-1]), path[:-1]
        if not place and key in kind.read_only:
            return "is made by the cloud and can't be set. Remove it."
        known = frozenset(shape_at(kind.shape, place).fields)
        if RENAMED.get(key) in known:
            return f"is not a field here. Write `{RENAMED[key]}` instead."
        home = None if place else _home(key, kind, self._kinds)
        near = closest(key, known)
        inner = [] if place else [f"{root}.{key}" for root, shape in kind.shape.fields.items() if key in shape.fields]
        meant = next((path for path in inner if path.startswith(_OFTEN)), inner[0] if len(inner) == 1 else None)
        if meant and near is None:
            return f"is not a field here. Write `{meant}` instead."
        plural = near is not None and _singular(near) == _singular(key)
        if home and not plural and (near is None or near.casefold() != key.casefold()):
            return f"is not a field of {kind.a_title}. {home}"
        if near is not None:
            return f"is not a field here. Did you mean `{near}`?{RAW}"
        return f"is not a field here.{RAW}"


def _singular(word: str) -> str:
    return word.casefold().removesuffix("s")


def _home(key: str, kind: Kind, kinds: Kinds) -> str | None:
    """Where a root field belongs when it is one of a child, of a parent, or of one other kind."""
    child = kinds.find(key)
    if child is not None and not child.lookup_only:
        return f"Objects of that kind can't stand here: they have a list `{child.plural}:` of their own."
    listed = keys_of_list(kinds, key)
    if listed and key not in listed:
        children = {item.plural for item in kinds.children(kind.name)}
        nested = [name for name in listed if name in children]
        return f"That is the API's name. Write {any_of(nested or listed)} instead."
    parents = {endpoint.parent for endpoint in kind.endpoints}
    near = [item for item in kinds if item.endpoint(kind.name) or item.name in parents]
    for other in near:
        reference = next((item.field for item in other.references if item.api == key and other is not kind), None)
        if reference and not other.singleton:
            return f"Write `{reference}:` of the {other.title}."
        if key in other.shape.fields:
            how = f"Put it under `{other.name}:`." if other.singleton else f"Write it in one of the {other.plural}."
            return f"It is a field of the {other.title}. {how}"
    told = {kind.name, *(item.name for item in near)}
    others = [item for item in kinds if item.name not in told and key in item.shape.fields]
    return f"It is a field of {others[0].a_title}." if len(others) == 1 else None
