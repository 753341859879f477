"""Recorded dialogues: the client still understands them, and the emulator still answers them so."""

import json
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import yaml

from reconciler.emulator import Request
from tests.mist.stories import CASSETTES, HOST, KEPT_HEADERS, STORIES, TOKEN, cassette, client_of, without_secrets


def interactions(name: str) -> list[dict[str, Any]]:
    recorded = yaml.safe_load((CASSETTES / f"{name}.yaml").read_text("utf-8"))
    return list(recorded["interactions"])


def test_every_story_has_a_cassette_and_no_cassette_is_left_over() -> None:
    assert {path.stem for path in CASSETTES.glob("*.yaml")} == set(STORIES)


@pytest.mark.parametrize("name", STORIES)
def test_the_client_understands_the_recording_without_any_network(name: str) -> None:
    with cassette(name) as tape:
        client = client_of(f"{HOST}:9")
        STORIES[name].tell(client)
        client.close()
        assert tape.all_played


@pytest.mark.parametrize("name", STORIES)
def test_the_emulator_answers_each_recorded_request_as_it_was_recorded(name: str) -> None:
    emulator = STORIES[name].emulator()
    for number, recorded in enumerate(interactions(name)):
        request, expected = recorded["request"], recorded["response"]
        parts = urlsplit(request["uri"])
        body = json.loads(request["body"]) if request["body"] else None
        headers = {"Authorization": f"Token {TOKEN}"}
        reply = emulator.deliver(
            Request(request["method"], parts.path, dict(parse_qsl(parts.query)), body, headers)
        ).reply
        where = f"{number}: {request['method']} {parts.path}"
        assert reply.status == expected["status"]["code"], where
        assert json.loads(without_secrets(reply.content) or b"null") == json.loads(expected["body"]["string"]), where
        kept = {key.lower(): value[0] for key, value in expected["headers"].items()}
        answered = {"content-type": "application/json"} | {key.lower(): value for key, value in reply.headers.items()}
        assert {key: value for key, value in answered.items() if key in KEPT_HEADERS} == kept, where


@pytest.mark.parametrize("name", STORIES)
def test_no_cassette_holds_the_token_or_a_secret(name: str) -> None:
    text = (CASSETTES / f"{name}.yaml").read_text("utf-8")
    assert TOKEN not in text
    assert "uthorization" not in text
    assert "canary" not in text
