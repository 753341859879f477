"""Layers of an object: `defaults` of its kind, then its `profiles` in the order listed, then its own fields.

Mappings merge deeply; everything else, lists included, is replaced; null wins like any value. Marks follow the
value that won.
"""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct, field

from reconciler.kinds.registry import Kinds
from reconciler.model.values import Path, YamlMap, mark_of
from reconciler.stages.compose.report import Report

NOT_IN_LAYERS = ("aliases", "id", "key", "profiles")


class Layers(Struct, frozen=True):
    """What the project file gives to the objects of one kind."""

    defaults: YamlMap | None = None
    profiles: Mapping[str, YamlMap] = field(default_factory=dict)


def layers_of(raw: YamlMap, kinds: Kinds, report: Report) -> dict[str, Layers]:
    """The layers per kind, from the project file with its marks. Wrong shapes in it are reported elsewhere."""
    found: dict[str, Layers] = {}
    defaults, profiles = _mapping(raw.get("defaults")), _mapping(raw.get("profiles"))
    for kind in kinds:
        words = (kind.name, kind.plural)
        own = next((defaults[word] for word in words if isinstance(defaults.get(word), YamlMap)), None)
        named: Mapping[str, Any] = next(
            (profiles[word] for word in words if isinstance(profiles.get(word), YamlMap)), {}
        )
        usable = {name: layer for name, layer in named.items() if isinstance(layer, YamlMap)}
        if own is not None or usable:
            found[kind.name] = Layers(own, usable)
    for path in _misplaced(defaults, ("defaults",), 1) + _misplaced(profiles, ("profiles",), 2):
        detail = f"{'.'.join(map(str, path))}: {path[-1]!r} can be set in an object only"
        report.error("not-in-layers", "A key can't be set for many objects", detail, mark_of(raw, path))
    return found


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _misplaced(section: Mapping[str, Any], path: Path, depth: int) -> list[Path]:
    if not depth:
        return [(*path, key) for key in NOT_IN_LAYERS if key in section]
    return [
        found
        for key, value in section.items()
        if isinstance(value, dict)
        for found in _misplaced(value, (*path, key), depth - 1)
    ]
