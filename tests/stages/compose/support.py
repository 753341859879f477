"""Inventories in memory: files in, composed inventories out."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from reconciler.diagnostics import Diagnostic
from reconciler.kinds import kinds
from reconciler.model.inventory import Inventory
from reconciler.model.resource import Resource
from reconciler.sources.secrets import secrets_for
from reconciler.stages.compose import compose
from reconciler.stages.load import load


@dataclass(frozen=True)
class Files:
    """A tree of files in memory."""

    files: Mapping[str, str | bytes]

    def paths(self) -> tuple[str, ...]:
        return tuple(sorted(self.files))

    def read(self, path: str) -> bytes:
        if path not in self.files:
            raise FileNotFoundError(2, "No such file")
        content = self.files[path]
        return content.encode() if isinstance(content, str) else content


def composed(
    files: Mapping[str, str | bytes] | str, project: str = "", *, environ: Mapping[str, str] | None = None
) -> Inventory:
    """The inventory of some files (or of one, `a.yaml`) and the rest of a project file."""
    named = {"a.yaml": files} if isinstance(files, str) else files
    tree = Files({"reconciler.yaml": f"version: 1\n{project}", **named})
    return compose(load(tree), kinds=kinds(), secrets=secrets_for(tree, environ or {}))


def clean(*args: Any, **options: Any) -> dict[str, Resource]:
    """The resources by address of an inventory that has no diagnostics."""
    inventory = composed(*args, **options)
    assert inventory.diagnostics == ()
    return {str(resource.address): resource for resource in inventory.resources}


def body(resources: Mapping[str, Resource], address: str) -> dict[str, Any]:
    """A resource's body."""
    return resources[address].body


def only(inventory: Inventory) -> Diagnostic:
    """The one diagnostic that there is."""
    assert len(inventory.diagnostics) == 1, inventory.diagnostics
    return inventory.diagnostics[0]
