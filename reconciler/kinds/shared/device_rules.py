"""Conditional rules of switches and of their profiles: those of all switch configuration, and of virtual chassis.

A switch is configured by its site's network template, the site's setting, its profile and its own fields; a network
or a port usage may be defined in any of them.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from reconciler.kinds.kind import Context, Violation
from reconciler.kinds.shared.checks import Body, as_list, as_map, given
from reconciler.kinds.shared.rules import violation
from reconciler.kinds.shared.switch_rules import Layers, check_switch, configures_switches, setting_layers
from reconciler.model.address import Address, plain_mac
from reconciler.model.resource import Resource


def check_device(resource: Resource, body: Body, context: Context) -> Iterator[Violation]:
    """Switch rules over the switch's own fields and all layers below them, and those of its virtual chassis."""
    yield from _check_members(resource, body, context)
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


def _check_members(resource: Resource, body: Body, context: Context) -> Iterator[Violation]:
    """The members of a virtual chassis are at its site, and members of no other one."""
    for at, mac in _members(body):
        path = ("virtual_chassis", "members", at, "mac")
        alone: Mapping[str, Resource] = context.once("switches by MAC", lambda: _by_mac(context))
        other = alone.get(mac)
        if other and other.parent != resource.parent:
            detail = (
                f"{mac} is declared as {other.address}, and the virtual chassis is at {resource.parent}: all members "
                "are at one site. Move one of the two."
            )
            yield violation("members-apart", detail, path)
        chassis: Mapping[str, Resource] = context.once("chassis by member", lambda: _by_member(context))
        first = chassis[mac]
        if first.address != resource.address:
            detail = f"{mac} is a member of {first.address} already, and a switch is a member of one. Remove one."
            yield violation("members-apart", detail, path)


def _members(body: Body) -> Iterator[tuple[int, str]]:
    """The MAC addresses of the members of a virtual chassis, with their places in the list."""
    for at, member in enumerate(as_list(as_map(body.get("virtual_chassis")).get("members"))):
        mac = as_map(member).get("mac")
        if isinstance(mac, str) and "{{" not in mac:
            yield at, plain_mac(mac)


def _switches(context: Context) -> Iterator[Resource]:
    return (item for item in context.resources.values() if item.kind == "switch")


def _by_mac(context: Context) -> Mapping[str, Resource]:
    return {item.key: item for item in _switches(context) if item.key}


def _by_member(context: Context) -> Mapping[str, Resource]:
    found: dict[str, Resource] = {}
    for item in _switches(context):
        for _, mac in _members(item.body):
            found.setdefault(mac, item)
    return found
