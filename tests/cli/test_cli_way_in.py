"""`init`, `list` and `export`: from a token to an inventory."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from reconciler.emulator import Emulator
from reconciler.emulator.server import serve
from tests.cli.conftest import CANARIES, ORG, SEED, Command

WHERE = ("--host", "api.eu.mist.com", "--offline")
OTHER = "9777c1a0-6ef6-11e6-8bbf-02e208b2d350"


def test_list_says_what_is_declared_and_how_much_of_the_whole_that_is(command: Command, emulator: Emulator) -> None:
    emulator.call("POST", f"/api/v1/orgs/{ORG}/sitegroups", body={"name": "by-hand"}, token=CANARIES["MIST_APITOKEN"])
    found = command("list")
    assert found.code == 0
    assert "  sitegroup.by-hand" in found.out
    assert "not declared" in found.out
    assert found.out.splitlines()[-1].startswith("You own 1 of 2 live objects (50 %): sitegroups 0/1, sites 1/1.")
    assert emulator.calls.writes == 1
    only = command("list", "sites", "--undeclared", "--json").document
    assert (only["objects"], only["owned"]["percent"]) == ([], 100)


def test_list_writes_a_badge(command: Command, inventory: Path) -> None:
    assert command("list", "sites", "--badge", "owned.svg").code == 0
    assert "100 %" in (inventory / "owned.svg").read_text()


def test_list_of_a_kind_that_is_none_names_those_that_are(command: Command) -> None:
    found = command("list", "wlams")
    assert found.code == 64
    assert "wlans" in found.err


def test_list_needs_no_inventory(command: Command, inventory: Path) -> None:
    (inventory / "reconciler.yaml").unlink()
    assert command("list", "sites").out.splitlines()[-1].startswith("1 live object in Acme Retail.")
    assert command("list", "--undeclared").code == 64


def test_export_writes_an_inventory_whose_plan_is_empty(command: Command, inventory: Path) -> None:
    found = command("export", "--out", "net", "--json").document
    assert (found["objects"], found["live"]) == (1, 1)
    assert command("plan", "net", "--detailed-exitcode").code == 0
    assert command("fmt", "net", "--check").code == 0
    assert "vars: {corp_vlan:" in (inventory / "net" / "sites" / "paris-hq.yaml").read_text()


def test_export_refuses_a_file_in_the_way_and_writes_nothing(command: Command, inventory: Path) -> None:
    (inventory / "net" / "sites").mkdir(parents=True)
    (inventory / "net" / "sites" / "paris-hq.yaml").write_text("mine")
    found = command("export", "--out", "net")
    assert found.code == 64
    assert "sites/paris-hq.yaml" in found.err
    assert [path.name for path in (inventory / "net").rglob("*") if path.is_file()] == ["paris-hq.yaml"]


@pytest.mark.parametrize(("words", "told"), [(("--kinds", "wlams"), "wlams"), (("--kinds", "acl_tags"), "acl_tags")])
def test_export_refuses_kinds_that_it_can_not_have(command: Command, words: tuple[str, ...], told: str) -> None:
    found = command("export", "--out", "net", *words)
    assert found.code == 64
    assert told in found.err


def test_init_makes_an_inventory_that_plans_to_nothing(command: Command, inventory: Path) -> None:
    (inventory / ".git").mkdir()
    found = command("init", "net", "--ci", "github")
    assert found.code == 0
    assert {"net/reconciler.yaml", "net/.gitignore", ".github/workflows/mist-plan.yml"} <= set(found.out.split())
    assert command("plan", "net", "--detailed-exitcode").code == 0
    assert command("fmt", "net", "--check").code == 0
    assert 'paths: ["net/**"' in (inventory / ".github" / "workflows" / "mist-plan.yml").read_text()
    again = command("init", "net")
    assert again.code == 64
    assert "exists" in again.err


def test_init_with_a_wrong_token_or_organisation_writes_nothing(
    command: Command, inventory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert command("init", "net", "--org", OTHER).code == 64
    monkeypatch.setenv("MIST_APITOKEN", "not-the-token")
    assert command("init", "net").code == 1
    assert not (inventory / "net").exists()


def test_init_of_a_token_that_sees_several_organisations_names_them(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    several = {"orgs": [*SEED["orgs"], {"id": OTHER, "name": "Globex"}]}
    monkeypatch.delenv("MIST_ORG_ID")
    with serve(Emulator(data=several)) as server:
        monkeypatch.setenv("MIST_HOST", server.url)
        found = command("init", "net")
        assert found.code == 64
        assert f"{OTHER}  Globex" in found.err
        assert command("init", "net", "--org", OTHER).code == 0


def test_drift_adopts_an_object_that_nobody_declared(command: Command, emulator: Emulator, inventory: Path) -> None:
    token = CANARIES["MIST_APITOKEN"]
    emulator.call("POST", f"/api/v1/orgs/{ORG}/sitegroups", body={"name": "by hand"}, token=token)
    before = (inventory / "sites.yaml").read_text()
    dry = command("drift", "adopt", "--target", "sitegroup.by hand", "--dry-run")
    assert (dry.code, (inventory / "sites.yaml").read_text()) == (2, before)
    found = command("drift", "adopt", "--target", "sitegroup.by hand")
    assert found.code == 0
    assert "new: sitegroup.by hand" in found.out
    after = (inventory / "sites.yaml").read_text()
    assert [row for row in after.splitlines() if row not in before.splitlines()] == ["  - {name: by hand}"]
    assert command("plan", "--target", "sitegroup.by hand", "--detailed-exitcode").code == 0


@pytest.mark.parametrize("words", [("--sites", "Paris-HX"), ("--objects", "site.Paris-HX")])
def test_export_of_what_is_not_there_is_refused_with_the_nearest_name(command: Command, words: tuple[str, ...]) -> None:
    found = command("export", "--out", "net", *words)
    assert found.code == 64
    assert "Paris-HQ" in found.err


def test_export_says_what_would_change_in_an_inventory_and_changes_it(command: Command, inventory: Path) -> None:
    assert command("export", "--out", ".", "--check").code == 2
    assert "old street" not in (inventory / "sites.yaml").read_text()
    assert command("export", "--out", ".", "--quiet").code == 0
    assert "address: old street" in (inventory / "sites.yaml").read_text()
    assert command("export", "--out", ".", "--check").code == 0


def test_a_file_that_can_not_be_written_leaves_everything_as_it_was(command: Command, inventory: Path) -> None:
    (inventory / "net").mkdir(mode=0o700)
    (inventory / "net" / "sites").write_text("a file where a directory has to be")
    found = command("export", "--out", "net")
    assert found.code == 64
    assert "nothing was written" in found.err
    assert [path.name for path in (inventory / "net").iterdir()] == ["sites"]


def test_list_says_what_the_sites_take_before_it_reads_them(command: Command, emulator: Emulator) -> None:
    found = command("list")
    kinds = {call.path.rpartition("/")[2] for call in emulator.calls.log if "/sites/" in call.path}
    assert f"its sites take {len(kinds)} calls" in found.err
    assert not kinds & {"devices", "setting"}  # no such list counts, or one of the organisation says as much


def test_a_drift_report_says_how_much_is_declared_in_every_format(command: Command, inventory: Path) -> None:
    sentence = "You own 1 of 1 live object read (100 %): sites 1/1."
    assert sentence in command("drift").out
    assert sentence in command("drift", "--markdown").out
    assert command("drift", "--json").document["owned"]["kinds"] == {"sites": {"declared": 1, "live": 1}}
    command("drift", "--html", "report.html")
    assert sentence in (inventory / "report.html").read_text()


EXAMPLES = Path(__file__).parent.parent.parent / "examples"


def test_import_says_what_differs_from_live_where_there_is_a_token(command: Command, emulator: Emulator) -> None:
    found = command("import", "backup", str(EXAMPLES / "backup"), "--out", "net")
    assert found.code == 0
    assert "Not compared with live: " in found.out  # the token sees another organisation
    assert emulator.calls.writes == 0


def test_import_of_a_backup_is_proved_and_canonical(command: Command, inventory: Path, emulator: Emulator) -> None:
    found = command("import", "backup", str(EXAMPLES / "backup" / "Kestrel"), "--out", "net", *WHERE, "--json").document
    assert (found["objects"], len(found["secrets"]), found["org"]["name"]) == (5, 4, "Kestrel Retail")
    assert command("fmt", "net", "--check").code == 0
    assert command("import", "backup", ".", "--out", "other", "--offline").code == 64
    assert command("import", "backup", str(EXAMPLES / "backup"), "--out", "other", "--org", OTHER).code == 64
    assert not (inventory / "other").exists()
    assert emulator.calls.total == 0


def test_import_of_a_table_writes_into_the_inventory_that_is_there(command: Command, inventory: Path) -> None:
    (inventory / "more.csv").write_text("Store,address,Phone\nStore #2,x,1\n")
    refused = command("import", "csv", "sites", "more.csv", "--out", ".")
    assert (refused.code, "--map COLUMN=FIELD" in refused.err) == (64, True)
    words = ("import", "csv", "sites", "more.csv", "--out", ".", "--map", "Store=name", "--map", "Phone=")
    assert command(*words, "--json").document["objects"] == 1
    assert 'name: "Store #2"' in (inventory / "sites" / "store-2.yaml").read_text()
    assert command(*words).code == 3  # it is declared by now
    for wrong in (("--map", "Phone"), ("--map", "Nothing=name")):
        assert command(*words, *wrong).code == 64
    assert command("import", "csv", "settings", "more.csv", "--out", ".").code == 64


@contextmanager
def full_disk() -> Iterator[None]:
    """As long as it lasts no file can be larger than a few bytes: writing fails as it does on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (60, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize(
    "words",
    [
        ("export", "--out", "net"),
        ("export", "--out", "."),
        ("import", "backup", str(EXAMPLES / "backup"), "--out", "net", *WHERE),
        ("import", "terraform", str(EXAMPLES / "terraform" / "state.json"), "--out", "net", *WHERE),
        ("import", "csv", "sites", "more.csv", "--out", "."),
        ("import", "csv", "sites", "more.csv", "--out", "net", "--generate"),
    ],
)
def test_on_a_full_disk_nothing_is_written_and_nothing_is_left_over(
    command: Command, inventory: Path, words: tuple[str, ...]
) -> None:
    (inventory / "more.csv").write_text(
        "name,address\nStore #2,a street with a name that is longer than the disk has room for\n"
    )
    before = {path: path.read_bytes() for path in inventory.rglob("*") if path.is_file()}
    with full_disk():
        found = command(*words)
    assert found.code == 64
    assert "can't be written: File too large; nothing was written" in found.err
    assert {path: path.read_bytes() for path in inventory.rglob("*") if path.is_file()} == before


def test_import_writes_a_state_as_an_inventory_offline(command: Command, inventory: Path, emulator: Emulator) -> None:
    state = EXAMPLES / "terraform" / "state.json"
    found = command("import", "terraform", str(state), "--out", "net", *WHERE, "--json").document
    assert found["live"] == {"compared": False, "why_not": "--offline was given"}
    assert (found["resources"], found["objects"], len(found["secrets"])) == (11, 10, 2)
    assert command("fmt", "net", "--check").code == 0
    assert "host: api.eu.mist.com" in (inventory / "net" / "reconciler.yaml").read_text()
    again = command("import", "terraform", str(state), "--out", "net")  # refused before live is asked
    assert (again.code, "files in the way" in again.err) == (64, True)
    assert command("import", "terraform", "nowhere.json", "--out", "other").code == 64
    assert not (inventory / "other").exists()
    assert emulator.calls.total == 0
