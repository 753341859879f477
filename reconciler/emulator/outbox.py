"""Webhook messages on their way: signed, sent, tried again, and what became of each.

In: a message and where it goes.  Out: an HTTP POST from a thread of its own, and records as the deliveries search of
the vendor's OpenAPI document lists them, one for each attempt.  Signatures and headers are those of the vendor's
automation guide.  By default nothing leaves this machine.
"""

from __future__ import annotations

import hashlib
import hmac
import http.client
import ipaddress
import json
import ssl
import threading
import time
import uuid
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import SplitResult, urlencode, urlsplit

Json = dict[str, Any]
ATTEMPTS = 3
PAUSE_S = 0.2
TIMEOUT_S = 5.0
# Deliveries that are remembered: so many, and payloads of so many bytes.
KEPT = 5_000
KEPT_BYTES = 16_000_000
MAX_ANSWER = 4096
SENDABLE = frozenset({"http-post", "splunk", "oauth2"})


@dataclass(frozen=True)
class Message:
    """One message to one webhook; `reach` is the setting that says how far it may go."""

    webhook: Json
    topic: str
    payload: Json
    scope: Mapping[str, str]
    reach: str


class NotSent(Exception):
    """A message that can't leave, and why; trying again does not help."""


@dataclass
class Outbox:
    """The messages that wait and the latest deliveries; the thread lives as long as there is something to send."""

    now: Callable[[], float]
    deliveries: deque[Json] = field(default_factory=deque)
    _waiting: deque[Message] = field(default_factory=deque)
    _lock: threading.Condition = field(default_factory=threading.Condition)
    _running: bool = False
    _bytes: int = 0

    def post(self, message: Message) -> None:
        with self._lock:
            self._waiting.append(message)
            if not self._running:
                self._running = True
                threading.Thread(target=self._run, name="webhooks", daemon=True).start()

    def latest(self) -> list[Json]:
        """The attempts so far, the latest first."""
        with self._lock:
            return list(reversed(self.deliveries))

    def wait(self, timeout: float = 10) -> bool:
        """Until all is sent or given up."""
        with self._lock:
            return self._lock.wait_for(lambda: not self._running, timeout)

    def _run(self) -> None:
        while True:
            with self._lock:
                if not self._waiting:
                    self._running = False
                    self._lock.notify_all()
                    return
                message = self._waiting.popleft()
            self._deliver(message)

    def _deliver(self, message: Message) -> None:
        for attempt in range(ATTEMPTS):
            if attempt:
                time.sleep(PAUSE_S * 2**attempt)
            record, final = self._attempt(message)
            self._remember(record)
            if final:
                return

    def _remember(self, record: Json) -> None:
        with self._lock:
            self.deliveries.append(record)
            self._bytes += len(record["req_payload"])
            while len(self.deliveries) > KEPT or self._bytes > KEPT_BYTES:
                self._bytes -= len(self.deliveries.popleft()["req_payload"])

    def _attempt(self, message: Message) -> tuple[Json, bool]:
        """The record of one attempt, and whether it was the last one."""
        body = json.dumps(message.payload).encode()
        headers = headers_for(message.webhook, body)
        record: Json = {
            "id": str(uuid.uuid4()),
            **message.scope,
            "webhook_id": message.webhook["id"],
            "timestamp": self.now(),
            "topic": message.topic,
            "req_url": str(message.webhook.get("url")),
            "req_headers": json.dumps(_shown(headers)),
            "req_payload": body.decode(),
            "status": "failure",
        }
        try:
            status, answered, answer = send(message, headers, body)
        except NotSent as error:
            return {**record, "error": str(error)}, True
        except (OSError, http.client.HTTPException) as error:
            return {**record, "error": f"{type(error).__name__}: {error}"}, False
        good = 200 <= status < 300
        record |= {"status_code": status, "resp_headers": json.dumps(answered), "resp_body": answer}
        return record | ({"status": "success"} if good else {"error": f"HTTP {status}"}), good


def headers_for(webhook: Json, body: bytes) -> dict[str, str]:
    """The headers of a message: custom ones if the cloud can send them, and the two signatures."""
    headers = {"Content-Type": "application/json", "User-Agent": "Mist-webhook"}
    custom = webhook.get("headers") or {}
    problem = header_problem(custom)
    headers |= {"X-Mist-Error": problem} if problem else custom
    if isinstance(webhook.get("secret"), str) and webhook["secret"]:
        key = webhook["secret"].encode("utf-8", "replace")
        headers["X-Mist-Signature"] = hmac.new(key, body, hashlib.sha1).hexdigest()
        headers["X-Mist-Signature-v2"] = hmac.new(key, body, hashlib.sha256).hexdigest()
    return headers


def header_problem(headers: object) -> str | None:
    """What the cloud says to the receiver about custom headers that it can't send."""
    if not isinstance(headers, dict):
        return "headers format invalid"
    wrong = [name for name, value in headers.items() if not isinstance(value, str)]
    if wrong:
        return f"header[{wrong[0]}] not a string"
    if sum(len(k) + len(v) for k, v in headers.items()) > 1000:
        return "headers too big"
    broken = any(not text.isprintable() or not text.isascii() for pair in headers.items() for text in pair)
    return "headers format invalid" if broken or "" in headers else None


def send(message: Message, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, str], str]:
    webhook = message.webhook
    kind = webhook.get("type") or "http-post"
    if message.reach == "off":
        raise NotSent("not sent: webhooks are off in the emulator's settings")
    if kind not in SENDABLE:
        raise NotSent(f"not sent: the emulator has no {kind}")
    target = _target(webhook.get("url"), message.reach)
    if kind == "splunk":
        if not webhook.get("splunk_token"):
            raise NotSent("not sent: splunk_token is missing")
        headers = {**headers, "Authorization": f"Splunk {webhook['splunk_token']}"}
    if kind == "oauth2":
        headers = {**headers, "Authorization": f"Bearer {_bearer(webhook, message.reach)}"}
    return _post(target, headers, body, verify=webhook.get("verify_cert") is not False)


def _bearer(webhook: Json, reach: str) -> str:
    target = _target(webhook.get("oauth2_token_url"), reach)
    if webhook.get("oauth2_grant_type") == "password":
        names = {"username": "oauth2_username", "password": "oauth2_password"}
    else:
        names = {"client_id": "oauth2_client_id", "client_secret": "oauth2_client_secret"}
    form = {"grant_type": webhook.get("oauth2_grant_type") or "client_credentials"}
    form |= {name: str(webhook.get(source) or "") for name, source in names.items()}
    headers = {"Content-Type": "application/x-www-form-urlencoded", "User-Agent": "Mist-webhook"}
    status, _, answer = _post(target, headers, urlencode(form).encode(), verify=webhook.get("verify_cert") is not False)
    try:
        token = json.loads(answer)["access_token"]
    except (ValueError, KeyError, TypeError) as error:
        raise NotSent(f"not sent: the token URL answered {status} without an access_token") from error
    return str(token)


def _target(url: object, reach: str) -> SplitResult:
    try:
        target = urlsplit(str(url))
        known = target.scheme in ("http", "https") and bool(target.hostname) and target.port != 0
    except ValueError:
        known = False
    if not known:
        raise NotSent("not sent: the URL is none of http or https")
    if reach != "anywhere" and not _is_loopback(target.hostname or ""):
        raise NotSent("not sent: the emulator sends to this machine only (setting webhooks: anywhere)")
    return target


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _post(
    target: SplitResult, headers: dict[str, str], body: bytes, *, verify: bool
) -> tuple[int, dict[str, str], str]:
    host = target.hostname or ""
    connection: http.client.HTTPConnection
    if target.scheme == "https":
        context = ssl.create_default_context()
        if not verify:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        connection = http.client.HTTPSConnection(host, target.port, timeout=TIMEOUT_S, context=context)
    else:
        connection = http.client.HTTPConnection(host, target.port, timeout=TIMEOUT_S)
    path = (target.path or "/") + (f"?{target.query}" if target.query else "")
    try:
        connection.request("POST", path, body, headers)
        answer = connection.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read(MAX_ANSWER).decode("utf-8", "replace")
    except (UnicodeError, ValueError) as error:
        raise NotSent(f"not sent: {error}") from error
    finally:
        connection.close()


def _shown(headers: dict[str, str]) -> dict[str, str]:
    """Headers as a search may tell them: credentials are not among them."""
    return {k: v for k, v in headers.items() if k.lower() not in ("authorization", "cookie")}
