"""Conditional rules of site settings: those of all switch configuration, and of radios that beacon.

Facts: the vendor's OpenAPI document (`site_setting`, `ble_config`, `synthetictest_config`).
"""

from collections.abc import Iterator

from reconciler.kinds.kind import Context, Violation
from reconciler.kinds.shared.checks import Body, Needs, Table, When, as_map, check_needs
from reconciler.kinds.shared.rules import violation
from reconciler.kinds.shared.switch_layers import check_clash
from reconciler.kinds.shared.switch_rules import check_switch, configures_switches, setting_layers
from reconciler.model.resource import Resource

_NEED = "setting-required-field"

NEEDS = Table(
    Needs(
        rule=_NEED, at="ble_config", when=When(field="beacon_rate_mode", values=("custom",)), fields=("beacon_rate",)
    ),
    Needs(rule=_NEED, at="ble_config", when=When(field="power_mode", values=("custom",)), fields=("power",)),
    Needs(
        rule=_NEED,
        at="ble_config",
        when=When(field="custom_ble_packet_enabled", values=(True,)),
        fields=("custom_ble_packet_frame",),
    ),
    Needs(
        rule=_NEED,
        at="ble_config",
        when=When(field="eddystone_url_enabled", values=(True,)),
        fields=("eddystone_url_url",),
    ),
    Needs(
        rule=_NEED,
        at="ble_config",
        when=When(field="eddystone_uid_enabled", values=(True,)),
        fields=("eddystone_uid_instance", "eddystone_uid_namespace"),
    ),
)


def check_setting(resource: Resource, body: Body, context: Context) -> Iterator[Violation]:
    """Rules of the setting itself, then switch rules over it and the site's network template."""
    yield from check_needs(body, NEEDS)
    for name, value in as_map(body.get("vars")).items():
        if isinstance(value, str) and not value.strip():
            detail = f"`vars.{name}` is empty: {{{{{name}}}}} becomes nothing. Give it a value, or leave it out."
            yield violation("empty-variable", detail, ("vars", name))
    if configures_switches(body):
        site = context.parent_of(resource)
        layers = setting_layers(body, site.body if site else None, context)
        yield from check_switch(body, layers, context)
        yield from check_clash(body, layers.bodies[1:])
