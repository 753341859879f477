"""ACL tags for use in many places: compose copies those that ACL policies name into the template or setting."""

from reconciler.kinds.kind import Kind
from reconciler.kinds.wired.acl_tag.rules import check_acl_tag

EXAMPLE = """\
acl_tags:
  - {name: staff, type: network, network: corp}
  - {name: printers, type: subnet, network: corp, subnets: [10.9.0.0/24]}
networktemplates:
  - name: campus
    networks:
      corp: {vlan_id: 10}
    acl_policies:
      - name: staff-may-print
        src_tags: [staff]
        actions:
          - {dst_tag: printers, action: allow}
"""

KIND = Kind(
    name="acl_tag",
    plural="acl_tags",
    title="ACL tag",
    endpoints=(),
    fields="reconciler.kinds.wired.acl_tag.fields.AclTag",
    schema="acl_tag",
    composed_only=True,
    order=5,
    check=check_acl_tag,
    example=EXAMPLE,
)
