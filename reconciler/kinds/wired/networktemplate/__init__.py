"""Network templates: switch configuration that sites share."""

from reconciler.kinds.kind import Endpoint, Kind
from reconciler.kinds.shared.complete import check_new_switch
from reconciler.kinds.shared.entry import MADE_BY_CLOUD
from reconciler.kinds.wired.networktemplate.rules import check_networktemplate

EXAMPLE = """\
networktemplates:
  - name: campus
    networks:
      corp: {vlan_id: 10}
      iot: {vlan_id: "{{iot_vlan}}"}
    port_usages:
      staff: {mode: access, port_network: corp, port_auth: dot1x}
    switch_matching:
      enable: true
      rules:
        - name: access
          match_role: access
          port_config:
            ge-0/0/0-23: {usage: staff}
sites:
  - name: Paris-HQ
    networktemplate: campus
    setting:
      vars: {iot_vlan: "30"}
"""

KIND = Kind(
    name="networktemplate",
    plural="networktemplates",
    title="network template",
    endpoints=(Endpoint(collection="orgs/{org_id}/networktemplates", item="orgs/{org_id}/networktemplates/{id}"),),
    fields="reconciler.kinds.wired.networktemplate.fields.NetworkTemplate",
    schema="network_template",
    read_only=MADE_BY_CLOUD,
    order=10,
    check=check_networktemplate,
    check_planned=check_new_switch,
    example=EXAMPLE,
)
