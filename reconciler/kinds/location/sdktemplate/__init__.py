"""Templates of the location app."""

from reconciler.kinds.kind import Kind
from reconciler.kinds.shared.entry import MADE_BY_CLOUD, of_organisation

EXAMPLE = """\
sdktemplates:
  - {name: visitors, header_txt: Hello, welcome_msg: Welcome}
"""

KIND = Kind(
    name="sdktemplate",
    plural="sdktemplates",
    title="SDK template",
    endpoints=(of_organisation("sdktemplates"),),
    fields="reconciler.kinds.location.sdktemplate.fields.SdkTemplate",
    schema="sdktemplate",
    read_only=MADE_BY_CLOUD,
    order=30,
    example=EXAMPLE,
)
