"""Switches and virtual chassis, by MAC address: claimed devices, configured at their site."""

from reconciler.kinds.kind import Kind
from reconciler.kinds.shared.complete import check_new_switch_servers
from reconciler.kinds.shared.device_rules import check_device
from reconciler.kinds.shared.hardware import DEVICE_ROOTS, device_references, devices_of_site

EXAMPLE = """\
sites:
  - name: Paris-HQ
    networktemplate: campus
    switches:
      - mac: 5c:5b:35:0e:10:01
        name: access-1
        ip_config: {type: static, network: management, ip: 10.10.99.11, netmask: 255.255.255.0, gateway: 10.10.99.1}
        port_config:
          ge-0/0/0-11: {usage: desk}
          ge-0/0/23: {usage: uplink}
networktemplates:
  - name: campus
    networks:
      corp: {vlan_id: 10}
      management: {vlan_id: 99}
    port_usages:
      desk: {mode: access, port_network: corp}
"""

KIND = Kind(
    name="switch",
    plural="switches",
    title="switch",
    endpoints=(devices_of_site("switch"),),
    fields="reconciler.kinds.devices.switch.fields.Switch",
    schema="device_switch",
    key="mac",
    key_mac=True,
    hardware="switch",
    references=device_references("switch"),
    read_only=DEVICE_ROOTS | {"evpn_config"},
    null_clears=frozenset({"deviceprofile_id"}),
    order=70,
    check=check_device,
    check_planned=check_new_switch_servers,
    example=EXAMPLE,
)
