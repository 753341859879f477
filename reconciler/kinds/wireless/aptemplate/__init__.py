"""AP templates: port configuration of access points that sites share."""

from reconciler.kinds.kind import Kind
from reconciler.kinds.shared.entry import MADE_BY_CLOUD, of_organisation, ports_of_ap

EXAMPLE = """\
aptemplates:
  - name: lobby
    ap_matching:
      enabled: true
      rules:
        - {name: outdoor, match_model: AP63, port_config: {eth0: {port_auth: none}}}
"""

KIND = Kind(
    name="aptemplate",
    plural="aptemplates",
    title="AP template",
    endpoints=(of_organisation("aptemplates"),),
    fields="reconciler.kinds.wireless.aptemplate.fields.ApTemplate",
    schema="ap_template",
    references=ports_of_ap("ap_matching.rules.[].port_config.*"),
    required=("ap_matching",),
    read_only=MADE_BY_CLOUD,
    order=20,
    example=EXAMPLE,
)
