"""Webhooks: the topics that there are, what the cloud refuses, and the ping.

In: calls on webhooks.  Out: hooks for crud and answers.  Sources: the refusals of the vendor's OpenAPI document and
the topic lists of its automation guide and of the Terraform provider.
"""

from __future__ import annotations

from typing import Any

from reconciler.emulator import notify, results
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
RAW = ("asset-raw-rssi", "discovered-raw-rssi", "wifi-conn-raw", "wifi-unconn-raw")
LOCATION = ("location", "location-asset", "location-centrak", "location-client", "location-sdk", "location-unclient")
SITE_TOPICS = (
    *LOCATION,
    *[
        "asset-raw",
        "asset-raw-rssi",
        "client-latency",
        "discovered-raw-rssi",
        "filtered-asset-rssi",
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
    _check_exclusive(call, after)
    _check_filters(call, after)


def _check_exclusive(call: Call, after: Json) -> None:
    """Raw data has one webhook per topic and one topic per webhook; by the document, locations have per URL."""
    by_topic = call.world.quirks.exclusive_topics == "raw"
    special = RAW if by_topic else LOCATION
    wanted = {t for t in after.get("topics") or () if t in special}
    if len(wanted) > 1:
        raise bad_request("Only one location topic can be configured per URL")
    for other in call.store.collection(call.scope_id, "webhooks").values():
        theirs = set(other.get("topics") or ())
        clash = wanted & theirs if by_topic else other.get("url") == after.get("url") and theirs & set(special)
        if wanted and clash and other["id"] != after.get("id"):
            extra = {"webhook_id": other["id"]} if by_topic else {}
            raise ApiError(400, "Webhook already configured for special location topic", extra=extra)


def _check_filters(call: Call, webhook: Json) -> None:
    filters = webhook.get("assetfilter_ids") or []
    if not filters:
        return
    if call.site_id is None:
        reason = {"reason": "filtered asset webhooks must be associated with a site"}
        raise ApiError(400, "invalid field: topics", extra=reason)
    known = call.store.collection(call.site_id, "assetfilters")
    if any(f not in known for f in filters):
        raise bad_request("invalid field: assetfilter_ids")
    if len(set(filters)) < len(filters):
        reason = {"reason": "contains duplicate uuids"}
        raise ApiError(400, "invalid field: assetfilter_ids", extra=reason)


def ping(call: Call) -> Reply:
    """Asks for one test message."""
    notify.ping(call, _found(call))
    return Reply(200)


def _found(call: Call) -> Json:
    webhook = call.store.get(call.scope_id, "webhooks", call.params["webhook_id"])
    if webhook is None:
        raise not_found()
    return webhook


def search_deliveries(call: Call) -> Json:
    return results.search(call, _deliveries(call))


def count_deliveries(call: Call) -> Json:
    return results.count(call, _deliveries(call), distinct="webhook_id")


def _deliveries(call: Call) -> list[Json]:
    """What was really sent to one webhook, the latest first."""
    webhook = _found(call)
    start, end = results.times(call)
    wanted = {k: call.query[k] for k in ("status", "status_code", "topic", "error") if k in call.query}
    return [
        d
        for d in call.world.outbox.latest()
        if d["webhook_id"] == webhook["id"]
        and start <= d["timestamp"] <= end
        and all(str(d.get(k)) == v for k, v in wanted.items())
    ]


WEBHOOKS = Rules(before_write=before_webhook_write)
