"""Roles that an identity provider gives, and what they may do. The cloud keeps their names unique."""

from reconciler.kinds.kind import Kind, Reference
from reconciler.kinds.shared.entry import MADE_BY_CLOUD, of_organisation
from reconciler.kinds.shared.needs import needs, when

EXAMPLE = """\
ssoroles:
  - name: noc
    privileges:
      - {scope: org, role: read}
"""

KIND = Kind(
    name="ssorole",
    plural="ssoroles",
    title="SSO role",
    endpoints=(of_organisation("ssoroles"),),
    fields="reconciler.kinds.organisation.ssorole.fields.SsoRole",
    schema="sso_role_org",
    references=(
        Reference(field="privileges.[].site", api="privileges.[].site_id", kind="site"),
        Reference(field="privileges.[].sitegroup", api="privileges.[].sitegroup_id", kind="sitegroup"),
    ),
    required=("privileges",),
    read_only=MADE_BY_CLOUD,
    order=45,
    check=needs(
        lines=(
            when("scope", "site", "site", at="privileges.[]"),
            when("scope", "sitegroup", "sitegroup", at="privileges.[]"),
        ),
    ),
    example=EXAMPLE,
)
