"""Pull requests from strangers: validation and rendering reach no file outside of the inventory, no environment
variable, no network and no command, whatever the inventory says."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from reconciler.cli.run import run

ROOT = Path(__file__).parent.parent.parent
CANARY = "canary-of-the-environment"

PROJECT = """\
version: 1
org: {id: 5a1c0e77-3b0d-4c3e-9f50-0d9a6c1b7e01}
host: http://127.0.0.1:1
secrets: {commands: true, env: ["*"], env_file: ../outside.env}
policies: [policies/*.py]
generate:
  - {template: outside.yaml.j2}
"""
WLANS = """\
sites:
  - name: Evil
    timezone: Europe/Paris
    country_code: FR
    wlans:
      - {ssid: A, auth: {type: psk, psk: !secret "cmd:touch MARK"}}
      - {ssid: B, auth: {type: psk, psk: !secret env:CANARY_VARIABLE}}
      - {ssid: C, auth: {type: psk, psk: !secret env:MIST_APITOKEN}}
      - {ssid: D, auth: {type: psk, psk: !secret file:../outside.txt}}
      - {ssid: E, auth: {type: psk, psk: !secret file:/etc/hostname}}
"""
TEMPLATE = """\
{% include '../outside.txt' %}
${ self.__init__.__globals__['__builtins__']['open']('MARK', 'w') }
"""
POLICY = "open('MARK', 'w').write('x')\n"
HOOK = """\
import json, sys
events = []
def hook(name, args):
    if name in ("open", "subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.fork", "socket.connect",
                "os.listdir", "os.scandir"):
        events.append([name, repr(args[0])])
sys.addaudithook(hook)
from reconciler.cli.run import run
code = run(sys.argv[2:])
with_events = list(events)
open(sys.argv[1], "w").write(json.dumps(with_events))
sys.exit(code)
"""


@dataclass(frozen=True)
class Seen:
    """One run: its exit code, what it said, and what it touched."""

    code: int
    said: str
    events: tuple[tuple[str, str], ...]


@pytest.fixture
def evil(tmp_path: Path) -> Path:
    """An inventory that asks for everything that it must not get."""
    root = tmp_path / "evil"
    (root / "policies").mkdir(parents=True)
    mark = str(tmp_path / "mark")
    for name, text in {
        "reconciler.yaml": PROJECT,
        "wlans.yaml": WLANS,
        "outside.yaml.j2": TEMPLATE,
        "policies/own.py": POLICY,
    }.items():
        (root / name).write_text(text.replace("MARK", mark))
    (tmp_path / "outside.txt").write_text(f"{CANARY}-file")
    (tmp_path / "outside.env").write_text(f"X={CANARY}-env-file")
    (root / "link.yaml").symlink_to(tmp_path / "outside.txt")
    (root / "linked").symlink_to("/etc")
    return root


def look(evil: Path, *words: str, **variables: str) -> Seen:
    """Runs the command line in a process that notes every file, process and connection."""
    clean = {name: value for name, value in os.environ.items() if name in ("PATH", "LANG", "HOME", "XDG_STATE_HOME")}
    found = evil.parent / "events.json"
    done = subprocess.run(
        [sys.executable, "-B", "-c", HOOK, str(found), *words],
        cwd=evil.parent,
        env={
            **clean,
            "PYTHONPATH": str(ROOT),
            "PYTHONSAFEPATH": "1",
            "CANARY_VARIABLE": CANARY,
            "MIST_APITOKEN": f"{CANARY}-token",
            **variables,
        },
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    events = tuple((name, what) for name, what in json.loads(found.read_text()))
    return Seen(done.returncode, done.stdout + done.stderr, events)


def is_library(path: str) -> bool:
    """Whether a file belongs to Python, its packages, this package or the system's time zones and terminals."""
    inside = (sys.prefix, sys.base_prefix, str(ROOT / "reconciler"), str(ROOT / ".venv"), "/usr/lib", "/dev/null")
    plain = path.strip("'")
    return plain == str(ROOT) or plain.startswith(inside) or not path.startswith("'/")


def touched(evil: Path, seen: Seen) -> list[tuple[str, str]]:
    """What a run reached beyond the inventory and Python itself."""
    own = str(evil)
    return [(name, what) for name, what in seen.events if not is_library(what) and own not in what]


FORK = {"pull_request": {"head": {"repo": {"full_name": "x/net"}}, "base": {"repo": {"full_name": "acme/net"}}}}


@pytest.mark.parametrize(
    ("command", "how"),
    [
        ("validate evil", "flag"),
        ("validate evil --strict --json", "flag"),
        ("render evil", "flag"),
        ("validate evil", "github"),
        ("validate evil", "gitlab"),
    ],
)
def test_nothing_outside_of_an_untrusted_inventory_is_reached(evil: Path, command: str, how: str) -> None:
    words = command.split()
    variables: dict[str, str] = {}
    event = evil.parent / "event.json"
    event.write_text(json.dumps(FORK))
    if how == "flag":
        words.append("--untrusted")
    if how == "github":
        variables = {"GITHUB_EVENT_NAME": "pull_request_target", "GITHUB_EVENT_PATH": str(event)}
    if how == "gitlab":
        variables = {"CI_MERGE_REQUEST_SOURCE_PROJECT_ID": "1", "CI_MERGE_REQUEST_PROJECT_ID": "2"}
    seen = look(evil, *words, **variables)
    assert seen.code == 3, seen.said
    assert CANARY not in seen.said
    assert not (evil.parent / "mark").exists()
    assert [item for item in touched(evil, seen) if str(event) not in item[1]] == []
    assert not [name for name, _ in seen.events if name in ("subprocess.Popen", "socket.connect", "os.fork")]


def test_an_untrusted_inventory_that_is_in_order_is_valid_and_rendered_without_secrets(evil: Path) -> None:
    (evil / "outside.yaml.j2").unlink()
    (evil / "link.yaml").unlink()
    (evil / "linked").unlink()
    text = (evil / "reconciler.yaml").read_text()
    (evil / "reconciler.yaml").write_text(text.partition("generate:")[0])
    seen = look(evil, "validate", "evil", "--untrusted")
    assert (seen.code, "missing-secret" in seen.said, "policies-not-run" in seen.said) == (0, False, True), seen.said
    seen = look(evil, "render", "evil", "--untrusted")
    assert seen.code == 0, seen.said
    assert "psk: !secret env:CANARY_VARIABLE" in seen.said
    assert CANARY not in seen.said
    assert not (evil.parent / "mark").exists()


def test_a_plan_for_a_fork_is_refused_before_anything_is_sent(evil: Path) -> None:
    (evil / "outside.yaml.j2").unlink()
    event = evil.parent / "event.json"
    event.write_text(json.dumps(FORK))
    seen = look(evil, "plan", "evil", GITHUB_EVENT_NAME="pull_request_target", GITHUB_EVENT_PATH=str(event))
    assert seen.code == 3
    assert CANARY not in seen.said
    assert not (evil.parent / "mark").exists()
    assert not [name for name, _ in seen.events if name in ("subprocess.Popen", "socket.connect")]


def test_the_test_sees_what_a_trusted_inventory_reaches(evil: Path) -> None:
    seen = look(evil, "validate", "evil")
    assert (evil.parent / "mark").exists()
    assert [name for name, _ in touched(evil, seen) if name in ("open", "subprocess.Popen")]


def test_only_variables_that_the_project_names_are_read(tmp_path: Path) -> None:
    (tmp_path / "reconciler.yaml").write_text("version: 1\nsecrets: {env: [NET_*]}\n")
    wlan = "{ssid: X, auth: {type: psk, psk: !secret env:%s}}"
    site = "sites: [{name: A, timezone: Europe/Paris, country_code: FR, wlans: [" + wlan + "]}]"
    (tmp_path / "sites.yaml").write_text(site % "CANARY_VARIABLE")
    seen = look(tmp_path, "validate", str(tmp_path), "--strict")
    assert (seen.code, "is not among `secrets.env`" in seen.said) == (3, True), seen.said
    (tmp_path / "sites.yaml").write_text(site % "NET_PSK")
    assert look(tmp_path, "validate", str(tmp_path), "--strict", NET_PSK="a-long-passphrase").code == 0


def test_the_same_holds_in_this_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("GITHUB_EVENT_NAME", "CI_MERGE_REQUEST_SOURCE_PROJECT_ID", "RECONCILER_POLICIES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NET_PSK", "short")
    (tmp_path / "reconciler.yaml").write_text("version: 1\npolicies: [own.py]\n")
    (tmp_path / "own.py").write_text("raise SystemExit(9)\n")
    wlan = "{ssid: X, auth: {type: psk, psk: !secret env:NET_PSK}}"
    (tmp_path / "sites.yaml").write_text(
        f"sites: [{{name: A, timezone: Europe/Paris, country_code: FR, wlans: [{wlan}]}}]\n"
    )
    assert run(["validate", str(tmp_path), "--no-policies"]) == 3  # a passphrase has eight characters: it was looked up
    capsys.readouterr()
    assert run(["validate", str(tmp_path), "--untrusted"]) == 0
    assert "--untrusted was given" in capsys.readouterr().out
    monkeypatch.setenv("CI_MERGE_REQUEST_SOURCE_PROJECT_ID", "666")
    assert run(["validate", str(tmp_path)]) == 0
    monkeypatch.setenv("RECONCILER_POLICIES", "on")
    assert run(["validate", str(tmp_path), "--no-policies"]) == 3
