"""Conditional rules of access points and of their profiles: names of ports, radios that beacon.

Facts: the vendor's OpenAPI document (`device_ap`, `ap_port_config`, `ap_switch`: the ports that there are).
"""

from collections.abc import Iterator

from reconciler.kinds.kind import Context, Violation
from reconciler.kinds.shared.checks import Body, as_map
from reconciler.kinds.shared.rules import violation
from reconciler.model.resource import Resource

PORTS = frozenset({"eth0", "eth1", "eth2", "eth3", "module", "wds"})
"""The ports that some access point has."""


def check_ap(_resource: Resource, body: Body, _context: Context) -> Iterator[Violation]:
    """A key of `port_config` is a port, or several with commas between."""
    for key in as_map(body.get("port_config")):
        for name in (part.strip() for part in key.split(",")):
            if name not in PORTS and "{{" not in name:
                known = ", ".join(sorted(PORTS))
                detail = f"No access point has the port {name!r}. There are {known}."
                yield violation("ap-port", detail, ("port_config", key))
