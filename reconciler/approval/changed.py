"""What two states of an inventory declare otherwise: resources in, addresses out. Pure."""

from collections.abc import Iterable, Mapping
from typing import Any

from reconciler.model.resource import Resource


def changed(now: Iterable[Resource], before: Iterable[Resource]) -> frozenset[str]:
    """The addresses of what is new, gone, or declared otherwise, composed: a profile or a template counts where it
    makes a difference."""
    one, other = _by_address(now), _by_address(before)
    return frozenset(text for text in one.keys() | other.keys() if one.get(text) != other.get(text))


def _by_address(resources: Iterable[Resource]) -> Mapping[str, Any]:
    found = {}
    for item in resources:
        found[item.address.text] = (item.body, item.key, item.api_id, item.aliases, item.keeps, item.absent)
    return found
