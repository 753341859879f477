"""What a user can get wrong: one clear message with place and remedy, the right exit code, nothing written."""

import json
import shlex
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from reconciler.emulator import Emulator
from tests.cli.conftest import CANARIES, PROJECT, SITES, Command, writes

BROKEN = {
    "a YAML syntax error": ("sites.yaml", "sites:\n  - {name: Paris\n", "sites.yaml:", "error["),
    "a duplicate key": ("sites.yaml", "sites:\n  - name: A\n    name: B\n", "sites.yaml:3:5", "name"),
    "a tab": ("sites.yaml", "sites:\n\t- name: A\n", "sites.yaml:2:1", "tab"),
    "an unknown key": ("sites.yaml", "sites:\n  - name: A\n    timezon: UTC\n", "sites.yaml:3:5", "timezone"),
    "a wrong type": ("sites.yaml", "sites:\n  - name: [A]\n", "sites.yaml:2:", "name"),
    "an unknown reference": ("sites.yaml", "sites:\n  - name: A\n    sitegroups: [emae]\n", "sites.yaml:3:", "emae"),
    "a bad enum": (
        "sites.yaml",
        SITES.replace("type: psk", "type: pks"),
        "sites.yaml:10:",
        "auth.type",
    ),
    "an unknown kind": ("more.yaml", "sitez: []\n", "more.yaml:1:1", "sites"),
    "a broken project file": ("reconciler.yaml", "version: 2\n", "reconciler.yaml:1:", "version"),
    "an empty file of a project": ("reconciler.yaml", "", "reconciler.yaml", "version"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_inventory_is_told_with_its_place_and_nothing_is_sent(
    name: str, command: Command, emulator: Emulator, inventory: Path
) -> None:
    file, text, place, word = BROKEN[name]
    (inventory / file).write_text(text)
    for words in (("validate",), ("plan",), ("apply", "--auto-approve"), ("drift",), ("render",)):
        result = command(*words)
        assert result.code == 3, words
        said = result.out + result.err
        assert place in said
        assert word in said
        assert "Traceback" not in said
    document = command("plan", "--json").document
    assert document["error"]["exit_code"] == 3
    assert document["diagnostics"]
    assert emulator.calls.reads == writes(emulator) == 0


def test_a_missing_secret_stops_plan_and_apply_and_is_a_warning_offline(
    command: Command, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LAB_PSK")
    for words in (("plan",), ("apply", "--auto-approve"), ("validate", "--strict")):
        result = command(*words)
        assert result.code == 3
        assert "sites.yaml:10:" in result.out + result.err
        assert "LAB_PSK" in result.out + result.err
    offline = command("validate")
    assert offline.code == 0
    assert "warning[missing-secret]" in offline.out
    assert command("render").code == 0
    assert emulator.calls.reads == 0


def test_the_token_is_no_secret_that_an_inventory_can_use(command: Command, inventory: Path) -> None:
    (inventory / "sites.yaml").write_text(SITES.replace("env:LAB_PSK", "env:MIST_APITOKEN"))
    result = command("plan")
    assert result.code == 3
    assert "MIST_APITOKEN" in result.err
    assert CANARIES["MIST_APITOKEN"] not in result.err


def test_a_plain_secret_is_a_warning_and_with_strict_an_error_and_never_shown(
    command: Command, inventory: Path
) -> None:
    (inventory / "sites.yaml").write_text(SITES.replace("!secret env:LAB_PSK", "plain-canary-99"))
    relaxed, strict = command("validate"), command("validate", "--strict")
    assert (relaxed.code, strict.code) == (0, 3)
    assert "plain-secret" in relaxed.out
    everything = relaxed.out + strict.out + command("render").out + command("plan").out + command("plan", "--json").out
    assert "plain-canary-99" not in everything


UNREACHABLE = "http://127.0.0.1:9"
ENVIRONMENT = {
    "no token": ({"MIST_APITOKEN": ""}, 64, "MIST_APITOKEN"),
    "a token with a blank": ({"MIST_APITOKEN": "a b"}, 64, "MIST_APITOKEN"),
    "no host": ({"MIST_HOST": ""}, 64, "MIST_HOST"),
    "a host that is none": ({"MIST_HOST": "http://user:pw@x"}, 64, "host"),
    "plain http": ({"MIST_HOST": "http://api.mist.com"}, 64, "https"),
    "the portal": ({"MIST_HOST": "https://manage.eu.mist.com/admin/"}, 64, "api.eu.mist.com"),
    "no organisation": ({"MIST_ORG_ID": ""}, 64, "MIST_ORG_ID"),
    "an organisation that is no id": ({"MIST_ORG_ID": "Acme"}, 64, "MIST_ORG_ID"),
    "an unreachable host": ({"MIST_HOST": UNREACHABLE}, 1, "127.0.0.1:9"),
    "a token that is not valid": ({"MIST_APITOKEN": "other-canary-token"}, 1, "MIST_APITOKEN"),
    "an organisation that is not ours": ({"MIST_ORG_ID": "00000000-0000-4000-8000-000000000009"}, 1, "organi"),
}


@pytest.mark.parametrize("name", ENVIRONMENT)
def test_a_wrong_environment_is_told_with_its_remedy_and_nothing_is_written(
    name: str, command: Command, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    variables, code, word = ENVIRONMENT[name]
    for variable, value in variables.items():
        monkeypatch.setenv(variable, value)
    soon = ("--timeout", "0.2") if UNREACHABLE in variables.values() else ()
    for words in (("plan",), ("apply", "--auto-approve"), ("drift",)):
        result = command(*words, *soon)
        assert result.code == code
        assert result.out == ""
        assert result.err.startswith("error: ")
        assert word in result.err
        assert "Traceback" not in result.err
        assert "canary" not in result.err
    document = command("apply", "--auto-approve", "--json", *soon)
    assert document.code == document.document["error"]["exit_code"] == code
    assert document.err == ""
    assert writes(emulator) == 0


def test_the_wrong_organisation_is_refused_by_its_name(command: Command, emulator: Emulator, inventory: Path) -> None:
    (inventory / "reconciler.yaml").write_text(PROJECT.replace("Acme Retail", "Acme Wholesale"))
    result = command("apply", "--auto-approve")
    assert result.code == 5
    assert "Acme Wholesale" in result.err
    assert "Acme Retail" in result.err
    assert writes(emulator) == 0


@pytest.mark.parametrize("status", [403, 404, 500])
def test_a_refused_read_is_an_error_and_never_an_empty_organisation(
    status: int, command: Command, emulator: Emulator
) -> None:
    fault = {"method": "GET", "path": ".*/orgs/.*", "times": 99, "status": status}
    emulator.call("PUT", "/__emulator__/faults", body=[fault])
    result = command("apply", "--auto-approve")
    assert result.code == 1
    assert "error[unread]" in result.out
    assert str(status) in result.out or "may not" in result.out
    assert writes(emulator) == 0


def test_a_host_that_only_the_inventory_names_must_be_a_mist_cloud(
    command: Command, emulator: Emulator, inventory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MIST_HOST")
    (inventory / "reconciler.yaml").write_text(f"{PROJECT}host: mist.attacker.example\n")
    result = command("plan")
    assert result.code == 5
    assert "MIST_HOST=mist.attacker.example" in result.err
    assert emulator.calls.reads == 0


@pytest.mark.parametrize(
    "words",
    [
        ("plan", "--nope"),
        ("nonsense",),
        ("plan", "--threads", "0"),
        ("plan", "--threads", "many"),
        ("plan", "--json", "--markdown"),
        ("validate", "--format", "xml"),
        ("show",),
        ("show", "nothing.plan"),
        ("apply", "nothing.plan"),
        ("apply", "--inventory", "."),
        ("plan", "nowhere"),
        ("plan", "sites.yaml"),
        ("plan", "--env-file", "nowhere.env"),
        ("plan", "--ca-bundle", "nowhere.pem", "--host", "api.mist.com"),
        ("plan", "--out", "no/such/dir/p.plan"),
        ("schema", "nope"),
        ("schema", "site", "wlan"),
        ("schema", "audit", "a.json", "b.json"),
        ("schema", "audit", "nowhere.json"),
        ("schema", "audit", "sites.yaml"),
        ("emulator", "--seed", "nowhere.yaml"),
        ("emulator", "--port", "70000"),
    ],
)
def test_wrong_usage_is_code_64_with_one_message(words: tuple[str, ...], command: Command) -> None:
    result = command(*words)
    assert result.code == 64
    if "--json" in words:
        assert result.document["error"]["exit_code"] == 64
    else:
        assert result.err.startswith("error: ")
        assert result.out == ""


def test_no_command_at_all_shows_the_help(command: Command) -> None:
    result = command()
    assert result.code == 64
    assert result.err.startswith("Usage: reconciler")
    assert command("--help").code == 0


def test_a_directory_that_is_no_inventory_is_told_at_once_with_the_one_below(command: Command, inventory: Path) -> None:
    (inventory / "inner").mkdir()
    (inventory / "reconciler.yaml").rename(inventory / "inner" / "reconciler.yaml")
    result = command("validate")
    assert result.code == 3
    assert "did you mean inner" in result.err
    assert "reconciler.yaml" in result.err


@pytest.mark.parametrize(
    ("style", "word"),
    [
        ("github", "::error file=inv/sites.yaml,line=3,col="),
        ("sarif", '"uri": "inv/sites.yaml"'),
        ("text", "inv/sites.yaml:3:"),
    ],
)
def test_places_are_told_as_seen_from_the_working_directory(
    style: str, word: str, command: Command, inventory: Path
) -> None:
    (inventory / "inv").mkdir()
    (inventory / "inv" / "reconciler.yaml").write_text(PROJECT)
    (inventory / "inv" / "sites.yaml").write_text("sites:\n  - name: A\n    timezon: UTC\n")
    result = command("validate", "inv", "--format", style)
    assert result.code == 3
    assert word in result.out
    if style == "sarif":
        assert json.loads(result.out)["version"] == "2.1.0"


def test_debug_shows_where_an_error_came_from_but_no_values(command: Command, environ: Mapping[str, str]) -> None:
    result = command("plan", "--debug", "--host", UNREACHABLE, "--timeout", "0.2")
    assert "reconciler.errors.Unreachable" in result.err
    assert "canary" not in result.err


@pytest.mark.parametrize("words", [["--version"], ["--help"], ["-h"]])
def test_version_and_help_load_no_heavy_library(words: list[str]) -> None:
    script = (
        "import sys\n"
        f"sys.argv = ['reconciler', *{words!r}]\n"
        "from reconciler.__main__ import answer\n"
        "assert not answer()\n"
        "heavy = {'pydantic', 'requests', 'rich', 'deepdiff', 'jinja2', 'ruamel', 'ruamel.yaml', 'urllib3'}\n"
        "loaded = heavy & set(sys.modules)\n"
        "if sys.argv[1] == '--version':\n    loaded |= {'click', 'json'} & set(sys.modules)\n"
        "assert not loaded, loaded\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_reader_that_goes_away_is_no_message(inventory: Path) -> None:
    code = f"{shlex.quote(sys.executable)} -m reconciler render | head -n 1"
    done = subprocess.run(code, shell=True, capture_output=True, text=True, check=False, cwd=inventory)
    assert done.stdout == "sitegroups:\n"
    assert "Traceback" not in done.stderr
    assert "Broken" not in done.stderr


def test_names_survive_a_terminal_that_knows_ascii_only(inventory: Path) -> None:
    (inventory / "sites.yaml").write_text("sites:\n  - name: Zürich-Hütte\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "reconciler", "explain", "site.Zürich-Hütte"],
        capture_output=True,
        check=False,
        cwd=inventory,
        env={"PYTHONIOENCODING": "ascii", "PATH": ""},
    )
    assert done.returncode == 0
    assert b"Z\\xfcrich" in done.stdout
