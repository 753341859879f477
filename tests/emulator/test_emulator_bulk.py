"""Imports, upserts, filters, constants, guests and keys: what other programs ask for."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.emulator import Emulator, Request
from reconciler.emulator.bodies import Form, Part
from reconciler.emulator.routes import load_routes
from tests.emulator.support import ORG, SITE, ok, refused

SCOPES = [f"orgs/{ORG}", f"sites/{SITE}"]
USERMACS = f"orgs/{ORG}/usermacs"
KEY: dict[str, Any] = {"name": "a", "ssid": "s", "passphrase": "12345678"}


def csv(text: str) -> Form:
    return Form((Part("file", "x.csv", text.encode("utf-8-sig")),))


@pytest.mark.parametrize("scope", SCOPES)
def test_psks_are_imported_as_json_and_as_csv_and_known_names_change(scope: str, emulator: Emulator) -> None:
    ok(emulator.call("POST", f"{scope}/psks/import", body=[KEY, {**KEY, "name": "b", "vlan_id": 7}]))
    text = "name,ssid,passphrase,max_usage\nb,s,87654321,5\n\u00fc,s,12345678,\n"
    answer = ok(emulator.call("POST", f"{scope}/psks/import", body=csv(text)))
    assert [(p["name"], p["passphrase"]) for p in answer] == [("b", "87654321"), ("\u00fc", "12345678")]
    found = {p["name"]: p for p in ok(emulator.call("GET", f"{scope}/psks"))}
    assert set(found) == {"a", "b", "\u00fc"}
    assert (found["b"]["max_usage"], found["b"]["vlan_id"]) == (5, "7")


@pytest.mark.parametrize("body", [{}, [5], [{"name": "a"}], csv("name\nx\n"), csv(""), csv('a\n"'), Form(())])
def test_an_import_of_psks_that_is_wrong_makes_none(body: Any, emulator: Emulator) -> None:
    reply = emulator.call("POST", f"orgs/{ORG}/psks/import", body=body)
    assert reply.status in (200, 400)
    assert ok(emulator.call("GET", f"orgs/{ORG}/psks")) == []


@pytest.mark.parametrize("scope", SCOPES)
def test_a_psk_is_put_in_the_place_of_one_of_its_name(scope: str, emulator: Emulator) -> None:
    one = ok(emulator.call("POST", f"{scope}/psks", body=KEY))
    upsert = {"upsert": "true"}
    again = ok(emulator.call("POST", f"{scope}/psks", query=upsert, body={**KEY, "ssid": "t"}))
    assert (again["id"], again["ssid"]) == (one["id"], "t")
    ok(emulator.call("POST", f"{scope}/psks", query=upsert, body={**KEY, "name": "b"}))
    ok(emulator.call("POST", f"{scope}/psks", body=KEY))
    assert sorted(p["name"] for p in ok(emulator.call("GET", f"{scope}/psks"))) == ["a", "a", "b"]
    refused(emulator.call("POST", f"{scope}/psks", query=upsert, body={"name": "a"}), 400, "required")


def test_psks_of_a_site_are_deleted_by_name_and_never_all_of_them(emulator: Emulator) -> None:
    path = f"sites/{SITE}/psks"
    for name in ("a", "a", "b"):
        ok(emulator.call("POST", path, body={**KEY, "name": name}))
    refused(emulator.call("DELETE", path), 400, "ssid or name is required")
    assert emulator.call("DELETE", path, query={"name": "a"}).status == 200
    assert [p["name"] for p in ok(emulator.call("GET", path))] == ["b"]


@pytest.mark.parametrize("passphrase", ["g" * 64])
def test_a_passphrase_of_64_is_hexadecimal(passphrase: str, emulator: Emulator) -> None:
    refused(emulator.call("POST", f"orgs/{ORG}/psks", body={**KEY, "passphrase": passphrase}), 400, "passphrase")
    ok(emulator.call("POST", f"orgs/{ORG}/psks", body={**KEY, "passphrase": "AB" * 32}))


def test_user_macs_are_imported_by_mac_and_wrong_ones_named(emulator: Emulator) -> None:
    rows = [{"mac": "5C:5B:35:00:00:01", "name": "one"}, {"mac": "no mac"}, {"mac": 5}]
    answer = ok(emulator.call("POST", f"{USERMACS}/import", body=rows))
    assert answer == {"added": ["5c5b35000001"], "updated": [], "errors": ["no mac - mac invalid", "5 - mac invalid"]}
    text = 'mac,labels,notes\n5c5b35000001,"a,b",x\n5c5b35000002,,\n'
    answer = ok(emulator.call("POST", f"{USERMACS}/import", body=csv(text)))
    assert answer == {"added": ["5c5b35000002"], "updated": ["5c5b35000001"], "errors": []}
    (one, _) = ok(emulator.call("GET", f"{USERMACS}/search"))
    assert (one["name"], one["labels"], one["notes"]) == ("one", ["a", "b"], "x")


def test_the_search_of_user_macs_has_two_shapes(emulator: Emulator) -> None:
    ok(emulator.call("POST", USERMACS, body={"mac": "5c5b35000001"}))
    reply = emulator.call("GET", f"{USERMACS}/search")
    assert (len(ok(reply)), reply.headers["X-Page-Total"]) == (1, "1")
    emulator.settings.update({"quirks": {"usermacs_search": "results"}})
    answer = ok(emulator.call("GET", f"{USERMACS}/search"))
    assert (len(answer["results"]), answer["limit"], answer["page"]) == (1, 100, 1)


FILTERS = [
    ("psks", [{**KEY}, {**KEY, "name": "b", "role": "r"}], {"name": "b"}, 1),
    ("psks", [{**KEY}, {**KEY, "name": "b", "role": "r"}], {"role": "r", "ssid": "s"}, 1),
    (
        "nactags",
        [{"name": "a", "type": "match", "match": "hostname"}, {"name": "b", "type": "vlan"}],
        {"type": "vlan"},
        1,
    ),
    ("nactags", [{"name": "a", "type": "match", "match": "edr_status"}], {"match": "edr_status"}, 1),
    ("nactags", [{"name": "a", "type": "vlan"}], {"name": ""}, 1),
]


@pytest.mark.parametrize(("name", "bodies", "query", "count"), FILTERS)
def test_lists_are_filtered_by_the_parameters_of_their_route(
    name: str, bodies: list[dict[str, Any]], query: dict[str, str], count: int, emulator: Emulator
) -> None:
    for body in bodies:
        ok(emulator.call("POST", f"orgs/{ORG}/{name}", body=body))
    assert len(ok(emulator.call("GET", f"orgs/{ORG}/{name}", query=query))) == count


def test_a_search_of_sites_leads_from_page_to_page(emulator: Emulator) -> None:
    for number in range(11):
        ok(emulator.call("POST", f"orgs/{ORG}/sites", body={"name": f"s{number}", "country_code": "FR"}))
    path, found = f"/api/v1/orgs/{ORG}/sites/search?limit=4", []
    while path:
        bare, _, query = path.partition("?")
        answer = ok(emulator.call("GET", bare, query=dict(part.split("=") for part in query.split("&"))))
        found += [row["name"] for row in answer["results"]]
        path = answer.get("next", "")
    assert (len(found), len(set(found)), answer["total"]) == (13, 13, 13)
    counted = ok(emulator.call("GET", f"orgs/{ORG}/sites/count", query={"distinct": "country_code"}))
    assert counted["results"] == [{"country_code": "FR", "count": 11}]


CONSTANTS = sorted(path for path in load_routes().routes if "/const/" in path)


@pytest.mark.parametrize("path", CONSTANTS)
def test_every_list_of_constants_is_answered(path: str, emulator: Emulator) -> None:
    ok(emulator.call("GET", path))


@pytest.mark.parametrize("scope", SCOPES)
def test_a_guest_is_let_in_found_and_put_out(scope: str, emulator: Emulator) -> None:
    path = f"{scope}/guests/5C:5B:35:00:00:01"
    refused(emulator.call("GET", path), 404)
    body = {"wlan_id": "w", "minutes": 60, "name": "Ada"}
    guest = ok(emulator.call("PUT", path, body=body))
    assert (guest["mac"], guest["authorized"]) == ("5c5b35000001", True)
    assert guest["authorized_expiring_time"] - guest["authorized_time"] == 3600
    assert ok(emulator.call("GET", f"{scope}/guests/5c5b35000001")) == guest
    assert ok(emulator.call("GET", f"{scope}/guests")) == ok(emulator.call("GET", f"{scope}/guests/search"))["results"]
    assert Emulator(data=emulator.state()).call("GET", path).body["name"] == "Ada"
    refused(emulator.call("PUT", path, body={"minutes": "long"}), 400, "minutes")
    assert emulator.call("DELETE", path).status == 200
    refused(emulator.call("GET", path), 404)


def test_a_key_may_what_its_privileges_say_and_nothing_once_deleted(emulator: Emulator) -> None:
    path = f"orgs/{ORG}/apitokens"
    made = {
        role: ok(emulator.call("POST", path, body={"name": role, "privileges": [{"scope": "org", "role": role}]}))
        for role in ("read", "write")
    }
    nothing = ok(emulator.call("POST", path, body={"name": "n", "privileges": []}))
    at_site = {"scope": "site", "site_id": SITE, "role": "write"}
    site = ok(emulator.call("POST", path, body={"name": "s", "privileges": [at_site]}))
    put = {"notes": "x"}
    assert emulator.call("PUT", f"sites/{SITE}", body=put, token=made["write"]["key"]).status == 200
    assert emulator.call("PUT", f"sites/{SITE}", body=put, token=site["key"]).status == 200
    refused(emulator.call("PUT", f"sites/{SITE}", body=put, token=made["read"]["key"]), 403)
    refused(emulator.call("GET", f"orgs/{ORG}", token=nothing["key"]), 403)
    refused(emulator.call("GET", f"orgs/{ORG}", token=site["key"]), 403)
    again = Emulator(data=emulator.state())
    assert again.call("PUT", f"sites/{SITE}", body=put, token=made["read"]["key"]).status == 403
    assert emulator.call("DELETE", f"{path}/{made['read']['id']}").status == 200
    refused(emulator.call("GET", f"orgs/{ORG}", token=made["read"]["key"]), 401)
    for wrong in ([{"scope": "moon", "role": "read"}], [{"scope": "org", "role": "king"}], ["x"], [{"scope": []}]):
        refused(emulator.call("POST", path, body={"name": "w", "privileges": wrong}), 400, "privileges")


def test_tokens_are_answered_in_the_shapes_that_sources_give(emulator: Emulator) -> None:
    path = f"orgs/{ORG}/apitokens"
    body = {"name": "t", "privileges": [{"scope": "org", "role": "read"}], "src_ips": ["10.0.0.1"]}
    item = f"{path}/{ok(emulator.call('POST', path, body=body))['id']}"
    assert ok(emulator.call("PUT", item, body={"src_ips": ["10.0.0.2"]}))["src_ips"] == ["10.0.0.2"]
    emulator.settings.update(
        {
            "quirks": {
                "apitoken_item": "list",
                "apitoken_put_answer": "empty",
                "fixed_src_ips": True,
                "key_mask": "stars",
            }
        }
    )
    assert emulator.call("PUT", item, body={"src_ips": ["10.0.0.3"]}).content == b""
    (token,) = ok(emulator.call("GET", item))
    assert (token["src_ips"], token["key"][4:]) == (["10.0.0.2"], "********")


def test_a_login_opens_a_session_by_cookie(emulator: Emulator) -> None:
    path = "/api/v1/login"
    refused(emulator.handle(Request("POST", path, {}, {"email": "a@example.net"})), 400, "password")
    reply = emulator.handle(Request("POST", path, {}, {"email": "a@example.net", "password": "x"}))
    cookie = reply.headers["Set-Cookie"].split(";")[0]
    assert cookie.startswith("csrftoken=")
    answer = emulator.handle(Request("GET", "/api/v1/self", headers={"Cookie": f"a=b; {cookie}"}))
    assert ok(answer)["email"] == "a@example.net"
    admins = ok(emulator.call("GET", f"orgs/{ORG}/admins"))
    assert [a["email"] for a in admins] == ["a@example.net"]
    refused(Emulator(token="t").handle(Request("POST", path, {}, {"email": "a", "password": "x"})), 401)


def test_an_organisation_that_reveals_nothing_masks_secrets_for_writers_too(emulator: Emulator) -> None:
    made = ok(emulator.call("POST", f"orgs/{ORG}/psks", body=KEY))
    ok(emulator.call("PUT", f"orgs/{ORG}/setting", body={"api_policy": {"no_reveal": True}}))
    assert set(ok(emulator.call("GET", f"orgs/{ORG}/psks/{made['id']}"))["passphrase"]) == {"*"}


def test_an_identity_provider_has_a_domain_of_its_own(emulator: Emulator) -> None:
    body = {"name": "azure", "idp_type": "oauth", "oauth_type": "standards"}
    made = ok(emulator.call("POST", f"orgs/{ORG}/ssos", body=body))
    assert len(made["domain"]) == 8
    path = f"orgs/{ORG}/ssos/{made['id']}"
    changed = ok(emulator.call("PUT", path, body={"domain": "other", "scim_enabled": True}))
    assert (changed["domain"], len(changed["scim_secret_token"])) == (made["domain"], 40)
    assert ok(emulator.call("PUT", path, body={"scim_enabled": False}))["scim_secret_token"] == ""
    assert made["domain"] in ok(emulator.call("GET", f"{path}/metadata"))["acs_url"]
    refused(emulator.call("GET", f"orgs/{ORG}/ssos/none/metadata"), 404)


def test_a_cluster_of_mist_edges_keeps_its_site(emulator: Emulator) -> None:
    made = ok(emulator.call("POST", f"orgs/{ORG}/mxclusters", body={"name": "c", "site_id": SITE}))
    assert made["site_id"] == SITE


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (f"orgs/{ORG}/wlans", {"ssid": "a", "vlan_id": 99999}),
        (f"orgs/{ORG}/networktemplates", {"name": "n", "networks": {"a": {"vlan_id": "99999"}}}),
        (f"orgs/{ORG}/networktemplates", {"name": "n", "networks": {"a": 5}}),
        (f"orgs/{ORG}/sites", {"name": "n", "sitegroup_ids": [{}]}),
        (f"orgs/{ORG}/templates", {"name": "n", "applies": {"site_ids": 5}}),
        (f"orgs/{ORG}/rftemplates", {"name": "n", "band_5": {"channels": {"a": 1}}}),
    ],
)
def test_shapes_and_vlans_are_checked_below_the_root_too(path: str, body: dict[str, Any], emulator: Emulator) -> None:
    refused(emulator.call("POST", path, body=body), 400, "invalid field")


@pytest.mark.parametrize("vlan", [1, "4094", "{{corp}}", None])
def test_vlans_and_variables_pass(vlan: Any, emulator: Emulator) -> None:
    ok(emulator.call("POST", f"orgs/{ORG}/networktemplates", body={"name": "n", "networks": {"a": {"vlan_id": vlan}}}))


def test_a_required_name_cannot_be_emptied(emulator: Emulator) -> None:
    made = ok(emulator.call("POST", f"orgs/{ORG}/sitegroups", body={"name": "a"}))
    refused(emulator.call("PUT", f"orgs/{ORG}/sitegroups/{made['id']}", body={"name": ""}), 400, "name is required")


def test_names_of_sso_roles_are_unique_and_short(emulator: Emulator) -> None:
    path = f"orgs/{ORG}/ssoroles"
    body = {"name": "one", "privileges": [{"scope": "org", "role": "read"}]}
    made = ok(emulator.call("POST", path, body=body))
    refused(emulator.call("POST", path, body=body), 400, "already exists")
    refused(emulator.call("POST", path, body={**body, "name": "x" * 33}), 400, "invalid field: name")
    ok(emulator.call("PUT", f"{path}/{made['id']}", body=body))


@pytest.mark.parametrize("change", ["delete", "ssid"])
@pytest.mark.parametrize("cleanup", [True, False])
def test_a_portal_that_cleans_up_takes_its_keys_along(change: str, cleanup: bool, emulator: Emulator) -> None:
    body = {"name": "p", "ssid": "s", "cleanup_psk": cleanup}
    portal = ok(emulator.call("POST", f"orgs/{ORG}/pskportals", body=body))["id"]
    for name, extra in (("a", {"portal_id": portal}), ("b", {})):
        ok(emulator.call("POST", f"orgs/{ORG}/psks", body={**KEY, "name": name, **extra}))
    path = f"orgs/{ORG}/pskportals/{portal}"
    ok(emulator.call("DELETE", path) if change == "delete" else emulator.call("PUT", path, body={"ssid": "t"}))
    left = [p["name"] for p in ok(emulator.call("GET", f"orgs/{ORG}/psks"))]
    assert left == (["b"] if cleanup else ["a", "b"])
