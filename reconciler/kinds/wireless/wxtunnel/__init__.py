"""WxLAN tunnels (L2TPv3) of the organisation or of a site."""

from reconciler.kinds.kind import Kind
from reconciler.kinds.shared.entry import MADE_BY_CLOUD, of_organisation, of_site

EXAMPLE = """\
wxtunnels:
  - name: to-core
    peers: [10.0.0.1]
    mtu: 1400
    sessions: [{remote_id: lan, ethertype: ethernet}]
"""

KIND = Kind(
    name="wxtunnel",
    plural="wxtunnels",
    title="WxLAN tunnel",
    endpoints=(
        of_organisation("wxtunnels"),
        of_site("wxtunnels"),
    ),
    fields="reconciler.kinds.wireless.wxtunnel.fields.WxTunnel",
    schema="wxlan_tunnel",
    read_only=MADE_BY_CLOUD,
    order=30,
    example=EXAMPLE,
)
