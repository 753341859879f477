"""Alarm templates: sites and the organisation name the one that holds for them."""

from reconciler.kinds.kind import Kind
from reconciler.kinds.shared.entry import MADE_BY_CLOUD, of_organisation

EXAMPLE = """\
alarmtemplates:
  - name: night
    delivery: {enabled: true, additional_emails: [noc@example.net]}
    rules:
      device_down: {enabled: true}
"""

KIND = Kind(
    name="alarmtemplate",
    plural="alarmtemplates",
    title="alarm template",
    endpoints=(of_organisation("alarmtemplates"),),
    fields="reconciler.kinds.organisation.alarmtemplate.fields.AlarmTemplate",
    schema="alarm_template",
    required=("delivery", "rules"),
    read_only=MADE_BY_CLOUD,
    order=20,
    example=EXAMPLE,
)
