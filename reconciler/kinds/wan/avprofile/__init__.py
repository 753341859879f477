"""Antivirus profiles."""

from reconciler.kinds.kind import Kind
from reconciler.kinds.shared.entry import MADE_BY_CLOUD, of_organisation

EXAMPLE = """\
avprofiles:
  - name: mail
    fallback_action: permit
    protocols: [imap, smtp]
"""

KIND = Kind(
    name="avprofile",
    plural="avprofiles",
    title="antivirus profile",
    endpoints=(of_organisation("avprofiles"),),
    fields="reconciler.kinds.wan.avprofile.fields.AvProfile",
    schema="avprofile",
    read_only=MADE_BY_CLOUD,
    order=10,
    example=EXAMPLE,
)
