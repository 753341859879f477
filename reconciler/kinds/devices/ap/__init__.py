"""Access points, by MAC address: claimed devices, configured at their site."""

from reconciler.kinds.kind import Kind
from reconciler.kinds.shared.ap_rules import check_ap
from reconciler.kinds.shared.entry import ports_of_ap
from reconciler.kinds.shared.hardware import DEVICE_ROOTS, device_references, devices_of_site

EXAMPLE = """\
sites:
  - name: Paris-HQ
    maps:
      - {name: Ground floor, type: image}
    aps:
      - mac: 5c:5b:35:0e:00:01
        name: lobby-1
        notes: above the reception desk
        deviceprofile: indoor
        map: Ground floor
        x: 120
        y: 80
        radio_config: {band_5: {channel: 36, power: 12}}
deviceprofiles_ap:
  - name: indoor
"""

KIND = Kind(
    name="ap",
    plural="aps",
    title="access point",
    endpoints=(devices_of_site("ap"),),
    fields="reconciler.kinds.devices.ap.fields.Ap",
    schema="device_ap",
    key="mac",
    key_mac=True,
    hardware="ap",
    references=(*device_references("ap"), *ports_of_ap("port_config.*")),
    read_only=DEVICE_ROOTS,
    null_clears=frozenset({"deviceprofile_id"}),
    order=70,
    check=check_ap,
    example=EXAMPLE,
)
