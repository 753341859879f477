"""Networks of the organisation. WAN edge templates, services and policies know them by name."""

from reconciler.kinds.kind import Kind, Reference
from reconciler.kinds.shared.entry import MADE_BY_CLOUD, of_organisation
from reconciler.kinds.shared.needs import needs

EXAMPLE = """\
networks:
  - name: tills
    subnet: 10.71.1.0/25
    vlan_id: 10
    internet_access: {enabled: true}
"""

KIND = Kind(
    name="network",
    plural="networks",
    title="network",
    endpoints=(of_organisation("networks"),),
    fields="reconciler.kinds.wan.network.fields.OrgNetwork",
    schema="network",
    references=(Reference(field="vpn_access.{}", api="vpn_access.{}", kind="vpn", by_name=True),),
    read_only=MADE_BY_CLOUD,
    order=12,
    check=needs("subnet|subnet6"),
    example=EXAMPLE,
)
