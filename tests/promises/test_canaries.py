"""A canary in every secret field of every kind: declared, live, rotated, failing; and none is ever seen outside."""

import itertools
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from reconciler.emulator import Emulator
from reconciler.kinds import Kind, kinds
from reconciler.model.shape import Shape
from reconciler.semantics.forms import api_form
from tests.cli.conftest import CANARIES, ORG, Command
from tests.kinds.test_models import SAMPLES

SITE = "11111111-1111-4111-8111-111111111111"
TOKEN = CANARIES["MIST_APITOKEN"]
LIVE = "Canary-live-"
KINDS = [kind for kind in kinds() if kind.model is not None and kind.endpoints and not kind.hardware]
"""Devices have the fields of the templates, which are here."""

BESIDE = {
    "webhook": {"url": "https://h.example.net/", "topics": ["audits"]},
    "sso": {"scim_enabled": True},
}
"""What a kind's secrets need beside them."""


def secret_paths(shape: Shape, path: tuple[Any, ...] = (), depth: int = 0) -> Iterator[tuple[Any, ...]]:
    """Every secret field below a shape; maps get a key, lists an element."""
    if shape.secret:
        yield path
    if depth > 9:
        return
    for name, below in sorted(shape.fields.items()):
        yield from secret_paths(below, (*path, name), depth + 1)
    if shape.values is not None:
        yield from secret_paths(shape.values, (*path, 0 if shape.listed else "k"), depth + 1)


def with_canaries(kind: Kind, prefix: str) -> tuple[dict[str, Any], list[str]]:
    """A body with a canary at every secret path of a kind, and the canaries."""
    body: dict[str, Any] = {}
    canaries: list[str] = []
    for path in secret_paths(kind.shape):
        canary = f"{prefix}{kind.name}-{len(canaries):03}"
        canaries.append(canary)
        put(body, path, canary)
    for wlan in body.get("wlans", ()):  # those of a security policy
        wlan["ssid"] = "k"
    return body, canaries


def put(body: Any, path: tuple[Any, ...], value: Any) -> None:
    for step, following in itertools.pairwise(path):
        empty: Any = [] if following == 0 else {}
        if isinstance(body, list):
            if not body:
                body.append(empty)
            body = body[0]
        else:
            body = body.setdefault(step, empty)
    if isinstance(body, list):
        body.append(value)
    else:
        body[path[-1]] = value


def test_every_kind_was_walked() -> None:
    found = {kind.name: sum(1 for _ in secret_paths(kind.shape)) for kind in KINDS}
    assert found["wlan"] > 20
    assert found["webhook"] >= 4
    assert found["networktemplate"] > 8
    assert found["setting"] > 15


@pytest.fixture
def seen(emulator: Emulator, inventory: Path, environ: Mapping[str, str], monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """An organisation and an inventory full of canaries; returns all of them."""
    canaries = list(CANARIES.values())
    sites = yaml.safe_load("sites: [{name: Paris-HQ}]")
    files: dict[str, Any] = {"sites": sites["sites"]}
    for kind in KINDS:
        live, live_canaries = with_canaries(kind, LIVE)
        declared, names = with_canaries(kind, "CANARY_")
        canaries += live_canaries
        if not live_canaries:
            continue
        for name in names:
            variable = name.replace("-", "_").upper()
            canaries.append(f"Canary-env-{variable}")
            monkeypatch.setenv(variable, f"Canary-env-{variable}")
        raw = api_form(kind, live, lambda _reference, value: value)
        if kind.name == "setting":
            emulator.call("PUT", f"/api/v1/sites/{SITE}/setting", body=raw, token=TOKEN)
            files["settings"] = [{"site": "Paris-HQ", **declared}]
        elif kind.name == "wlan":
            files["wlans"] = []
            for ssid, spare in (("psk", "keys"), ("wep", "psk")):  # no type has use for both
                auth = {key: item for key, item in {**raw["auth"], "type": ssid}.items() if key != spare}
                emulator.call(
                    "POST", f"/api/v1/sites/{SITE}/wlans", body={**raw, "ssid": ssid, "auth": auth}, token=TOKEN
                )
                auth = {key: item for key, item in {**declared["auth"], "type": ssid}.items() if key != spare}
                files["wlans"].append({"site": "Paris-HQ", "ssid": ssid, **declared, "auth": auth})
        elif (endpoint := kind.endpoint(None) or kind.endpoint("site")) and endpoint.collection is None:
            emulator.call("PUT", f"/api/v1/{endpoint.item.format(org_id=ORG)}", body=raw, token=TOKEN)
            files[kind.file_key] = declared
        else:
            assert endpoint is not None
            assert endpoint.collection is not None
            path = f"/api/v1/{endpoint.collection.format(org_id=ORG, parent_id=SITE)}"
            needed = [name for name in (kind.key_with, *kind.required) if name and name not in declared]
            base = {kind.key: "c", **{name: SAMPLES[kind.name][name] for name in needed}}
            emulator.call("POST", path, body={**raw, **base}, token=TOKEN)
            parent = {"site": "Paris-HQ"} if endpoint.parent else {}
            files[kind.plural] = [{**base, **parent, **BESIDE.get(kind.name, {}), **declared}]
    text = yaml.safe_dump(files)
    for kind in KINDS:
        for name in with_canaries(kind, "CANARY_")[1]:
            text = text.replace(name + "\n", f"!secret env:{name.replace('-', '_').upper()}\n")
    assert "!secret" in text
    (inventory / "sites.yaml").write_text(text)
    with (inventory / "reconciler.yaml").open("a") as project:
        # no value or name here is one that its field would take
        project.write("rules: {ap-port: off, wlan-wep-keys: off}\n")
    return canaries


def leaks(text: str, canaries: list[str]) -> list[str]:
    return [canary for canary in canaries if canary in text]


def test_no_canary_is_seen_in_any_output_file_or_log(command: Command, seen: list[str], emulator: Emulator) -> None:
    shown: list[str] = []
    assert command("validate").code == 0, command("validate").err + command("validate").out
    for words in (
        ("validate",),
        ("validate", "--json"),
        ("render",),
        ("plan", "--verbose", "--debug-http"),
        ("plan", "--json", "--out", "p.plan"),
        ("plan", "--markdown"),
        ("show", "p.plan", "--verbose"),
        ("drift", "--verbose"),
        ("drift", "--json"),
        ("drift", "--markdown"),
        ("apply", "p.plan", "--debug", "--debug-http"),
        ("apply", "--auto-approve", "--debug", "--debug-http"),
        ("plan", "--json"),
    ):
        result = command(*words)
        shown.append(f"{words}: {result.code}\n{result.out}{result.err}")
        assert leaks(shown[-1], seen) == [], words
    assert "http: " in "".join(shown)
    for file in Path().rglob("*"):
        if file.is_file():
            assert leaks(file.read_text("utf-8", errors="replace"), seen) == [], file
    sent = json.dumps([call.body for call in emulator.calls.log if call.method in ("PUT", "POST")])
    assert "Canary-env-" in sent, "the secrets themselves are sent"


@pytest.mark.parametrize("fault", [{"status": 400}, {"status": 500}, {"drop": "after"}, {"body": "<html>"}])
def test_no_canary_is_in_the_tracebacks_of_failing_requests(
    fault: Mapping[str, Any], command: Command, seen: list[str], emulator: Emulator
) -> None:
    faults = []
    for kind in KINDS:
        # The cloud's words repeat what this kind's request held.
        echo = " ".join(canary for canary in seen if canary.startswith(f"Canary-env-CANARY_{kind.name.upper()}_"))
        said = {"detail": f"bad value {echo}"} if "status" in fault else {}
        faults.append({"method": "PUT", "path": f"/{kind.plural}/|/{kind.name}$", **said, **fault})
    emulator.faults.replace(faults)
    seconds = "1" if "status" in fault else "4"
    result = command("apply", "--auto-approve", "--debug", "--debug-http", "--timeout", seconds)
    assert ("  updated  " in result.out) is ("status" not in fault), "what was stored is found, whatever the answer was"
    assert leaks(result.out + result.err, seen) == []
