"""Intrusion detection profiles."""

from reconciler.kinds.kind import Kind
from reconciler.kinds.shared.entry import MADE_BY_CLOUD, of_organisation

EXAMPLE = """\
idpprofiles:
  - name: careful
    base_profile: strict
    overwrites:
      - {name: known-noise, action: alert, matching: {severity: [minor]}}
"""

KIND = Kind(
    name="idpprofile",
    plural="idpprofiles",
    title="IDP profile",
    endpoints=(of_organisation("idpprofiles"),),
    fields="reconciler.kinds.wan.idpprofile.fields.OrgIdpProfile",
    schema="idp_profile",
    read_only=MADE_BY_CLOUD,
    order=10,
    example=EXAMPLE,
)
