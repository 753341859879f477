"""Clusters of Mist Edges."""

from reconciler.kinds.kind import Kind
from reconciler.kinds.shared.entry import MADE_BY_CLOUD, access_of_edges, of_organisation

EXAMPLE = """\
mxclusters:
  - name: core
    tunterm_hosts: [edge.example.net]
    tunterm_ap_subnets: [10.0.0.0/16]
"""

KIND = Kind(
    name="mxcluster",
    plural="mxclusters",
    title="Mist Edge cluster",
    endpoints=(of_organisation("mxclusters"),),
    fields="reconciler.kinds.devices.mxcluster.fields.MxCluster",
    schema="mxcluster",
    references=access_of_edges(),
    read_only=MADE_BY_CLOUD,
    order=21,
    example=EXAMPLE,
)
