"""Mist Edges of the organisation. Which site one belongs to is not written here: the cloud ignores it."""

from msgspec.structs import replace

from reconciler.kinds.kind import Kind, Reference
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
    required=("model",),
    read_only=MADE_BY_CLOUD | {"magic", "mxagent_registered", "serial", "tunterm_registered", "versions"},
    null_clears=frozenset({"mxcluster_id"}),
    order=23,
    example=EXAMPLE,
)
