"""Conditional rules of switches and of their profiles: those of all switch configuration.

A switch is configured by its site's network template, the site's setting, its profile and its own fields; a network
or a port usage may be defined in any of them.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from reconciler.kinds.kind import Context, Violation
from reconciler.kinds.shared.checks import Body, given
from reconciler.kinds.shared.switch_rules import Layers, check_switch, configures_switches, setting_layers
from reconciler.model.address import Address
from reconciler.model.resource import Resource


def check_device(resource: Resource, body: Body, context: Context) -> Iterator[Violation]:
    """Switch rules over the switch's own fields and all layers below them."""
    if not configures_switches(body):
        return
    site = context.parent_of(resource)
    setting = context.resources.get(f"{resource.parent}/setting")
    below = setting_layers(setting.body if setting else {}, site.body if site else None, context)
    profile, known = _profile(body, context)
    layers = Layers(bodies=(body, profile, *below.bodies), complete=below.complete and known)
    yield from check_switch(body, layers, context)


def check_profile(_resource: Resource, body: Body, context: Context) -> Iterator[Violation]:
    """Switch rules over a profile alone: where its switches are is not known here."""
    if configures_switches(body):
        yield from check_switch(body, Layers(bodies=(body,), complete=False), context)


def _profile(body: Body, context: Context) -> tuple[Mapping[str, Any], bool]:
    """The profile that a switch names, and whether the inventory has it."""
    name = body.get("deviceprofile")
    if not given(name):
        return {}, True
    found = context.resources.get(Address.of("deviceprofile_switch", str(name)).text)
    return (found.body, True) if found else ({}, False)
