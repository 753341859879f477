"""Mist Edges, of the organisation or at a site. No PUT says which site one is at: calls of their own do.

Facts: the vendor's OpenAPI document (`mxedges` of the organisation, with `assign`, `unassign` and `claim`).
"""

from collections.abc import Iterator

from msgspec.structs import replace

from reconciler.kinds.kind import Assigning, Context, Kind, Reference, Violation
from reconciler.kinds.shared.checks import Body
from reconciler.kinds.shared.entry import MADE_BY_CLOUD, of_organisation, of_site
from reconciler.kinds.shared.rules import violation
from reconciler.model.resource import Resource

EXAMPLE = """\
mxedges:
  - {name: edge-1, model: ME-100, ntp_servers: [ntp.example.net], oob_ip_config: {type: dhcp}}
"""


def check_edge(resource: Resource, body: Body, _context: Context) -> Iterator[Violation]:
    """What says that it leaves its site stands below that site."""
    if body.get("unassign") is True and resource.parent is None:
        yield violation("useless-field", "`unassign` stands below the site that it leaves.", ("unassign",))


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
    check=check_edge,
    example=EXAMPLE,
)
