"""Webhooks of the organisation or of a site. The cloud lets their name be empty; then the URL identifies them."""

from reconciler.kinds.kind import Endpoint, Kind, Reference
from reconciler.kinds.organisation.webhook.rules import check_webhook
from reconciler.kinds.shared.entry import MADE_BY_CLOUD

EXAMPLE = """\
webhooks:
  - name: siem
    url: https://siem.example.net/mist
    secret: !secret env:SIEM_SECRET
    topics: [alarms, audits]
"""

KIND = Kind(
    name="webhook",
    plural="webhooks",
    title="webhook",
    endpoints=(
        Endpoint(collection="orgs/{org_id}/webhooks", item="orgs/{org_id}/webhooks/{id}"),
        Endpoint(collection="sites/{parent_id}/webhooks", item="sites/{parent_id}/webhooks/{id}", parent="site"),
    ),
    fields="reconciler.kinds.organisation.webhook.fields.Webhook",
    schema="webhook",
    key_fallback="url",
    references=(Reference(field="assetfilters", api="assetfilter_ids", kind="assetfilter", many=True),),
    read_only=MADE_BY_CLOUD,
    order=70,
    check=check_webhook,
    example=EXAMPLE,
)
