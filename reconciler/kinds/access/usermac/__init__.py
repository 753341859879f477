"""Clients that access assurance knows by their MAC address: labels, VLAN, RADIUS group."""

from reconciler.kinds.kind import Endpoint, Kind
from reconciler.kinds.shared.entry import MADE_BY_CLOUD

EXAMPLE = """\
usermacs:
  - mac: 48:50:73:e0:12:34
    name: printer, third floor
    labels: [printers]
    vlan: "30"
"""

KIND = Kind(
    name="usermac",
    plural="usermacs",
    title="user MAC",
    endpoints=(
        Endpoint(
            collection="orgs/{org_id}/usermacs",
            item="orgs/{org_id}/usermacs/{id}",
            listed="orgs/{org_id}/usermacs/search",
            bulk="import",
            bulk_update=True,
            bulk_delete="delete",
        ),
    ),
    fields="reconciler.kinds.access.usermac.fields.UserMac",
    schema="user_mac",
    key="mac",
    key_mac=True,
    read_only=MADE_BY_CLOUD,
    order=38,
    example=EXAMPLE,
)
