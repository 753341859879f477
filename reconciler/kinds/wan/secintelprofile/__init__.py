"""Security intelligence profiles. What the API calls `profiles` is `categories` here: an object of an inventory may be
made of profiles, too."""

from reconciler.kinds.kind import Kind
from reconciler.kinds.shared.entry import MADE_BY_CLOUD, of_organisation

EXAMPLE = """\
secintelprofiles:
  - name: feeds
    categories:
      - {category: CC, action: strict}
      - {category: DNS, action: standard}
"""

KIND = Kind(
    name="secintelprofile",
    plural="secintelprofiles",
    title="security intelligence profile",
    endpoints=(of_organisation("secintelprofiles"),),
    fields="reconciler.kinds.wan.secintelprofile.fields.SecintelProfile",
    schema="secintel_profile",
    renamed={"profiles": "categories"},
    read_only=MADE_BY_CLOUD,
    order=10,
    example=EXAMPLE,
)
