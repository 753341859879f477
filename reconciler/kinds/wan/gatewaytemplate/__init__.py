"""WAN edge templates: gateway configuration that sites share."""

from reconciler.kinds.kind import Kind, Reference
from reconciler.kinds.shared.entry import MADE_BY_CLOUD, of_organisation, service_policies_at

EXAMPLE = """\
gatewaytemplates:
  - name: store
    type: standalone
    port_config:
      ge-0/0/0: {usage: wan, name: internet, ip_config: {type: dhcp}}
    dns_servers: [10.0.0.53]
"""

KIND = Kind(
    name="gatewaytemplate",
    plural="gatewaytemplates",
    title="WAN edge template",
    endpoints=(of_organisation("gatewaytemplates"),),
    fields="reconciler.kinds.wan.gatewaytemplate.fields.GatewayTemplate",
    schema="gateway_template",
    references=(
        *service_policies_at("service_policies"),
        Reference(
            field="service_policies.[].services",
            api="service_policies.[].services",
            kind="service",
            many=True,
            by_name=True,
        ),
    ),
    read_only=MADE_BY_CLOUD,
    order=20,
    example=EXAMPLE,
)
