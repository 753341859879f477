"""Portals where people get their own passphrase. With cleanup_psk the passphrases go with the portal."""

from collections.abc import Iterator

from reconciler.kinds.kind import Kind, Owned, Violation
from reconciler.kinds.shared.checks import Body
from reconciler.kinds.shared.entry import MADE_BY_CLOUD, of_organisation
from reconciler.kinds.shared.rules import violation
from reconciler.model.resource import Resource

EXAMPLE = """\
pskportals:
  - name: self-service
    ssid: Guest
    type: byod
    auth: sso
    passphrase_rules: {length: 12, symbols_enabled: true}
"""


def check_moved(_resource: Resource, result: Body, live: Body | None) -> Iterator[Violation]:
    """With another SSID, passphrases go. Source: the vendor's page on an organisation's API."""
    if live is not None and live.get("cleanup_psk") is True and live.get("ssid") != result.get("ssid"):
        detail = (
            f"With `cleanup_psk` the cloud deletes every passphrase that people got here for {live.get('ssid')!r} when "
            "the portal's SSID becomes another one. To keep them, set `cleanup_psk: false` in an apply before this one."
        )
        yield violation("passphrases-go", detail, ("ssid",))


KIND = Kind(
    name="pskportal",
    plural="pskportals",
    title="PSK portal",
    endpoints=(of_organisation("pskportals"),),
    fields="reconciler.kinds.wireless.pskportal.fields.PskPortal",
    schema="psk_portal",
    required=("ssid",),
    read_only=MADE_BY_CLOUD | {"thumbnail_url"},
    owned=(Owned(collection="orgs/{org_id}/psks", by="portal_id", when="cleanup_psk"),),
    check_planned=check_moved,
    order=66,
    example=EXAMPLE,
)
