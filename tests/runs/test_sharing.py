"""What several machines share through a ref of a real git remote: one writer at a time, and every record."""

import json
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reconciler.cli.recording import leased
from reconciler.emulator import Emulator
from reconciler.errors import GuardRefusal, RecordFailure
from reconciler.model.journal import Journal, Write
from reconciler.pipeline.online import apply_plan
from reconciler.runs.lock import machine_of
from reconciler.runs.record import DIRECTORY
from reconciler.runs.ref import RemoteRef
from reconciler.runs.sharing import LEASE, Share, Span, breaks_of, bring_down, kept, lease_of, unlock
from tests.cli.conftest import ORG, SITES, Command, writes
from tests.runs.races import race
from tests.world import ONE_THREAD, declare, world

REF = "refs/mist-reconciler/runs"
ANN, BOB = {"actor": "ann"}, {"actor": "bob"}
RECORD = "20260727T101530.123Z-1f3a.jsonl"


def git(directory: Path, *words: str) -> str:
    identity = ("-c", "user.name=T", "-c", "user.email=t@example.net", "-c", "init.defaultBranch=main")
    done = subprocess.run(["git", *identity, *words], cwd=directory, check=True, capture_output=True, text=True)
    return done.stdout.strip()


@pytest.fixture
def remote(tmp_path: Path) -> Path:
    """A bare repository that refuses rewritten history, as shared ones do."""
    path = tmp_path / "remote.git"
    path.mkdir()
    git(path, "init", "--quiet", "--bare")
    git(path, "config", "receive.denyNonFastForwards", "true")
    return path


def clone(remote: Path, name: str) -> Path:
    git(remote.parent, "clone", "--quiet", str(remote), name)
    return remote.parent / name


def ref(clone: Path, organisation: str = "acme") -> RemoteRef:
    inventory = clone / "mist"  # git lists what is below the current directory, unless it is told otherwise
    inventory.mkdir(exist_ok=True)
    return RemoteRef(inventory, REF, organisation)


class Clock:
    """Seconds that pass only when they are told to."""

    now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


def share(place: RemoteRef, who: dict[str, str], *, now: Callable[[], float] = time.time, **parts: Any) -> Share:
    return Share(place, parts.get("records"), who, leased=parts.get("leased", True), span=Span(look=0.05), now=now)


def silent(_text: str) -> None:
    """Hears nothing."""


def test_a_lease_is_held_by_one_refused_to_others_and_given_back(remote: Path) -> None:
    one, two = (share(ref(clone(remote, name)), who) for name, who in (("one", ANN), ("two", BOB)))
    one.take(timeout=0, tell=silent)
    one.must_hold()
    with pytest.raises(
        GuardRefusal, match=r"under way: ann on .* \(process \d+\), since 20.* `reconciler runs unlock`"
    ):
        two.take(timeout=0, tell=silent)
    assert one.end() == ""
    two.take(timeout=0, tell=silent)
    two.must_hold()


def test_other_organisations_have_leases_of_their_own_on_the_same_ref(remote: Path) -> None:
    place = clone(remote, "one")
    for organisation in ("acme", "globex", "initech"):
        share(ref(place, organisation), ANN).take(timeout=0, tell=silent)
    assert git(remote, "ls-tree", "--name-only", REF).split() == ["acme", "globex", "initech"]


def test_who_waits_is_told_for_whom_and_gets_the_lease_when_it_is_free(remote: Path) -> None:
    one, two = (share(ref(clone(remote, name)), who) for name, who in (("one", ANN), ("two", BOB)))
    one.take(timeout=0, tell=silent)
    told: list[str] = []
    waiting = threading.Thread(target=lambda: two.take(timeout=30, tell=told.append))
    waiting.start()
    while not told:
        time.sleep(0.01)
    one.end()
    waiting.join()
    two.must_hold()
    assert [text.split(":")[0] for text in told] == ["Waiting up to 30 s for another apply to this organisation to end"]


def test_a_lease_is_broken_only_a_margin_after_its_end_and_its_holder_has_stopped_a_margin_before(remote: Path) -> None:
    clock, other = Clock(), ref(clone(remote, "two"))
    one, two = share(ref(clone(remote, "one")), ANN, now=clock), share(other, BOB, now=clock)
    one.take(timeout=0, tell=silent)
    clock.now += 539
    one.must_hold()
    clock.now += 1
    with pytest.raises(RecordFailure, match="could not be renewed in time"):
        one.must_hold()
    clock.now += 119
    with pytest.raises(GuardRefusal, match="under way: ann"):
        two.take(timeout=0, tell=silent)
    clock.now += 1
    two.take(timeout=0, tell=silent)
    other.names()
    (note,) = breaks_of(other)
    assert (note["by"]["actor"], note["was"]["actor"], note["why"]) == ("bob", "ann", "it had expired")
    one.end()  # takes nothing away from bob
    other.names()
    assert (lease_of(other) or {})["actor"] == "bob"


def test_a_lease_that_a_killed_process_of_this_machine_left_is_taken_at_once(remote: Path, tmp_path: Path) -> None:
    name = machine_of(tmp_path / "state")
    assert machine_of(tmp_path / "state") == name
    place = ref(clone(remote, "one"))
    share(place, {**ANN, "machine": name}).take(timeout=0, tell=silent)
    with pytest.raises(GuardRefusal):
        share(place, {**BOB, "machine": machine_of(tmp_path / "other")}).take(timeout=0, tell=silent)
    share(place, {**BOB, "machine": name}).take(timeout=0, tell=silent)
    place.names()
    assert [item["why"] for item in breaks_of(place)] == ["its process here has ended"]
    assert name not in (place.read("broken.jsonl") or b"").decode()


def test_a_lease_that_is_renewed_lasts(remote: Path) -> None:
    clock = Clock()
    one = share(ref(clone(remote, "one")), ANN, now=clock)
    one.take(timeout=0, tell=silent)
    for _ in range(3):
        clock.now += 500
        one.beat()
        one.must_hold()


def test_who_unlocks_is_recorded_and_the_former_holder_writes_no_more(remote: Path) -> None:
    place = ref(clone(remote, "two"))
    one = share(ref(clone(remote, "one")), ANN)
    one.take(timeout=0, tell=silent)
    assert unlock(place, BOB).startswith("ann on ")
    assert unlock(place, BOB) == ""
    one.must_hold()  # it has not looked yet
    one.beat()
    with pytest.raises(RecordFailure, match="was broken by bob"):
        one.must_hold()
    assert [item["why"] for item in breaks_of(place)] == ["unlocked"]


def test_a_lease_that_can_not_be_read_is_held_until_somebody_unlocks_it(remote: Path) -> None:
    place = ref(clone(remote, "one"))
    place.change(lambda: {LEASE: b"{"}, message="edited")
    with pytest.raises(GuardRefusal, match="a lease that can't be read"):
        share(place, ANN).take(timeout=0, tell=silent)
    unlock(place, ANN)
    share(place, ANN).take(timeout=0, tell=silent)


def test_a_remote_that_is_gone_stops_the_writes_only_when_the_lease_is_about_to_end(remote: Path) -> None:
    clock = Clock()
    one = share(ref(clone(remote, "one")), ANN, now=clock)
    one.take(timeout=0, tell=silent)
    remote.rename(remote.with_name("elsewhere"))
    one.beat()
    one.must_hold()
    clock.now += 545
    with pytest.raises(RecordFailure, match=r"could not be renewed in time: .*ls-remote"):
        one.must_hold()
    assert "ls-remote" in one.end()


@pytest.mark.parametrize(("words", "why"), [(["remote", "remove", "origin"], "no remote `origin`"), ([], "ls-remote")])
def test_without_a_remote_nothing_is_shared_and_the_reason_is_told(words: list[str], why: str, remote: Path) -> None:
    place = clone(remote, "one")
    if words:
        git(place, *words)
    else:
        git(place, "remote", "set-url", "origin", "https://me:canary-token@127.0.0.1:1/x.git")
    with pytest.raises(GuardRefusal, match=why) as caught:
        share(ref(place), ANN).take(timeout=0, tell=silent)
    assert "canary" not in str(caught.value)


def test_a_push_that_the_remote_forbids_is_told_with_its_words(remote: Path) -> None:
    hook = remote / "hooks" / "pre-receive"
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)
    with pytest.raises(GuardRefusal, match="git push: "):
        share(ref(clone(remote, "one")), ANN).take(timeout=0, tell=silent)


def test_records_come_down_where_they_are_missing_or_shorter_and_no_other_name_is_written(
    remote: Path, tmp_path: Path
) -> None:
    place = ref(clone(remote, "one"))
    wrong = {"notes.txt": b"x", f"{RECORD}.sh": b"x", f"..{RECORD}": b"x"}
    place.change(lambda: {RECORD: b"one\ntwo\n", **wrong}, message="x")
    records = tmp_path / "records"
    bring_down(place, records)
    assert [path.name for path in records.iterdir()] == [RECORD]
    for mine, then in ((b"one\n", b"one\ntwo\n"), (b"one\ntwo\nthree\n", b"one\ntwo\nthree\n"), (b"ed", b"ed")):
        (records / RECORD).write_bytes(mine)
        bring_down(place, records)
        assert (records / RECORD).read_bytes() == then


def test_a_record_is_sent_as_it_grows_and_at_the_end(remote: Path, tmp_path: Path) -> None:
    records = tmp_path / "records"
    records.mkdir()
    here, there = ref(clone(remote, "one")), ref(clone(remote, "two"))
    one = share(here, ANN, records=records, leased=False)
    one.take(timeout=0, tell=silent)
    (records / RECORD).write_text("1\n")
    one.sends(records / RECORD)
    with kept(one, Span(every=0.05), tell=silent):
        one.begin()
        (records / RECORD).write_text("1\n2\n")
        while there.names() and there.read(RECORD) != b"1\n2\n":
            time.sleep(0.02)
        (records / RECORD).write_text("1\n2\n3\n")
    there.names()
    assert there.read(RECORD) == b"1\n2\n3\n"


def test_two_machines_race_for_the_lease_and_never_write_side_by_side(tmp_path: Path) -> None:
    assert race(tmp_path, races=3, machines=2) == []


PROJECT = """\
version: 1
org: {name: Acme Retail}
records: {git: refs/mist-reconciler/runs}
lock: {git: true}
"""


@pytest.fixture
def machines(inventory: Path, remote: Path) -> tuple[Path, Path]:
    """The inventory in two clones of one repository."""
    first = clone(remote, "first")
    for path in inventory.iterdir():
        if path.is_file():
            (first / path.name).write_bytes(path.read_bytes())
    (first / "reconciler.yaml").write_text(PROJECT)
    git(first, "add", "-A")
    git(first, "commit", "--quiet", "-m", "start")
    git(first, "push", "--quiet", "origin", "HEAD")
    return first, clone(remote, "second")


def test_a_fresh_runner_finds_the_base_and_the_records_of_another_one(
    command: Command, emulator: Emulator, machines: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = machines
    assert command("apply", str(first), "--auto-approve").code == 0
    (second / "sites.yaml").write_text(SITES.replace("    address: 1 rue de la Paix, 75002 Paris\n", ""))
    git(second, "commit", "--quiet", "-am", "no address")
    plan = command("plan", str(second))
    assert "address" in plan.out
    assert "(no longer declared)" in plan.out
    assert command("runs", "list", "--inventory", str(second), "--org", ORG).out.count("5 applied") == 1
    assert command("apply", str(second), "--auto-approve").code == 0
    assert command("rollback", "last", "--inventory", str(first), "--auto-approve").code == 0
    assert command("runs", "list", "--inventory", str(second)).out.count("\n") == 3
    assert git(second, "status", "--porcelain") == ""
    assert git(second, "branch", "--all", "--list", "*mist-reconciler*") == ""


def test_an_apply_is_refused_while_another_machine_holds_the_lease_and_goes_on_after_unlock(
    command: Command, emulator: Emulator, machines: tuple[Path, Path]
) -> None:
    first, second = machines
    assert command("runs", "unlock", "--inventory", str(second)).err == "Nobody holds the lease.\n"
    share(ref(second, ORG), ANN).take(timeout=0, tell=silent)
    assert command("plan", "--out", "one.plan", str(first)).code == 0
    for words in (("apply", str(first), "--auto-approve"), ("apply", "one.plan")):
        refused = command(*words)
        assert refused.code == 5
        assert "under way: ann on " in refused.err
        assert "reconciler runs unlock" in refused.err
    assert writes(emulator) == 0
    assert "It was held by ann on " in command("runs", "unlock", "--inventory", str(second)).err
    assert command("apply", "one.plan").code == 0
    listed = command("runs", "list", "--inventory", str(second)).out
    assert "broke a lease (unlocked), held by ann on " in listed
    broken = command("runs", "list", "--json", "--inventory", str(second)).document["broken_leases"]
    assert [item["was"]["actor"] for item in broken] == ["ann"]


def test_a_lease_that_is_broken_on_the_way_stops_the_apply_before_its_next_write(remote: Path) -> None:
    cloud, one = world(), share(ref(clone(remote, "one")), ANN)
    plan = cloud.plan(declare("sitegroup.a"), declare("sitegroup.b"))
    one.take(timeout=0, tell=silent)
    told: list[str] = []

    def note(write: Write) -> None:
        told.append(str(write.change.address))
        unlock(ref(clone(remote, "two")), BOB)
        one.beat()

    journal = leased(Journal(before=note), one)
    outcomes = apply_plan(plan, cloud.client, options=ONE_THREAD, journal=journal)
    assert (told, len(cloud.writes)) == (["sitegroup.a"], 1)
    assert [str(item.status) for item in outcomes] == ["applied", "failed"]
    assert "was broken by bob" in outcomes[1].detail
    assert leased(Journal(), None) == Journal()


def test_when_the_remote_is_gone_an_apply_is_refused_and_a_plan_is_made_with_a_word(
    command: Command, emulator: Emulator, machines: tuple[Path, Path], remote: Path
) -> None:
    first, _ = machines
    remote.rename(remote.with_name("elsewhere"))
    refused = command("apply", str(first), "--auto-approve")
    assert refused.code == 5
    assert "refs/mist-reconciler/runs of the repository's remote can't be used" in refused.err
    assert writes(emulator) == 0
    plan = command("plan", str(first))
    assert plan.code == 0
    assert "Only the records of this machine are known" in plan.err
    assert command("runs", "list", "--inventory", str(first)).code == 0


def test_records_can_be_kept_in_a_directory_of_their_own(command: Command, inventory: Path, tmp_path: Path) -> None:
    shared = tmp_path / "shared" / "records"
    (inventory / "reconciler.yaml").write_text(f"version: 1\nrecords: {{directory: {json.dumps(str(shared))}}}\n")
    assert command("apply", "--auto-approve").code == 0
    assert len(list(shared.iterdir())) == 1
    assert not (inventory / DIRECTORY).exists()
    assert "5 applied" in command("runs", "list").out
    assert command("rollback", "last", "--auto-approve").code in (0, 6)
    assert len(list(shared.iterdir())) == 2


@pytest.mark.parametrize(
    "text",
    [
        "records: {directory: a, git: refs/x/y}",
        "records: {git: refs/heads/main}",
        "records: {git: main}",
        "records: {git: refs/a/../b}",
        "records: {git: --upload-pack=x}",
        "lock: {git: yes please}",
    ],
)
def test_a_wrong_word_about_records_is_told_with_its_place(text: str, command: Command, inventory: Path) -> None:
    (inventory / "reconciler.yaml").write_text(f"version: 1\n{text}\n")
    result = command("validate")
    assert result.code == 3
    assert "reconciler.yaml:2" in result.out + result.err
