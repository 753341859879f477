"""Webhooks: the topics that there are, what the cloud refuses, and the ping.

In: calls on webhooks.  Out: hooks for crud and answers.  Sources: the refusals of the vendor's OpenAPI document and
the topic lists of its automation guide and of the Terraform provider.
"""

from __future__ import annotations

import json
from typing import Any

from reconciler.emulator.errors import ApiError, bad_request, not_found
from reconciler.emulator.messages import Reply
from reconciler.emulator.rules import Rules
from reconciler.emulator.world import Call

Json = dict[str, Any]
WITH_RESULTS = frozenset(["alarms", "audits", "device-updowns", "occupancy-alerts", "ping"])
SINGLE_EVENT = frozenset(
    ["alarms", "audits", "client-join", "client-sessions", "device-events", "device-updowns", "mxedge-events"]
)
ORG_TOPICS = (
    "alarms",
    "audits",
    "client-info",
    "client-join",
    "client-sessions",
    "device-events",
    "device-updowns",
    "guest-authorizations",
    "minis-application",
    "minis-reachability",
    "mxedge-events",
    "nac-accounting",
    "nac-events",
    "ping",
)
LOCATION = ("location", "location-asset", "location-centrak", "location-client", "location-sdk", "location-unclient")
SITE_TOPICS = (
    *LOCATION,
    *[
        "asset-raw",
        "asset-raw-rssi",
        "client-latency",
        "discovered-raw-rssi",
        "occupancy-alerts",
        "rssizone",
        "sdkclient-scan-data",
        "vbeacon",
        "wifi-conn-raw",
        "wifi-unconn-raw",
        "zone",
    ],
)


def topics(_call: Call) -> list[Json]:
    return [
        {
            "key": key,
            "for_org": key in ORG_TOPICS,
            "has_delivery_results": key in WITH_RESULTS,
            "allows_single_event_per_message": key in SINGLE_EVENT,
            "internal": key == "ping",
        }
        for key in sorted({*ORG_TOPICS, *SITE_TOPICS})
    ]


def before_webhook_write(call: Call, _before: Json | None, after: Json) -> None:
    wanted = [t for t in after.get("topics") or () if t in LOCATION]
    if len(wanted) > 1:
        raise bad_request("Only one location topic can be configured per URL")
    for other in call.store.collection(call.scope_id, "webhooks").values():
        same = other.get("url") == after.get("url") and other["id"] != after.get("id")
        if wanted and same and set(other.get("topics") or ()) & set(LOCATION):
            raise bad_request("Webhook already configured for special location topic")
    _check_filters(call, after)


def _check_filters(call: Call, webhook: Json) -> None:
    filters = webhook.get("assetfilter_ids") or []
    if not filters:
        return
    if call.site_id is None:
        reason = {"reason": "filtered asset webhooks must be associated with a site"}
        raise ApiError(400, "invalid field: topics", extra=reason)
    known = call.store.collection(call.site_id, "assetfilters")
    if len(set(filters)) < len(filters) or any(f not in known for f in filters):
        raise bad_request("invalid assetfilter_ids")


def ping(call: Call) -> Reply:
    """Asks for one test message.  Nothing is sent; the delivery is remembered for the search below."""
    webhook = call.store.get(call.scope_id, "webhooks", call.params["webhook_id"])
    if webhook is None:
        raise not_found()
    headers = webhook.get("headers") or {}
    problem = _header_problem(headers)
    delivery = {
        "id": call.store.ids(),
        "org_id": call.org_id,
        **({"site_id": call.site_id} if call.site_id else {}),
        "webhook_id": webhook["id"],
        "timestamp": call.world.now(),
        "topic": "ping",
        "status": "success",
        "status_code": 200,
        "req_url": webhook.get("url"),
        "req_headers": json.dumps({"X-Mist-Error": problem} if problem else {}),
        "req_payload": json.dumps({"topic": "ping", "events": [{"name": webhook.get("name")}]}),
    }
    call.world.deliveries.append(delivery)
    return Reply(200)


def _header_problem(headers: object) -> str | None:
    """What the cloud tells the receiver about custom headers that it cannot send."""
    if not isinstance(headers, dict):
        return "headers format invalid"
    wrong = [name for name, value in headers.items() if not isinstance(value, str)]
    if wrong:
        return f"header[{wrong[0]}] not a string"
    return "headers too big" if sum(len(k) + len(v) for k, v in headers.items()) > 1000 else None


def deliveries(call: Call) -> list[Json]:
    return [d for d in call.world.deliveries if d["webhook_id"] == call.params["webhook_id"]]


WEBHOOKS = Rules(before_write=before_webhook_write)
