"""Ports of switches and WAN edges by their names: what a configuration names that its model hasn't got. Pure.

Facts: the vendor's OpenAPI document (`const/device_models`): a model's `pic` has for each PIC the types and numbers of
its ports, `mge*8, ge*16`. A name is `type-FPC/PIC/PORT`, and the type of a port is that of what is plugged in. What a
model says nothing of may be a module; a modular chassis is what is plugged into it.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

Ports = Mapping[str, int]
"""How many ports each PIC has."""

_NAME = re.compile(
    r"(?P<stem>[a-z]+-[0-9]{1,3}/(?P<pic>[0-9]{1,3})/)(?P<first>[0-9]{1,3})(?:-(?P<last>[0-9]{1,3}))?(?::[0-9]+)?",
    re.ASCII,
)
_PIC = re.compile(r"[a-z0-9]+\*([0-9]{1,3})", re.ASCII)


def ports_of_models(models: Iterable[Mapping[str, Any]]) -> Mapping[str, Ports]:
    """The ports of each model that says them in a form that is understood whole."""
    found = {}
    for model in models:
        pic = model.get("pic")
        if isinstance(pic, Mapping) and not model.get("modular"):
            counts = {str(number): _count(text) for number, text in pic.items()}
            found[str(model.get("model"))] = {number: count for number, count in counts.items() if count}
    return found


def _count(text: object) -> int:
    """How many ports a PIC has; 0 where the text says something else."""
    parts = [_PIC.fullmatch(part.strip()) for part in str(text).lower().split(",")]
    return sum(int(part[1]) for part in parts if part) if all(parts) else 0


def has_numbered_ports(config: object) -> bool:
    """Whether a `port_config` names a port that a model could lack."""
    return isinstance(config, Mapping) and any(map(_NAME.fullmatch, _names(config)))


def missing_ports(config: object, ports: Ports) -> Iterator[str]:
    """What is said of each name of a `port_config` whose number the model's PIC hasn't got."""
    for name in _names(config) if isinstance(config, Mapping) else ():
        match = _NAME.fullmatch(name)
        count = ports.get(match["pic"]) if match else None
        if match and count and int(match["last"] or match["first"]) >= count:
            yield f"`{name}`: there are {match['stem']}0 to {match['stem']}{count - 1}"


def _names(config: Mapping[str, Any]) -> Iterator[str]:
    return (name.strip() for key in config for name in str(key).split(","))
