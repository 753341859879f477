"""Inventories written in a test: text in, the validated inventory out, through load and compose as in a run."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from reconciler.diagnostics import Diagnostic
from reconciler.kinds import kinds
from reconciler.model.inventory import Inventory
from reconciler.model.values import SecretRef
from reconciler.stages.compose import compose
from reconciler.stages.load import load
from reconciler.stages.validate import validate

SECRETS = {"PSK": "correct horse battery", "SHORT": "hunter2", "HOOK": "https://hooks.example.net/canary-token"}


@dataclass(frozen=True)
class Files:
    """A tree of files in memory."""

    files: Mapping[str, str]

    def paths(self) -> tuple[str, ...]:
        return tuple(sorted(self.files))

    def read(self, path: str) -> bytes:
        return self.files[path].encode()


def composed(text: str, project: str = "") -> Inventory:
    """One inventory file and the rest of a project file, loaded and composed."""
    files = {"reconciler.yaml": f"version: 1\n{project}", "inventory.yaml": text}
    return compose(load(Files(files)), kinds=kinds(), secrets=lambda _project: _lookup)


def _lookup(ref: SecretRef) -> str:
    if ref.target not in SECRETS:
        raise LookupError(f"{ref.target} is not set")
    return SECRETS[ref.target]


def validated(text: str, project: str = "") -> Inventory:
    """The same, validated."""
    return validate(composed(text, project), kinds())


def found(text: str, project: str = "", *, rule: str | Callable[[str], bool] | None = None) -> list[Diagnostic]:
    """The diagnostics, of one rule only when that is named."""
    everything = validated(text, project).diagnostics
    if rule is None:
        return list(everything)
    wanted = rule if callable(rule) else rule.__eq__
    return [item for item in everything if wanted(item.rule)]
