"""Security policies: WLANs as a site that names the policy must have them."""

from reconciler.kinds.kind import Kind
from reconciler.kinds.shared.entry import MADE_BY_CLOUD, of_organisation, of_wlan

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
    references=of_wlan("wlans.[]."),
    read_only=MADE_BY_CLOUD,
    order=35,
    example=EXAMPLE,
)
