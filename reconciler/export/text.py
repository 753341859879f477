"""Trees in, canonical YAML files out: what `fmt` would make of them, so that it has nothing to do."""

from collections.abc import Iterable, Mapping
from typing import Any

from reconciler.export.layout import Trees
from reconciler.export.secrets import Secrets
from reconciler.model.project import PROJECT_FILE
from reconciler.yamltext.edit.order import in_canonical_order, order_of
from reconciler.yamltext.edit.scalars import block_lines

ENV_EXAMPLE = "example.env"
ENV_FILE = "secrets.env"
_SCHEMAS = "schemas"


def texts_of(trees: Trees) -> dict[str, str]:
    """The text of each file."""
    return {file: yaml_text(tree, file) for file, tree in trees.items()}


def yaml_text(tree: Mapping[str, Any], file: str, *, schema: str = "inventory") -> str:
    """One file: the line that connects it with its schema, then the tree."""
    rows = block_lines(in_canonical_order(dict(tree), order_of(file)))
    return "\n".join([modeline(file, schema), *rows]) + "\n"


def modeline(file: str, schema: str = "inventory") -> str:
    """The first line of a file, for editors."""
    up = "../" * file.count("/")
    return f"# yaml-language-server: $schema={up}{_SCHEMAS}/{schema}.schema.json"


def project_text(project: Mapping[str, Any]) -> str:
    """`reconciler.yaml`."""
    return yaml_text(project, PROJECT_FILE, schema="project")


def env_example(secrets: Secrets, names: Iterable[str] | None = None) -> str:
    """What has to be set: a line per secret, under where it is used. No value is in it."""
    head = [
        f"# What the inventory's `!secret env:...` are. Copy this to {ENV_FILE}, which git ignores, and write the",
        "# values behind the names; or set them in the environment, which wins.",
    ]
    return "\n".join(head) + "\n" + env_rows(secrets, secrets.places if names is None else names)


def env_rows(secrets: Secrets, names: Iterable[str]) -> str:
    """The lines of some secrets."""
    rows: list[str] = []
    for name in sorted(names):
        uses = [f"{place.address} {'.'.join(map(str, place.path))}" for place in secrets.places[name]]
        more = f" and {len(uses) - 3:,} more" if len(uses) > 3 else ""
        masked = " (masked: this token may not see it)" if name in secrets.masked else ""
        shown = "".join(sign if sign.isprintable() else "?" for sign in ", ".join(uses[:3]))
        rows += ["", f"# {shown}{more}{masked}", f"{name}="]
    return "\n".join(rows) + "\n" if rows else ""
