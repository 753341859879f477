"""What new objects need beside themselves: names that nothing declares, secrets and tables, in the project file."""

from collections.abc import Collection, Mapping

from msgspec import Struct, field

from reconciler.export.edits import Edits
from reconciler.export.secrets import Secrets, known_names
from reconciler.export.text import ENV_EXAMPLE, ENV_FILE, env_example, env_rows
from reconciler.kinds import Kinds
from reconciler.model.inventory import Inventory
from reconciler.model.project import PROJECT_FILE
from reconciler.yamltext.edit.edits import KEEP, Aligned


class Additions(Struct, frozen=True, kw_only=True):
    """Names by kind that the new objects use, the secrets that they bring, and entries of `generate`."""

    external: Mapping[str, Collection[str]]
    secrets: Secrets
    generate: Collection[Mapping[str, str]] = field(default=())


def add_to_project(edits: Edits, inventory: Inventory, added: Additions, kinds: Kinds) -> dict[str, list[str]]:
    """Writes them where the inventory lacks them; says which names became `external`, by plural."""
    declared = {(item.kind, item.address.name) for item in inventory.resources}
    external = inventory.project.external
    told: dict[str, list[str]] = {}
    for kind, names in sorted(added.external.items()):
        wanted = {name for name in names if (kind, name) not in declared} - set(external.get(kind, ()))
        if wanted:
            plural = kinds[kind].plural if kind in kinds else kind
            told[plural] = sorted(wanted)
            edits.put(PROJECT_FILE, ("external", plural), sorted({*wanted, *external.get(kind, ())}))
    if added.generate:
        known = len(inventory.project.generate)
        entries = [dict(entry) for entry in added.generate]
        value = Aligned([KEEP] * known + entries, [*range(known), *[None] * len(entries)]) if known else entries
        edits.put(PROJECT_FILE, ("generate",), value)
    fresh = {name for name in added.secrets.places if name not in set(known_names(inventory.resources).values())}
    if fresh:
        if inventory.project.secrets.env_file is None:
            edits.put(PROJECT_FILE, ("secrets", "env_file"), ENV_FILE)
        text = edits.text(ENV_EXAMPLE)
        edits.texts[ENV_EXAMPLE] = (
            f"{text}{env_rows(added.secrets, fresh)}" if text else env_example(added.secrets, fresh)
        )
    return told
