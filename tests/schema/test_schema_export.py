"""The exported schemas are current, valid, and accept what the models accept."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from jsonschema import Draft202012Validator

from reconciler.kinds import kinds
from reconciler.kinds.sources import Line, lines
from reconciler.schema import export_schemas
from reconciler.schema.tidy import tidied
from tests.strategies import bodies

ROOT = Path(__file__).parents[2]
TEXTS = export_schemas()
SCHEMAS = {name: json.loads(text) for name, text in TEXTS.items()}
DECLARABLE = [kind.name for kind in kinds() if kind.model]


def validator(name: str) -> Draft202012Validator:
    return Draft202012Validator(SCHEMAS[f"{name}.schema.json"])


def test_the_exported_files_are_current() -> None:
    stored = {path.name: path.read_text("utf-8") for path in (ROOT / "schemas").glob("*.json")}
    assert stored.keys() == TEXTS.keys(), "run: reconciler schema --all -o schemas/"
    assert [name for name in sorted(TEXTS) if stored[name] != TEXTS[name]] == [], "reconciler schema --all -o schemas/"


def test_the_export_is_the_same_every_time() -> None:
    assert export_schemas() == TEXTS


def test_every_file_is_a_valid_schema() -> None:
    below = {}  # the same definitions stand in many files: each is looked at once
    for name, schema in sorted(SCHEMAS.items()):
        Draft202012Validator.check_schema({key: item for key, item in schema.items() if key != "$defs"})
        assert schema["title"], name
        below.update({json.dumps(item): item for item in schema.get("$defs", {}).values()})
    for definition in below.values():
        Draft202012Validator.check_schema(definition)


@pytest.mark.parametrize("name", DECLARABLE)
def test_what_a_model_accepts_its_schema_accepts(name: str) -> None:
    check = validator(name)
    parent = next((item.parent for item in kinds()[name].endpoints if item.parent), None)

    @settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
    @given(bodies(name, references=True))
    def accepted(body: dict[str, Any]) -> None:
        check.validate({**body, parent: "HQ"} if parent else body)

    accepted()


def holding(steps: Sequence[str], value: object) -> Any:
    """A body that holds a value at the path of a line."""
    if not steps:
        return value
    below = holding(steps[1:], value)
    return [below] if steps[0] == "[]" else {"a" if steps[0] == "*" else steps[0]: below}


def value_of(line: Line) -> object:
    """A value that a line takes."""
    shapes = {"object": {}, "list": [], "text": "x", "number": 1, "boolean": True, "null": None}
    return line.values[0] if line.values else shapes[line.shape] if line.shape else line.most or line.least or "x"


@pytest.mark.parametrize("name", [name for name in DECLARABLE if name in lines()])
def test_what_another_source_of_the_vendor_takes_the_schema_takes_too(name: str) -> None:
    check, parent = validator(name), next((item.parent for item in kinds()[name].endpoints if item.parent), None)
    required = {parent: "HQ"} if parent else {}
    wrong = []
    for line in lines()[name]:
        steps = line.pattern.split(".")[1:]
        if steps[-1] == "**" or (line.other and not line.limits):
            continue
        holder = [] if steps[-1] == "[]" else {}
        before = list(check.iter_errors({**required, **holding(steps[:-1], holder)}))
        after = list(check.iter_errors({**required, **holding(steps, value_of(line))}))
        if len(after) > len(before):
            wrong.append((line.pattern, [error.message for error in after]))
    assert wrong == []


ACCEPTED = [
    {"sites": None},
    {"sites": [{"name": "HQ", "profiles": ["office"], "aliases": ["Old"], "raw": {"new": {"a": 1}}}]},
    {"sites": [{"name": "HQ", "setting": {"vars": {"a": "1"}}, "wlans": [{"ssid": "Lab"}], "webhooks": []}]},
    {"sites": [{"name": "HQ", "sitegroup_ids": ["emea"], "networktemplate": None}]},
    {"wlantemplates": [{"name": "corp", "applies": {"site_ids": ["HQ"]}, "wlans": [{"ssid": "Corp"}]}]},
    {"wlans": [{"ssid": "Lab", "site": "HQ", "auth": {"type": "psk", "psk": "env:P"}}]},
    {"settings": [{"site": "HQ", "rogue": {"enabled": True}}]},
    {"webhooks": [{"name": "siem", "url": "https://siem.example.net", "topics": ["audits"]}]},
    {"acl_tags": [{"name": "iot", "type": "mac", "macs": ["485073e01234"]}]},
]
REFUSED = [
    {"site": []},
    {"sites": [{"timezone": "Europe/Paris"}]},
    {"sites": [{"name": "HQ", "tz": "Europe/Paris"}]},
    {"sites": [{"name": "HQ", "country_code": "fr"}]},
    {"wlans": [{"ssid": "Lab"}]},
    {"wlans": [{"ssid": "Lab", "site": "HQ", "enabled": "yes"}]},
    {"wlans": [{"ssid": "Lab", "site": "HQ", "vlan_id": 4095}]},
    {"settings": [{"rogue": {"enabled": True}}]},
    {"settings": [{"site": "HQ", "rogue": {"enable": True}}]},
    {"wlantemplates": [{"name": "corp", "applies": {"groups": ["emea"]}}]},
]


@pytest.mark.parametrize("file", ACCEPTED, ids=json.dumps)
def test_a_right_file_passes(file: dict[str, Any]) -> None:
    validator("inventory").validate(file)


@pytest.mark.parametrize("file", REFUSED, ids=json.dumps)
def test_a_wrong_file_fails(file: dict[str, Any]) -> None:
    assert not validator("inventory").is_valid(file)


def test_a_secret_may_be_a_reference_and_is_marked() -> None:
    psk = SCHEMAS["wlan.schema.json"]["$defs"]["WlanAuth"]["properties"]["psk"]
    assert psk["writeOnly"] is True
    assert "env|file|cmd" in psk["pattern"]


def test_descriptions_reach_the_editor() -> None:
    fields = SCHEMAS["site.schema.json"]["$defs"]["site"]["properties"]
    assert fields["timezone"]["description"]
    assert fields["sitegroup_ids"]["deprecated"] is True
    assert {"profiles", "aliases", "id", "raw", "setting", "wlans", "webhooks", "wxtags"} <= fields.keys()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"title": "A", "default": None, "type": "string"}, {"type": "string"}),
        ({"properties": {"title": {"type": "string"}}}, {"properties": {"title": {"type": "string"}}}),
        ({"anyOf": [{"type": "string"}, {"type": "null"}]}, {"type": ["string", "null"]}),
        (
            {"anyOf": [{"enum": ["a"], "type": "string"}, {"type": "null"}]},
            {"enum": ["a", None], "type": ["string", "null"]},
        ),
        ({"anyOf": [{"$ref": "#/x"}, {"type": "null"}]}, {"anyOf": [{"$ref": "#/x"}, {"type": "null"}]}),
        ({"writeOnly": True, "minLength": 7, "type": "string"}, {"writeOnly": True, "type": "string"}),
    ],
)
def test_a_schema_is_tidied(before: dict[str, Any], after: dict[str, Any]) -> None:
    assert tidied(before) == after
