"""What an object, or a part of it, must have when it is new: only a plan can tell, because what is live may have it.

In: a declared resource, the object that a write would leave, the live one. Out: an error per missing part.
"""

from collections.abc import Iterable, Iterator

from reconciler.kinds.kind import Violation
from reconciler.kinds.shared.checks import Body, as_list, as_map, each, get, given, path_text, split
from reconciler.kinds.shared.rules import violation
from reconciler.model.resource import Resource

_RADIUS = ("radius_config.acct_servers", "radius_config.auth_servers")
SWITCH_RADIUS = (*_RADIUS, *(f"switch_mgmt.radius.{path}" for path in _RADIUS))


def check_new_servers(resource: Resource, live: Body | None, fields: Iterable[str]) -> Iterator[Violation]:
    """A server that is not live yet needs its shared secret. `fields` are the lists, as dotted paths."""
    for field in fields:
        known = as_list(get(live or {}, field))
        for path, server in each(resource.body, (*split(field), "[]")):
            item = as_map(server)
            if item and not given(item.get("secret")) and not any(_same_server(item, as_map(old)) for old in known):
                detail = f"`{path_text(path)}` is new and has no `secret`, so that nobody would be authenticated by it."
                yield violation("new-object-incomplete", f"{detail} Add `secret: !secret env:NAME`.", path)


def check_new_switch(resource: Resource, _result: Body, live: Body | None) -> Iterator[Violation]:
    """The networks and RADIUS servers of a switch configuration: a network that is not live yet needs its VLAN."""
    known = as_map((live or {}).get("networks"))
    for path, network in each(resource.body, ("networks", "*")):
        if isinstance(network, dict) and not given(network.get("vlan_id")) and path[-1] not in known:
            detail = f"`{path_text(path)}` is new and has no `vlan_id`. Add it."
            yield violation("new-object-incomplete", detail, path)
    yield from check_new_servers(resource, live, SWITCH_RADIUS)


def check_new_switch_servers(resource: Resource, _result: Body, live: Body | None) -> Iterator[Violation]:
    """The RADIUS servers of one switch, or of its profile; its networks may be those of a template."""
    yield from check_new_servers(resource, live, SWITCH_RADIUS)


def _same_server(one: Body, other: Body) -> bool:
    """Whether two entries mean one server; a port that is not written may be the usual one."""
    ports = {str(item["port"]) for item in (one, other) if given(item.get("port"))}
    return len(ports) < 2 and _host(one) == _host(other)


def _host(server: Body) -> str:
    return str(server.get("host") or server.get("ip") or "")
