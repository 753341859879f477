"""Replay what the vendor's Terraform provider wrote on the emulator, and read what it would have read.

In:  a directory with `golden.json` (per resource type one request with every attribute set, its body, the state made
     of the answer), `resources.json` (where a name in a state differs from the API's) and `samples/NAME.calls.json`
     with `samples/NAME.expected.json` (requests in their order, and the objects they made), and the directory with
     `defaults.json` and `made-without-document-default.txt` (what the cloud may add).
Out: one line for each difference; exit 1 if there is one.

    python tools/replay_terraform.py path/to/terraform path/to/provider

Looked for: a request that was taken and is refused; a value that was sent and does not come back at its path; a state
that can't be read from the answer; a value that nobody sent and no source lets the cloud add.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from reconciler.emulator import Emulator
from reconciler.emulator.facts import Facts, load_facts
from reconciler.emulator.routes import load_routes

Json = dict[str, Any]
Path_ = tuple[str, ...]
UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
DEVICE = re.compile(r"00000000-0000-0000-1000-([0-9a-f]{12})")
SERVER_MADE = frozenset({"id", "org_id", "site_id", "created_time", "modified_time", "for_site", "type"})
# Given by the server to a gateway cluster's or topology's members, to tokens and to devices: not in every type's list.
MADE_ELSEWHERE = {
    "apitokens": ("key",),
    "devices": ("mac", "model", "deviceprofile_id", "disable_auto_config"),
    "ssos": ("domain",),
}
# Of the state alone: what the provider asks for or computes and the object doesn't hold.
OF_THE_STATE = frozenset({"id", "org_id", "site_id", "device_id", "wlan_id", "nacportal_id", "template_id"})


@dataclass
class Replay:
    """An emulator to which requests are sent, with the ids that it gave for those of the recording."""

    cloud: Emulator
    ids: dict[str, str] = field(default_factory=dict)

    def moved(self, value: Any) -> Any:
        text = json.dumps(value)
        return json.loads(UUID.sub(lambda found: self.ids.get(found[0], found[0]), text))

    def send(self, method: str, path: str, body: Any, query: Mapping[str, str]) -> Any:
        return self.cloud.call(method, self.moved(path), body=self.moved(body), query=query)


def leaves(value: Any, path: Path_ = ()) -> Iterator[tuple[Path_, Any]]:
    """Every value that holds no others, with its path; an empty object or list is one."""
    if isinstance(value, dict) and value:
        for name, inner in value.items():
            yield from leaves(inner, (*path, name))
    elif isinstance(value, list) and value:
        for number, inner in enumerate(value):
            yield from leaves(inner, (*path, str(number)))
    else:
        yield path, value


def at(value: Any, path: Path_) -> Any:
    for step in path:
        if isinstance(value, list):
            value = value[int(step)] if step.isdigit() and int(step) < len(value) else None
        else:
            value = value.get(step) if isinstance(value, dict) else None
    return value


def same(one: Any, other: Any) -> bool:
    """Equal, also as number and text; nothing, an empty text, list and object are one."""
    if one in (None, "", [], {}) and other in (None, "", [], {}):
        return True
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, (int, float)) and isinstance(other, (int, float)):
        return one == other
    return str(one) == str(other)


@dataclass(frozen=True)
class Allowed:
    """What may come back although nobody sent it: entry -> fields, by `maybe_filled` and by what the provider plans."""

    filled: Mapping[str, frozenset[str]]
    planned: frozenset[str]
    words: frozenset[str]
    facts: Facts

    def adds(self, entry: str, path: Path_) -> bool:
        node, names = self.facts.of(entry), [step for step in path if not step.isdigit()]
        for step in path[:-1]:
            node = self.facts.follow(node.items if step.isdigit() else node.fields.get(step) or node.values)
        last = path[-1]
        if last in self.filled.get(node.name, ()) or last in SERVER_MADE:
            return True
        return any(self._planned(names, start) for start in range(len(names)))

    def _planned(self, names: list[str], start: int) -> bool:
        # A key of a map stands in no list of names: some steps of the path may be left out.
        tail = names[start:]
        dotted = {".".join(tail), ".".join(name for name in tail if name in self.words)}
        return not dotted.isdisjoint(self.planned)


def read_allowed(folder: Path) -> Allowed:
    filled: dict[str, set[str]] = {}
    for entry, name, _ in json.loads((folder / "defaults.json").read_text("utf-8"))["maybe_filled"]:
        filled.setdefault(entry, set()).add(name)
    planned = set()
    for line in (folder / "made-without-document-default.txt").read_text("utf-8").splitlines():
        planned |= {part.partition("=")[0].strip() for part in line.partition(":")[2].split(", ") if "=" in part}
    words = frozenset(part for name in planned for part in name.split("."))
    return Allowed({k: frozenset(v) for k, v in filled.items()}, frozenset(planned), words, load_facts())


def entry_of(path: str) -> str:
    """The schema of the object that a path of the API names or makes; for a path of another sort an empty text."""
    routes = load_routes()
    found = routes.match(path)
    wanted = found[0].path if found else ""
    for collection in routes.collections.values():
        if wanted in (collection.path, collection.item_path):
            return collection.schema
    return {"orgs": "org_setting", "sites": "site_setting"}[path.split("/")[3]] if path.endswith("/setting") else ""


@dataclass(frozen=True)
class Written:
    """A request with its answer, and what was there before it."""

    sent: Json
    before: Json
    answer: Json
    path: str
    computed: frozenset[str]

    def problems(self, allowed: Allowed) -> Iterator[str]:
        """What of the body is missing in the answer, and what the answer has too much."""
        hidden = self.answer.get("api_policy", {}).get("no_reveal") is True
        body = {name: value for name, value in self.sent.items() if not name.startswith("-")}
        written = {path for path, _ in leaves(body)}
        for path, value in leaves(body):
            found = at(self.answer, path)
            if not same(value, found) and path != ("type",) and not (hidden and set(str(found)) == {"*"}):
                yield f"{'.'.join(path)}: sent {value!r}, came back {found!r}"
        entry = entry_of(self.path)
        for path, value in leaves(self.answer):
            if same(value, None) or any(path[: len(one)] == one for one in written) or self._known(path, value):
                continue
            if not allowed.adds(entry, path):
                yield f"{'.'.join(path)}: nobody sent it, came back {value!r}"

    def _known(self, path: Path_, value: Any) -> bool:
        made = next((names for part, names in MADE_ELSEWHERE.items() if f"/{part}" in self.path), ())
        plain = ".".join("*" if step.isdigit() else step for step in path)
        return path[-1] in made or plain in self.computed or same(at(self.before, path), value)


def state_problems(state: Json, answer: Json, differences: list[Json], skipped: frozenset[str]) -> Iterator[str]:
    """Values of a state that can't be read from the answer."""
    names = {item["tf"].partition(" + ")[0]: item["api"] for item in differences if isinstance(item.get("api"), str)}
    found = list(leaves(answer))
    hidden = answer.get("api_policy", {}).get("no_reveal") is True
    for path, value in leaves(state):
        if not path or path[0] in OF_THE_STATE or same(value, None) or (hidden and set(str(at(answer, path))) == {"*"}):
            continue
        pattern = _pattern(path, state)
        if any(_starts(pattern, one) for one in skipped):
            continue
        wanted = next((api for tf, api in names.items() if _matches(tf, path)), None)
        if wanted is not None:
            if not any(_matches(wanted, one) and _inside(value, other) for one, other in found):
                yield f"{pattern}: the state has {value!r}, {wanted} of the answer does not"
        elif not same(value, at(answer, path)):
            yield f"{pattern}: the state has {value!r}, the answer {at(answer, path)!r}"


def _pattern(path: Path_, state: Json) -> str:
    text, value = "", state
    for step in path:
        text += "[]" if isinstance(value, list) else f".{step}" if text else step
        value = value[int(step)] if isinstance(value, list) else value[step]
    return text


def _starts(pattern: str, name: str) -> bool:
    return re.match(_expression(name) + r"(\.|\[|$)", pattern) is not None


def _matches(name: str, path: Path_) -> bool:
    return re.fullmatch(_expression(name.replace("[]", ".[]")), ".".join(path)) is not None


def _expression(name: str) -> str:
    """Of a name in which `*` is any key, `[]` any index and a capital word any number."""
    numbers = re.sub(r"[A-Z]{3,}(\\\+LEN)?", r"\\d+", re.escape(name))
    return numbers.replace(r"\*", r"[^.]+").replace(r"\[\]", r"(?:\d+|\[\])")


def _inside(value: Any, other: Any) -> bool:
    return same(value, other) or str(value) in str(other).split(",")


# Values of the harness that no cloud could take: ids of objects that aren't there.
NO_SUCH_OBJECT = frozenset({("mist_site_webhook", "assetfilter_ids")})
# What the provider makes of an answer by itself: another name of the type of an OAuth server, a pointer for a text,
# the first number of a key.
MADE_BY_THE_PROVIDER = ("oauth_type", "dynamic_vlan.local_vlan_ids", "switch_matching.rules[].match_name_offset")
ORG, SITE = "11111111-0000-4000-8000-000000000001", "22222222-0000-4000-8000-000000000001"


def seeded(requests: list[str], objects: list[Json], bodies: str) -> Emulator:
    """An emulator with what the requests name and do not make: the organisation, sites, devices, owners of files."""
    text = "\n".join(requests)
    org = (re.findall(r"/orgs/([0-9a-f-]{36})", text) or [ORG])[0]
    sites = {
        one: {"id": one, "name": one} for one in sorted(set(re.findall(r"/sites/([0-9a-f-]{36})", text)) or {SITE})
    }
    data: Json = {"id": org, "name": "Replayed", "sites": list(sites.values())}
    found = dict.fromkeys(sorted(DEVICE.findall(text)), "ap")
    found |= dict.fromkeys(re.findall(r'"mac": "([0-9a-f]{12})"', bodies), "gateway")
    found |= {one["mac"]: one["type"] for one in objects if "mac" in one and "type" in one}
    data["inventory"] = [
        {"mac": mac, "type": kind, "model": "M", "site_id": next(iter(sites))} for mac, kind in found.items()
    ]
    for name, item in re.findall(r"/orgs/[0-9a-f-]{36}/(wlans|nacportals)/([0-9a-f-]{36})/portal_template", text):
        data.setdefault(name, []).append({"id": item, "ssid": "Replayed", "name": "Replayed"})
    for place, item in re.findall(r"/sites/([0-9a-f-]{36})/wlans/([0-9a-f-]{36})/portal_template", text):
        sites[place]["wlans"] = [{"id": item, "ssid": "Replayed"}]
    return Emulator(data={"orgs": [data]})


def main() -> int:
    terraform, provider = Path(sys.argv[1]), Path(sys.argv[2])
    allowed = read_allowed(provider)
    resources = json.loads((terraform / "resources.json").read_text("utf-8"))
    found = [*golden_problems(terraform, resources, allowed), *sample_problems(terraform, resources, allowed)]
    for line in found:
        print(line)
    return 1 if found else 0


def golden_problems(terraform: Path, resources: Json, allowed: Allowed) -> Iterator[str]:
    golden = json.loads((terraform / "golden.json").read_text("utf-8"))
    for kind, one in golden.items():
        method, path = one["request"].split(" ", 1)
        body = {name: value for name, value in one["body"].items() if (kind, name) not in NO_SUCH_OBJECT}
        state = {name: value for name, value in (one["state"] or {}).items() if (kind, name) not in NO_SUCH_OBJECT}
        device = {"mac": path[-12:], "type": kind.rpartition("_")[2]}
        replay = Replay(seeded([path], [device], ""))
        before = replay.send("GET", path, None, {}).body if method == "PUT" else {}
        reply = replay.send(method, path, body, {})
        about = resources[kind]
        computed = frozenset(about.get("computed_only", ()))
        lines = [f"{reply.status} {reply.body}"] if reply.status != 200 else []
        if not lines and path.endswith("/portal_template"):
            body, state = body.get("portal_template", body), state.get("portal_template", state)
            answer = (reply.body or {}).get("portal_template", body)
        elif not lines:
            answer = reply.body
            lines += Written(body, before if isinstance(before, dict) else {}, answer, path, computed).problems(allowed)
        if reply.status == 200:
            skipped = frozenset((*about.get("never_sent", ()), *computed, *one["dropped"], *MADE_BY_THE_PROVIDER))
            lines += state_problems(state, answer, about["differences"], skipped)
        yield from (f"golden {kind}: {line}" for line in lines)


def sample_problems(terraform: Path, resources: Json, allowed: Allowed) -> Iterator[str]:
    computed = frozenset(name for about in resources.values() for name in about.get("computed_only", ()))
    for file in sorted((terraform / "samples").glob("*.calls.json")):
        name = file.name.removesuffix(".calls.json")
        calls = json.loads(file.read_text("utf-8"))
        expected = json.loads(file.with_name(f"{name}.expected.json").read_text("utf-8"))
        objects = [item["object"] for item in expected.values() if isinstance(item.get("object"), dict)]
        objects += [one for item in expected.values() if isinstance(item.get("object"), list) for one in item["object"]]
        pairs = json.dumps([call["body"] for call in calls if call["path"].endswith("/ha")])
        # Owners of portal templates are made by the recording itself.
        paths = [call["path"] for call in calls if not call["path"].endswith("/portal_template")]
        replay = Replay(seeded(paths, objects, pairs))
        for call in calls:
            where, path = f"{name} {call['method']} {call['path']}", replay.moved(call["path"])
            before = replay.send("GET", path, None, {}).body if call["method"] == "PUT" else {}
            reply = replay.send(call["method"], call["path"], call.get("body"), call.get("query", {}))
            if reply.status != call["status"]:
                yield f"{where}: {reply.status} {reply.body}"
                continue
            _learn(replay, call, reply.body, expected)
            if entry_of(path) and isinstance(before, dict):
                written = Written(replay.moved(call["body"]), before, reply.body, path, computed)
                yield from (f"{where}: {line}" for line in written.problems(allowed))


def _learn(replay: Replay, call: Json, answer: Any, expected: Json) -> None:
    """The id of what a call made, beside that of the recording."""
    if call["method"] != "POST" or not isinstance(answer, dict) or "id" not in answer:
        return
    for item in expected.values():
        stored, where = item.get("object") or {}, item.get("path", "")
        if where.rpartition("/")[0] != call["path"] or stored.get("id") in replay.ids:
            continue
        body = call["body"]
        if all(same(stored.get(key), body.get(key)) for key in ("name", "ssid", "mac", "order") if key in body):
            replay.ids[stored["id"]] = answer["id"]
            return


if __name__ == "__main__":
    sys.exit(main())
