"""Which webhooks hear of what: a change in the audit log, or a test message.

In: a call and what it did.  Out: messages in the outbox, in the shape that the vendor's automation guide shows.
"""

from __future__ import annotations

from typing import Any

from reconciler.emulator.logs import shown
from reconciler.emulator.messages import copied
from reconciler.emulator.outbox import Message
from reconciler.emulator.world import Call

Json = dict[str, Any]


def audited(call: Call, entry: Json) -> None:
    """Everybody who listens to `audits`: webhooks of the organisation, and those of the site it happened at."""
    event = shown(entry, as_text=True)
    scopes = [call.org_id, *([call.site_id] if call.site_id else [])]
    for scope in scopes:
        for webhook in call.store.collection(scope, "webhooks").values():
            if webhook.get("enabled") is not False and "audits" in (webhook.get("topics") or ()):
                _post(call, webhook, "audits", event)


def ping(call: Call, webhook: Json) -> None:
    event = {"id": call.store.ids(), "name": webhook.get("name"), "timestamp": call.world.now()}
    _post(call, webhook, "ping", event | ({"site_id": call.site_id} if call.site_id else {}))


def _post(call: Call, webhook: Json, topic: str, event: Json) -> None:
    scope = {"org_id": call.org_id} | ({"site_id": webhook["site_id"]} if webhook.get("site_id") else {})
    payload = {"topic": topic, "events": [event]}
    reach = call.world.settings.current.webhooks
    call.world.outbox.post(Message(copied(webhook), topic, payload, scope, reach))
