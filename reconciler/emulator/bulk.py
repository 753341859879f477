"""Many objects in one call: PSKs and user MACs made, changed, imported and deleted, templates cloned.

In: lists as JSON, or CSV files as forms.  Out: answers that tell partial failure inside, as the vendor's pages show.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from reconciler.emulator import audit, crud
from reconciler.emulator.bodies import Form
from reconciler.emulator.devices import plain_mac
from reconciler.emulator.errors import bad_request, not_found
from reconciler.emulator.facts import Node
from reconciler.emulator.messages import Reply, copied
from reconciler.emulator.routes import Collection
from reconciler.emulator.rules import Rules
from reconciler.emulator.update import created
from reconciler.emulator.wireless import PSKS
from reconciler.emulator.world import Call

Json = dict[str, Any]
BULK_IDS: Mapping[str, str] = {"psks": "psk_ids", "usermacs": "usermac_ids"}
MAC = re.compile(r"[0-9a-f]{12}")
RULES: Mapping[str, Rules] = {"psks": PSKS}
MAX_ROWS = 5000


def _collection(call: Call, name: str) -> Collection:
    return call.world.routes.collections[f"{call.path.split('/')[3]}/{name}"]


def _with_body(call: Call, body: Any) -> Call:
    return replace(call, request=replace(call.request, body=body))


def _create(call: Call, name: str, body: Json) -> Json:
    """One object of a list, made as a call of its own would make it."""
    one, collection = _with_body(call, body), _collection(call, name)
    value = created(body, collection.schema, call.world.facts, call.world.quirks)
    if before_write := RULES.get(name, Rules()).before_write:
        before_write(one, None, value)
    made = crud.stored(one, value, collection)
    audit.record(one, "Add", name, after=made)
    return made


def _change(call: Call, name: str, before: Json, body: Json) -> Json:
    return crud.changed(_with_body(call, body), before, _collection(call, name), RULES.get(name, Rules()))


def create_psk(call: Call, collection: Collection, rules: Rules) -> Json:
    """POST of one PSK; with `upsert` one of the same name is changed instead."""
    if call.query.get("upsert", "").lower() in ("true", "1") and isinstance(call.body, dict):
        known = _by(call, "psks", "name", call.body.get("name"))
        if known is not None:
            created(call.body, collection.schema, call.world.facts, call.world.quirks)
            return call.view(_change(call, "psks", known, call.body), collection.schema)
    return crud.create_object(call, collection, rules)


def _by(call: Call, name: str, key: str, value: Any) -> Json | None:
    items = call.store.collection(call.scope_id, name).values()
    return next((item for item in items if value is not None and item.get(key) == value), None)


def bulk_update(call: Call) -> Any:
    """PUT of a list of objects, each with its id and what changes."""
    name = call.path.split("/")[-1]
    schema = _collection(call, name).schema
    answers: list[Json] = []
    errors: list[str] = []
    for item in _objects(call.body):
        before = call.store.get(call.scope_id, name, item["id"]) if isinstance(item.get("id"), str) else None
        if before is None:
            errors.append(f"{item.get('id')} - invalid id")
        else:
            answers.append(call.view(_change(call, name, before, item), schema))
    if name == "usermacs":
        return {"updated": [a["id"] for a in answers], "errors": errors}
    if errors:
        raise bad_request(errors[0])
    return answers


def delete_many(call: Call) -> Reply:
    """A list of ids, bare or under its name; one id is enough."""
    name = call.path.split("/")[-2]
    ids = call.body.get(BULK_IDS[name]) if isinstance(call.body, dict) else call.body
    ids = [ids] if isinstance(ids, str) else ids
    if not isinstance(ids, list) or not all(isinstance(i, str) for i in ids):
        raise bad_request(f"{BULK_IDS[name]} is required")
    for object_id in ids:
        value = call.store.get(call.scope_id, name, object_id)
        if value is not None:
            _delete(call, name, value)
    return Reply(200)


def delete_matching_psks(call: Call) -> Reply:
    """DELETE of a site's collection: every PSK of exactly this SSID or name goes, and without either none."""
    wanted = {k: call.query[k] for k in ("ssid", "name") if k in call.query}
    if not wanted:
        raise bad_request("ssid or name is required")
    for item in list(call.store.collection(call.scope_id, "psks").values()):
        if all(item.get(k) == v for k, v in wanted.items()):
            _delete(call, "psks", item)
    return Reply(200)


def _delete(call: Call, name: str, value: Json) -> None:
    call.store.remove(call.scope_id, name, value["id"])
    audit.record(call, "Delete", name, before=value)


def import_psks(call: Call) -> list[Json]:
    """PSKs are made; those of a known name are changed. All or none: the first wrong row refuses the file."""
    rows = _rows(call, "psk")
    for row in rows:
        created(row, "psk", call.world.facts, call.world.quirks)
    answers = []
    for row in rows:
        known = _by(call, "psks", "name", row.get("name"))
        done = _change(call, "psks", known, row) if known else _create(call, "psks", row)
        answers.append(call.view(done, "psk"))
    return answers


def import_usermacs(call: Call) -> Json:
    """User MACs by their MAC: new ones are made, known ones changed, wrong ones named."""
    answer: Json = {"added": [], "updated": [], "errors": []}
    for row in _rows(call, "user_mac"):
        mac = plain_mac(row.get("mac"))
        if not MAC.fullmatch(mac):
            answer["errors"].append(f"{row.get('mac')} - mac invalid")
            continue
        known = _by(call, "usermacs", "mac", mac)
        row = {**row, "mac": mac}
        if known:
            _change(call, "usermacs", known, row)
        else:
            _create(call, "usermacs", row)
        answer["updated" if known else "added"].append(mac)
    return answer


def import_assets(call: Call) -> Reply:
    """Assets by name and MAC. No source says what becomes of a file with a wrong row: it is refused whole."""
    rows = _rows(call, "asset")
    for row in rows:
        if not row.get("name") or not MAC.fullmatch(plain_mac(row.get("mac"))):
            raise bad_request(f"{row.get('mac')} - mac invalid" if row.get("name") else "name is required")
    for row in rows:
        known = _by(call, "assets", "mac", row["mac"])
        if known:
            _change(call, "assets", known, row)
        else:
            _create(call, "assets", row)
    return Reply(200)


def _objects(body: Any) -> list[Json]:
    if not isinstance(body, list) or not all(isinstance(item, dict) for item in body):
        raise bad_request("list of objects expected")
    if len(body) > MAX_ROWS:
        raise bad_request(f"at most {MAX_ROWS} objects")
    return body


def _rows(call: Call, schema: str) -> list[Json]:
    """The objects of a JSON list, or of a CSV file in a form, its cells as the fields' types want them."""
    if not isinstance(call.body, Form):
        return _objects(call.body)
    content = call.body.file()
    if content is None:
        raise bad_request("No file provided in the request")
    node = call.world.facts.of(schema)
    try:
        reader = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True)
        rows = [
            {
                k.strip(): _cell(v, call.world.facts.follow(node.fields.get(k.strip())))
                for k, v in row.items()
                if k and v
            }
            for row in reader
        ]
    except (UnicodeDecodeError, csv.Error) as error:
        raise bad_request("Invalid CSV file") from error
    return _objects(rows)


def _cell(text: str, node: Node) -> Any:
    text = text.strip()
    types = set(node.types)
    if "array" in types:
        return [part.strip() for part in text.split(",") if part.strip()]
    if "boolean" in types and text.lower() in ("true", "false"):
        return text.lower() == "true"
    if types & {"integer", "number"} and "string" not in types and text.isascii() and text.isdigit() and len(text) < 16:
        return int(text)
    return text


def clone_template(call: Call) -> Json:
    """A copy of a WLAN template with its WLANs, under another name."""
    store, routes = call.store, call.world.routes
    template = store.get(call.org_id, "templates", call.params["template_id"])
    if template is None:
        raise not_found()
    name = call.body.get("name") if isinstance(call.body, dict) else None
    if name is not None and not isinstance(name, str):
        raise bad_request("invalid field: name")
    clone = {**copied(template), "id": None, "name": name or f"{template.get('name')} copy"}
    made = crud.stored(call, clone, routes.collections["orgs/templates"])
    audit.record(call, "Add", "templates", after=made)
    for wlan in list(store.collection(call.org_id, "wlans").values()):
        if wlan.get("template_id") == template["id"]:
            child = {**copied(wlan), "id": None, "template_id": made["id"]}
            crud.stored(call, child, routes.collections["orgs/wlans"])
    return call.view(made, "template")
