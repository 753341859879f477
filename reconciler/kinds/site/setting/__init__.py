"""The setting of a site: made with the site, never created or deleted."""

from reconciler.kinds.kind import Endpoint, Kind
from reconciler.kinds.shared.complete import check_new_switch
from reconciler.kinds.shared.entry import MADE_BY_CLOUD, access_of_edges, ports_of_ap, service_policies_at
from reconciler.kinds.site.setting.rules import check_setting

EXAMPLE = """\
sites:
  - name: Paris-HQ
    setting:
      vars: {corp_vlan: "20"}
      rogue: {enabled: true, min_rssi: -80}
      networks:
        corp: {vlan_id: "{{corp_vlan}}"}
"""

KIND = Kind(
    name="setting",
    plural="settings",
    title="site setting",
    endpoints=(Endpoint(item="sites/{parent_id}/setting", parent="site"),),
    fields="reconciler.kinds.site.setting.fields.Setting",
    schema="site_setting",
    references=(
        *service_policies_at("gateway.service_policies"),
        *ports_of_ap("ap_matching.rules.[].port_config.*", "ap_port_config.model_specific.*.*"),
        *access_of_edges("mxedge."),
    ),
    read_only=MADE_BY_CLOUD | {"blacklist_url", "whitelist_url", "watched_station_url"},
    order=45,
    check=check_setting,
    check_planned=check_new_switch,
    example=EXAMPLE,
)
