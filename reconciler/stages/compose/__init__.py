"""compose: parsed documents in, resources out: layers merged, templates rendered, children and secrets in their places.

Bodies leave here unchecked, with a mark for every key; what is wrong with the composition itself is a diagnostic.
"""

from reconciler.diagnostics import in_order
from reconciler.kinds.registry import Kinds
from reconciler.model.inventory import Inventory, Loaded, SecretSource
from reconciler.model.project import PROJECT_FILE, Project
from reconciler.model.rows import split_row_errors
from reconciler.stages.compose.layers import layers_of
from reconciler.stages.compose.objects import Objects
from reconciler.stages.compose.project import read_project
from reconciler.stages.compose.report import Report
from reconciler.stages.compose.rows import objects_of_rows
from reconciler.stages.compose.secrets import Sealer


def compose(loaded: Loaded, *, kinds: Kinds, secrets: SecretSource) -> Inventory:
    """The composed inventory. `secrets` makes the lookup for `!secret` references from the project's settings."""
    report = Report(loaded.diagnostics)
    unusable = not loaded.project and any(
        found.source and found.source.file == PROJECT_FILE for found in loaded.diagnostics
    )  # load has said why; templates without the project's variables would only add to it
    project = Project(version=1) if unusable else read_project(loaded.project, kinds, report)
    documents = [*loaded.documents, *objects_of_rows(loaded, project, kinds, report)]
    if (loaded.templates and not unusable) or any(entry.template for entry in project.generate):
        from reconciler.stages.compose.generate import generated  # Jinja2 is slow to import

        documents += generated(loaded, project, report)
    objects = Objects(kinds, layers_of(loaded.project, kinds, report), Sealer(secrets(project), report), report)
    objects.add_all(documents, secrets_in_layers=loaded.project_has_secrets)
    rows, others = split_row_errors(report.diagnostics, project)  # the rows' keep their cells: validate has more
    return Inventory(project=project, resources=objects.resources(), diagnostics=(*in_order(others), *rows))
