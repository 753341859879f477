"""Rules of the access policy; the one with the smallest `order` comes first."""

from reconciler.kinds.kind import Kind, Reference
from reconciler.kinds.shared.entry import MADE_BY_CLOUD, of_organisation
from reconciler.kinds.shared.needs import needs

EXAMPLE = """\
nactags:
  - {name: staff certificate, type: match, match: cert_issuer, values: ["*Example CA*"]}
  - {name: staff VLAN, type: vlan, vlan: "10"}
nacrules:
  - name: staff
    order: 1
    action: allow
    matching: {auth_type: cert, nactags: [staff certificate]}
    apply_tags: [staff VLAN]
"""

KIND = Kind(
    name="nacrule",
    plural="nacrules",
    title="access policy rule",
    endpoints=(of_organisation("nacrules"),),
    fields="reconciler.kinds.access.nacrule.fields.NacRule",
    schema="nac_rule",
    references=(
        Reference(field="matching.nactags", api="matching.nactags", kind="nactag", many=True),
        Reference(field="matching.sites", api="matching.site_ids", kind="site", many=True),
        Reference(field="matching.sitegroups", api="matching.sitegroup_ids", kind="sitegroup", many=True),
        Reference(field="not_matching.nactags", api="not_matching.nactags", kind="nactag", many=True),
        Reference(field="not_matching.sites", api="not_matching.site_ids", kind="site", many=True),
        Reference(field="not_matching.sitegroups", api="not_matching.sitegroup_ids", kind="sitegroup", many=True),
        Reference(field="apply_tags", api="apply_tags", kind="nactag", many=True),
    ),
    required=("action",),
    read_only=MADE_BY_CLOUD,
    order=45,
    check=needs(order="order"),
    example=EXAMPLE,
)
