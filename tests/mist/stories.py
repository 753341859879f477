"""Short dialogues with the cloud, recorded as cassettes by tools/record_cassettes.py and played back by the tests.

A story is a starting state of the emulator and what a client does with it. Ids and times of the emulator are fixed,
so that a recording can be compared with what the emulator answers today.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import vcr
from requests.adapters import HTTPAdapter

from reconciler.emulator import Emulator
from reconciler.errors import BadRequest, NotFound, Unauthorized
from reconciler.mist.client import MistClient, connect
from reconciler.mist.connection import Connection
from reconciler.mist.redact import redacted
from reconciler.model.values import Secret
from reconciler.transport.pacing import Timing

CASSETTES = Path(__file__).parent.parent / "cassettes"
ORG = "00000000-0000-4000-8000-000000000001"
TOKEN = "canary-token-for-recording"
HOST = "http://127.0.0.1"
KEPT_HEADERS = frozenset({"content-type", "retry-after", "x-page-total", "x-page-limit", "x-page-page"})


@dataclass(frozen=True)
class Story:
    """`tell` talks to the cloud and asserts what it hears."""

    tell: Callable[[MistClient], None]
    faults: Sequence[Mapping[str, Any]] = ()
    only_token: str | None = None
    organisation: Mapping[str, Any] = field(default_factory=dict)

    def emulator(self) -> Emulator:
        """A fresh emulator in the state that the story starts from; its time stands still."""
        data = {"orgs": [{"id": ORG, "name": "Acme", **self.organisation}]}
        emulator = Emulator(data=data, token=self.only_token, clock=lambda: 1_700_000_000.0, sleep=lambda _s: None)
        emulator.settings.update({"quirks": {"reorder": "none", "rotate_urls": False}})
        emulator.faults.replace(self.faults)
        return emulator


def objects_come_and_go(client: MistClient) -> None:
    path = f"orgs/{ORG}/sitegroups"
    made = client.post(path, {"name": "emea"})
    assert [item["id"] for item in client.list(path)] == [made["id"]]
    assert client.put(f"{path}/{made['id']}", {"name": "apac"})["name"] == "apac"
    assert client.get(f"{path}/{made['id']}")["name"] == "apac"
    client.delete(f"{path}/{made['id']}")
    client.delete(f"{path}/{made['id']}")
    assert client.list(path) == []


def a_put_replaces_roots_whole(client: MistClient) -> None:
    site = client.post(f"orgs/{ORG}/sites", {"name": "Paris", "country_code": "FR", "timezone": "Europe/Paris"})
    path = f"sites/{site['id']}/setting"
    client.put(path, {"vars": {"a": "1", "b": "2"}, "persist_config_on_device": True})
    assert client.put(path, {"vars": {"b": "3"}})["vars"] == {"b": "3"}
    client.put(path, {"-vars": ""})
    setting = client.get(path)
    assert not setting.get("vars")
    assert setting["persist_config_on_device"] is True


def wlans_of_a_template(client: MistClient) -> None:
    template = client.post(f"orgs/{ORG}/templates", {"name": "corp", "applies": {"org_id": ORG}})
    wlan = {"ssid": "Corp", "template_id": template["id"], "auth": {"type": "psk", "psk": "canary-wlan-secret"}}
    made = client.post(f"orgs/{ORG}/wlans", wlan)
    assert made["template_id"] == template["id"]
    assert [item["ssid"] for item in client.list(f"orgs/{ORG}/wlans")] == ["Corp"]


def refusals(client: MistClient) -> None:
    with pytest.raises(NotFound):
        client.get("orgs/00000000-0000-4000-8000-00000000dead")
    with pytest.raises(NotFound):
        client.get(f"orgs/{ORG}/sitegroups/00000000-0000-4000-8000-00000000dead")
    with pytest.raises(BadRequest):
        client.post(f"orgs/{ORG}/sitegroups", {})


def a_limit_that_passes(client: MistClient) -> None:
    assert client.get(f"orgs/{ORG}")["name"] == "Acme"
    assert (client.calls.reads, client.calls.retries) == (3, 2)


def a_token_of_another_cloud(client: MistClient) -> None:
    with pytest.raises(Unauthorized):
        client.self_()


STORIES = {
    "objects-come-and-go": Story(objects_come_and_go),
    "a-put-replaces-roots-whole": Story(a_put_replaces_roots_whole),
    "wlans-of-a-template": Story(wlans_of_a_template),
    "refusals": Story(refusals),
    "a-limit-that-passes": Story(
        a_limit_that_passes, faults=[{"status": 429, "retry_after": 3, "times": 1}, {"status": 503, "times": 1}]
    ),
    "a-token-of-another-cloud": Story(a_token_of_another_cloud, only_token="another-token"),
}


def cassette(name: str, *, record: bool = False) -> AbstractContextManager[Any]:
    """Records a story, or plays it back without any network."""
    recorder = vcr.VCR(
        record_mode=vcr.mode.ALL if record else vcr.mode.NONE,
        match_on=["method", "path", "query", "raw_body"],
        before_record_request=_without_token,
        before_record_response=_without_chance,
    )
    return recorder.use_cassette(str(CASSETTES / f"{name}.yaml"))


def _without_token(request: Any) -> Any:
    request.headers = {}
    request.body = without_secrets(request.body)
    request.uri = f"{HOST}{request.path}" + (f"?{request.uri.partition('?')[2]}" if "?" in request.uri else "")
    return request


def _without_chance(response: Any) -> Any:
    headers = {name: value for name, value in response["headers"].items() if name.lower() in KEPT_HEADERS}
    return {**response, "headers": headers, "body": {"string": without_secrets(response["body"]["string"])}}


def without_secrets(body: bytes | None) -> bytes | None:
    """A JSON body with its secrets redacted, as in the debug log."""
    return json.dumps(redacted(json.loads(body))).encode() if body else body


class SkippedTime:
    """Time that passes only when somebody sleeps."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def clock(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.seconds += seconds


def client_of(url: str) -> MistClient:
    """A client over the plain transport, which the recorder can listen to; it never waits."""
    time = SkippedTime()
    return connect(
        Connection(host=url, token=Secret(TOKEN, origin="env:MIST_APITOKEN")),
        adapter=HTTPAdapter(),
        timing=Timing(clock=time.clock, sleep=time.sleep),
    )
