"""A snapshot on the command line: less is read, and what comes out is what a full read says."""

import json
import shutil
import stat
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from reconciler.emulator import Emulator
from tests.cli.conftest import CANARIES, ORG, SEED, Command, Result

SNAP = "live.snapshot"
SITE = "/api/v1/sites/11111111-1111-4111-8111-111111111111"
NIGHT = 86_400.0


@dataclass
class Clock:
    """The cloud's clock."""

    ahead: float = 0.0

    def __call__(self) -> float:
        return time.time() + self.ahead


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def emulator(clock: Clock) -> Emulator:
    return Emulator(data=SEED, token=CANARIES["MIST_APITOKEN"], clock=clock)


@pytest.fixture
def kept(command: Command, emulator: Emulator, clock: Clock) -> Command:
    """An organisation as it is declared, and a snapshot of last night."""
    assert command("apply", "--auto-approve").code == 0
    clock.ahead += NIGHT
    assert command("plan", "--snapshot", SNAP).code == 0
    clock.ahead += NIGHT
    emulator.calls.reset()
    return command


def by_hand(emulator: Emulator, path: str, body: Any, method: str = "PUT") -> Any:
    reply = emulator.call(method, path, body=body, token=CANARIES["MIST_APITOKEN"], admin="Jane Doe")
    assert reply.status == 200, reply.body
    return reply.body


def first(emulator: Emulator, path: str) -> dict[str, Any]:
    found: dict[str, Any] = emulator.call("GET", path, token=CANARIES["MIST_APITOKEN"]).body[0]
    return found


def lists_read(emulator: Emulator) -> list[str]:
    return sorted(call.path.rpartition("/")[2] for call in emulator.calls.log)


def comparable(result: Result) -> Any:
    """What a plan says, but for the calls that it took and how many lists were not read."""
    document = result.document
    document["compared"].pop("spared")
    return {key: value for key, value in document.items() if key != "calls"}


def same_as_without(command: Command, *words: str) -> Any:
    """The plan with the snapshot, which says what one without it says."""
    with_it = command("plan", "--json", "--snapshot", SNAP, *words)
    assert comparable(with_it) == comparable(command("plan", "--json", *words))
    return with_it.document


def test_a_quiet_night_reads_the_lists_of_the_organisation_and_a_sample(kept: Command, emulator: Emulator) -> None:
    result = kept("plan", "--snapshot", SNAP)
    assert "No changes." in result.out
    read = lists_read(emulator)
    sampled = [name for name in read if name in ("setting", "wlans", "webhooks")]
    assert len(sampled) == 1
    assert [name for name in read if name not in sampled] == ["logs", "self", "sitegroups", "sites", "usage"]
    assert f"{len(read)} calls" in result.out
    assert "Not read again: 2 lists in which the audit log shows no change since they were read." in result.out
    assert "From the snapshot of" in result.err
    assert same_as_without(kept)["changes"] == []


EDITS: dict[str, Callable[[Emulator], Any]] = {
    "a setting": lambda cloud: by_hand(cloud, f"{SITE}/setting", {"vars": {"corp_vlan": "9"}}),
    "a secret": lambda cloud: by_hand(
        cloud,
        f"{SITE}/wlans/{first(cloud, f'{SITE}/wlans')['id']}",
        {"auth": {"type": "psk", "psk": "canary-by-hand"}},
    ),
    "an object that is new": lambda cloud: by_hand(cloud, f"{SITE}/wlans", {"ssid": "Open"}, "POST"),
    "an object that is gone": lambda cloud: by_hand(
        cloud, f"{SITE}/webhooks/{first(cloud, f'{SITE}/webhooks')['id']}", None, "DELETE"
    ),
    "a site's name": lambda cloud: by_hand(cloud, SITE, {"name": "Paris-2"}),
    "a site that is gone": lambda cloud: by_hand(cloud, SITE, None, "DELETE"),
    "a group": lambda cloud: by_hand(
        cloud,
        f"/api/v1/orgs/{ORG}/sitegroups/{first(cloud, f'/api/v1/orgs/{ORG}/sitegroups')['id']}",
        {"name": "x"},
    ),
    "nothing": lambda _cloud: None,
}


@pytest.mark.parametrize("edit", EDITS)
def test_what_somebody_did_is_seen(edit: str, kept: Command, emulator: Emulator) -> None:
    EDITS[edit](emulator)
    changes = same_as_without(kept)["changes"]
    assert bool(changes) is (edit not in ("nothing", "an object that is new"))
    assert same_as_without(kept)["changes"] == changes, "the next snapshot is as good"


def written(text: str, old: str, new: str) -> str:
    assert old in text
    return text.replace(old, new)


DECLARED = {
    "a new root": ('vars: {corp_vlan: "20"}', 'vars: {corp_vlan: "20"}\n      rogue: {enabled: true}'),
    "a root that is cleared": ('vars: {corp_vlan: "20"}', 'vars: {corp_vlan: "20"}\n      rogue: null'),
    "another value": ('corp_vlan: "20"', 'corp_vlan: "21"'),
    "another secret": ("!secret env:LAB_PSK", "!secret env:HOOK_SECRET"),
    "another object": ("    webhooks:\n", "      - {ssid: New, auth: {type: open}}\n    webhooks:\n"),
    "an object less": ("      - {ssid: Lab, auth: {type: psk, psk: !secret env:LAB_PSK}}\n", ""),
    "a site's former name": ("  - name: Paris-HQ\n", "  - name: Paris-3\n    aliases: [Paris-HQ]\n"),
}


@pytest.mark.parametrize("change", DECLARED)
def test_what_the_files_say_now_is_compared_with_what_is_live(
    change: str, kept: Command, emulator: Emulator, inventory: Path
) -> None:
    by_hand(emulator, f"{SITE}/setting", {"rogue": {"enabled": False, "honeypot_enabled": True}})
    assert kept("plan", "--snapshot", SNAP).code == 0
    sites = inventory / "sites.yaml"
    old, new = DECLARED[change]
    sites.write_text(written(sites.read_text(), old, new).replace("    wlans:\n    web", "    wlans: []\n    web"))
    assert bool(same_as_without(kept)["changes"]) is (change != "an object less")


def test_drift_names_who_did_it_and_reads_little(kept: Command, emulator: Emulator) -> None:
    assert kept("drift", "--snapshot", SNAP).code == 0
    EDITS["a setting"](emulator)
    emulator.calls.reset()
    result = kept("drift", "--snapshot", SNAP)
    assert result.code == 2
    assert "changed by Jane Doe" in result.out
    assert lists_read(emulator).count("setting") <= 2
    assert len(lists_read(emulator)) < 20


def test_no_secret_is_in_the_file(kept: Command, emulator: Emulator) -> None:
    EDITS["a secret"](emulator)
    for name in ("NEW_PSK", "more"):
        by_hand(emulator, f"{SITE}/wlans", {"ssid": name, "auth": {"type": "psk", "psk": "canary-undeclared"}}, "POST")
    assert kept("plan", "--snapshot", SNAP).code == 0
    assert kept("drift", "--snapshot", SNAP).code == 2
    text = Path(SNAP).read_text()
    assert "canary" not in text
    assert "psk" in text, "the field is there"
    assert stat.S_IMODE(Path(SNAP).stat().st_mode) == 0o600


def spoil(text: str, how: str) -> str:
    head, _, body = text.partition("\n")
    if how == "edited":
        return written(text, '"corp_vlan": "20"', '"corp_vlan": "66"')
    if how == "half-written":
        return f"{head}\n{body[: len(body) // 2]}"
    if how == "cut in its head":
        return head[:40]
    if how == "empty":
        return ""
    if how == "of another version":
        return written(text, '"version": "', '"version": "9.')
    if how == "of another token":
        return written(text, '"key_check": "', '"key_check": "0')
    return f"{head}\n{'[' * 100_000}"


@pytest.mark.parametrize(
    "how", ["edited", "half-written", "cut in its head", "empty", "of another version", "of another token", "deep"]
)
def test_a_file_that_can_not_be_trusted_costs_calls_and_nothing_else(
    how: str, kept: Command, emulator: Emulator
) -> None:
    EDITS["a setting"](emulator)
    Path(SNAP).write_text(spoil(Path(SNAP).read_text(), how))
    result = kept("plan", "--json", "--snapshot", SNAP)
    assert [item["address"] for item in result.document["changes"]] == ["site.Paris-HQ/setting"]
    (said,) = (item for item in result.document["diagnostics"] if item["rule"] == "snapshot-not-used")
    assert said["detail"].startswith("everything was read: it ")
    assert "snapshot-not-used" not in kept("plan", "--json", "--snapshot", SNAP).out, "the next one is whole"


def answer_log(cloud: Emulator, *, total: int, start: float) -> None:
    cloud.faults.add({"path": "/logs", "body": json.dumps({"results": [], "total": total, "start": start, "end": 9e9})})


WORLDS: dict[str, tuple[Callable[[Emulator], Any], tuple[str, ...], str]] = {
    "no log": (lambda cloud: cloud.faults.add({"path": "/logs", "status": 403}), (), "could not be read"),
    "a lost entry": (
        lambda cloud: cloud.faults.add(
            {"path": "/logs", "body": '{"results": [], "total": 3, "start": 0, "end": 9e9}'}
        ),
        (),
        "a part of the audit log is missing",
    ),
    "a short log": (
        lambda cloud: cloud.faults.add(
            {"path": "/logs", "body": '{"results": [], "total": 0, "start": 8e9, "end": 9e9}'}
        ),
        (),
        "does not reach back",
    ),
    "what can't be placed": (
        lambda cloud: by_hand(cloud, f"/api/v1/orgs/{ORG}/setting", {"ap_updown_threshold": 5}),
        (),
        "may be about anything",
    ),
    "age": (lambda _cloud: time.sleep(0), ("--snapshot-max-age", "0s"), "older than 0 hours"),
    "prune": (lambda _cloud: None, ("--prune",), "--prune"),
    "another reach": (
        lambda cloud: cloud.tokens.declare(
            {CANARIES["MIST_APITOKEN"]: {"privileges": [{"scope": "org", "org_id": ORG, "role": "read"}]}}
        ),
        (),
        "another part of the organisation",
    ),
    "a change without an entry": (lambda cloud: silently(cloud), (), "the audit log does not tell why"),
}


def silently(cloud: Emulator) -> None:
    state = cloud.state()
    for org in state["orgs"]:
        for site in org["sites"]:
            for item in (site["setting"], *site["wlans"], *site["webhooks"]):
                item["modified_time"] = 1
    cloud.load(state)


@pytest.mark.parametrize("world", WORLDS)
def test_all_is_read_where_nothing_vouches_for_the_snapshot(world: str, kept: Command, emulator: Emulator) -> None:
    change, words, why = WORLDS[world]
    change(emulator)
    emulator.calls.reset()
    result = kept("plan", "--json", "--snapshot", SNAP, *words)
    (said,) = (item for item in result.document["diagnostics"] if item["rule"] == "snapshot-not-used")
    assert why in said["detail"]
    assert {"setting", "wlans", "webhooks"} <= set(lists_read(emulator))


@pytest.mark.parametrize(
    ("name", "code", "said"),
    [("other.snapshot", 5, "is of organisation"), ("sites.yaml", 64, "is no snapshot"), ("no/where", 64, "written")],
)
def test_a_file_of_another_kind_is_refused_and_stays(name: str, code: int, said: str, kept: Command) -> None:
    Path("other.snapshot").write_text(Path(SNAP).read_text().replace(ORG, ORG.replace("9", "8")))
    before = Path(name).read_text() if Path(name).exists() else None
    result = kept("plan", "--snapshot", name)
    assert result.code == code
    assert said in result.err
    assert (Path(name).read_text() if Path(name).exists() else None) == before


def test_a_directory_holds_one_of_each_organisation(kept: Command) -> None:
    Path("snapshots").mkdir()
    assert kept("plan", "--snapshot", "snapshots").code == 0
    assert [path.name for path in Path("snapshots").iterdir()] == [f"{ORG}.snapshot"]


def test_a_part_of_an_inventory_keeps_what_it_did_not_read(kept: Command, emulator: Emulator) -> None:
    assert kept("plan", "--snapshot", SNAP, "--target", "sitegroup.emea").code == 0
    emulator.calls.reset()
    assert kept("plan", "--snapshot", SNAP).code == 0
    assert len([name for name in lists_read(emulator) if name in ("setting", "wlans", "webhooks")]) == 1


FORMATS = ("--json", "--markdown", "--html", "--format=github", "--format=junit", "--format=sarif", "-v")


def test_a_plan_without_a_refresh_asks_nothing_says_so_everywhere_and_is_not_applied(
    kept: Command, emulator: Emulator, inventory: Path
) -> None:
    sites = inventory / "sites.yaml"
    sites.write_text(written(sites.read_text(), '"20"', '"30"'))
    words = ("plan", "--no-refresh", "--snapshot", SNAP)
    assert [item["address"] for item in kept(*words, "--json").document["changes"]] == ["site.Paris-HQ/setting"]
    for style in FORMATS:
        shown = kept(*words, style)
        if shown.code != 64:  # not every format is one of plans
            assert "--no-refresh" in shown.out, style
    before = Path(SNAP).read_text()
    assert kept(*words, "--out", "p.plan").code == 0
    assert kept("show", "p.plan", "--json").document["options"]["refreshed"] is False
    refused = kept("apply", "p.plan")
    assert refused.code == 5
    assert "--no-refresh" in refused.err
    assert emulator.calls.total == 0
    assert Path(SNAP).read_text() == before


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "plans against a snapshot"),
        (("--snapshot", "none"), "There is no snapshot"),
        (("--snapshot", "broken"), "cut short"),
        (("--snapshot", SNAP, "--prune"), "--prune"),
        (("--snapshot", SNAP, "--snapshot-max-age", "soon"), "--snapshot-max-age 'soon' is no time"),
    ],
)
def test_without_a_snapshot_there_is_nothing_to_plan_against(
    words: tuple[str, ...], said: str, kept: Command, emulator: Emulator
) -> None:
    shutil.copy(SNAP, "broken")
    with Path("broken").open("r+") as file:
        file.truncate(Path("broken").stat().st_size // 2)
    result = kept("plan", "--no-refresh", *words)
    assert (result.code, emulator.calls.total) == (64, 0)
    assert said in result.err


def test_the_same_live_gives_the_same_bytes(kept: Command, emulator: Emulator) -> None:
    emulator.settings.update({"quirks": {"reorder": "none"}})
    texts = []
    for _ in range(2):
        Path(SNAP).unlink()
        kept("plan", "--snapshot", SNAP)
        head, _, body = Path(SNAP).read_text().partition("\n")
        texts.append(body)
        assert set(json.loads(head)) >= {"org", "made", "at", "reach", "seal"}
    assert texts[0] == texts[1]
