"""Passphrases of their own for clients. Names may repeat on two SSIDs: the key is name@ssid, also in addresses."""

from msgspec.structs import replace

from reconciler.kinds.kind import Kind
from reconciler.kinds.shared.entry import MADE_BY_CLOUD, of_organisation, of_site
from reconciler.kinds.shared.needs import needs, when

EXAMPLE = """\
psks:
  - {name: label printers, ssid: Things, passphrase: !secret env:PSK_PRINTERS, vlan_id: "30"}
"""

KIND = Kind(
    name="psk",
    plural="psks",
    title="passphrase (PSK)",
    endpoints=(
        replace(of_organisation("psks", bulk="import"), bulk_update=True, bulk_delete="delete"),
        replace(of_site("psks", bulk="import"), bulk_update=True),
    ),
    fields="reconciler.kinds.wireless.psk.fields.MultiPsk",
    schema="psk",
    key_with="ssid",
    required=("passphrase",),
    read_only=MADE_BY_CLOUD | {"admin_sso_id", "last_used", "old_passphrase", "portal_id"},
    order=65,
    check=needs(lines=(when("usage", "macs", "macs"),)),
    example=EXAMPLE,
)
