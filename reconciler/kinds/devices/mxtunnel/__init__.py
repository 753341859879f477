"""Tunnels from access points to clusters of Mist Edges."""

from reconciler.kinds.kind import Kind, Reference
from reconciler.kinds.shared.entry import MADE_BY_CLOUD, of_organisation

EXAMPLE = """\
mxclusters:
  - {name: core, tunterm_hosts: [edge.example.net]}
mxtunnels:
  - {name: guests, mxclusters: [core], protocol: udp, vlan_ids: [10, 20]}
"""

KIND = Kind(
    name="mxtunnel",
    plural="mxtunnels",
    title="Mist tunnel",
    endpoints=(of_organisation("mxtunnels"),),
    fields="reconciler.kinds.devices.mxtunnel.fields.MxTunnel",
    schema="mxtunnel",
    references=(
        Reference(field="mxclusters", api="mxcluster_ids", kind="mxcluster", many=True),
        Reference(field="anchor_mxtunnels", api="anchor_mxtunnel_ids", kind="mxtunnel", many=True, late=True),
    ),
    read_only=MADE_BY_CLOUD,
    order=22,
    example=EXAMPLE,
)
