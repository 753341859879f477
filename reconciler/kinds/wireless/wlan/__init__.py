"""WLANs of a WLAN template or of a site. Inside one parent the SSID is the natural key."""

from reconciler.kinds.kind import Endpoint, Kind
from reconciler.kinds.shared.entry import MADE_BY_CLOUD, of_wlan
from reconciler.kinds.wireless.wlan.rules import check_planned_wlan, check_wlan

EXAMPLE = """\
wlantemplates:
  - name: corporate
    applies: {sites: [Paris-HQ]}
    wlans:
      - ssid: Corporate
        auth: {type: psk, pairwise: [wpa2-ccmp, wpa3], psk: !secret env:CORPORATE_PSK}
        bands: ["5", "6"]
        vlan_enabled: true
        vlan_id: "{{corp_vlan}}"
sites:
  - name: Paris-HQ
    setting:
      vars: {corp_vlan: "20"}
    wlans:
      - ssid: Lab
        auth: {type: psk, pairwise: [wpa3], psk: !secret env:LAB_PSK}
        enabled: false
"""

KIND = Kind(
    name="wlan",
    plural="wlans",
    title="WLAN",
    endpoints=(
        Endpoint(
            collection="orgs/{org_id}/wlans",
            item="orgs/{org_id}/wlans/{id}",
            parent="wlantemplate",
            parent_field="template_id",
        ),
        Endpoint(collection="sites/{parent_id}/wlans", item="sites/{parent_id}/wlans/{id}", parent="site"),
    ),
    fields="reconciler.kinds.shared.wlan.Wlan",
    schema="wlan",
    key="ssid",
    references=of_wlan(late=True),
    read_only=MADE_BY_CLOUD
    | {"portal_api_secret", "portal_image", "portal_sso_url", "portal_template_url", "template_id", "thumbnail"},
    order=60,
    check=check_wlan,
    check_planned=check_planned_wlan,
    decisive=("auth.type",),
    example=EXAMPLE,
)
