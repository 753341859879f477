"""Whatever is sent to whichever route: an answer, never a 500, never something that can't be stored and told again."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reconciler.emulator import Emulator, Request
from reconciler.emulator.bodies import Form, Part, parse_body
from reconciler.emulator.facts import load_facts
from reconciler.emulator.handlers import build_handlers
from reconciler.emulator.routes import load_routes
from tests.emulator.cases import body_for
from tests.emulator.support import GROUP, ORG, SITE, organisation

ROUTES = load_routes()
FACTS = load_facts()
HANDLED = sorted(build_handlers(ROUTES))
KINDS = ("networktemplates", "templates", "wlans", "webhooks", "psks", "wxrules", "sitegroups", "deviceprofiles")
DEVICE = "00000000-0000-0000-1000-5c5b35000001"
IDS = [ORG, SITE, GROUP, DEVICE, "5c5b35000001", "1", "one", "none", "%00", "{}", "x" * 300, "é"]
# Names that handlers read besides the fields of the kinds.
READ = [
    *[
        "op",
        "macs",
        "serials",
        "site_id",
        "nodes",
        "psk_ids",
        "usermac_ids",
        "mxedge_ids",
        "portal_template",
        "minutes",
    ],
    *[
        "email",
        "password",
        "version",
        "name",
        "id",
        "mac",
        "labels",
        "-name",
        "-sitegroup_ids",
        "no_reassign",
        "managed",
    ],
]
WORDS = ["", "a", "10", "{{v}}", "nan", "-1h", "true", "9" * 5000, "assign", "delete", "\x00", "\ud800", "Europe/Paris"]
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 5000),
    st.sampled_from([2**63, -(10**30), 1e300, -0.0]),
    st.sampled_from([*WORDS, *IDS]),
    st.text(max_size=5),
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.one_of(st.sampled_from(READ), st.text(max_size=3)), inner, max_size=3),
    ),
    max_leaves=6,
)
FORMS = st.builds(
    lambda names, content: Form(tuple(Part(n, "f", content) for n in names)),
    st.lists(st.sampled_from(["file", "json", "x"]), max_size=3),
    st.sampled_from(
        [b"", b"\x89PNG\r\n\x1a\nx", b"mac,labels\n5c5b35000001,a\n", b'mac\n"', b"\xff\xfe", b"{", b'{"name": 1}']
    ),
)


def names_of(method: str, path: str) -> list[str]:
    """The fields of what a route writes."""
    for collection in ROUTES.collections.values():
        if path in (collection.path, collection.item_path):
            node = FACTS.of(collection.schema)
            return sorted({*node.fields, *(n for v in node.variants.values() for n in FACTS.follow(v).fields)})
    for route, schema in ROUTES.singletons.items():
        if path == route:
            return sorted(FACTS.of(schema).fields)
    return sorted(FACTS.of("site").fields) if path.endswith(("/sites", "{site_id}")) and method != "GET" else []


# What calls want that are no plain writes of an object, by the end of their path.
BASES: dict[str, list[Any]] = {
    "/inventory": [
        {"op": "delete", "macs": ["5c5b35000001"]},
        {"op": "assign", "site_id": SITE, "macs": [], "serials": []},
    ],
    "/assign": [{"site_id": SITE, "mxedge_ids": ["one"], "macs": ["5c5b35000001"]}],
    "/unassign": [{"mxedge_ids": ["one"], "macs": ["5c5b35000001"]}],
    "psks/delete": [{"psk_ids": ["one"]}],
    "usermacs/delete": [{"usermac_ids": ["one"]}],
    "/ha": [{"nodes": [{"mac": "5c5b35000001"}, {"mac": "5c5b35000002"}]}],
    "/portal_template": [{"portal_template": {"color": "#1074bc"}}],
    "{guest_mac}": [{"minutes": 5, "wlan_id": "w"}],
    "/upgrade": [{"version": "1"}],
    "/login": [{"email": "a@example.net", "password": "x"}],
    "/clone": [{"name": "two"}],
    "list": [{"macs": ["5c5b35000001"]}],
    "/watched_station": [{"macs": ["5c5b35000001"]}],
}


def mutated(base: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    """A valid body, some of its values replaced by anything."""
    return st.fixed_dictionaries({key: st.one_of(st.just(value), VALUES) for key, value in base.items()})


def bodies(method: str, path: str) -> st.SearchStrategy[Any]:
    names = names_of(method, path)
    valid = body_for(path.rsplit("/", 1)[-1] if method == "POST" else path.split("/")[-2])
    keys = st.sampled_from([*names, *READ])
    junk = st.dictionaries(keys, VALUES, max_size=5)
    shaped = st.builds(lambda body, more: {**body, **more}, mutated(valid), junk)
    wanted = [mutated(base) for end, bases in BASES.items() if path.endswith(end) for base in bases]
    rest = [shaped, junk, st.lists(shaped, max_size=3), VALUES, FORMS]
    return st.one_of(*wanted, *wanted, *rest) if wanted else st.one_of(shaped, *rest)


def world() -> Emulator:
    """An organisation with something of everything; its quirks drawn as well."""
    data = organisation()
    org = data["orgs"][0]
    org["inventory"] = [{"mac": "5c5b35000001", "site_id": SITE, "type": "gateway", "model": "SRX320"}]
    for scope in (org, org["sites"][0]):
        for name in KINDS:
            if f"{'orgs' if scope is org else 'sites'}/{name}" in ROUTES.collections:
                scope[name] = [{"id": "one", "name": "one", **body_for(name)}]
    return Emulator(data=data)


@pytest.mark.parametrize(("method", "path"), HANDLED, ids=lambda value: str(value))
def test_no_request_gives_a_500_or_an_answer_that_is_no_json(method: str, path: str) -> None:
    emulator = world()
    emulator.settings.update({"webhooks": "off", "hourly_limit": 10**9})
    parameters = [s[s.index("{") + 1 : -1] for s in path.split("/") if "{" in s]
    queries = sorted(ROUTES.routes[path].methods[method].query)

    @settings(
        max_examples=3 if method == "GET" else 8,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(
        body=bodies(method, path),
        ids=st.lists(st.sampled_from(IDS), min_size=len(parameters), max_size=len(parameters)),
        query=st.dictionaries(st.sampled_from(queries or ["x"]), st.sampled_from([*WORDS, *IDS, "inf"]), max_size=4),
        seed=st.one_of(st.none(), st.integers(0, 50)),
    )
    def answers(body: Any, ids: list[str], query: dict[str, str], seed: int | None) -> None:
        if seed is not None:
            emulator.settings.update({"quirks": {"random": seed}})
        known = {"org_id": ORG, "site_id": SITE}
        full = path
        for name, value in zip(parameters, ids, strict=True):
            full = full.replace(f"{{{name}}}", known.get(name, value))
        request = Request(method, full, query, body, {"Authorization": "Token t", "X-Page-Limit": query.get("x", "")})
        reply = emulator.deliver(request).reply
        assert reply.status != 500, reply.body
        if reply.status >= 400 and reply.raw is None:
            assert {"detail", "id", "error"} & set(reply.body)
        json.dumps(reply.body, allow_nan=False)
        json.dumps(emulator.state(), allow_nan=False)

    answers()
    if method != "GET" and emulator.state()["orgs"]:
        # What was stored can be read again, whatever it is.
        for name in (
            "sites",
            "wlans",
            "wxrules",
            "sitegroups",
            "inventory",
            "logs",
            "sites/search",
            "events/system/search",
        ):
            assert emulator.call("GET", f"orgs/{ORG}/{name}").status in (200, 403, 404)
        for name in ("setting", "setting/derived", "wlans/derived", "wxrules/derived", "devices"):
            assert emulator.call("GET", f"sites/{SITE}/{name}").status in (200, 403, 404)
        Emulator(data=emulator.state())


@settings(max_examples=200, derandomize=True, database=None)
@given(
    st.binary(max_size=60), st.sampled_from(["", "application/json", "multipart/form-data; boundary=a", "multipart/x"])
)
def test_any_bytes_are_read_or_refused(raw: bytes, content_type: str) -> None:
    body = parse_body(raw, content_type)
    assert not (isinstance(body, float) and math.isnan(body))
