"""Portals of Mist Access Assurance."""

from reconciler.kinds.kind import Kind
from reconciler.kinds.shared.entry import MADE_BY_CLOUD, of_organisation

EXAMPLE = """\
nacportals:
  - {name: onboarding, type: marvis_client, access_type: wireless, ssid: Corp}
"""

KIND = Kind(
    name="nacportal",
    plural="nacportals",
    title="NAC portal",
    endpoints=(of_organisation("nacportals"),),
    fields="reconciler.kinds.access.nacportal.fields.NacPortal",
    schema="nac_portal",
    read_only=MADE_BY_CLOUD
    | {
        "portal_authorize_jwt_secret",
        "portal_authorize_url",
        "portal_sso_url",
        "thumbnail_url",
        "ui_url",
    },
    order=28,
    example=EXAMPLE,
)
