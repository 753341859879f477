"""Random runs, and their way back: what an apply of a random inventory wrote is as it was, all else as others left it.

In: a chance. Out: what was broken; nothing is as it should be. The oracle compares whole organisations, by name, and
shares no code with the record or the comparison.
"""

import copy
import random
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from msgspec import convert
from msgspec.structs import replace

from reconciler.mist.client import MistClient
from reconciler.model.change import Action
from reconciler.model.inventory import Inventory
from reconciler.model.options import Options
from reconciler.model.project import Project
from reconciler.model.resource import Resource
from reconciler.pipeline.online import apply_plan
from reconciler.pipeline.rollback import make_rollback
from reconciler.runs.reading import find_run
from reconciler.runs.record import recording
from reconciler.runs.sealing import secrets_of
from reconciler.runs.written import written_by
from tests.promises.kills import state_of
from tests.world import ORG, World, declare, world

EDITED = "x_colleague"
"""A leaf that nobody declares."""
_SITE: Mapping[str, list[Any]] = {
    "notes": ["one", "two", None],
    "address": ["1 rue", "2 Weg"],
    "latlng": [{"lat": 1.5, "lng": 2.5}, None],
    "networktemplate": ["campus", "edge", None],
    "sitegroups": [["emea"], ["emea", "north"], ["north", "emea"], []],
}
_SETTING: Mapping[str, list[Any]] = {
    "vars": [{"a": "1"}, {"a": "2", "b": "x[%]*"}, None],
    "rogue": [{"enabled": True}, {"enabled": True, "honeypot_enabled": True}, None],
}
_TEMPLATE: Mapping[str, list[Any]] = {
    "dns_servers": [["10.0.0.1"], ["10.0.0.2", "10.0.0.1"], None],
    "networks": [{"iot": {"vlan_id": 7}}, {"iot": {"vlan_id": 8}, "cam": {"vlan_id": 9}}, None],
    "port_usages": [{"ap": {"mode": "trunk"}}, {"ap": {"mode": "access", "port_network": "iot"}}, None],
}
_WLAN: Mapping[str, list[Any]] = {"vlan_id": [5, 6, None], "enabled": [True, False], "band": ["both", "24"]}
_HOOK: Mapping[str, list[Any]] = {
    "url": ["https://a.example.net/", "https://b.example.net/"],
    "topics": [["zone"], ["rssizone"]],
}
_CORP: Mapping[str, list[Any]] = {
    "applies": [{"sites": ["A"]}, {"sites": ["B b/[1]", "A"], "sitegroups": ["emea"]}, None]
}
SITES = ("site.A", "site.B b%2F[1]")
FIELDS: Mapping[str, Mapping[str, list[Any]]] = {
    "sitegroup.emea": {},
    "sitegroup.north": {},
    "networktemplate.campus": _TEMPLATE,
    "networktemplate.edge": _TEMPLATE,
    "wlantemplate.corp": _CORP,
    "wlantemplate.corp/wlan.Corp": _WLAN,
    **dict.fromkeys(SITES, _SITE),
    **{f"{site}/setting": _SETTING for site in SITES},
    **{f"{site}/wlan.{name}": _WLAN for site in SITES for name in ("Lab", "Guest 50%")},
    **{f"{site}/webhook.z": _HOOK for site in SITES},
}
Declared = dict[str, dict[str, Any] | None]
"""Bodies by address; None for what is to be absent."""


def drawn(choose: random.Random, before: Declared) -> Declared:
    """Another inventory: of each object of the one before it is kept, changed, taken away or made."""
    found: Declared = {}
    for address, fields in FIELDS.items():
        old = before.get(address)
        if choose.random() < 0.15 and not address.endswith("/setting"):
            found[address] = None
        elif old is None and choose.random() < 0.3:
            continue
        else:
            body = copy.deepcopy(old) or {}
            for field, values in fields.items():
                if choose.random() < 0.5 or field in ("address", "url", "topics"):
                    body[field] = choose.choice(values)
            found[address] = body
    return whole(found)


def whole(declared: Declared) -> Declared:
    """Without what lies in something that is absent, or not declared, and without names of such things."""
    there = {address for address, body in declared.items() if body is not None}
    found: Declared = {}
    for address, body in declared.items():
        holder = address.rpartition("/")[0]
        if holder and holder not in there:
            continue
        found[address] = None if body is None else dict(body)
    for body in filter(None, found.values()):
        if body.get("networktemplate") and f"networktemplate.{body['networktemplate']}" not in there:
            body["networktemplate"] = None
        if "sitegroups" in body:
            body["sitegroups"] = [name for name in body["sitegroups"] if f"sitegroup.{name}" in there]
        if body.get("applies"):
            sites = [name for name in body["applies"]["sites"] if f"site.{name.replace('/', '%2F')}" in there]
            groups = [name for name in body["applies"].get("sitegroups", ()) if f"sitegroup.{name}" in there]
            body["applies"] = {"sites": sites, "sitegroups": groups}
    return found


def resources(declared: Declared) -> list[Resource]:
    """As the pipeline takes them."""
    found = []
    for address, body in declared.items():
        made = declare(address, body or {}, absent=body is None)
        found.append(made)
    return found


_DONE = ("applied", "unchanged")
PROJECT = convert({"version": 1, "limits": {"deletes": {"absolute": 500, "percent": 100}}}, Project)


def carried_out(cloud: World, client: MistClient, plan: Any, records: Path) -> list[str]:
    """Applies with a record; what went wrong."""
    options = Options(threads=1)
    with recording(records, {"org": {"id": ORG}}) as record:
        outcomes = apply_plan(plan, client, options=options, journal=record.journal(secrets_of(plan)))
        record.finish(outcomes, exit_code=0)
    return [f"{item.address} {item.status}: {item.detail}" for item in outcomes if str(item.status) not in _DONE]


def roll_back(seed: int) -> list[str]:
    """One random run, edits by hand, and its way back."""
    choose = random.Random(seed)
    cloud = world({"server_defaults": "none"})
    first = drawn(choose, {})
    start = cloud.plan(*resources(first), limits={"deletes": {"absolute": 500, "percent": 100}})
    cloud.carry_out(start)
    _edit(cloud, choose)
    before = state_of(cloud)
    second = drawn(choose, first)
    run = cloud.plan(*resources(second), limits={"deletes": {"absolute": 500, "percent": 100}})
    with tempfile.TemporaryDirectory() as directory:
        records = Path(directory)
        broken = carried_out(cloud, cloud.client, run, records)
        past = written_by(find_run(records, "last"), org_id=ORG)
        options = Options(threads=1, delete_created=True, rollback="last")
        inventory = Inventory(project=PROJECT, resources=())
        back = make_rollback(inventory, past, cloud.connect(), org_id=ORG, options=options)
        deletes = sum(1 + change.taken for change in back.changes if change.action is Action.DELETE)
        if deletes:
            options = replace(options, ack_deletes=deletes)
            back = make_rollback(inventory, past, cloud.connect(), org_id=ORG, options=options)
        broken += [f"{item.rule}: {item.detail}" for item in back.errors]
        broken += carried_out(cloud, cloud.connect(), back, records)
    broken += list(_differences(before, state_of(cloud)))
    return [f"seed {seed}: {text}" for text in broken]


def _edit(cloud: World, choose: random.Random) -> None:
    """A colleague sets what nobody declares, on everything that there is."""
    for collection in ("sites", "networktemplates"):
        for item in cloud.call("GET", f"orgs/{ORG}/{collection}"):
            path = f"sites/{item['id']}" if collection == "sites" else f"orgs/{ORG}/{collection}/{item['id']}"
            cloud.call("PUT", path, {EDITED: f"by hand {choose.randrange(1000)}"})


def _differences(before: Any, after: Any, path: str = "") -> Any:
    if isinstance(before, dict) and isinstance(after, dict):
        for key in sorted({*before, *after}):
            if key != "deleted_sites":
                yield from _differences(before.get(key), after.get(key), f"{path}.{key}")
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for at, (one, other) in enumerate(zip(before, after, strict=True)):
            yield from _differences(one, other, f"{path}[{at}]")
    elif before != after and not (_is_unset(before, path) and _is_unset(after, path)):
        yield f"{path} was {before!r}, and is {after!r}"


def _is_unset(value: Any, path: str) -> bool:
    """Whether a leaf is absent, empty or the cloud's default, which are one."""
    return value in (None, "", [], {}) or (path.endswith(".enabled") and value is True)
