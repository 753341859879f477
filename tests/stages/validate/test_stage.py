"""What `validate` promises as a whole: nothing raises, everything has a place, bodies come out complete and sealed."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from reconciler.diagnostics import Diagnostic, Severity, SourceRange, has_errors
from reconciler.kinds import Endpoint, Kind, Kinds, Violation, kinds
from reconciler.kinds.shared.base import Model
from reconciler.kinds.shared.rules import RULES
from reconciler.model.address import Address
from reconciler.model.inventory import Inventory
from reconciler.model.project import Project
from reconciler.model.resource import Resource
from reconciler.model.values import Secret, SecretRef, YamlList, YamlMap
from reconciler.report.diagnostics import validate_lines
from reconciler.report.format import Findings
from reconciler.report.lines import as_text
from reconciler.stages.compose import compose
from reconciler.stages.load import load
from reconciler.stages.validate import validate
from tests.stages.validate.support import SECRETS, Files, composed, found, validated

MARK = ("a.yaml", 3, 5)
ALL = tuple(kind for kind in kinds() if not kind.lookup_only)
WORDS = sorted({name for kind in ALL for name in kind.shape.fields} | {"raw", "port_config", "rules", "src_tags", "x"})


def marked(value: Any) -> Any:
    """The same tree with a mark at every place."""
    if isinstance(value, dict):
        items = {key: marked(item) for key, item in value.items()}
        return YamlMap(items, marks=dict.fromkeys(value, MARK), mark=MARK)
    if isinstance(value, list):
        return YamlList([marked(item) for item in value], marks=[MARK] * len(value), mark=MARK)
    return value


def one(kind: str, body: dict[str, Any], *, parent: Address | None = None) -> Resource:
    """A resource as compose would make it."""
    entry = kinds()[kind]
    key = None if entry.singleton else str(body.get(entry.key, "x"))
    address = Address.of(kind, key, parent=parent)
    return Resource(address=address, kind=kind, body=marked(body), key=key, parent=parent, source=SourceRange(*MARK))


def checked(*resources: Resource, among: Kinds | None = None) -> Inventory:
    return validate(Inventory(project=Project(version=1), resources=resources), among or kinds())


def details(reported: list[Diagnostic]) -> list[str]:
    return [item.detail for item in reported]


LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 5000),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(
        ["any", "psk", "eap", "dynamic", "ge-0/0/1-3", "{{corp}}", "default", "10.0.0.0/8", "", "x", "-", "9-1"]
    ),
    st.text(max_size=5),
    st.builds(lambda: Secret("canary-1234", origin="env:X")),
    st.builds(lambda: SecretRef("env", "X", mark=MARK)),
)
TREES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(WORDS) | st.text(max_size=3), inner, max_size=4)
    ),
    max_leaves=12,
)


@st.composite
def bodies(draw: st.DrawFn, kind: Kind) -> dict[str, Any]:
    """Any tree below fields that mostly exist, so that every rule has something to trip over."""
    return draw(st.dictionaries(st.sampled_from([*kind.shape.fields, "raw", "typo"]), TREES, max_size=5))


@pytest.mark.parametrize("kind", ALL, ids=[kind.name for kind in ALL])
@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_no_tree_that_yaml_can_hold_makes_validate_raise(kind: Kind, data: st.DataObject) -> None:
    parent = kind.endpoints[0].parent if kind.endpoints else None
    holder = one(parent, {"name": "P"}) if parent else None
    resource = one(kind.name, data.draw(bodies(kind)), parent=holder.address if holder else None)
    out = checked(*filter(None, [holder]), resource)
    for item in out.diagnostics:
        assert item.rule in RULES
        assert item.source is not None
        assert "canary" not in item.detail + item.summary
    assert out.diagnostics == checked(*filter(None, [holder]), resource).diagnostics


def test_a_body_without_anything_special_passes_as_it_is() -> None:
    before = composed("sites: [{name: A, sitegroups: null}]")
    assert validate(before, kinds()).resources[0] is before.resources[0]


def test_raw_fields_are_merged_deeply_and_keep_their_places() -> None:
    text = (
        "sites:\n- name: A\n  setting:\n    rogue: {enabled: true}\n"
        "    raw:\n      zzz: 1\n      rogue:\n        new_in_cloud: [1]\n"
    )
    out = validated(text)
    setting = next(item for item in out.resources if item.kind == "setting")
    assert setting.body == {"rogue": {"enabled": True, "new_in_cloud": [1]}, "zzz": 1}
    assert setting.body.marks["zzz"] == ("inventory.yaml", 6, 7)
    assert setting.body["rogue"].marks["new_in_cloud"] == ("inventory.yaml", 8, 9)
    assert not out.diagnostics


def test_a_known_field_under_raw_is_one_error_and_not_missing_too() -> None:
    (error,) = found("webhooks: [{name: a, topics: [alarms], raw: {url: 'https://a.example.net'}}]")
    assert error.rule == "raw-known-field"


def test_plain_secrets_are_sealed_wherever_they_stand() -> None:
    wlan_text = "{ssid: L, auth: {type: wep, keys: ['0123456789', '']}, auth_servers: [{host: a, secret: s3}]}"
    text = f"sites: [{{name: A, wlans: [{wlan_text}]}}]"
    wlan = next(item for item in validated(text).resources if item.kind == "wlan")
    assert wlan.body["auth"]["keys"] == [Secret("0123456789", origin="plain"), ""]
    assert wlan.body["auth"]["keys"].marks
    assert wlan.body["auth_servers"][0]["secret"] == Secret("s3", origin="plain")
    assert wlan.body["auth_servers"][0]["host"] == "a"


def test_a_secret_that_is_a_site_variable_is_sealed_without_a_warning() -> None:
    text = (
        "sites: [{name: A, setting: {vars: {v: !secret env:PSK}}, wlans: [{ssid: L, auth: {type: psk, psk: '{{v}}'}}]}]"
    )
    out = validated(text)
    assert next(item for item in out.resources if item.kind == "wlan").body["auth"]["psk"] == Secret(
        "{{v}}", origin="x"
    )
    assert not out.diagnostics


def test_secrets_of_the_environment_stay_and_are_never_quoted() -> None:
    fields = "type: !secret env:HOOK, url: !secret env:HOOK, verify_cert: !secret env:PSK"
    text = f"webhooks: [{{name: a, topics: [alarms], {fields}}}]"
    out = validated(text)
    assert has_errors(out.diagnostics)
    assert out.resources[0].body["url"].origin == "env:HOOK"
    shown = "".join(map(str, out.diagnostics)) + repr(out)
    assert not any(value in shown for value in SECRETS.values())


def test_a_check_of_the_model_that_quotes_a_secret_is_silenced() -> None:
    from pydantic import field_validator

    class Loud(Model):
        name: str
        word: str | None = None

        @field_validator("word")
        @classmethod
        def _quote(cls, value: str) -> str:
            raise ValueError(f"{value} is not nice")

    loud = Kind(name="loud", plural="louds", title="loud", endpoints=(Endpoint(item="x", collection="y"),), fields=Loud)
    body = {"name": "a", "word": Secret("canary-1", origin="env:A")}
    out = checked(Resource(address=Address("loud.a"), kind="loud", body=marked(body), key="a"), among=Kinds([loud]))
    assert details(list(out.diagnostics)) == [
        "`word` does not fit here. It comes from a secret, so that no more can be said."
    ]
    plain = {"name": "a", "word": "this"}
    out = checked(Resource(address=Address("loud.a"), kind="loud", body=marked(plain), key="a"), among=Kinds([loud]))
    assert details(list(out.diagnostics)) == ["`word`: this is not nice."]


def test_a_rule_that_quotes_a_secret_is_silenced() -> None:
    reported = found("webhooks: [{name: a, url: 'https://a.example.net', topics: [!secret env:PSK]}]")
    assert details(reported) == ["`topics[0]` does not fit here. It comes from a secret, so that no more can be said."]


def test_an_unresolved_secret_is_taken_as_valid() -> None:
    reported = found("sites: [{name: A, wlans: [{ssid: L, auth: {type: psk, psk: !secret env:GONE}}]}]")
    assert {item.rule for item in reported} == {"missing-secret"}


def test_all_errors_of_all_objects_come_at_once_and_in_order() -> None:
    text = """
sites:
  - name: A
    zone: 1
    latlng: {lat: x, lng: 500}
    wlans:
      - {ssid: L, auth: {type: pks}, hide_ssid: 1}
  - name: B
    networktemplate: none
"""
    reported = found(text)
    assert [item.source.line for item in reported if item.source] == sorted(
        item.source.line for item in reported if item.source
    )
    assert {item.rule for item in reported} >= {"unknown-key", "bad-value", "out-of-range", "bad-enum", "wrong-type"}
    assert len([item for item in reported if item.severity is Severity.ERROR]) == 6


def test_a_field_that_the_model_refused_is_not_judged_again() -> None:
    reported = found("webhooks: [{name: a, url: 'https://a.example.net', topics: zone}]")
    assert [item.rule for item in reported] == ["wrong-type"]


def test_an_error_in_a_profile_is_told_once_for_all_its_objects() -> None:
    project = "defaults: {wlans: {dtim: many}}\n"
    reported = found("sites: [{name: A, wlans: [{ssid: x}, {ssid: y}, {ssid: z}]}]", project, rule="wrong-type")
    assert details(reported) == ["`dtim` must be a whole number, not a text. (So in 2 more objects.)"]
    assert reported[0].source == SourceRange("reconciler.yaml", 2, 20)


def test_an_error_in_a_shared_tag_is_told_where_the_tag_stands() -> None:
    text = (
        "acl_tags: [{name: t, type: mac}]\n"
        "networktemplates:\n- name: n\n"
        "  acl_policies: [{name: p, src_tags: [t], actions: [{dst_tag: any, action: deny}]}]\n"
    )
    reported = found(text, rule="acl-required-field")
    assert [item.address for item in reported] == ["acl_tag.t"]


def test_kinds_that_nobody_knows_pass_untouched() -> None:
    stranger = Resource(address=Address("gizmo.a"), kind="gizmo", body=YamlMap({"a": None}), key="a")
    out = checked(stranger)
    assert out.resources == (stranger,)
    assert not out.diagnostics


def test_a_rule_of_a_kind_sees_neighbours_and_parent() -> None:
    seen: list[object] = []

    def look(resource: Resource, body: Any, context: Any) -> list[Violation]:
        seen.append((context.parent_of(resource), len(context.children("thing", None)), dict(body)))
        return []

    thing = Kind(
        name="thing", plural="things", title="thing", endpoints=(Endpoint(item="x", collection="y"),), check=look
    )
    secret = Resource(
        address=Address("thing.a"),
        kind="thing",
        body=marked({"a": None, "b": [Secret("x", origin="env:X"), None]}),
        key="a",
    )
    checked(secret, among=Kinds([thing]))
    assert seen == [(None, 1, {"b": ["x", None]})]


def test_two_settings_of_one_site_are_refused() -> None:
    reported = found("sites: [{name: A, setting: {led: {enabled: true}}}]\nsettings: [{site: A, report_gatt: true}]")
    assert [item.rule for item in reported] == ["duplicate-object"]
    assert "is written once per parent" in reported[0].detail


def test_a_reference_finds_its_own_site_first_then_the_organisation() -> None:
    text = """
wxtags: [{name: everywhere, type: vlan, vlan_id: 5}]
sites:
  - name: A
    wxtags: [{name: here, type: vlan, vlan_id: 6}]
    wlans: [{ssid: L, wxtags: [here, everywhere]}]
  - name: B
    wxtags: [{name: there, type: vlan, vlan_id: 6}, {name: there2, type: vlan, vlan_id: 6}]
    wlans: [{ssid: L, wxtags: [nowhere]}]
"""
    reported = found(text, rule="unknown-reference")
    assert [(item.rule, item.address) for item in reported] == [("unknown-reference", "site.B/wlan.L")]


def test_the_place_of_an_object_without_marks_is_where_it_is_declared() -> None:
    bare = Resource(
        address=Address("site.A"),
        kind="site",
        body=YamlMap({"name": "A", "typo": 1}),
        key="A",
        source=SourceRange(*MARK),
    )
    assert checked(bare).diagnostics[0].source == SourceRange(*MARK)
    nowhere = Resource(address=Address("site.A"), kind="site", body=YamlMap({"name": "A"}), key="A")
    assert "an unknown place" in checked(nowhere, nowhere).diagnostics[0].detail


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14]", "3 more"),
        ("[1]", "`1`"),
    ],
)
def test_long_lists_of_names_are_cut(text: str, expected: str) -> None:
    from reconciler.kinds.shared.checks import any_of

    assert expected in any_of(text.strip("[]").split(", "))


def test_many_unknown_names_are_all_told_and_the_first_of_them_get_a_suggestion() -> None:
    sites = "".join(f"- name: Branch-{number}\n" for number in range(150))
    wlans = "".join(f"- {{site: Brnach-{number}, ssid: Lab, auth: {{type: eap}}}}\n" for number in range(150))
    told = [item.detail for item in found(f"sites:\n{sites}wlans:\n{wlans}", rule="unknown-parent")]
    assert len(told) == 150
    assert sum("Did you mean `Branch-" in detail for detail in told) == 100


DEFAULTS = """
networktemplates:
  - name: campus
    port_usages:
      a: {mode: trunk, enable_mac_auth: false, mac_auth_protocol: eap-md5, reauth_interval: "3600"}
      b: {mode: dynamic, speed: auto, poe_disabled: false}
"""


def test_a_value_that_equals_its_default_is_no_finding() -> None:
    assert [item.detail for item in found(DEFAULTS) if item.rule == "switch-no-effect"] == []
    other = DEFAULTS.replace("3600", "3601").replace("eap-md5", "pap")
    assert len(found(other, rule="switch-no-effect")) == 2


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            "wlantemplates: [{name: t, applies: {sites: [A]}, wlans: [{ssid: L, type: open}]}]",
            "Write `auth.type` instead.",
        ),
        ("networktemplates: [{name: c, stp_config: {}}]", "`stp_config` is not a field here. If the cloud knows it"),
        ("networktemplates: [{name: c, snpm_config: {}}]", "Did you mean `snmp_config`?"),
    ],
)
def test_a_hint_is_about_the_field_that_was_probably_meant(text: str, says: str) -> None:
    details = [item.detail for item in found(text, rule="unknown-key")]
    assert any(says in detail for detail in details), details


def test_a_name_of_a_megabyte_is_a_short_finding() -> None:
    (error,) = found(f"sitegroups: [{{name: {'x' * 1_000_000}}}]")
    assert error.rule == "bad-name"
    assert "1,000,000 characters" in error.detail
    assert len(error.detail) < 200


OPEN = "sites: [{name: A, wlans: [{ssid: L, auth: {type: open}, vlan_enabled: true, vlan_id: '%s'}]}]"
PORTS = "networktemplates: [{name: c, switch_matching: {rules: [{name: a, port_config: {%s: {usage: ap}}}]}}]"
HOOK = "webhooks: [{name: a, topics: [alarms], url: '%s'}]"


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        (OPEN % "١٢", "bad-value"),
        (OPEN % "१२", "bad-value"),
        (OPEN % "12", None),
        (HOOK % "https://[::1", "bad-value"),
        (HOOK % "https://h.example.net:99999999/x", "bad-value"),
        (HOOK % "https://h.example.net:0/x", "bad-value"),
        (HOOK % "https://:443/", "bad-value"),
        (HOOK % "https://[::1]:8443/x", None),
        (HOOK % "https://{{host}}:99999999/x", None),
        (PORTS % "ge-0/0/0-999999999", "switch-port-range"),
        (PORTS % "ge-0/0/1٢", "switch-port-range"),
        (PORTS % "ge-0/0/0-47", None),
    ],
)
def test_what_no_machine_can_read_is_an_error(text: str, rule: str | None) -> None:
    errors = [item.rule for item in found(text) if item.severity is Severity.ERROR]
    assert errors == ([rule] if rule else [])


HELD = [
    "rftemplates: [{name: r, band_5: {power_min: 0, power_max: 0}, band_24: {power_min: 0, power_max: 18}}]",
    "rftemplates: [{name: r, band_5: {power_min: 18, power_max: 18}}]",
    PORTS % "'*'",
    PORTS.replace("usage: ap", "usage: esilag") % "ge-0/0/1",
    PORTS.replace("usage: ap", "usage: inet") % "ge-0/0/1",
    "sites: [{name: A, setting: {flags: {a: 1, b: true, c: x}, ble_config: {ibeacon_enabled: true}}}]",
    "wxtags: [{name: a, type: match, match: radius_vendor, values: ['14179.10=1']}]",
]


@pytest.mark.parametrize("text", HELD)
def test_what_the_cloud_takes_is_no_error(text: str) -> None:
    assert [item.detail for item in found(text) if item.severity is Severity.ERROR] == []


def test_what_a_broken_file_may_declare_is_not_called_unknown() -> None:
    """One finding for one cause: the names are counted, and told as unchecked where the cause is."""
    sites = "sites:\n" + "".join(f"  - {{name: S{at}, networktemplate: campus}}\n" for at in range(3))
    files = {"reconciler.yaml": "version: 1\n", "a.yaml": "networktemplates:\n\t- name: campus\n", "b.yaml": sites}

    def rules_of(changed: dict[str, str]) -> list[tuple[str, str]]:
        inventory = compose(load(Files({**files, **changed})), kinds=kinds(), secrets=lambda _project: str)
        found = validate(inventory, kinds()).diagnostics
        return [(item.rule, item.source.file) for item in found if item.source and item.rule != "site-incomplete"]

    assert rules_of({}) == [("names-unchecked", "a.yaml"), ("yaml-tab", "a.yaml")]
    assert rules_of({"reconciler.yaml": "version: 1\norg {id\n", "a.yaml": ""}) == [
        ("names-unchecked", "reconciler.yaml"),
        ("yaml-syntax", "reconciler.yaml"),
    ]
    assert {rule for rule, _ in rules_of({"a.yaml": ""})} == {"unknown-reference"}


def test_a_name_as_long_as_a_file_is_not_repeated_by_the_report() -> None:
    diagnostics = found(f"sites:\n  - name: {'x' * 100_000}\n    zz: 1\n")
    checked = Findings(diagnostics=diagnostics, resources=1, files=1, made=datetime(2026, 1, 1, tzinfo=UTC))
    assert len(as_text(validate_lines(checked))) < 5_000


def test_of_thousands_of_findings_the_first_are_shown_and_the_rest_counted() -> None:
    fields = "".join(f"    zz{at}: 1\n" for at in range(3000))
    diagnostics = found(f"sites:\n  - name: A\n{fields}")
    assert sum(item.rule == "unknown-key" for item in diagnostics) == 3000
    checked = Findings(diagnostics=diagnostics, resources=1, files=1, made=datetime(2026, 1, 1, tzinfo=UTC))
    shown = as_text(validate_lines(checked))
    assert len(shown) < 20_000
    assert shown.count("error[unknown-key]") == 50
    assert "... 2,950 more of unknown-key (`validate --verbose` shows all)" in shown
    assert "Invalid: 3,000 errors" in shown
    assert as_text(validate_lines(replace(checked, verbose=True))).count("error[unknown-key]") == 3000
