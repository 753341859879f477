"""Records that can not be used, runs whose objects are not what they were: told in words, nothing is written wrong."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from reconciler.emulator import Emulator
from tests.cli.conftest import ORG, SITES, Command, writes
from tests.runs.test_rollback import by_hand, get, records

SITE = "sites/11111111-1111-4111-8111-111111111111"
YES = "--auto-approve"


def cut(text: str) -> str:
    return text[: len(text) * 2 // 3]


def without_last_line(text: str) -> str:
    return "".join(text.splitlines(keepends=True)[:-1])


def twice(text: str) -> str:
    lines = text.splitlines(keepends=True)
    return "".join([*lines[:2], lines[1], *lines[2:]])


def in_other_order(text: str) -> str:
    lines = text.splitlines(keepends=True)
    return "".join([lines[0], lines[2], lines[1], *lines[3:]])


HURT: list[tuple[str, Callable[[str], str], tuple[int, ...]]] = [
    ("cut in the middle of a line", cut, (0, 6)),
    ("without its summary", without_last_line, (0,)),
    ("a line twice", twice, (4,)),
    ("lines in another order", in_other_order, (4,)),
    ("empty", lambda _text: "", (64,)),
    ("no JSON", lambda _text: "hello\n\0\n", (64,)),
    ("a list in each line", lambda _text: "[1]\n[2]\n", (64,)),
    ("of a newer version", lambda text: text.replace('"1.2"', '"3.0"'), (64,)),
    ("with another address", lambda text: text.replace("site.Paris-HQ/wlan.Lab", "site.Paris-HQ/wlan.Lub"), (4,)),
]


@pytest.mark.parametrize(("what", "hurt", "codes"), HURT, ids=[item[0] for item in HURT])
def test_a_record_that_is_hurt_is_used_as_far_as_it_is_whole_or_refused_in_words(
    what: str, hurt: Callable[[str], str], codes: tuple[int, ...], command: Command, inventory: Path, emulator: Emulator
) -> None:
    assert command("apply", YES, "--threads", "1").code == 0
    (path,) = records(inventory)
    path.write_text(hurt(path.read_text()))
    sent = writes(emulator)
    done = command("rollback", path.stem, YES)
    assert done.code in codes, done.out + done.err
    assert "Traceback" not in done.err
    if 0 not in codes:
        assert writes(emulator) == sent
    assert command("runs", "list").code == command("runs", "show", path.stem).code == 0
    assert command("plan").code == 0
    assert command("apply", YES).code == 0
    assert command("plan", "--detailed-exitcode").code == 0


def test_what_was_renamed_or_moved_or_deleted_since_is_told_and_the_rest_goes_back(
    command: Command, inventory: Path, emulator: Emulator
) -> None:
    assert command("apply", YES).code == 0
    (inventory / "sites.yaml").write_text(SITES.replace("1 rue", "9 rue").replace('"20"', '"30"'))
    assert command("apply", YES).code == 0
    by_hand(emulator, "PUT", SITE, {"name": "Paris Nord"})
    done = command("rollback", "last", YES)
    assert done.code == 0, done.out + done.err
    assert get(emulator, SITE)["name"] == "Paris Nord"
    assert get(emulator, SITE)["address"] == "1 rue de la Paix, 75002 Paris"
    assert get(emulator, f"{SITE}/setting")["vars"]["corp_vlan"] == "20"
    by_hand(emulator, "DELETE", SITE)
    gone = command("rollback", records(inventory)[0].stem, YES)
    assert gone.code in (0, 1, 6)
    assert "is not there any more: nothing of it is put back" in gone.out
    assert "Traceback" not in gone.err


def test_a_rollback_of_a_rollback_of_a_rollback_is_one(command: Command, inventory: Path, emulator: Emulator) -> None:
    assert command("apply", YES).code == 0
    addresses = [get(emulator, SITE)["address"]]
    for _ in range(3):
        assert command("rollback", "last", YES).code == 0
        addresses.append(get(emulator, SITE)["address"])
    assert addresses == ["1 rue de la Paix, 75002 Paris", "old street"] * 2


def test_a_record_that_another_organisation_left_is_no_base_no_run_to_resume_and_not_closed(
    command: Command, inventory: Path
) -> None:
    assert command("apply", YES).code == 0
    (path,) = records(inventory)
    other = path.read_text().replace(ORG, "11111111-0000-4000-8000-00000000000f")
    path.write_text(without_last_line(other))
    assert "There is no run of this organisation on record" in command("apply", "--resume", YES).err
    (inventory / "sites.yaml").write_text(SITES.replace("1 rue", "2 rue"))
    assert command("apply", YES).code == 0
    assert "without a summary" not in path.read_text()


def test_a_base_in_the_records_that_git_does_not_know_is_no_base(command: Command, inventory: Path) -> None:
    for words in (["init", "-q"], ["add", "."], ["-c", "user.name=t", "-c", "user.email=t@e", "commit", "-qm", "x"]):
        subprocess.run(["git", *words], check=True, cwd=inventory)
    assert command("apply", YES).code == 0
    (path,) = records(inventory)
    head = json.loads(path.read_text().splitlines()[0])["commit"]["id"]
    for wrong in ("0" * 40, "--upload-pack=x", "HEAD; rm -rf x"):
        path.write_text(path.read_text().replace(head, wrong))
        head = wrong
        plan = command("plan", "--detailed-exitcode")
        assert plan.code == 0, plan.out + plan.err
