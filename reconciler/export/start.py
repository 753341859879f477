"""The first files of an inventory: an organisation in, their texts by path out."""

import json
import shlex
from collections.abc import Mapping
from typing import Any

from reconciler.export.organisations import Organisation
from reconciler.export.text import ENV_FILE, modeline, project_text
from reconciler.model.project import PROJECT_FILE
from reconciler.yamltext.edit.formatting import formatted
from reconciler.yamltext.edit.scalars import flow_text, scalar_text

IGNORED = f"{ENV_FILE}\n.reconciler/\n"
EDITOR = ".vscode/settings.json"
EXAMPLE_ORG = "5a1c0e77-3b0d-4c3e-9f50-0d9a6c1b7e01"
"""The organisation that the examples are for."""
CUSTOM_TAGS: Mapping[str, Any] = {"yaml.customTags": ["!secret scalar", "!merge sequence"]}


def first_files(organisation: Organisation, host: str) -> dict[str, str]:
    """`reconciler.yaml`, what git leaves alone, and what an editor has to know."""
    return {
        PROJECT_FILE: formatted(_project(organisation, host), PROJECT_FILE)[0],
        ".gitignore": IGNORED,
        EDITOR: json.dumps(CUSTOM_TAGS, indent=2) + "\n",
    }


def first_texts(*, host: str | None, org_id: str | None) -> dict[str, str]:
    """The same for an organisation of which no more is known than what is given."""
    project = {"version": 1, "org": {"id": org_id}, "host": host}
    known = {key: value for key, value in project.items() if value and value != {"id": None}}
    return {PROJECT_FILE: project_text(known), ".gitignore": IGNORED}


def _project(organisation: Organisation, host: str) -> str:
    return f"""\
{modeline(PROJECT_FILE, "project")}
version: 1

# Which organisation this is for. The name is checked against the live one before anything is written.
org: {flow_text({"name": organisation.name, "id": organisation.id})}
host: {scalar_text(host)}

# What one run may do at most. More needs a change here, which a colleague reviews.
limits:
  deletes: {{absolute: 5, percent: 10}}
  sites: 50

# Never deleted, whatever is declared or not.
protect: [site.*]

# Values of secrets for this machine, which git ignores; the environment has precedence.
secrets: {{env_file: {ENV_FILE}}}
"""


def pipeline_text(text: str, *, inventory: str, org_id: str) -> str:
    """A pipeline of the examples for an inventory in this directory of the repository (`.`: its root)."""
    below = "" if inventory == "." else f"{inventory}/"
    for old, new in (
        ('"mist/**"', scalar_text(f"{below}**", style='"')),
        ("[mist/**/*]", f"[{scalar_text(f'{below}**/*', style=chr(34))}]"),
        ("inventory: mist\n", f"inventory: {scalar_text(inventory)}\n"),
        ("MIST_INVENTORY: mist\n", f"MIST_INVENTORY: {scalar_text(inventory)}\n"),
        ("reconciler render mist ", f"reconciler render {shlex.quote(inventory)} "),
        (EXAMPLE_ORG, org_id),
    ):
        text = text.replace(old, new)
    return text
