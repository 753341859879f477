"""Services (applications) of the organisation. Policies know them by name."""

from reconciler.kinds.kind import Kind
from reconciler.kinds.shared.entry import MADE_BY_CLOUD, of_organisation
from reconciler.kinds.shared.needs import needs, when

EXAMPLE = """\
services:
  - name: payments
    addresses: [198.51.100.0/24]
    specs: [{protocol: tcp, port_range: "443"}]
"""

KIND = Kind(
    name="service",
    plural="services",
    title="service (application)",
    endpoints=(of_organisation("services"),),
    fields="reconciler.kinds.wan.service.fields.Service",
    schema="service",
    read_only=MADE_BY_CLOUD,
    implicit=frozenset({"any"}),
    order=12,
    check=needs(
        lines=(
            when("type", "apps", "apps"),
            when("type", "app_categories", "app_categories"),
            when("type", "urls", "urls"),
        )
    ),
    example=EXAMPLE,
)
