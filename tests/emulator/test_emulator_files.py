"""Files: portal images and templates, images of devices and maps, lists of MACs."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.emulator import Emulator
from reconciler.emulator.bodies import Form, Part
from tests.emulator.cases import body_for
from tests.emulator.support import ORG, SITE, Clock, ok, refused

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 8
JPEG = b"\xff\xd8\xff\xe0" + b"\x00" * 8
DEVICE = "00000000-0000-0000-1000-5c5b35000001"
PORTALS = [f"orgs/{ORG}/wlans", f"sites/{SITE}/wlans", f"orgs/{ORG}/nacportals", f"orgs/{ORG}/pskportals"]


def form(content: bytes, *, name: str = "file") -> Form:
    """As a program in Go sends it: with a second, empty part."""
    return Form((Part(name, "x.png", content), Part("json", None, b"")))


def make(emulator: Emulator, place: str) -> str:
    return f"{place}/{ok(emulator.call('POST', place, body=body_for(place.rsplit('/', 1)[-1])))['id']}"


@pytest.mark.parametrize("place", PORTALS)
def test_a_portal_image_is_kept_linked_and_taken_away(place: str, emulator: Emulator) -> None:
    path = make(emulator, place)
    field = "portal_image" if place.endswith("wlans") else "bg_image_url"
    assert not ok(emulator.call("GET", path)).get(field)
    assert emulator.call("POST", f"{path}/portal_image", body=form(PNG)).status == 200
    first, second = (ok(emulator.call("GET", path))[field] for _ in range(2))
    assert first != second
    assert emulator.file(path.rsplit("/", 1)[-1], field) == PNG
    raw = emulator.call("GET", f"/__emulator__/files/{path.rsplit('/', 1)[-1]}/{field}")
    assert (raw.status, raw.content) == (200, PNG)
    assert emulator.call("DELETE", f"{path}/portal_image").status == 200
    assert not ok(emulator.call("GET", path)).get(field)


def test_a_portal_image_may_be_shown_only_after_a_while(emulator: Emulator, clock: Clock) -> None:
    emulator.settings.update({"quirks": {"image_lag_s": 2}})
    path = make(emulator, f"orgs/{ORG}/wlans")
    emulator.call("POST", f"{path}/portal_image", body=form(PNG))
    assert "portal_image" not in ok(emulator.call("GET", path))
    clock.now += 2
    assert ok(emulator.call("GET", path))["portal_image"].startswith("https://")


NO_IMAGES: list[tuple[Any, str]] = [
    (None, "The request needs to be of multipart format"),
    ({"file": "x"}, "The request needs to be of multipart format"),
    (form(b""), "No file provided in the request"),
    (form(PNG, name="picture"), "No file provided in the request"),
    (form(b"GIF"), "Invalid image file"),
    (form(b"<html>"), "Invalid image file"),
]


@pytest.mark.parametrize(("body", "detail"), NO_IMAGES)
@pytest.mark.parametrize("place", PORTALS)
def test_what_is_no_image_is_refused(place: str, body: Any, detail: str, emulator: Emulator) -> None:
    path = make(emulator, place)
    refused(emulator.call("POST", f"{path}/portal_image", body=body), 400, detail)
    refused(emulator.call("POST", f"{place}/none/portal_image", body=form(PNG)), 404)


@pytest.mark.parametrize("place", PORTALS)
@pytest.mark.parametrize("wrapped", [True, False])
def test_a_portal_template_is_taken_wrapped_or_flat(place: str, wrapped: bool, emulator: Emulator) -> None:
    path, texts = make(emulator, place), {"alignment": "center", "color": "#1074bc", "logo": None}
    reply = emulator.call("PUT", f"{path}/portal_template", body={"portal_template": texts} if wrapped else texts)
    assert reply.status == 200
    assert reply.body == ({"portal_template": texts} if place.endswith("wlans") else None)
    field = "portal_template_url" if place.endswith("wlans") else "template_url"
    assert ok(emulator.call("GET", path))[field]
    refused(emulator.call("PUT", f"{path}/portal_template", body=[1]), 400, "JSON object expected")
    refused(emulator.call("PUT", f"{path}/portal_template", body={"portal_template": 5}), 400, "portal_template")


@pytest.mark.parametrize("style", ["image{}", "image/{}"])
def test_a_device_has_three_images_under_either_path(style: str, emulator: Emulator) -> None:
    state = emulator.state()
    state["orgs"][0]["inventory"] = [{"mac": "5c5b35000001", "site_id": SITE}]
    emulator.load(state)
    path = f"sites/{SITE}/devices/{DEVICE}"
    for number, content in ((1, PNG), (3, JPEG)):
        assert emulator.call("POST", f"{path}/{style.format(number)}", body=form(content)).status == 200
    device = ok(emulator.call("GET", path))
    assert {k for k in device if k.startswith("image")} == {"image1_url", "image3_url"}
    for number in ("0", "4", "x"):
        reply = emulator.call("POST", f"{path}/{style.format(number)}", body=form(PNG))
        refused(reply, 400, "invalid image number")
    assert emulator.call("DELETE", f"{path}/{style.format(1)}").status == 200
    assert "image1_url" not in ok(emulator.call("GET", path))


def test_a_map_takes_its_picture_by_itself_or_with_its_json(emulator: Emulator) -> None:
    place = f"sites/{SITE}/maps"
    one = make(emulator, place)
    assert emulator.call("POST", f"{one}/image", body=form(JPEG)).status == 200
    assert ok(emulator.call("GET", one))["url"]
    both = Form((Part("json", None, b'{"name": "two", "type": "image"}'), Part("file", "x.png", PNG)))
    two = ok(emulator.call("POST", place, body=both))
    assert (two["name"], bool(two["url"])) == ("two", True)
    changed = ok(emulator.call("PUT", f"{place}/{two['id']}", body={"name": "three"}))
    assert (changed["name"], bool(changed["url"])) == ("three", True)
    broken = Form((Part("json", None, b"{"), Part("file", "x.png", PNG)))
    refused(emulator.call("POST", place, body=broken), 400, "JSON parse error")
    assert emulator.call("DELETE", f"{one}/image").status == 200
    assert not ok(emulator.call("GET", one)).get("url")


@pytest.mark.parametrize("name", ["blacklist", "whitelist", "watched_station"])
def test_a_list_of_macs_is_replaced_linked_and_dropped(name: str, emulator: Emulator) -> None:
    path = f"sites/{SITE}/setting"
    answer = ok(emulator.call("POST", f"{path}/{name}", body={"macs": ["5C-5B-35-00-00-01", "5c5b35000002"]}))
    assert answer == {"macs": ["5c5b35000001", "5c5b35000002"]}
    assert ok(emulator.call("GET", path))[f"{name}_url"]
    for body in (None, {}, {"macs": [5]}, {"macs": ["5c5b35000001"] * 1001}):
        refused(emulator.call("POST", f"{path}/{name}", body=body), 400, "macs")
    assert emulator.call("DELETE", f"{path}/{name}").status == 200
    assert f"{name}_url" not in ok(emulator.call("GET", path))


def test_files_are_part_of_the_state_and_go_with_their_object(emulator: Emulator) -> None:
    path = make(emulator, f"orgs/{ORG}/wlans")
    emulator.call("POST", f"{path}/portal_image", body=form(PNG))
    again = Emulator(data=emulator.state())
    assert again.call("GET", path).body["portal_image"]
    ok(again.call("DELETE", path))
    assert again.file(path.rsplit("/", 1)[-1], "portal_image") is None
    for files in ([{"owner": "x"}], [{"owner": "x", "field": "y", "base64": "?"}], "x"):
        reply = again.call("PUT", "/__emulator__/state", body={"orgs": [], "files": files})
        refused(reply, 400, "seed")
    refused(again.call("GET", "/__emulator__/files/x/y"), 404, "no such file")
