"""Without one kind's module everything else goes on: no other module needs it by name.

What a kind that is away takes along: kinds that could only live below it, and the places below it of those that live
elsewhere, too. A reference to it accepts ids and names under `external` only.
"""

import ast
import json
import re
from functools import cache
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

import reconciler
from reconciler.kinds import Kinds, kinds
from reconciler.schema.forms import inventory_schema
from tests.kinds.stages import Stages, rules, summary
from tests.world import world

PACKAGE = Path(reconciler.__file__).parent
NAMES = [kind.name for kind in kinds()]
DECLARED = {
    "acl_tag": "acl_tags: [{name: servers, type: subnet, subnets: [10.0.0.0/24]}]",
    "networktemplate": "networktemplates: [{name: campus, ntp_servers: [10.0.0.1]}]",
    "rftemplate": "rftemplates: [{name: dense, country_code: FR}]",
    "sitegroup": "sitegroups: [{name: emea}]",
    "site": "sites: [{name: Paris, timezone: Europe/Paris, country_code: FR}]",
    "wlantemplate": "wlantemplates: [{name: corp}]",
    "wxtag": "wxtags: [{name: guests, type: match, match: wlan_id, values: [00000000-0000-4000-8000-00000000000a]}]",
    "webhook": "webhooks: [{name: siem, url: 'https://siem.example.net/', topics: [audits]}]",
}
"""An object of each kind that needs no other one."""

BELOW = {"site": {"ap", "beacon", "gateway", "map", "rssizone", "setting", "switch", "vbeacon", "zone"}}
"""What can't live without a kind."""


def without(name: str) -> Kinds:
    return Kinds(kind for kind in kinds() if kind.name != name)


@pytest.mark.parametrize("name", NAMES)
def test_without_a_kind_the_others_are_validated_planned_and_applied(name: str) -> None:
    stages = Stages(without(name), world())
    text = "\n".join(declared for kind, declared in DECLARED.items() if kind != name)
    assert rules(stages.inventory(text)) == {}
    created = {address.partition(".")[0] for action, address in summary(stages.plan(text)) if action == "create"}
    assert created == DECLARED.keys() - {name, "acl_tag"}
    assert all(outcome.verified for outcome in stages.apply(text))
    assert stages.plan(text).changes == ()


@pytest.mark.parametrize("name", NAMES)
def test_without_a_kind_only_what_can_live_nowhere_else_goes_with_it(name: str) -> None:
    assert set(NAMES) - {kind.name for kind in without(name)} == {name, *BELOW.get(name, ())}


@pytest.mark.parametrize("name", [kind.name for kind in kinds() if kind.model])
def test_without_a_kind_the_json_schemas_are_those_of_the_others(name: str) -> None:
    left = without(name)
    schema = inventory_schema(left)
    assert {kind.file_key for kind in left if kind.model and not kind.lookup_only} == schema["properties"].keys()
    assert name not in schema["$defs"]
    Draft202012Validator(schema).validate({})
    assert set(re.findall(r'"#/\$defs/([^"]+)"', json.dumps(schema))) <= schema["$defs"].keys()


def test_a_reference_to_a_kind_that_is_away_takes_an_id_and_refuses_a_name() -> None:
    stages = Stages(without("wxtag"))
    wlan = "sites: [{name: Paris, wlans: [{ssid: Lab, auth: {type: open, owe: required}, wxtags: [%s]}]}]"
    assert "unknown-reference" in rules(stages.inventory(wlan % "guests"))
    assert rules(stages.inventory(wlan % "00000000-0000-4000-8000-00000000000a")) == {}
    assert all(outcome.verified for outcome in stages.apply(wlan % "00000000-0000-4000-8000-00000000000a"))


@pytest.mark.parametrize("name", NAMES)
def test_nothing_outside_of_a_kinds_own_module_imports_it(name: str) -> None:
    found = [path for path in (PACKAGE / "kinds").glob(f"*/{name}*") if path.stem == name]
    (home,) = (path.with_suffix("") for path in found if path.parent.name != "shared")
    module = ".".join(("reconciler", *home.relative_to(PACKAGE).parts))
    wrong = [
        f"{path.relative_to(PACKAGE)} imports {found}"
        for path in imports()
        if home not in (path.parent, path.with_suffix(""))
        for found in imports()[path]
        if found == module or found.startswith(f"{module}.")
    ]
    assert not wrong


@cache
def imports() -> dict[Path, list[str]]:
    """What each module of the package imports."""
    return {path: imported(path) for path in sorted(PACKAGE.rglob("*.py"))}


def imported(path: Path) -> list[str]:
    nodes = list(ast.walk(ast.parse(path.read_text("utf-8"))))
    found = [node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)]
    return found + [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
