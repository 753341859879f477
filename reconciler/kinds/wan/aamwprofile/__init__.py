"""Advanced anti-malware profiles."""

from reconciler.kinds.kind import Kind
from reconciler.kinds.shared.entry import MADE_BY_CLOUD, of_organisation

EXAMPLE = """\
aamwprofiles:
  - name: documents
    file_action: block
    verdict_threshold: 7
"""

KIND = Kind(
    name="aamwprofile",
    plural="aamwprofiles",
    title="anti-malware profile",
    endpoints=(of_organisation("aamwprofiles"),),
    fields="reconciler.kinds.wan.aamwprofile.fields.AamwProfile",
    schema="aamw_profile",
    read_only=MADE_BY_CLOUD,
    order=10,
    example=EXAMPLE,
)
