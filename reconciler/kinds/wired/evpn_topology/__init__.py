"""EVPN fabrics of the organisation or of a site: which switches take part, in which roles, over which links.

A list of them leaves out the switches, so that each is read by itself.
"""

from msgspec.structs import replace

from reconciler.kinds.kind import Delta, Kind
from reconciler.kinds.shared.entry import MADE_BY_CLOUD, of_organisation, of_site
from reconciler.kinds.wired.evpn_topology.rules import check_topology

EXAMPLE = """\
sites:
  - name: Paris-HQ
    evpn_topologies:
      - name: campus
        evpn_options: {routed_at: core, overlay: {as: 65000}}
        switches:
          - {mac: 5c:5b:35:0e:10:01, role: collapsed-core, uplinks: [ge-0/0/46], downlinks: [ge-0/0/0]}
          - {mac: 5c:5b:35:0e:10:02, role: collapsed-core, uplinks: [ge-0/0/46], downlinks: [ge-0/0/0]}
"""

KIND = Kind(
    name="evpn_topology",
    plural="evpn_topologies",
    title="EVPN topology",
    endpoints=(
        replace(of_organisation("evpn_topologies"), partial=True),
        replace(of_site("evpn_topologies"), partial=True),
    ),
    fields="reconciler.kinds.wired.evpn_topology.fields.EvpnTopology",
    schema="evpn_topology",
    required=("switches",),
    read_only=MADE_BY_CLOUD | {"overwrite"},
    deltas={"switches": Delta(key="mac", field="role", gone="none")},
    check=check_topology,
    order=75,
    example=EXAMPLE,
)
