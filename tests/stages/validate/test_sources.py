"""What any of the vendor's sources takes is taken: a warning where they differ, an error only where all refuse."""

import pytest
import yaml

from reconciler.diagnostics import Severity
from reconciler.kinds import kinds
from reconciler.kinds.sources import SOURCES, lines
from reconciler.schema.audit import contradictions
from tests.stages.validate.support import found

ORG, SITE = (
    "{kind}: [{{name: a, {field}}}]",
    "sites: [{{name: a, country_code: FR, timezone: UTC, setting: {{{field}}}}}]",
)
TAKEN = [
    ("nactags", "type: match, values: [x], match: gbp_tag"),
    ("nactags", "type: match, values: [x], match: edr_status"),
    ("nacportals", "portal: {max_num_devices: 3}"),
    ("services", "type: custom, failover_policy: revertable"),
    ("gatewaytemplates", "type: hub"),
    ("gatewaytemplates", "networks: {corp: {vlan_id: 7}}"),
    ("networktemplates", "optic_port_config: {xe-0/0/0: {speed: 10g, channelized: true}}"),
    ("networktemplates", "rogue: {enabled: true}"),
    ("rftemplates", "antenna_select: external"),
    ("setting", "radio_config: {model_specific: {AP45: {band_5: {power: 5}}}}"),
    ("setting", "ospf_areas: {a: {networks: {n: {bfd_multiplier: 3}}}}"),
    ("setting", "extra_routes: {10.0.0.0/8: {via: 192.0.2.1, metric: 4294967295}}"),
    ("setting", "ble_config: {power: 10}"),
    ("setting", "mxtunnel: {ap_subnets: 10.0.0.0/8, vlan_ids: [7-9]}"),
    ("setting", "remote_syslog: {servers: [{host: h, facility: kern, severity: crit, enable_tls: true}]}"),
    ("setting", "switch_matching: {enabled: true}"),
    ("setting", "mxedge: {radsec: {additional_radsecs: {a: {enabled: true}}}}"),
]
REFUSED = [
    ("nactags", "type: match, values: [x], match: colour", "bad-enum"),
    ("setting", "extra_routes: {10.0.0.0/8: {via: 192.0.2.1, metric: 4294967296}}", "out-of-range"),
    ("setting", "ble_config: {power: 11}", "out-of-range"),
    ("setting", "sle_thresholds: {coverage: [72]}", "wrong-type"),
    ("setting", "mxtunnel: {ap_subnetz: [10.0.0.0/8]}", "unknown-key"),
]


def said(kind: str, field: str) -> list[tuple[str, Severity]]:
    text = SITE.format(field=field) if kind == "setting" else ORG.format(kind=kind, field=field)
    return [(item.rule, item.severity) for item in found(text)]


@pytest.mark.parametrize(("kind", "field"), TAKEN)
def test_what_one_source_takes_is_taken_with_a_warning(kind: str, field: str) -> None:
    rules = said(kind, field)
    assert Severity.ERROR not in {severity for _, severity in rules}, rules
    assert "sources-differ" in {rule for rule, _ in rules} or "enable_tls" in field


@pytest.mark.parametrize(("kind", "field", "rule"), REFUSED)
def test_what_all_sources_refuse_is_an_error(kind: str, field: str, rule: str) -> None:
    assert (rule, Severity.ERROR) in said(kind, field)


@pytest.mark.parametrize("name", ["note", "notes"])
def test_of_two_spellings_either_is_taken_and_the_other_one_named(name: str) -> None:
    text = f"psks: [{{name: a, ssid: s, passphrase: !secret env:PSK, {name}: x}}]"
    [one] = [item for item in found(text) if item.rule == "sources-differ"]
    assert one.severity is Severity.WARNING
    assert f"`{'note' if name == 'notes' else 'notes'}`" in one.detail


def test_every_line_has_a_source_and_a_kind_and_still_contradicts_something() -> None:
    known = {kind.name for kind in kinds()}
    assert set(lines()) <= known
    assert {line.source for items in lines().values() for line in items} <= set(SOURCES)
    assert contradictions() == []


def test_a_line_that_contradicts_nothing_is_told() -> None:
    rows = yaml.safe_load("setting.ble_config.power: {source: page, most: 5}\nsite.name: page\n")
    assert [item.path for item in contradictions(rows)] == ["setting.ble_config.power", "site.name"]
