"""WAN edges (gateways) and clusters, by MAC address: claimed devices, configured at their site."""

from reconciler.kinds.kind import Kind, Reference
from reconciler.kinds.shared.entry import service_policies_at
from reconciler.kinds.shared.hardware import DEVICE_ROOTS, device_references, devices_of_site

EXAMPLE = """\
sites:
  - name: Paris-HQ
    gateways:
      - mac: 5c:5b:35:0e:20:01
        name: edge-1
        port_config:
          ge-0/0/0: {usage: wan, name: internet, ip_config: {type: dhcp}}
        bgp_config:
          core: {type: external, via: lan, local_as: 65000, neighbors: {10.0.0.2: {neighbor_as: 65001}}}
"""

KIND = Kind(
    name="gateway",
    plural="gateways",
    title="WAN edge",
    endpoints=(devices_of_site("gateway"),),
    fields="reconciler.kinds.devices.gateway.fields.WanEdge",
    schema="device_gateway",
    key="mac",
    key_mac=True,
    hardware="gateway",
    references=(
        *device_references("gateway"),
        *service_policies_at("service_policies"),
        Reference(
            field="service_policies.[].services",
            api="service_policies.[].services",
            kind="service",
            many=True,
            by_name=True,
        ),
    ),
    read_only=DEVICE_ROOTS,
    null_clears=frozenset({"deviceprofile_id"}),
    order=70,
    example=EXAMPLE,
)
