"""Device profiles for WAN edges (hub profiles): configuration that those which are given the profile share."""

from reconciler.kinds.kind import Kind, Reference
from reconciler.kinds.shared.entry import MADE_BY_CLOUD, service_policies_at
from reconciler.kinds.shared.hardware import profiles_of

EXAMPLE = """\
deviceprofiles_gateway:
  - name: hub
    ntp_servers: [ntp.example.net]
    port_config:
      ge-0/0/0: {usage: wan, name: internet, ip_config: {type: dhcp}}
"""

KIND = Kind(
    name="deviceprofile_gateway",
    plural="deviceprofiles_gateway",
    title="device profile (WAN edges)",
    endpoints=(profiles_of("gateway"),),
    fields="reconciler.kinds.devices.deviceprofile_gateway.fields.GatewayProfile",
    schema="deviceprofile_gateway",
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
    read_only=MADE_BY_CLOUD | {"type"},
    order=20,
    example=EXAMPLE,
)
