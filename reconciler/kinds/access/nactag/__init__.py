"""Labels of the access policy: of type match they classify clients, all others say what a rule gives."""

from reconciler.kinds.kind import Kind, Reference
from reconciler.kinds.shared.entry import MADE_BY_CLOUD, of_organisation
from reconciler.kinds.shared.needs import needs, when

EXAMPLE = """\
nactags:
  - {name: staff certificate, type: match, match: cert_issuer, values: ["*Example CA*"]}
  - {name: staff VLAN, type: vlan, vlan: "10"}
"""

KIND = Kind(
    name="nactag",
    plural="nactags",
    title="access policy label",
    endpoints=(of_organisation("nactags"),),
    fields="reconciler.kinds.access.nactag.fields.NacTag",
    schema="nac_tag",
    references=(Reference(field="nacportal", api="nacportal_id", kind="nacportal"),),
    required=("type",),
    read_only=MADE_BY_CLOUD,
    order=30,
    check=needs(
        lines=(
            when("type", "match", "match"),
            *(
                when("type", name, name)
                for name in (
                    "egress_vlan_names",
                    "gbp_tag",
                    "radius_attrs",
                    "radius_group",
                    "radius_vendor_attrs",
                    "session_timeout",
                    "username_attr",
                    "vlan",
                )
            ),
            when("type", "redirect_nacportal_id", "nacportal"),
        ),
    ),
    example=EXAMPLE,
)
