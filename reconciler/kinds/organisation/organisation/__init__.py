"""The organisation's own object, never made or deleted. Its name is the guard in reconciler.yaml, and not written."""

from reconciler.kinds.kind import Endpoint, Kind, Reference
from reconciler.kinds.shared.entry import MADE_BY_CLOUD

EXAMPLE = """\
organisation:
  session_expiry: 480
  alarmtemplate: 24x7
alarmtemplates:
  - name: 24x7
    delivery: {enabled: false}
    rules: {device_down: {enabled: true}}
"""

KIND = Kind(
    name="organisation",
    plural="organisations",
    title="organisation",
    endpoints=(Endpoint(item="orgs/{org_id}"),),
    fields="reconciler.kinds.organisation.organisation.fields.Org",
    schema="org",
    references=(Reference(field="alarmtemplate", api="alarmtemplate_id", kind="alarmtemplate"),),
    read_only=MADE_BY_CLOUD | {"msp_logo_url", "msp_name", "name", "orggroup_ids"},
    null_clears=frozenset({"alarmtemplate_id"}),
    order=80,
    example=EXAMPLE,
)
