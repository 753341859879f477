"""Whatever a cloud puts where nothing was written, under any of its settings, counts as cleared in the kinds."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from reconciler.emulator.evidence import MISSING, load_evidence
from reconciler.emulator.facts import Node, load_facts
from reconciler.emulator.quirks import Quirks
from reconciler.kinds import Kind, kinds
from reconciler.model.shape import Shape
from reconciler.semantics.equality import is_cleared
from reconciler.semantics.forms import api_root

FACTS, EVIDENCE = load_facts(), load_evidence()
CLOUDS = [
    replace(Quirks(), server_defaults=defaults, default_values=values)
    for defaults in ("document", "evidence")
    for values in ("document", "page")
]
DEPTH = 8


def filled_in(node: Node, shape: Shape, at: str, names: dict[str, str]) -> Iterator[tuple[str, Shape, object]]:
    """The places below a vendor's object that the models know, and each value that some cloud puts there by itself."""
    if at.count(".") > DEPTH:
        return
    for name, target in node.fields.items():
        known = shape.fields.get(names.get(name, name))
        if known is None:
            continue
        for cloud in CLOUDS:
            value = EVIDENCE.default(node, name, FACTS.follow(target), cloud)
            if value is not MISSING:
                yield f"{at}.{name}", known, value
        yield from filled_in(FACTS.follow(target), known, f"{at}.{name}", {})
    for inner, step in ((node.items, "[]"), (node.values, "*")):
        if inner is not None and shape.values is not None:
            yield from filled_in(FACTS.follow(inner), shape.values, f"{at}.{step}", {})


@pytest.mark.parametrize("kind", [kind for kind in kinds() if kind.schema], ids=lambda kind: kind.name)
def test_what_any_cloud_puts_in_the_place_of_nothing_counts_as_cleared(kind: Kind) -> None:
    names = {api_root(kind, field): field for field in kind.shape.fields}
    places = filled_in(FACTS.of(kind.schema), kind.shape, kind.name, names)
    assert [(path, value) for path, shape, value in places if not is_cleared(value, shape)] == []
