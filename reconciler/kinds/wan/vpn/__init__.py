"""Overlays between WAN edges. Networks (`vpn_access`) and ports (`vpn_paths`) know them by name."""

from reconciler.kinds.kind import Kind
from reconciler.kinds.shared.entry import MADE_BY_CLOUD, of_organisation

EXAMPLE = """\
vpns:
  - name: overlay
    type: hub_spoke
    paths:
      wan0: {bfd_profile: broadband}
"""

KIND = Kind(
    name="vpn",
    plural="vpns",
    title="VPN",
    endpoints=(of_organisation("vpns"),),
    fields="reconciler.kinds.wan.vpn.fields.Vpn",
    schema="vpn",
    required=("paths",),
    read_only=MADE_BY_CLOUD | {"createdBy"},
    order=11,
    example=EXAMPLE,
)
