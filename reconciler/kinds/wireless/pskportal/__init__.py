"""Portals where people get their own passphrase. With cleanup_psk the passphrases go with the portal."""

from reconciler.kinds.kind import Kind
from reconciler.kinds.shared.entry import MADE_BY_CLOUD, of_organisation

EXAMPLE = """\
pskportals:
  - name: self-service
    ssid: Guest
    type: byod
    auth: sso
    passphrase_rules: {length: 12, symbols_enabled: true}
"""

KIND = Kind(
    name="pskportal",
    plural="pskportals",
    title="PSK portal",
    endpoints=(of_organisation("pskportals"),),
    fields="reconciler.kinds.wireless.pskportal.fields.PskPortal",
    schema="psk_portal",
    required=("ssid",),
    read_only=MADE_BY_CLOUD | {"thumbnail_url"},
    order=66,
    example=EXAMPLE,
)
