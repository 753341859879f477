"""Conditional rules of webhooks: what a type requires, which topics exist at which level, where events are sent.

Facts: the vendor's OpenAPI document (`webhook`, error texts of its create operations) and the Automation Guide,
section on webhook topics. The guide writes `rssi-zone` and `device_events` in places; the cloud's names are below.
"""

from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from reconciler.kinds.kind import Context, Violation
from reconciler.kinds.shared.checks import (
    Body,
    Ignored,
    Needs,
    Table,
    When,
    as_map,
    check_ignored,
    check_needs,
    did_you_mean,
    given,
    texts,
)
from reconciler.kinds.shared.rules import violation
from reconciler.model.resource import Resource
from reconciler.model.values import revealed

_BOTH = (
    "alarms", "audits", "client-info", "client-join", "client-sessions", "device-events", "device-updowns",
    "guest-authorizations", "minis-application", "minis-reachability", "mxedge-events", "nac-accounting", "nac-events",
)  # fmt: skip
_SITE_ONLY = (
    "asset-raw", "asset-raw-rssi", "client-latency", "discovered-raw-rssi", "filtered-asset-rssi", "location",
    "location-asset", "location-centrak", "location-client", "location-sdk", "location-unclient", "occupancy-alerts",
    "rssizone",
    "sdkclient-scan-data", "vbeacon", "wifi-conn-raw", "wifi-unconn-raw", "zone",
)  # fmt: skip
TOPICS: Mapping[str, bool] = {**dict.fromkeys(_BOTH, True), **dict.fromkeys(_SITE_ONLY, False)}
"""Every topic, and whether an organisation's webhook may have it; a site's may have all."""

RAW = ("asset-raw-rssi", "discovered-raw-rssi", "wifi-conn-raw", "wifi-unconn-raw")
"""Topics of which a webhook has one, and a scope one webhook each: the vendor's API page of sites, which also lets an
organisation have them. The OpenAPI document says both of `location` topics instead: so all of it is a warning."""
FILTERED = ("asset-raw-rssi", "filtered-asset-rssi")
"""Topics that asset filters count for: the vendor's sources name one each."""

DEPRECATED = {"asset-raw": "asset-raw-rssi"}
HEADER_BYTES = 1000
DEFAULT_TYPE = "http-post"

_NEED, _OFF = "webhook-required-field", "webhook-unused-field"
_OAUTH2 = ("oauth2_client_id", "oauth2_client_secret", "oauth2_password", "oauth2_scopes", "oauth2_username")


def _type(*values: str, other: bool = False) -> When:
    return When(field="type", values=values, other=other, default=DEFAULT_TYPE)


def _grant(value: str) -> When:
    return When(field="oauth2_grant_type", values=(value,))


NEEDS = Table(
    Needs(rule=_NEED, when=_type(DEFAULT_TYPE, "aws-sns", "google-pubsub"), fields=("url",)),
    Needs(rule=_NEED, when=_type("oauth2"), fields=("url", "oauth2_token_url", "oauth2_grant_type")),
    Needs(rule=_NEED, when=_type("splunk"), fields=("url", "splunk_token")),
    Needs(rule=_NEED, when=_grant("client_credentials"), fields=("oauth2_client_id", "oauth2_client_secret")),
    Needs(rule=_NEED, when=_grant("password"), fields=("oauth2_username", "oauth2_password")),
)

IGNORED = Table(
    Ignored(rule=_OFF, when=_type(DEFAULT_TYPE, other=True), fields=("secret",)),
    Ignored(rule=_OFF, when=_type(DEFAULT_TYPE, "oauth2", other=True), fields=("headers",)),
    Ignored(rule=_OFF, when=_type("splunk", other=True), fields=("splunk_token",)),
    Ignored(rule=_OFF, when=_type("oauth2", other=True), fields=("oauth2_grant_type", "oauth2_token_url", *_OAUTH2)),
    Ignored(rule=_OFF, when=_grant("client_credentials"), fields=("oauth2_password", "oauth2_username")),
    Ignored(rule=_OFF, when=_grant("password"), fields=("oauth2_client_id", "oauth2_client_secret")),
)


def check_webhook(resource: Resource, body: Body, context: Context) -> Iterator[Violation]:
    """The conditional rules of one webhook and of the others that share its URL."""
    yield from check_needs(body, NEEDS)
    yield from check_ignored(body, IGNORED)
    yield from _topics(resource, body)
    yield from _asset_filters(resource, body)
    yield from _url(body)
    yield from _headers(body)
    if body.get("verify_cert") is False:
        detail = "Whoever stands between can take what it sends. Remove it, and trust the certificate."
        yield violation("webhook-unverified", detail, ("verify_cert",))
    yield from _neighbours(resource, body, context)


def _topics(resource: Resource, body: Body) -> Iterator[Violation]:
    if not given(body.get("topics")) and body.get("enabled") is not False:
        detail = "Without `topics` nothing is ever sent. List at least one, such as alarms or audits."
        yield violation("webhook-no-topics", detail, ("topics",) if "topics" in body else ())
    for index, topic in texts(body.get("topics")):
        path = ("topics", index)
        if topic not in TOPICS:
            detail = f"This release does not know the topic {topic!r}.{did_you_mean(topic, TOPICS)}"
            yield violation("webhook-topic-unknown", detail, path)
        elif resource.parent is None and not TOPICS[topic]:
            detail = f"{topic!r} is sent by sites only. Move it to a webhook of each site that should send it."
            yield violation("webhook-topic-level", detail, path, warning=topic in RAW)
        if topic in DEPRECATED:
            detail = f"{topic!r} will go away. Use {DEPRECATED[topic]!r} instead."
            yield violation("webhook-topic-deprecated", detail, path)


def _asset_filters(resource: Resource, body: Body) -> Iterator[Violation]:
    if not given(body.get("assetfilters")):
        return
    path = ("assetfilters",)
    if resource.parent is None:
        detail = "Asset filters belong to a site's webhook. Move the webhook below its site, or drop the filters."
        yield violation("webhook-asset-filters", detail, path)
    elif not any(topic in FILTERED for _, topic in texts(body.get("topics"))):
        detail = f"Asset filters count for the topics {' and '.join(FILTERED)}; this webhook has neither."
        yield violation("webhook-asset-filters", detail, path, warning=True)


def _url(body: Body) -> Iterator[Violation]:
    """The address is never repeated in a text: it may hold a password or a token."""
    for field in ("url", "oauth2_token_url"):
        url = body.get(field)
        if not isinstance(url, str):
            continue
        if url.lower().startswith("http://"):
            yield violation(
                "webhook-plain-http", f"Anybody on the way can read what `{field}` gets. Use https.", (field,)
            )
        if _holds_password(url):
            detail = f"`{field}` has the form https://user:password@host. Use headers, a secret or oauth2 instead."
            yield violation("webhook-url-credentials", detail, (field,))


def _holds_password(url: str) -> bool:
    try:
        return "@" in url and urlsplit(url).password is not None
    except ValueError:
        return False


def _headers(body: Body) -> Iterator[Violation]:
    pairs = as_map(body.get("headers")).items()
    size = sum(len(text.encode(errors="replace")) for pair in pairs for text in pair if isinstance(text, str))
    if size >= HEADER_BYTES:
        detail = f"Names and values together have {size} bytes; the cloud takes less than {HEADER_BYTES}. Shorten them."
        yield violation("webhook-headers-size", detail, ("headers",))


def _neighbours(resource: Resource, body: Body, context: Context) -> Iterator[Violation]:
    """Rules over all declared webhooks that send to one URL."""
    yield from _location_topics(resource, body, context)
    yield from _raw_topics(resource, body, context)
    if resource.parent is not None and isinstance(body.get("url"), str):
        for other in context.children("webhook", None):
            if _same_url(other.body, body):
                yield from _delivered_twice(body, other)


def _location_topics(resource: Resource, body: Body, context: Context) -> Iterator[Violation]:
    mine = [(index, topic) for index, topic in texts(body.get("topics")) if topic.startswith("location")]
    for index, topic in mine[1:]:
        detail = f"This webhook has {mine[0][1]!r} already. Send {topic!r} to another URL, by a webhook of its own."
        yield violation("webhook-location-topics", detail, ("topics", index))
    if not mine or not isinstance(body.get("url"), str):
        return
    for other in context.children("webhook", resource.parent):
        if other is resource or other.address == resource.address:
            return  # those after this one report the clash themselves
        if _same_url(other.body, body) and any(
            topic.startswith("location") for _, topic in texts(other.body.get("topics"))
        ):
            detail = f"{other.address} sends a location topic to the same URL. Give one of them another URL."
            yield violation("webhook-location-topics", detail, ("topics", mine[0][0]))


def _raw_topics(resource: Resource, body: Body, context: Context) -> Iterator[Violation]:
    mine = [(index, topic) for index, topic in texts(body.get("topics")) if topic in RAW]
    for index, topic in mine[1:]:
        detail = f"This webhook has {mine[0][1]!r} already. Send {topic!r} by a webhook of its own."
        yield violation("webhook-raw-topics", detail, ("topics", index))
    for other in context.children("webhook", resource.parent) if mine else ():
        if other is resource or other.address == resource.address:
            return  # those after this one report the clash themselves
        theirs = {topic for _, topic in texts(other.body.get("topics"))}
        for index, topic in mine:
            if topic in theirs:
                detail = f"{other.address} has {topic!r} already, and one webhook can have it. Remove one."
                yield violation("webhook-raw-topics", detail, ("topics", index))


def _delivered_twice(body: Body, other: Resource) -> Iterator[Violation]:
    theirs = {topic for _, topic in texts(other.body.get("topics"))}
    for index, topic in texts(body.get("topics")):
        if topic in theirs:
            detail = f"{other.address} sends {topic!r} of every site there: each event would arrive twice. Drop one."
            yield violation("webhook-duplicate-delivery", detail, ("topics", index))


def _same_url(other: Body, body: Body) -> bool:
    """Whether two webhooks send to one address; that of the other may be sealed."""
    return bool(revealed(other.get("url")) == body.get("url"))
