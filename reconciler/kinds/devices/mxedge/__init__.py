"""Mist Edges, of the organisation or at a site. No PUT says which site one is at: calls of their own do.

Facts: the vendor's OpenAPI document (`mxedges` of the organisation, with `assign`, `unassign` and `claim`).
"""

from msgspec.structs import replace

from reconciler.kinds.kind import Assigning, Kind, Reference
from reconciler.kinds.shared.entry import MADE_BY_CLOUD, of_organisation, of_site

EXAMPLE = """\
mxedges:
  - {name: edge-1, model: ME-100, ntp_servers: [ntp.example.net], oob_ip_config: {type: dhcp}}
"""

KIND = Kind(
    name="mxedge",
    plural="mxedges",
    title="Mist Edge",
    endpoints=(
        replace(of_organisation("mxedges"), query={"for_site": "any"}, at_site="site_id"),
        replace(of_site("mxedges"), made=False),
    ),
    fields="reconciler.kinds.devices.mxedge.fields.MxEdge",
    schema="mxedge",
    references=(Reference(field="mxcluster", api="mxcluster_id", kind="mxcluster"),),
    assigning=Assigning(path="orgs/{org_id}/mxedges", ids="mxedge_ids", code="code"),
    required=("model",),
    read_only=MADE_BY_CLOUD | {"magic", "mxagent_registered", "serial", "tunterm_registered", "versions"},
    null_clears=frozenset({"mxcluster_id"}),
    order=23,
    example=EXAMPLE,
)
