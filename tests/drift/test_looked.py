"""What a report without drift looked at is not read again, as long as the audit log vouches for it."""

import json
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reconciler.drift.attribution import id_key
from reconciler.drift.log import AuditLog
from reconciler.drift.looked import Looked, looked_of, looked_text, unchanged
from reconciler.emulator import Emulator, Fault, Request
from reconciler.kinds import kinds
from reconciler.kinds.lists import ORGANISATION_LISTS, modelled_by, singular, with_unmodelled
from reconciler.model.drift import LogRead
from reconciler.model.project import Project
from tests.cli.conftest import CANARIES, ORG, SEED, Command, Result
from tests.drift.test_undeclared import OPEN, PSK, SITE, by_hand

NIGHT = 86_400.0
MEMORY = Path(".reconciler/looked.json")
DECLARED = {"sites", "sitegroups", "webhooks", "wlans"}
WANTED: dict[str, dict[str, Any]] = {
    "alarmtemplates": {"delivery": {"enabled": False}, "rules": {}},
    "aptemplates": {"ap_matching": {"enabled": False}},
    "assetfilters": {"ibeacon_major": 13},
    "assets": {"mac": "020001000001"},
    "deviceprofiles": {"type": "ap"},
    "nacrules": {"action": "allow"},
    "nactags": {"type": "match", "match": "client_mac", "values": ["020001000001"]},
    "pskportals": {"ssid": "Lab"},
    "psks": PSK,
    "ssoroles": {"privileges": [{"scope": "org", "role": "read"}]},
    "vpns": {"paths": {"one": {}}},
    "wxtags": {"type": "match", "match": "ip_range_subnet", "op": "in", "values": ["192.0.2.0/24"]},
}
"""What the cloud wants besides a name, by list."""
KNOWN = with_unmodelled(kinds())


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
    """A cloud whose clock a test can set."""
    return Emulator(data=SEED, token=CANARIES["MIST_APITOKEN"], clock=clock)


@pytest.fixture
def green(command: Command, emulator: Emulator, clock: Clock) -> Command:
    """A report without drift, a night ago; a passphrase that was made by hand is accepted."""
    by_hand(emulator, f"/api/v1/orgs/{ORG}/psks", {**PSK, "name": "old"})
    assert command("apply", "--auto-approve").code == 0
    assert command("drift", "ignore", "--undeclared", "--reason", "before we began").code == 0
    clock.ahead += NIGHT
    assert command("drift").code == 0
    clock.ahead += NIGHT
    return command


def lists_read(emulator: Emulator) -> list[str]:
    """The last words of the paths that were read since the log of calls was cleared."""
    return sorted(call.path.split("?")[0].rpartition("/")[2] for call in emulator.calls.log)


def drift(command: Command, emulator: Emulator) -> tuple[Result, list[str]]:
    emulator.calls.reset()
    result = command("drift")
    return result, lists_read(emulator)


def test_a_night_later_only_what_is_declared_and_the_log_are_read(green: Command, emulator: Emulator) -> None:
    for _ in range(2):
        result, read = drift(green, emulator)
        assert result.code == 0
        assert read == [ORG, "logs", "setting", "sitegroups", "sites", "usage", "webhooks", "wlans"]
        assert "Not read again: " in result.out
        assert "psks," not in result.out
        beside = len(json.loads(MEMORY.read_text())["lists"])
    assert json.loads(green("drift", "--json").out)["compared"]["spared"] == beside


def test_what_the_log_names_is_read_and_told_with_its_author(green: Command, emulator: Emulator) -> None:
    by_hand(emulator, f"/api/v1/orgs/{ORG}/psks", {**PSK, "name": "new"})
    result, read = drift(green, emulator)
    assert result.code == 2
    assert "psk.new@Lab  last edited by Jane Doe" in result.out
    assert [name for name in read if name not in ("setting", *DECLARED)] == [ORG, "logs", "psks", "usage"]


@pytest.mark.parametrize("what", ["log", "exception", "memory", "organisation", "age", "entry"])
def test_all_is_read_where_nothing_vouches_for_a_list(
    green: Command, emulator: Emulator, clock: Clock, what: str
) -> None:
    if what == "log":
        emulator.faults.replace([Fault(method="GET", path=".*/logs", times=9, status=403)])
    elif what == "exception":
        project = Path("reconciler.yaml")
        project.write_text(project.read_text().replace("psk.old", "psk.other"))
    elif what == "memory":
        MEMORY.write_text("[" * 100_000)
    elif what == "organisation":
        MEMORY.write_text(MEMORY.read_text().replace(ORG, "another"))
    elif what == "age":
        clock.ahead += 31 * NIGHT
    else:
        by_hand(emulator, f"/api/v1/orgs/{ORG}/setting", {"ap_updown_threshold": 5}, method="PUT")
    _, read = drift(green, emulator)
    assert "psks" in read
    assert ("nacrules" in read) == (what != "exception")


def test_a_report_with_drift_or_of_a_part_is_not_remembered(green: Command, emulator: Emulator) -> None:
    before = MEMORY.read_text()
    assert green("drift", "--target", "site.Paris-HQ").code == 0
    by_hand(emulator, f"{SITE}/wlans", OPEN)
    assert green("drift").code == 2
    assert green("drift", "--ignore", "site.Paris-HQ/wlan.Open").code == 0
    assert MEMORY.read_text() == before


def test_something_made_by_hand_in_any_list_of_the_organisation_is_named_with_its_author(
    command: Command, emulator: Emulator
) -> None:
    assert command("apply", "--auto-approve").code == 0
    assert command("drift").code == 0
    made: set[str] = set()
    refused: set[str] = set()
    template = None
    headers = {"Authorization": f"Token {CANARIES['MIST_APITOKEN']}", "X-Emulator-Admin": "Jane Doe"}
    for plural in ORGANISATION_LISTS:
        path = f"orgs/{{org_id}}/{plural}"
        kind = modelled_by(KNOWN, path) or KNOWN[singular(plural)]
        body = {kind.key or "name": "made-by-hand", **WANTED.get(plural, {})}
        body |= {"template_id": template} if plural == "wlans" else {}
        reply = emulator.handle(Request("POST", f"/api/v1/orgs/{ORG}/{plural}", {}, body, headers))
        (made if reply.status == 200 else refused).add(kind.name)
        template = reply.body["id"] if plural == "templates" else template
    assert refused <= {"apitoken", "mxedge", "evpn_topology", "wxrule"}
    named = {text.rpartition("/")[2].partition(".")[0] for text in command("drift", "--json").document["unmanaged"]}
    assert made <= named, made - named


PROJECT = Project(version=1)


def entries(keys: Iterable[tuple[str, Any]]) -> AuditLog:
    event = {"id": "1", "timestamp": 2000.0, "admin_name": "Jane", **dict(keys)}
    return AuditLog(events=(event,), read=LogRead(days=30, entries=1), until=3000.0)


@pytest.mark.parametrize("kind", [kind.name for kind in KNOWN if kind.endpoints and not kind.singleton])
@pytest.mark.parametrize("site", [None, "s1"])
def test_an_entry_about_any_kind_unspares_its_list_by_its_id_or_by_its_message(kind: str, site: str | None) -> None:
    own = None if kind == "site" else site
    looked = Looked(org_id="o", at=1000.0, lists={(kind, own): (), ("other", None): ()})
    where = [("site_id", site)] if site else []
    for keys in (
        [(id_key(KNOWN[kind]), "x1"), ("message", "Something")],
        [("message", f'Add {KNOWN[kind].title} "n"')],
        [("message", 'Add Something new "n"')],
        [("message", "In another form"), ("after", {"name": "n"})],
    ):
        spared = unchanged(looked, entries([*keys, *where]), PROJECT, kinds=KNOWN, today=date.max)
        assert (kind, own) not in spared
    harmless = entries([("message", "Login with Role Admin")])
    assert len(unchanged(looked, harmless, PROJECT, kinds=KNOWN, today=date.max)) == 2


lists = st.dictionaries(st.tuples(st.text(), st.none() | st.text()), st.lists(st.text()).map(tuple), max_size=4)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(lists, st.floats(0, 1e10))
def test_what_is_stored_comes_back(lists: dict[Any, Any], at: float) -> None:
    looked = Looked(org_id="o", at=at, lists=lists)
    assert looked_of(looked_text(looked), "o") == looked
    assert looked_of(looked_text(looked), "p") is None
