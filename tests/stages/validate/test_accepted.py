"""What is empty and what is a number: accepted however it is written, and in the form in which it is sent."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.diagnostics import Severity
from reconciler.kinds import kinds
from reconciler.kinds.kind import Kind
from reconciler.model.shape import Shape
from reconciler.model.values import YamlList, YamlMap
from tests.stages.validate.support import found, validated

SITE = "sites:\n  - name: A\n    country_code: FR\n    timezone: UTC\n    "


def body(text: str, address: str = "site.A") -> dict[str, Any]:
    inventory = validated(text)
    assert [item for item in inventory.diagnostics if item.severity is Severity.ERROR] == []
    return next(item.body for item in inventory.resources if str(item.address) == address)


@pytest.mark.parametrize(
    ("written", "number"),
    [("47.1000", 47.1), ("2.50", 2.5), ("1e1", 10.0), ("+7", 7), ("007", 7), ("0.000061", 6.1e-05)],
)
def test_every_yaml_number_is_one_where_a_number_is_wanted(written: str, number: float) -> None:
    text = f"{SITE}latlng: {{lat: {written}, lng: 0}}\n"
    assert found(text) == []
    assert body(text)["latlng"] == {"lat": number, "lng": 0}


def test_what_looks_like_a_number_stays_text_where_text_is_wanted() -> None:
    text = f"{SITE}address: 0012\n    notes: 485073e01234\n    setting: {{vars: {{a: 007}}}}\n"
    assert (body(text)["address"], body(text)["notes"]) == ("0012", "485073e01234")
    assert body(text, "site.A/setting") == {"vars": {"a": "007"}}


def test_a_whole_number_may_be_written_with_a_point() -> None:
    value = body(f"{SITE}wlans: [{{ssid: L, auth: {{type: open}}, max_idletime: 1800.0}}]\n", "site.A/wlan.L")[
        "max_idletime"
    ]
    assert (value, type(value)) == (1800, int)


@pytest.mark.parametrize(("written", "value"), [('"1800"', 1800), ('"1800.0"', 1800)])
def test_a_number_in_quotes_is_read_as_one_with_a_warning(written: str, value: int) -> None:
    text = f"{SITE}wlans: [{{ssid: L, auth: {{type: open}}, max_idletime: {written}}}]\n"
    assert body(text, "site.A/wlan.L")["max_idletime"] == value
    (warning,) = found(text, rule="wrong-type")
    assert warning.severity is Severity.WARNING
    assert "Remove the quotes" in warning.detail


def test_true_in_quotes_is_read_as_true_with_a_warning_and_yes_is_refused() -> None:
    text = f"{SITE}wlans: [{{ssid: L, auth: {{type: open}}, hide_ssid: 'true'}}]\n"
    assert body(text, "site.A/wlan.L")["hide_ssid"] is True
    assert [item.severity for item in found(text, rule="wrong-type")] == [Severity.WARNING]
    assert [item.severity for item in found(text.replace("true", "yes"), rule="wrong-type")] == [Severity.ERROR]


def test_nulls_in_a_list_are_no_elements() -> None:
    assert body(f"{SITE}sitegroups: [null]\n")["sitegroups"] == []
    text = f"sitegroups: [{{name: x}}]\n{SITE}sitegroups: [null, x, null]\n"
    assert body(text)["sitegroups"] == ["x"]


EMPTY = ["''", "[]", "{}", "null", "[null]", "~", "[null, null]"]


@pytest.mark.parametrize("empty", EMPTY)
@pytest.mark.parametrize(
    "field",
    [
        "latlng: {}",
        "latlng: {{lat: {}}}",
        "notes: {}",
        "sitegroups: {}",
        "alarmtemplate: {}",
        "setting: {{networks: {{old: {}}}}}",
        "setting: {{networks: {{old: {{subnet: {}}}}}}}",
        "setting: {{auto_upgrade: {{day_of_week: {}, version: {}}}}}",
        "setting: {{port_usages: {{a: {{mode: {}, networks: {}}}}}}}",
        "setting: {{acl_policies: {}}}",
        "wlans: [{{ssid: L, auth: {{type: open, psk: {}}}, vlan_id: {}, coa_servers: [{{ip: 10.0.0.1, port: {}}}]}}]",
        "wlans: [{{ssid: L, auth: {{type: open}}, portal: {{external_portal_url: {}, sso_idp_sso_url: {}}}}}]",
        "wlans: [{{ssid: L, auth: {{type: open}}, bonjour: {{additional_vlan_ids: {}}}, hide_ssid: {}}}]",
    ],
)
def test_what_is_empty_clears_its_field_and_is_never_an_error(field: str, empty: str) -> None:
    text = f"{SITE}{field.replace('{}', empty).replace('{{', '{').replace('}}', '}')}\n"
    assert [item for item in found(text) if item.severity is Severity.ERROR] == []


def every_field(shape: Shape, path: tuple[str | int, ...] = (), depth: int = 0) -> list[tuple[str | int, ...]]:
    """Paths to every field of a shape, maps and lists with one entry each."""
    paths = []
    for step, below in [*shape.fields.items(), *([("k", shape.values)] if shape.values and not shape.fields else [])]:
        paths.append((*path, step))
        if depth < 5:
            paths += every_field(below, (*path, step), depth + 1)
    return paths


KINDS = [kind for kind in kinds() if kind.model and not kind.composed_only and not kind.lookup_only]
PLACES = [(kind, path) for kind in KINDS for path in every_field(kind.shape)]
NEEDED = {("site", "name"), ("wlan", "ssid"), ("webhook", "name")}


def holding(kind: Kind, path: tuple[str | int, ...], value: Any) -> YamlMap:
    """A body with a value at a path."""
    shapes = [kind.shape]
    for step in path:
        shapes.append(shapes[-1].below(step))
    for at in range(len(path) - 1, -1, -1):
        holder = shapes[at]
        listed = not holder.fields and holder.values is not None and path[at] == "k" and holder.list_as != "ordered"
        value = YamlList([value]) if listed else YamlMap({str(path[at]): value})
    return value


@settings(max_examples=300, deadline=None)
@given(place=st.sampled_from(PLACES), value=st.sampled_from(["", None, (), (None,), "{}"]))
def test_the_models_of_all_kinds_take_an_empty_value_everywhere(place: Any, value: Any) -> None:
    from reconciler.stages.validate.accepted import accepted
    from reconciler.stages.validate.fields import field_findings, model_errors, refused_paths

    kind, path = place
    empty = YamlList(value) if isinstance(value, tuple) else YamlMap() if value == "{}" else value
    body = holding(kind, path, empty)
    for _ in range(3):
        body = accepted(body, refused_paths(model_errors(kind, body), body))
    found = [item for item in field_findings(model_errors(kind, body), kind, body, kinds()) if item.path == path]
    assert [item for item in found if item.rule != "missing-key"] == []
