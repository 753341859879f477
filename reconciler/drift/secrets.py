"""The secrets of an inventory: resources in, texts out, only to be hidden."""

from typing import Any

from reconciler.model.inventory import Inventory
from reconciler.model.values import Secret


def plain_secrets(inventory: Inventory) -> frozenset[str]:
    """Every secret's value: one that is written in plain would show in a diff of its file."""
    found: set[str] = set()
    waiting: list[Any] = [item.body for item in inventory.resources]
    while waiting:
        value = waiting.pop()
        if isinstance(value, Secret):
            found.add(value.reveal())
        elif isinstance(value, dict):
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value
    return frozenset(found)
