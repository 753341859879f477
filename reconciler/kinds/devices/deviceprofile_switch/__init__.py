"""Device profiles for switches: configuration that those which are given the profile share."""

from reconciler.kinds.kind import Kind
from reconciler.kinds.shared.complete import check_new_switch_servers
from reconciler.kinds.shared.device_rules import check_profile
from reconciler.kinds.shared.entry import MADE_BY_CLOUD
from reconciler.kinds.shared.hardware import profiles_of

EXAMPLE = """\
deviceprofiles_switch:
  - name: distribution
    networks: {core: {vlan_id: 5}}
    stp_config: {bridge_priority: 4k}
"""

KIND = Kind(
    name="deviceprofile_switch",
    plural="deviceprofiles_switch",
    title="device profile (switches)",
    endpoints=(profiles_of("switch"),),
    fields="reconciler.kinds.devices.deviceprofile_switch.fields.SwitchProfile",
    schema="deviceprofile_switch",
    read_only=MADE_BY_CLOUD | {"evpn_config", "type"},
    order=20,
    check=check_profile,
    check_planned=check_new_switch_servers,
    example=EXAMPLE,
)
