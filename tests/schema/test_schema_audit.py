"""The audit finds what the models and the vendor's document say differently, and nothing else."""

import copy
import json
from typing import Any

import pytest

from reconciler.kinds import kinds
from reconciler.schema import FACTS, Difference, audit
from reconciler.schema.audit import Known, differences, known_differences


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(FACTS.read_text("utf-8"))
    return found


def schema(document: dict[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = document["components"]["schemas"][name]
    return found


def test_every_difference_from_the_vendors_document_is_explained(document: dict[str, Any]) -> None:
    assert audit(document) == []


def test_every_known_difference_has_a_reason() -> None:
    assert all(len(entry.reason) > 10 for entry in known_differences())
    assert len(set(known_differences())) == len(known_differences())


CHANGES: list[tuple[str, dict[str, Any], Difference]] = [
    ("wlan", {"new_knob": {"type": "boolean"}}, Difference("wlan.new_knob", "missing", "a field", "nothing")),
    ("wlan", {"enabled": None}, Difference("wlan.enabled", "extra", "nothing", "a field")),
    ("wlan", {"isolation": {"type": "string"}}, Difference("wlan.isolation", "type", "string", "boolean")),
    (
        "wlan_auth",
        {"owe": {"type": "string", "enum": ["disabled", "enabled", "sometimes"]}},
        Difference("wlan.auth.owe", "enum", "sometimes", "required"),
    ),
    (
        "wlan",
        {"max_idletime": {"type": "integer", "minimum": 30, "maximum": 86400}},
        Difference("wlan.max_idletime", "minimum", "30", "60"),
    ),
    (
        "site",
        {"sitegroup_ids": {"type": "array", "items": {"type": "integer"}}},
        Difference("site.sitegroups[]", "type", "integer", "string"),
    ),
    (
        "template_applies",
        {"site_ids": {"type": "string"}},
        Difference("wlantemplate.applies.sites", "type", "string", "array"),
    ),
]
"""A schema of the document, what changes in it, and what that makes different."""


def test_every_change_of_the_document_shows_and_nothing_else(document: dict[str, Any]) -> None:
    changed = copy.deepcopy(document)
    for name, change, _ in CHANGES:
        properties = schema(changed, name)["properties"]
        for field, value in change.items():
            if value is None:
                del properties[field]
            else:
                properties[field] = value
    found, expected = audit(changed), [difference for *_, difference in CHANGES]
    assert set(expected) <= set(found)
    # A schema that stands in others shows there as well.
    assert {(item.what, item.document, item.models) for item in found} == {
        (item.what, item.document, item.models) for item in expected
    }
    assert all(item.path in str(item) for item in found)


def test_a_known_difference_that_is_none_any_more_is_told() -> None:
    entry = Known("wlan.gone", "extra", "for a test")
    [*_, last] = [item for item in audit({}, known=(entry,)) if item.what == "stale"]
    assert last == Difference("wlan.gone", "stale", "no such difference", "a known one (extra)")


def test_a_document_without_a_schema_says_so_for_each_kind() -> None:
    found = differences({})
    assert Difference("wlan", "missing", "nothing called wlan", "a kind") in found
    assert len(found) == sum(kind.fields is not None for kind in kinds())


def test_a_star_in_a_known_path_stands_for_any_text() -> None:
    known = Known("*.rules[].x*", "type", "for a test")
    assert known.explains(Difference("setting.rules[].xy", "type", "", ""))
    assert not known.explains(Difference("setting.rules[].y", "type", "", ""))
    assert not known.explains(Difference("setting.rules[].xy", "enum", "", ""))


def test_null_does_not_count_and_references_are_followed() -> None:
    small = {
        "components": {
            "schemas": {
                "sitegroup": {"type": "object", "properties": {"name": {"$ref": "#/components/schemas/label"}}},
                "label": {"anyOf": [{"type": "string", "minLength": 1}, {"type": "null"}]},
            }
        }
    }
    assert not [item for item in differences(small) if item.path.startswith("sitegroup")]
