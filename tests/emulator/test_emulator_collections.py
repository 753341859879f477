"""Every configuration collection: create, read, list, change, delete, and what each refuses."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.emulator import Emulator, Request
from reconciler.emulator.facts import load_facts
from reconciler.emulator.routes import Collection, load_routes
from tests.emulator.cases import PLACE, body_for
from tests.emulator.support import ORG, SITE, Clock, ok, refused

ALL = load_routes().collections
CREATABLE = [key for key, c in ALL.items() if "C" in c.ops]


def path_of(collection: Collection) -> str:
    return f"{PLACE[collection.scope]}/{collection.name}"


@pytest.mark.parametrize("key", CREATABLE)
def test_an_object_lives_from_create_to_delete(key: str, emulator: Emulator, clock: Clock) -> None:
    collection = ALL[key]
    path, body = path_of(collection), body_for(collection.name)
    made = ok(emulator.call("POST", path, body=body))
    item = f"{path}/{made['id']}"
    assert len(made["id"]) == 36
    assert made["org_id"] == ORG
    assert made["created_time"] == made["modified_time"] == clock.now
    assert made.get("site_id") == (SITE if collection.scope == "sites" else None)
    if "L" in collection.ops:
        listed = emulator.call("GET", path, query={"limit": "1000", "type": "all"})
        assert made["id"] in [o["id"] for o in ok(listed)]
    clock.now += 5
    changed = ok(emulator.call("PUT", item, body={"name": "two", "id": "mine", "org_id": "mine"}))
    assert (changed["name"], changed["id"], changed["org_id"]) == ("two", made["id"], ORG)
    assert changed["modified_time"] == made["modified_time"] + 5
    assert changed["created_time"] == made["created_time"]
    assert ok(emulator.call("GET", item))["name"] == "two"
    ok(emulator.call("DELETE", item))
    refused(emulator.call("GET", item), 404)
    refused(emulator.call("PUT", item, body={}), 404)
    refused(emulator.call("DELETE", item), 404)


@pytest.mark.parametrize("key", CREATABLE)
def test_what_is_required_must_be_there_on_create_and_may_be_absent_on_update(key: str, plain: Emulator) -> None:
    collection = ALL[key]
    body = body_for(collection.name)
    required = load_facts().of(collection.schema, body).required
    for name in required:
        without = {k: v for k, v in body.items() if k != name}
        refused(plain.call("POST", path_of(collection), body=without), 400, f"{name} is required")
    made = ok(plain.call("POST", path_of(collection), body=body))
    assert ok(plain.call("PUT", f"{path_of(collection)}/{made['id']}", body={}))["id"] == made["id"]


@pytest.mark.parametrize("body", [None, [], "text", 5])
def test_a_body_that_is_no_object_is_refused(body: Any, emulator: Emulator) -> None:
    refused(emulator.call("POST", f"orgs/{ORG}/networktemplates", body=body), 400, "JSON object")
    refused(emulator.call("PUT", f"sites/{SITE}/setting", body=body), 400, "JSON object")


WRONG = [
    ("sitegroups", {"name": ["a"]}),
    ("webhooks", {"name": "a", "topics": "zone"}),
    ("webhooks", {"name": "a", "enabled": "yes"}),
    ("webhooks", {"name": "a", "headers": []}),
    ("webhooks", {"name": "a", "type": "carrier-pigeon"}),
    ("wlans", {"ssid": "a", "auth": "psk"}),
    ("wlans", {"ssid": "a", "enabled": {}}),
    ("wlans", {"ssid": "a", "hide_ssid": 1, "interface": "smoke"}),
    ("wxtags", {"name": "a", "type": "vlan_id"}),
]


@pytest.mark.parametrize(("name", "body"), WRONG)
def test_a_root_of_the_wrong_type_or_outside_its_list_is_refused(
    name: str, body: dict[str, Any], emulator: Emulator
) -> None:
    refused(emulator.call("POST", f"orgs/{ORG}/{name}", body=body), 400, "invalid field")


def test_unknown_keys_numbers_for_text_and_text_for_numbers_pass(plain: Emulator) -> None:
    body = {"ssid": "a", "colour": {"new": 1}, "vlan_id": "{{v}}", "dtim": "3", "template_id": 5}
    made = ok(plain.call("POST", f"orgs/{ORG}/wlans", body=body))
    assert {k: made[k] for k in body} == body


def test_names_need_not_be_unique(emulator: Emulator) -> None:
    path = f"orgs/{ORG}/networktemplates"
    first, second = (ok(emulator.call("POST", path, body={"name": "same"})) for _ in range(2))
    assert first["id"] != second["id"]
    assert len(ok(emulator.call("GET", path))) == 2


def test_ids_are_the_same_for_the_same_seed_number() -> None:
    def make(seed: int) -> str:
        one = Emulator(seed=seed, data={"orgs": [{"id": ORG, "name": "Acme"}]})
        return str(ok(one.call("POST", f"orgs/{ORG}/vpns", body=body_for("vpns")))["id"])

    assert make(1) == make(1) != make(2)


def test_a_list_of_texts_takes_no_objects(emulator: Emulator) -> None:
    reply = emulator.call("POST", f"orgs/{ORG}/webhooks", body={"name": "w", "topics": [{"a": 1}, "location"]})
    refused(reply, 400, "invalid field: topics")


PAGES = [
    ({"limit": "1000"}, 230, ("230", "1000", "1")),
    ({"limit": "5000"}, 230, ("230", "1000", "1")),
    ({"limit": "100", "page": "3"}, 30, ("230", "100", "3")),
    ({"limit": "100", "page": "4"}, 0, ("230", "100", "4")),
    ({"limit": "0"}, 0, ("230", "0", "1")),
    ({"page": "0"}, 100, ("230", "100", "1")),
]


@pytest.mark.parametrize(("query", "length", "headers"), PAGES)
def test_lists_come_in_pages_with_the_total_in_the_headers(
    query: dict[str, str], length: int, headers: tuple[str, str, str], emulator: Emulator
) -> None:
    emulator.load({"orgs": [{"id": ORG, "name": "A", "wxtags": [{"name": f"t{i}"} for i in range(230)]}]})
    reply = emulator.call("GET", f"orgs/{ORG}/wxtags", query=query)
    assert len(ok(reply)) == length
    assert tuple(reply.headers[f"X-Page-{name}"] for name in ("Total", "Limit", "Page")) == headers


@pytest.mark.parametrize(("headers", "asked", "unasked"), [("asked", 1, 0), ("always", 1, 1), ("never", 0, 0)])
def test_headers_come_where_a_page_was_asked_for_or_as_the_quirk_says(
    headers: str, asked: int, unasked: int, emulator: Emulator
) -> None:
    emulator.settings.update({"quirks": {"page_headers": headers}})
    path = f"/api/v1/orgs/{ORG}/sites"
    for query, extra, expected in [
        ({}, {}, unasked),
        ({"limit": "1"}, {}, asked),
        ({}, {"X-Page-Limit": "1"}, asked),
        ({"limit": ""}, {}, unasked),
    ]:
        reply = emulator.handle(Request("GET", path, query, None, {"Authorization": "Token t", **extra}))
        assert ("X-Page-Total" in reply.headers) == bool(expected)
        assert len(ok(reply)) == (1 if query.get("limit") or extra else 2)


@pytest.mark.parametrize("query", [{"limit": "many"}, {"page": "-1"}, {"limit": "٣"}, {"limit": "9" * 5000}])
def test_a_page_that_is_no_number_is_refused(query: dict[str, str], emulator: Emulator) -> None:
    refused(emulator.call("GET", f"orgs/{ORG}/wxtags", query=query), 400, "invalid query parameter")


def test_lists_that_take_no_page_answer_whole_and_without_page_headers(emulator: Emulator) -> None:
    emulator.load({"orgs": [{"id": ORG, "name": "A", "aamwprofiles": [{"name": f"p{i}"} for i in range(130)]}]})
    reply = emulator.call("GET", f"orgs/{ORG}/aamwprofiles", query={"limit": "10"})
    assert len(ok(reply)) == 130
    assert reply.headers == {}


def test_the_key_of_an_api_token_is_shown_once(emulator: Emulator) -> None:
    path = f"orgs/{ORG}/apitokens"
    made = ok(emulator.call("POST", path, body=body_for("apitokens")))
    assert len(made["key"]) == 40
    assert ok(emulator.call("GET", f"{path}/{made['id']}"))["key"] == f"{made['key'][:4]}...{made['key'][-4:]}"
    assert ok(emulator.call("GET", path))[0]["key"] != made["key"]


ROUTES = [
    ("GET", "/api/v1/nowhere", 404),
    ("GET", "/api/v1/orgs//sites", 404),
    ("GET", "/api/v1", 404),
    ("GET", f"/api/v1/orgs/{ORG}/nowhere", 404),
    ("PATCH", f"/api/v1/sites/{SITE}", 405),
    ("POST", f"/api/v1/sites/{SITE}/setting", 405),
    ("GET", "/api/v1/orgs", 405),
    ("GET", "/api/v1/self/logs", 501),
    ("GET", f"/api/v1/sites/{SITE}/rfdiags", 501),
]


@pytest.mark.parametrize(("method", "path", "status"), ROUTES)
def test_what_is_not_there_is_told_apart_from_what_is_not_emulated(
    method: str, path: str, status: int, emulator: Emulator
) -> None:
    refused(emulator.call(method, path), status)


@pytest.mark.parametrize(
    "key", [k for k, c in load_routes().collections.items() if "C" in c.ops and k != "orgs/apitokens"]
)
def test_the_answer_to_a_write_and_the_next_read_agree_to_the_letter(key: str, emulator: Emulator) -> None:
    emulator.settings.update({"quirks": {"rotate_urls": False}})
    collection = load_routes().collections[key]
    path = f"{PLACE[collection.scope]}/{collection.name}"
    made = ok(emulator.call("POST", path, body=body_for(collection.name)))
    assert ok(emulator.call("GET", f"{path}/{made['id']}")) == made
    changed = ok(emulator.call("PUT", f"{path}/{made['id']}", body={"-notes": "", "notes_of_ours": {"a": [1]}}))
    assert ok(emulator.call("GET", f"{path}/{made['id']}")) == changed
    assert {k: v for k, v in changed.items() if k != "modified_time"} == {
        **{k: v for k, v in made.items() if k != "modified_time"},
        "notes_of_ours": {"a": [1]},
    }
