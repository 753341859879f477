"""load -> compose -> validate: files in, checked resources out. Knows nothing of the network."""

from collections.abc import Mapping
from datetime import UTC, datetime

from reconciler.kinds import kinds
from reconciler.model.inventory import FileTree, Inventory
from reconciler.pipeline.collector import paused_collector
from reconciler.policies.checking import with_policies
from reconciler.sources.secrets import secrets_for
from reconciler.stages.compose import compose
from reconciler.stages.load import load
from reconciler.stages.validate import validate


def load_inventory(tree: FileTree, *, environ: Mapping[str, str] | None, run_policies: bool = False) -> Inventory:
    """Files -> checked resources. Problems are in `.diagnostics`.

    `environ` is where `!secret env:NAME` looks; None: the inventory is not trusted, and no secret is looked up.
    `run_policies` executes the Python files that the project file names under `policies`.
    """
    with paused_collector():
        known, loaded = kinds(), load(tree)
        composed = compose(loaded, kinds=known, secrets=secrets_for(tree, environ))
        checked = validate(composed, known)
    code = tree if run_policies else None
    return with_policies(checked, loaded.project, code, kinds=known, now=datetime.now(UTC))
