"""Security policies: WLANs as a site that names the policy must have them."""

from reconciler.kinds.kind import Kind, Reference
from reconciler.kinds.shared.entry import MADE_BY_CLOUD, of_organisation

EXAMPLE = """\
secpolicies:
  - name: no-open-networks
    wlans:
      - ssid: Corporate
        auth: {type: eap, pairwise: [wpa3]}
        isolation: true
"""

KIND = Kind(
    name="secpolicy",
    plural="secpolicies",
    title="security policy",
    endpoints=(of_organisation("secpolicies"),),
    fields="reconciler.kinds.wireless.secpolicy.fields.SecPolicy",
    schema="secpolicy",
    references=(
        Reference(field="wlans.[].aps", api="wlans.[].ap_ids", kind="ap", many=True),
        Reference(field="wlans.[].wxtags", api="wlans.[].wxtag_ids", kind="wxtag", many=True),
        Reference(field="wlans.[].mxtunnels", api="wlans.[].mxtunnel_ids", kind="mxtunnel", many=True),
        Reference(field="wlans.[].wxtunnel", api="wlans.[].wxtunnel_id", kind="wxtunnel"),
    ),
    read_only=MADE_BY_CLOUD,
    order=35,
    example=EXAMPLE,
)
