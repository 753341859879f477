"""Secrets by use: which texts hold one, which names stand for one, and what of them a plan shows."""

from typing import Any

import pytest

from reconciler.model.change import Plan
from reconciler.model.drift import Drift
from reconciler.model.hiding import names_secret, shown_text
from reconciler.model.values import Secret
from reconciler.report.json_report import drift_document, dump, plan_document
from reconciler.report.lines import as_text
from reconciler.report.markdown import plan_markdown
from reconciler.report.text import drift_text, plan_text
from tests.stages.validate.support import found, validated
from tests.world import World, declare, world

SITE = "22222222-0000-4000-8000-000000000001"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('set system root-authentication plain-text-password-value "canary x"', "plain-text-password-value (secret)"),
        ('set system root-authentication encrypted-password "$6$canary"', "encrypted-password (secret)"),
        ("set snmp community canary authorization read-only", "set snmp community (secret) authorization read-only"),
        ('set protocols bgp group x authentication-key "$9$canary"', "group x authentication-key (secret)"),
        ("set system radius-server 10.0.0.1 secret canary port 1812", "10.0.0.1 secret (secret) port 1812"),
        ('set system ntp authentication-key 1 type md5 value "canary"', "authentication-key 1 type md5 value (secret)"),
        ("set security ike policy p pre-shared-key ascii-text canary", "pre-shared-key ascii-text (secret)"),
        ("set protocols ospf area 0 interface x authentication md5 1 key canary", "md5 1 key (secret)"),
        (
            "delete snmp community canary\nset vlans v vlan-id 3",
            "delete snmp community (secret)\nset vlans v vlan-id 3",
        ),
        ('set interfaces ge-0/0/0 description "key west"', 'description "key west"'),
        ("set chassis alarm key", "set chassis alarm key"),
        ('set system radius-server 1.1.1.1 secret "{{RADIUS}}"', 'secret "{{RADIUS}}"'),
        ("$9$canary/x", "(secret)"),
        ("https://hooks.slack.com/services/T1/B2/canary", "https://hooks.slack.com/services/(secret)"),
        ("https://acme.webhook.office.com/webhookb2/canary", "https://acme.webhook.office.com/webhookb2/(secret)"),
        ("https://discord.com/api/webhooks/12/canary", "https://discord.com/api/webhooks/12/(secret)"),
        ("https://jane:canary@h.example.net/x?a=1", "https://jane:(secret)@h.example.net/x?a=1"),
        ("https://h.example.net/x?a=1&token=canary&b=2", "https://h.example.net/x?a=1&token=(secret)&b=2"),
        ("jane:canary@proxy.example.net:3128", "jane:(secret)@proxy.example.net:3128"),
        ("https://h.example.net/hooks/1", "https://h.example.net/hooks/1"),
        ("jane@example.net", "jane@example.net"),
        ("https://{{host}}/x", "https://{{host}}/x"),
    ],
)
def test_the_secret_part_of_a_text_is_hidden_and_the_rest_is_not(text: str, shown: str) -> None:
    assert shown in shown_text(text)
    assert "canary" not in shown_text(text)
    assert shown_text(shown_text(text)) == shown_text(text)


@pytest.mark.parametrize(
    "name",
    [
        "ROOT_PW",
        "GUEST_PSK",
        "psk_guest",
        "apiKey",
        "Authorization",
        "X-Api-Key",
        "password1",
        "radiusSecret",
        "ROOT_PASSWORD_2",
        "snmp_community",
    ],
)
def test_a_name_stands_for_a_secret(name: str) -> None:
    assert names_secret(name)


@pytest.mark.parametrize(
    "name",
    [
        "corp_vlan",
        "TURKEY",
        "keyboard",
        "key_vlan",
        "PSK_VLAN",
        "compass",
        "monkey",
        "token_url",
        "PASSWORD_LENGTH",
        "Content-Type",
    ],
)
def test_a_name_stands_for_no_secret(name: str) -> None:
    assert not names_secret(name)


def everything(plan: Plan) -> str:
    """A plan in all its formats."""
    drift = Drift(plan=plan)
    texts = [as_text(plan_text(plan, verbose=True)), as_text(drift_text(drift, verbose=True)), plan_markdown(plan)]
    return "\n".join([*texts, dump(plan_document(plan)), dump(drift_document(plan))])


def with_variables(live: str) -> World:
    site = {"id": SITE, "name": "Paris", "setting": {"vars": {"R1": live, "vlan": "7"}}}
    template = {"name": "campus", "switch_mgmt": {"root_password": "{{R1}}"}}
    return world(sites=[site], networktemplates=[template])


def test_a_variable_that_a_secret_field_uses_is_a_secret_on_both_sides() -> None:
    resources = (
        declare("networktemplate.campus", {"switch_mgmt": {"root_password": "{{R1}}"}}),
        declare("site.Paris"),
        declare("site.Paris/setting", {"vars": {"R1": "canary-new", "vlan": "8"}}),
    )
    plan = with_variables("canary-old").plan(*resources)
    shown = everything(plan)
    assert "canary" not in shown
    assert "vars.R1" in shown
    assert '"after": "8"' in shown


def test_a_variable_that_only_a_live_object_uses_is_a_secret_too() -> None:
    resources = (
        declare("networktemplate.campus", {"ntp_servers": ["10.0.0.1"]}),
        declare("site.Paris"),
        declare("site.Paris/setting", {"vars": {"R1": "canary-new"}}),
    )
    assert "canary" not in everything(with_variables("canary-old").plan(*resources))


def test_a_variable_that_is_named_like_a_secret_is_one() -> None:
    inventory = validated("sites: [{name: A, setting: {vars: {GUEST_PSK: canary, vlan: '7'}}}]")
    setting = next(item for item in inventory.resources if item.kind == "setting")
    assert setting.body["vars"] == {"GUEST_PSK": Secret("canary", origin="plain"), "vlan": "7"}


def test_a_variable_in_which_a_secret_one_is_pasted_is_sealed_where_it_stands_there() -> None:
    inventory = validated("sites: [{name: A, setting: {vars: {GUEST_PSK: canary, note: the canary sings, vlan: '7'}}}]")
    setting = next(item for item in inventory.resources if item.kind == "setting")
    assert setting.body["vars"]["note"] == Secret("the canary sings", origin="plain")
    assert setting.body["vars"]["note"].shown == "the (secret) sings"
    assert setting.body["vars"]["vlan"] == "7"


def test_a_variable_in_a_secret_part_of_a_line_is_a_secret() -> None:
    line = 'set system root-authentication plain-text-password-value "{{R1}}"'
    inventory = validated(
        f"networktemplates: [{{name: n, additional_config_cmds: ['{line}']}}]\n"
        "sites: [{name: A, networktemplate: n, setting: {vars: {R1: canary}}}]"
    )
    bodies = {item.kind: item.body for item in inventory.resources}
    assert bodies["setting"]["vars"]["R1"] == Secret("canary", origin="plain")
    assert bodies["networktemplate"]["additional_config_cmds"] == [line]


def test_a_plain_value_behind_a_secret_field_is_told_at_the_variable() -> None:
    wlans = "[{ssid: L, auth: {type: psk, psk: '{{v}}'}}]"
    text = f"sites:\n- name: A\n  setting:\n    vars:\n      v: canary\n  wlans: {wlans}\n"
    (told,) = found(text, rule="plain-secret")
    assert (told.source and told.source.line, "canary" in told.detail) == (5, False)


def test_the_reference_to_a_variable_is_shown() -> None:
    live = {"name": "campus", "switch_mgmt": {"root_password": "canary-old"}}
    resource = declare("networktemplate.campus", {"switch_mgmt": {"root_password": "{{ROOT_PW}}"}})
    shown = everything(world(networktemplates=[live]).plan(resource))
    assert "{{ROOT_PW}}" in shown
    assert "canary" not in shown


@pytest.mark.parametrize(
    ("old", "new", "seen"),
    [
        (
            {"url": "https://hooks.slack.com/services/T/B/canary-old"},
            {"url": "https://hooks.slack.com/services/T/B/canary-new"},
            "(secret)",
        ),
        (
            {"url": "https://h.example.net/a"},
            {"url": "https://jane:canary@h.example.net/b"},
            "https://jane:(secret)@h.example.net/b",
        ),
        ({"headers": {"X-Team": "canary-old"}}, {"headers": {"X-Team": "canary-new"}}, "headers.X-Team"),
        ({}, {"headers": {"Authorization": "Bearer canary"}}, "headers"),
    ],
)
def test_a_webhook_shows_where_it_sends_and_no_secret(old: dict[str, Any], new: dict[str, Any], seen: str) -> None:
    base = {"name": "w", "url": "https://h.example.net/", "topics": ["audits"]}
    plan = world(webhooks=[{**base, **old}]).plan(validated_resource("webhook", {**base, **new}))
    assert len(plan.changes) == 1
    assert seen in everything(plan)
    assert "canary" not in everything(plan)


def test_a_line_of_cli_is_shown_without_its_secret() -> None:
    live = {"name": "campus", "additional_config_cmds": ["set snmp community canary-old", "set vlans a vlan-id 3"]}
    new = ["set snmp community canary-new", "set vlans b vlan-id 4"]
    body = {"name": "campus", "additional_config_cmds": new}
    shown = everything(world(networktemplates=[live]).plan(validated_resource("networktemplate", body)))
    assert "set vlans b vlan-id 4" in shown
    assert "set snmp community (secret) (another one)" in shown
    assert "canary" not in shown


def validated_resource(kind: str, body: dict[str, Any]) -> Any:
    """A resource as the offline half makes it."""
    inventory = validated(dump({f"{kind}s": [body]}))
    return inventory.resources[0]
