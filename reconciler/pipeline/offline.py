"""load -> compose -> validate: files in, checked resources out. Knows nothing of the network."""

from collections.abc import Mapping
from datetime import UTC, datetime

from reconciler.kinds import kinds
from reconciler.model.inventory import FileTree, Inventory
from reconciler.pipeline.collector import paused_collector
from reconciler.policies.checking import PolicyFiles, with_policies
from reconciler.sources.alone import ProjectAlone
from reconciler.sources.secrets import secrets_for
from reconciler.stages.compose import compose
from reconciler.stages.load import load
from reconciler.stages.validate import validate


def load_inventory(
    tree: FileTree,
    *,
    environ: Mapping[str, str] | None,
    run_policies: bool = False,
    code: FileTree | None = None,
) -> Inventory:
    """Files -> checked resources. Problems are in `.diagnostics`.

    `environ` is where `!secret env:NAME` looks; None: the inventory is not trusted, and no secret is looked up.
    `run_policies` executes the Python files that the project file names under `policies`: those of `code`, where that
    is given, as its own project file names them.
    """
    with paused_collector():
        known, loaded = kinds(), load(tree)
        composed = compose(loaded, kinds=known, secrets=secrets_for(tree, environ))
        checked = validate(composed, known)
    named = loaded.project if code is None else load(ProjectAlone(code)).project
    policies = PolicyFiles(code or tree, named) if run_policies else None
    return with_policies(checked, loaded.project, policies, kinds=known, now=datetime.now(UTC))
