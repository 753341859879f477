"""Device profiles for access points: configuration that those which are given the profile share."""

from reconciler.kinds.kind import Kind
from reconciler.kinds.shared.ap_rules import check_ap
from reconciler.kinds.shared.entry import MADE_BY_CLOUD, ports_of_ap
from reconciler.kinds.shared.hardware import profiles_of

EXAMPLE = """\
deviceprofiles_ap:
  - name: indoor
    led: {enabled: false}
    port_config:
      eth1: {port_auth: none, port_vlan_id: 20}
    radio_config: {band_24: {disabled: true}}
"""

KIND = Kind(
    name="deviceprofile_ap",
    plural="deviceprofiles_ap",
    title="device profile (access points)",
    endpoints=(profiles_of("ap"),),
    fields="reconciler.kinds.devices.deviceprofile_ap.fields.ApProfile",
    schema="deviceprofile_ap",
    references=ports_of_ap("port_config.*"),
    read_only=MADE_BY_CLOUD | {"type"},
    order=20,
    check=check_ap,
    example=EXAMPLE,
)
