"""Service policies of the organisation, which WAN edge templates name. Services are named by name."""

from reconciler.kinds.kind import Kind, Reference
from reconciler.kinds.shared.entry import MADE_BY_CLOUD, of_organisation, profiles_of_policy

EXAMPLE = """\
networks:
  - {name: tills, subnet: 10.71.1.0/25}
services:
  - {name: payments, addresses: [198.51.100.0/24]}
servicepolicies:
  - {name: pay, action: allow, tenants: [tills], services: [payments]}
"""

KIND = Kind(
    name="servicepolicy",
    plural="servicepolicies",
    title="service policy",
    endpoints=(of_organisation("servicepolicies"),),
    fields="reconciler.kinds.wan.servicepolicy.fields.OrgServicePolicy",
    schema="org_service_policy",
    references=(
        *profiles_of_policy(),
        Reference(field="aamw.aamwprofile", api="aamw.aamwprofile_id", kind="aamwprofile"),
        Reference(field="services", api="services", kind="service", many=True, by_name=True),
    ),
    read_only=MADE_BY_CLOUD,
    order=15,
    example=EXAMPLE,
)
