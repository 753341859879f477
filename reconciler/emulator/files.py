"""Files that belong to objects: portal images and templates, images of devices and maps, lists of MACs.

In: uploads as forms (JSON for portal templates and lists).  Out: the answers, and files kept under the name of the
field that links to them.  Sources: the vendor's OpenAPI document, its API pages (texts of refusals, flat or wrapped
templates), the Terraform provider (unquoted part names, an empty second part, image numbers as a segment of their own).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from reconciler.emulator import audit, crud
from reconciler.emulator.bodies import Form, parse_body
from reconciler.emulator.devices import plain_mac
from reconciler.emulator.errors import bad_request, not_found
from reconciler.emulator.messages import Malformed, Reply
from reconciler.emulator.routes import ORG, SITE, Collection
from reconciler.emulator.rules import Rules
from reconciler.emulator.store import File
from reconciler.emulator.world import Call

Json = dict[str, Any]
IMAGES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a")
MAX_LISTED = 1000
MAP_LINKS = ("url", "thumbnail_url")


def image_of(call: Call) -> bytes:
    """The picture in the part `file`."""
    if not isinstance(call.body, Form):
        raise bad_request("The request needs to be of multipart format")
    content = call.body.file()
    if content is None:
        raise bad_request("No file provided in the request")
    if not content.startswith(IMAGES):
        raise bad_request("Invalid image file")
    return content


def _owner(call: Call, collection: str) -> Json:
    wanted = list(call.params.values())[1]
    value = call.store.get(call.scope_id, collection, wanted)
    if value is None:
        raise not_found()
    return value


def _keep(call: Call, owner: Json, collection: str, fields: tuple[str, ...], content: bytes) -> None:
    now = call.world.now()
    lag = call.world.quirks.image_lag_s if fields == ("portal_image",) else 0
    for name in fields:
        call.store.put_file(owner["id"], name, File(content, now + lag))
    audit.record(call, "Update", collection, before={}, after=owner)


def put_image(call: Call, *, collection: str, fields: tuple[str, ...]) -> Reply:
    owner, content = _owner(call, collection), image_of(call)
    _keep(call, owner, collection, _numbered(call, fields), content)
    return Reply(200)


def delete_image(call: Call, *, collection: str, fields: tuple[str, ...]) -> Reply:
    owner = _owner(call, collection)
    for name in _numbered(call, fields):
        call.store.remove_file(owner["id"], name)
    audit.record(call, "Update", collection, before={}, after=owner)
    return Reply(200)


def _numbered(call: Call, fields: tuple[str, ...]) -> tuple[str, ...]:
    """A device has three images, told apart by the number in the path."""
    number = call.params.get("image_number")
    if number is None:
        return fields
    if number not in ("1", "2", "3"):
        raise bad_request("invalid image number")
    return tuple(name.format(number) for name in fields)


def put_template(call: Call, *, collection: str, fields: tuple[str, ...]) -> Reply:
    """A portal's texts and colours, wrapped as in the document or flat as on the page."""
    owner = _owner(call, collection)
    if not isinstance(call.body, dict):
        raise bad_request("JSON object expected")
    inner = call.body.get("portal_template", call.body)
    if not isinstance(inner, dict):
        raise bad_request("invalid field: portal_template")
    _keep(call, owner, collection, fields, json.dumps(inner).encode())
    return Reply(200, {"portal_template": inner}) if collection == "wlans" else Reply(200)


def put_list(call: Call, *, field: str) -> Json:
    macs = call.body.get("macs") if isinstance(call.body, dict) else None
    if not isinstance(macs, list) or not all(isinstance(m, str) for m in macs):
        raise bad_request("macs is required")
    if len(macs) > MAX_LISTED:
        raise bad_request(f"at most {MAX_LISTED} macs")
    plain = [plain_mac(m) for m in macs]
    call.store.put_file(call.scope_id, field, File("\n".join(plain).encode()))
    return {"macs": plain}


def delete_list(call: Call, *, field: str) -> Reply:
    call.store.remove_file(call.scope_id, field)
    return Reply(200)


def _map_call(call: Call) -> tuple[Call, bytes | None]:
    """A map may come as JSON, or as a form with its picture and its JSON."""
    if not isinstance(call.body, Form):
        return call, None
    text = call.body.file("json")
    body = parse_body(text) if text else {}
    if isinstance(body, Malformed):
        raise bad_request(body.detail)
    picture = image_of(call) if call.body.file() is not None else None
    return replace(call, request=replace(call.request, body=body)), picture


def create_map(call: Call, collection: Collection, rules: Rules) -> Any:
    one, picture = _map_call(call)
    return _with_picture(one, crud.create_object(one, collection, rules), picture)


def update_map(call: Call, collection: Collection, rules: Rules) -> Any:
    """Without a file the picture stays."""
    one, picture = _map_call(call)
    return _with_picture(one, crud.update_object(one, collection, rules), picture)


def _with_picture(call: Call, value: Json, picture: bytes | None) -> Json:
    if picture is None:
        return value
    for name in MAP_LINKS:
        call.store.put_file(value["id"], name, File(picture))
    return call.view(call.store.collection(call.scope_id, "maps")[value["id"]], "map")


Handler = Callable[[Call], Any]


def _handlers() -> Mapping[tuple[str, str], Handler]:
    table: dict[tuple[str, str], Handler] = {}
    for path, item, collection, image, template in [
        (ORG, "wlans/{wlan_id}", "wlans", "portal_image", "portal_template_url"),
        (SITE, "wlans/{wlan_id}", "wlans", "portal_image", "portal_template_url"),
        (ORG, "nacportals/{nacportal_id}", "nacportals", "bg_image_url", "template_url"),
        (ORG, "pskportals/{pskportal_id}", "pskportals", "bg_image_url", "template_url"),
    ]:
        where = f"{path}/{item}"
        table["POST", f"{where}/portal_image"] = partial(put_image, collection=collection, fields=(image,))
        table["DELETE", f"{where}/portal_image"] = partial(delete_image, collection=collection, fields=(image,))
        table["PUT", f"{where}/portal_template"] = partial(put_template, collection=collection, fields=(template,))
    for where, collection, fields in [
        (f"{SITE}/devices/{{device_id}}/image{{image_number}}", "devices", ("image{}_url",)),
        (f"{SITE}/devices/{{device_id}}/image/{{image_number}}", "devices", ("image{}_url",)),
        (f"{ORG}/mxedges/{{mxedge_id}}/image/{{image_number}}", "mxedges", ("image{}_url",)),
        (f"{SITE}/maps/{{map_id}}/image", "maps", MAP_LINKS),
    ]:
        table["POST", where] = partial(put_image, collection=collection, fields=fields)
        table["DELETE", where] = partial(delete_image, collection=collection, fields=fields)
    for where, name in [(SITE, "blacklist"), (SITE, "whitelist"), (SITE, "watched_station"), (ORG, "blacklist")]:
        table["POST", f"{where}/setting/{name}"] = partial(put_list, field=f"{name}_url")
        table["DELETE", f"{where}/setting/{name}"] = partial(delete_list, field=f"{name}_url")
    return table


HANDLERS = _handlers()
