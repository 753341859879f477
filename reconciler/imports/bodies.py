"""A resource's values -> the body that the API has of it, by the rules of its type in `terraform.json`.

Null and empty mean that nothing was written. Secrets, by the facts and by the state's own marks, are sealed.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from msgspec import Struct

from reconciler.model.values import Secret
from reconciler.semantics.naming import is_uuid


@dataclass(slots=True)
class Rule:
    """What is known of one state path, and of those below it; `*` stands for every key, `[]` for every element."""

    below: dict[str, "Rule"] = field(default_factory=dict)
    drop: bool = False
    unset: Any = None
    name: str = ""
    form: str = ""
    secret: bool = False

    def at(self, step: str) -> "Rule":
        """What is known of a key or an element."""
        return self.below.get(step) or self.below.get("*") or _NO_RULE


_NO_RULE = Rule()


class ResourceType(Struct, frozen=True, kw_only=True):
    """A type of the provider whose objects an inventory has: its kind, the attribute that holds the id, and the paths
    at which a state doesn't hold what the cloud has."""

    kind: str
    id: str
    rules: Rule
    wrong: tuple[str, ...] = ()


@cache
def resource_types() -> Mapping[str, ResourceType]:
    """All that an inventory has a place for, by name."""
    text = files("reconciler.imports").joinpath("terraform.json").read_text("utf-8")
    return {
        name: ResourceType(
            kind=row["kind"], id=row.get("id", "id"), rules=_tree(row["rules"]), wrong=tuple(row.get("wrong", ()))
        )
        for name, row in json.loads(text)["types"].items()
    }


def _tree(rules: Mapping[str, Mapping[str, Any]]) -> Rule:
    root = Rule()
    for path, known in rules.items():
        rule = root
        for step in path.replace("[]", ".[]").split("."):
            rule = rule.below.setdefault(step, Rule())
        for name, value in known.items():
            setattr(rule, name, value)
    return root


def body_of(values: Mapping[str, Any], rules: Rule, *, sensitive: Any = None) -> dict[str, Any]:
    """The body, with the API's names. `sensitive` is what the state marks, in the form of the values."""
    found: dict[str, Any] = _body(values, rules, sensitive)
    return found


def _body(value: Any, rule: Rule, marked: Any) -> Any:
    if isinstance(value, Mapping):
        found = _members(value, rule, marked)
        return _OF_MAPPINGS[rule.form](found) if rule.form in _OF_MAPPINGS else found
    if isinstance(value, list):
        marks = marked if isinstance(marked, list) else [marked if marked is True else None] * len(value)
        marks = marks + [None] * (len(value) - len(marks))
        below = rule.at("[]")
        listed = [_body(item, _sealing(below, rule), mark) for item, mark in zip(value, marks, strict=False)]
        return _text(listed) if rule.form == _TEXT else listed
    if isinstance(value, str) and value and (rule.secret or (marked is True and not is_uuid(value))):
        return Secret(value, origin="live")
    return value


def _sealing(below: Rule, holder: Rule) -> Rule:
    return Rule(below=below.below, secret=True) if holder.secret else below


def _members(value: Mapping[str, Any], rule: Rule, marked: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, item in value.items():
        below = rule.at(key)
        if below.drop or item is None or item in ("", []):
            continue
        if below.unset is not None and item == below.unset and isinstance(item, bool) == isinstance(below.unset, bool):
            continue
        mark = marked.get(key) if isinstance(marked, Mapping) else marked is True
        found[below.name or key] = _body(item, _sealing(below, rule), mark)
    return found


def _lifted(value: dict[str, Any]) -> dict[str, Any]:
    """A map that stands in a block of its own here, and beside its siblings in the API."""
    inner = value.get("config")
    beside = {key: item for key, item in value.items() if key != "config"}
    return {**beside, **inner} if isinstance(inner, dict) else beside


def _keyed(value: dict[str, Any]) -> list[dict[str, Any]]:
    """A map by MAC address here, a list there."""
    return [{"mac": mac, **(item if isinstance(item, dict) else {})} for mac, item in value.items()]


def _text(value: list[Any]) -> str:
    """A list here, separated by commas there."""
    return ",".join(str(item) for item in value)


def _sliced(value: dict[str, Any]) -> dict[str, Any]:
    """A rule for switches: which part of a name or model is compared stands in the key there."""
    found = {key: item for key, item in value.items() if key not in ("match_model", "match_name", "match_name_offset")}
    model, name, offset = value.get("match_model"), value.get("match_name"), value.get("match_name_offset", 0)
    if isinstance(model, str):
        found[f"match_model[0:{len(model)}]"] = model
    if isinstance(name, str) and isinstance(offset, int):
        found[f"match_name[{offset}:{offset + len(name)}]"] = name
    return found


_TEXT = "text"
_OF_MAPPINGS: Mapping[str, Callable[[dict[str, Any]], Any]] = {"lifted": _lifted, "keyed": _keyed, "sliced": _sliced}
