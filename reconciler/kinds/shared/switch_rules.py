"""Conditional rules of switch configuration: networks, port usages, matching rules. One set of rules for network
templates and site settings, which hold the same roots; a name may be defined in either layer.

Facts: the vendor's OpenAPI document (`network_template`, `site_setting`, `switch_port_usage`, `junos_port_config`).
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from reconciler.kinds.kind import Context, Violation
from reconciler.kinds.shared.acl_rules import check_acls
from reconciler.kinds.shared.checks import (
    Body,
    Hints,
    Ignored,
    Needs,
    Table,
    When,
    as_list,
    as_map,
    check_ignored,
    check_needs,
    duplicates,
    each,
    given,
    is_literal,
    is_partial,
    path_text,
)
from reconciler.kinds.shared.match_rules import check_conditions
from reconciler.kinds.shared.rules import violation
from reconciler.kinds.shared.subnets import check_subnets
from reconciler.kinds.shared.switch_layers import check_defaults
from reconciler.model.address import Address
from reconciler.model.values import Path

NETWORK_NAMES: tuple[tuple[str, ...], ...] = tuple(
    tuple(pattern.split("."))
    for pattern in (
        "acl_tags.*.network",
        "dhcp_snooping.networks.[]",
        "dhcpd_config.{}",
        "ip_config.network",
        "local_port_config.*.port_network",
        "local_port_config.*.voip_network",
        "mist_nac.network",
        "ospf_areas.*.networks.{}",
        "oob_ip_config.network",
        "other_ip_configs.{}",
        "port_config.*.networks.[]",
        "port_config.*.port_network",
        "port_config_overwrite.*.port_network",
        "port_mirroring.*.input_networks_ingress.[]",
        "port_mirroring.*.output_network",
        "port_usages.*.dynamic_vlan_networks.[]",
        "port_usages.*.guest_network",
        "port_usages.*.networks.[]",
        "port_usages.*.port_network",
        "port_usages.*.server_fail_network",
        "port_usages.*.server_reject_network",
        "port_usages.*.voip_network",
        "radius_config.network",
        "remote_syslog.network",
        "snmp_config.network",
        "switch_matching.rules.[].ip_config.network",
        "switch_matching.rules.[].port_config.*.networks.[]",
        "switch_matching.rules.[].port_config.*.port_network",
        "switch_mgmt.radius.radius_config.network",
        "switch_mgmt.tacacs.network",
        "vrf_instances.*.networks.[]",
        "vrrp_groups.*.networks.{}",
        "vs_instance.*.networks.[]",
    )
)
"""Where a network is named."""

USAGE_NAMES: tuple[tuple[str, ...], ...] = tuple(
    tuple(pattern.split("."))
    for pattern in (
        "acl_tags.*.port_usage",
        "default_port_usage",
        "port_config.*.dynamic_usage",
        "port_config.*.usage",
        "port_usages.*.rules.[].usage",
        "switch_matching.rules.[].default_port_usage",
        "switch_matching.rules.[].port_config.*.dynamic_usage",
        "switch_matching.rules.[].port_config.*.usage",
    )
)
"""Where a port usage is named."""

IMPLICIT_NETWORKS = frozenset({"default", "enabled"})
"""`default` exists everywhere; `enabled` is a switch among the network names of `dhcpd_config`."""

SYSTEM_USAGES = frozenset(
    {"ap", "default", "disabled", "esilag", "evpn_downlink", "evpn_uplink", "inet", "iot", "uplink", "vlan_tunnel"}
)
"""Port usages that no object defines."""

_DYNAMIC = When(field="mode", values=("dynamic",))
_NEED, _OFF = "switch-required-field", "switch-no-effect"

NEEDS = Table(
    Needs(rule=_NEED, at="networks.*", when=When(field="isolation", values=(True,)), fields=("isolation_vlan_id",)),
    Needs(
        rule=_NEED, at="ospf_areas.*.networks.*", when=When(field="auth_type", values=("md5",)), fields=("auth_keys",)
    ),
    Needs(
        rule=_NEED,
        at="ospf_areas.*.networks.*",
        when=When(field="auth_type", values=("password",)),
        fields=("auth_password",),
    ),
    Needs(
        rule=_NEED,
        at="switch_matching.rules.[].port_config.*",
        when=When(field="usage", values=("vlan_tunnel",)),
        fields=("port_network",),
    ),
    Needs(
        rule=_NEED,
        at="snmp_config.v3_config.usm.[]",
        when=When(field="engine_type", values=("remote_engine",)),
        fields=("remote_engine_id",),
    ),
    Needs(
        rule=_NEED,
        at="snmp_config.v3_config.usm.[].users.[]",
        when=When(field="authentication_type", values=("authentication-none",), other=True),
        fields=("authentication_password",),
    ),
    Needs(
        rule=_NEED,
        at="snmp_config.v3_config.usm.[].users.[]",
        when=When(field="encryption_type", values=("privacy-none",), other=True),
        fields=("encryption_password",),
    ),
)

_NO_DOT1X = When(field="port_auth", values=("dot1x",), other=True, default="none")
IGNORED = Table(
    Ignored(
        rule=_OFF,
        at="port_usages.*",
        when=_DYNAMIC,
        fields=("all_networks", "networks", "poe_disabled", "port_auth", "port_network", "speed", "voip_network"),
    ),
    Ignored(
        rule=_OFF,
        at="port_usages.*",
        when=When(field="mode", values=("dynamic",), other=True),
        fields=("reset_default_when", "rules"),
    ),
    Ignored(
        rule=_OFF,
        at="port_usages.*",
        when=When(field="mode", values=("access",)),
        fields=("all_networks", "networks"),
    ),
    Ignored(
        rule=_OFF,
        at="port_usages.*",
        when=_NO_DOT1X,
        fields=(
            "bypass_auth_when_server_down",
            "bypass_auth_when_server_down_for_unknown_client",
            "dynamic_vlan_networks",
            "enable_mac_auth",
            "guest_network",
            "reauth_interval",
            "server_fail_network",
            "server_reject_network",
        ),
    ),
    Ignored(
        rule=_OFF,
        at="port_usages.*",
        when=When(field="enable_mac_auth", values=(False,)),
        fields=("mac_auth_only", "mac_auth_preferred", "mac_auth_protocol"),
    ),
    Ignored(rule=_OFF, at="port_usages.*", when=When(field="port_auth", values=("dot1x",)), fields=("persist_mac",)),
    Ignored(rule=_OFF, at="dhcp_snooping", when=When(field="all_networks", values=(True,)), fields=("networks",)),
)

PORTS_BY_NAME = ("local_port_config", "port_config", "port_config_overwrite")
"""Roots of a switch whose keys are ports."""

OUTPUTS = ("output_ip_address", "output_network", "output_port_id")
_PORT = re.compile(r"(?P<stem>[a-z]+-[0-9]{1,3}/[0-9]{1,3}/)(?P<first>[0-9]{1,3})(?:-(?P<last>[0-9]{1,3}))?")
_NAMED_PORT = re.compile(r"\*|[a-z]+[0-9]{0,9}(?:\.[0-9]{1,9})?")


class Layers(Struct, frozen=True, kw_only=True):
    """The configurations that make up a switch's: this body first, then the others. `complete` tells whether every
    layer that the inventory names is declared in it."""

    bodies: tuple[Body, ...]
    complete: bool = True

    def names(self, root: str) -> set[str]:
        """What any layer defines under a root, or for switches alone (the root `switch` of a site's setting)."""
        parts = (part for body in self.bodies for part in (body, as_map(body.get("switch"))))
        return {name for part in parts for name in as_map(part.get(root))}

    def first(self, root: str) -> Body:
        """The root of the first layer that has it: roots that are not merged replace each other."""
        return next((as_map(body[root]) for body in self.bodies if given(body.get(root))), {})

    def declare(self, root: str) -> bool:
        """Whether any layer has this root at all."""
        return any(given(part.get(root)) for body in self.bodies for part in (body, as_map(body.get("switch"))))


def configures_switches(body: Body) -> bool:
    """Whether a body holds any root that a rule looks at."""
    return not _ROOTS.isdisjoint(body)


def check_switch(body: Body, layers: Layers, context: Context) -> Iterator[Violation]:
    """All rules of switch configuration in one body."""
    yield from check_needs(body, NEEDS)
    yield from check_ignored(body, IGNORED)
    yield from _names(body, layers, context)
    yield from _port_usages(body)
    yield from _matching(body)
    for root in PORTS_BY_NAME:
        yield from _ports(as_map(body.get(root)), (root,))
    yield from _networks(body)
    for field in ("subnet", "subnet6"):
        yield from check_subnets(body, ("networks", "*", field))
    yield from _mirrors(body)
    yield from check_defaults(body)
    yield from _acls(body, layers, context)


_ROOTS = frozenset(
    {pattern[0] for pattern in (*NETWORK_NAMES, *USAGE_NAMES)} | {"acl_policies", "networks", "port_mirroring"}
)


def _acls(body: Body, layers: Layers, context: Context) -> Iterator[Violation]:
    if not ("acl_policies" in body or "acl_tags" in body):
        return
    shared = [item.key for item in context.children("acl_tag", None) if item.key]
    external = context.external.get("acl_tags", frozenset())
    tags = {**{name: {} for name in external}, **layers.first("acl_tags")}
    for item in check_acls(body, tags, shared):
        lowered = item.rule == "acl-unknown-tag" and not (layers.complete or layers.declare("acl_tags"))
        yield violation(item.rule, item.detail, item.path, warning=True) if lowered else item


def _names(body: Body, layers: Layers, context: Context) -> Iterator[Violation]:
    """Every network and port usage that is named is defined in a layer, or known to live in the cloud only."""
    imported = {str(name) for layer in layers.bodies for name in as_list(layer.get("import_org_networks"))}
    networks = frozenset(
        layers.names("networks") | IMPLICIT_NETWORKS | imported | context.external.get("networks", frozenset())
    )
    defined = layers.names("port_usages")
    usages = frozenset(defined | SYSTEM_USAGES | context.external.get("port_usages", frozenset()))
    hints = Hints()
    for pattern in NETWORK_NAMES:
        for path, name in each(body, pattern):
            if is_literal(name) and name not in networks:
                yield _unknown("network", name, path, layers, hints.about(name, networks))
    switched_off = {str(name) for layer in layers.bodies for name in as_list(layer.get(_SWITCHED_OFF))}
    for pattern in USAGE_NAMES:
        for path, name in each(body, pattern):
            if is_literal(name) and name not in usages:
                yield _unknown("port_usage", name, path, layers, hints.about(name, usages))
            elif is_literal(name) and name in switched_off and name not in defined:
                detail = f"The port usage {name!r} of the system is switched off by `{_SWITCHED_OFF}`. Define your own."
                yield violation("unknown-port-usage", detail, path)


_SWITCHED_OFF = "disabled_system_defined_port_usages"


def _unknown(what: str, name: str, path: Path, layers: Layers, hint: str) -> Violation:
    root = f"{what}s"
    sure = layers.declare(root) and layers.complete
    elsewhere = "" if layers.complete else " The other layer (template or site setting) is not in the inventory."
    detail = (
        f"`{path_text(path)}` names {name!r}, which is not defined.{hint} Define it under "
        f"`{root}`, or list it under `external: {root}:` in reconciler.yaml.{elsewhere}"
    )
    return violation(f"unknown-{what.replace('_', '-')}", detail, path, warning=not sure)


def _port_usages(body: Body) -> Iterator[Violation]:
    for name, item in as_map(body.get("port_usages")).items():
        usage, path = as_map(item), ("port_usages", name)
        if usage.get("mode") == "dynamic" and name != "dynamic":
            detail = f"Only the port usage called `dynamic` may have mode dynamic, not {name!r}."
            yield violation("port-usage-mode", detail, (*path, "mode"))
        if name == "dynamic" and is_literal(usage.get("mode")) and usage["mode"] != "dynamic":
            detail = "The name `dynamic` is for the port usage with mode dynamic. Give this one another name."
            yield violation("port-usage-mode", detail, (*path, "mode"))
        if given(usage.get("voip_network")) and not given(usage.get("port_network")):
            detail = f"`port_usages.{name}.voip_network` needs `port_network` too. Add it."
            yield violation("switch-required-field", detail, (*path, "voip_network"))


def _matching(body: Body) -> Iterator[Violation]:
    rules = as_list(as_map(body.get("switch_matching")).get("rules"))
    base: Path = ("switch_matching", "rules")
    named = [((*base, index, "name"), as_map(item).get("name")) for index, item in enumerate(rules)]
    for later, first, name in duplicates(named):
        detail = f"{name!r} is already the name of {path_text(first[:-1])}. Rules are compared by name: rename one."
        yield violation("switch-rule-name", detail, later)
    for path, rule_name in () if is_partial(rules) else named[:-1]:
        if rule_name == "default":
            detail = "It applies to every switch that no rule before it matches. Move it to the end of the list."
            yield violation("switch-rule-default", detail, path)
    for index, item in enumerate(rules):
        yield from check_conditions(as_map(item), (*base, index))
        yield from _ports(as_map(as_map(item).get("port_config")), (*base, index, "port_config"))


def _ports(config: Body, path: Path) -> Iterator[Violation]:
    """The keys of a port configuration: ports, ranges, or several with commas; none twice."""
    taken: dict[str, list[tuple[int, int, str]]] = {}
    for key in config:
        if "{{" in key:
            continue
        for part in (piece.strip() for piece in key.split(",")):
            found = _PORT.fullmatch(part)
            if found is None:
                if not _NAMED_PORT.fullmatch(part):
                    detail = f"{part!r} is not a port. Write `ge-0/0/1`, `ge-0/0/0-23`, or several with commas between."
                    yield violation("switch-port-range", detail, (*path, key))
                continue
            stem, first, last = found["stem"], int(found["first"]), int(found["last"] or found["first"])
            if last < first:
                yield violation("switch-port-range", f"{part!r} begins after its end.", (*path, key))
            for low, high, other in taken.get(stem, ()):
                if low <= last and first <= high:
                    detail = f"{part!r} overlaps with `{other}`: the port's configuration would be a matter of luck."
                    yield violation("switch-port-overlap", detail, (*path, key))
                    break
            taken.setdefault(stem, []).append((first, last, key))


def _networks(body: Body) -> Iterator[Violation]:
    for path, item in each(body, ("networks", "*")):
        if as_map(item) and not given(as_map(item).get("vlan_id")):
            detail = f"`{path_text(path)}` has no `vlan_id`, which a new network needs."
            yield violation("switch-required-field", detail, path, warning=True)
    ids = [
        (("networks", name, "vlan_id"), str(as_map(item).get("vlan_id")))
        for name, item in as_map(body.get("networks")).items()
        if given(as_map(item).get("vlan_id"))
    ]
    for later, first, number in duplicates(ids):
        detail = f"VLAN {number} already belongs to the network {str(first[1])!r}. A VLAN should have one name."
        yield violation("network-duplicate-vlan", detail, later)


def _mirrors(body: Body) -> Iterator[Violation]:
    for path, item in each(body, ("port_mirroring", "*")):
        outputs = [name for name in OUTPUTS if given(as_map(item).get(name))]
        if as_map(item) and len(outputs) != 1:
            detail = f"`{path_text(path)}` needs exactly one of {', '.join(OUTPUTS)}; it has {len(outputs)}."
            yield violation("switch-required-field", detail, path)


def setting_layers(body: Body, site: Mapping[str, Any] | None, context: Context) -> Layers:
    """The layers of a site's switches, seen from its setting: the setting, then the site's network template."""
    if site is None:
        return Layers(bodies=(body,), complete=False)
    name = site.get("networktemplate")
    if not given(name):
        return Layers(bodies=(body,))
    template = context.resources.get(Address.of("networktemplate", str(name)).text)
    return Layers(bodies=(body, template.body) if template else (body,), complete=template is not None)


def template_layers(body: Body, name: str | None, context: Context) -> Layers:
    """The layers of the switches of all sites that use a network template: the template, then their settings."""
    sites = context.naming("site", "networktemplate", name) if name else ()
    settings = [context.resources.get(f"{site.address}/setting") for site in sites]
    return Layers(bodies=(body, *(item.body for item in settings if item)))
