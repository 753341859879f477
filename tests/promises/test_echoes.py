"""Every way to name a secret, every form in which a cloud repeats it, every output: none of them shows one.

The organisation holds former values of all secrets; every write is refused with words that repeat the new ones and the
old ones.
"""

import base64
import html
import json
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest
import yaml

from reconciler.emulator import Emulator
from tests.cli.conftest import CANARIES, ORG, Command

SITE = "11111111-1111-4111-8111-111111111111"
TOKEN = CANARIES["MIST_APITOKEN"]
NEW = {
    origin: f'{origin}:Zq7"vX<9&{number}Kd/w%b+J é\\mT'
    for number, origin in enumerate(("env", "file", "cmd", "plain", "vars", "url"))
}
WEBHOOK = {"name": "w", "topics": ["audits"]}
OLD = {origin: f"old{value[::-1]}" for origin, value in NEW.items()}

ENCODINGS: dict[str, Callable[[str], str]] = {
    "raw": str,
    "json": lambda text: json.dumps(text)[1:-1],
    "json with its letters": lambda text: json.dumps(text, ensure_ascii=False)[1:-1],
    "json twice": lambda text: json.dumps(json.dumps(text)[1:-1])[1:-1],
    "html": html.escape,
    "repr": lambda text: repr(text)[1:-1],
    "url": lambda text: quote(text, safe=""),
    "form": quote_plus,
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "base64 of more": lambda text: base64.b64encode(f"user:{text}".encode()).decode(),
    "hex": lambda text: text.encode().hex(),
    "cut in front": lambda text: text[7:],
    "cut behind": lambda text: text[:-7],
}

READING: tuple[tuple[str, ...], ...] = (
    ("validate",),
    ("validate", "--json"),
    ("validate", "--format", "github"),
    ("validate", "--format", "sarif"),
    ("render",),
    ("explain", "site.Paris-HQ/wlan.Lab"),
    ("explain", "site.Paris-HQ/setting"),
    ("plan", "--verbose"),
    ("plan", "--json"),
    ("plan", "--markdown"),
    ("plan", "--debug-http", "--out", "p.plan"),
    ("show", "p.plan", "--verbose"),
    ("show", "p.plan", "--json"),
    ("show", "p.plan", "--markdown"),
    ("drift", "--verbose"),
    ("drift", "--json"),
    ("drift", "--markdown"),
    ("drift", "--html", "drift.html"),
)
WRITING: tuple[tuple[str, ...], ...] = (
    ("plan", "--out", "p.plan"),
    ("apply", "--auto-approve", "--debug", "--debug-http"),
    ("apply", "--auto-approve", "--json"),
    ("apply", "p.plan", "--debug", "--debug-http"),
    ("runs",),
)


def body_of(secrets: dict[str, str]) -> dict[str, str]:
    """The fields that hold a secret beside those of the models."""
    token = quote(secrets["url"], safe="")
    return {"url": f"https://hooks.slack.com/services/{token}", "secret": secrets["plain"]}


@pytest.fixture
def full(emulator: Emulator, inventory: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Emulator:
    """An inventory with a secret of each origin, and an organisation with the former ones."""
    keys = inventory / "keys"
    keys.mkdir()
    (keys / "file").write_text(NEW["file"], "utf-8")
    (tmp_path / "cmd.txt").write_text(NEW["cmd"], "utf-8")
    monkeypatch.setenv("LAB_PSK", NEW["env"])
    project = yaml.safe_load((inventory / "reconciler.yaml").read_text())
    project["secrets"] = {"commands": True}
    (inventory / "reconciler.yaml").write_text(yaml.safe_dump(project))
    variables = {"R1": NEW["vars"], "k": "!secret file:keys/file"}
    servers = [{"host": "h", "secret": f"!secret cmd:cat {tmp_path / 'cmd.txt'}"}]
    site = {
        "name": "Paris-HQ",
        "notes": "!secret env:LAB_PSK",
        "setting": {"vars": variables, "switch_mgmt": {"root_password": "{{R1}}"}},
        "wlans": [{"ssid": "Lab", "auth": {"type": "eap"}, "auth_servers": servers}],
    }
    text = yaml.safe_dump({"sites": [site], "webhooks": [{**WEBHOOK, **body_of(NEW)}]}, width=10_000)
    text = re.sub(r"'!secret ([^']*)'", r"!secret '\1'", text)
    (inventory / "sites.yaml").write_text(text)

    def by_hand(method: str, path: str, body: object) -> None:
        assert emulator.call(method, f"/api/v1/{path}", body=body, token=TOKEN).status == 200

    by_hand("PUT", f"sites/{SITE}", {"notes": OLD["env"]})
    setting = {"vars": {"R1": OLD["vars"], "k": OLD["file"]}, "switch_mgmt": {"root_password": "{{R1}}"}}
    by_hand("PUT", f"sites/{SITE}/setting", setting)
    lab = {"ssid": "Lab", "auth": {"type": "eap"}, "auth_servers": [{"host": "h", "secret": OLD["cmd"]}]}
    by_hand("POST", f"sites/{SITE}/wlans", lab)
    by_hand("POST", f"orgs/{ORG}/webhooks", {**WEBHOOK, **body_of(OLD)})
    return emulator


def pieces(text: str, encoding: Callable[[str], str]) -> list[str]:
    """Secrets of which a piece of ten characters stands in a text, in their own form or in that of an encoding."""
    small, found = text.lower(), []
    for value in (*NEW.values(), *OLD.values()):
        for form in {value.lower(), encoding(value).lower()}:
            windows = (form[at : at + 10] for at in range(8, len(form) - 9))  # it may begin with what is no secret
            found += [window for window in windows if window in small][:1]
    return found


def files_written() -> list[Path]:
    """What a command left behind, the user's own files apart."""
    kept = {"reconciler.yaml", "sites.yaml", "file", "cmd.txt"}
    return [file for file in Path().rglob("*") if file.is_file() and file.name not in kept]


def test_nothing_that_only_reads_shows_a_secret_in_any_form(command: Command, full: Emulator) -> None:
    for words in READING:
        result = command(*words)
        assert result.code in (0, 2), result.out + result.err
        for name, encoding in ENCODINGS.items():
            assert pieces(result.out + result.err, encoding) == [], (words, name)
    for file in files_written():
        for name, encoding in ENCODINGS.items():
            assert pieces(file.read_text("utf-8", errors="replace"), encoding) == [], (file, name)


@pytest.mark.parametrize("encoding", ENCODINGS.values(), ids=ENCODINGS)
def test_no_output_repeats_a_secret(encoding: Callable[[str], str], command: Command, full: Emulator) -> None:
    echo = " ".join(encoding(value) for value in (*NEW.values(), *OLD.values()))
    full.faults.replace([{"method": "PUT", "path": "/api/v1/", "status": 400, "detail": f"bad values {echo} here"}])
    for words in WRITING:
        result = command(*words)
        assert pieces(result.out + result.err, encoding) == [], words
        if words[0] == "apply":
            assert "bad values" in result.out + result.err, "the cloud's words are passed on"
    for file in files_written():
        assert pieces(file.read_text("utf-8", errors="replace"), encoding) == [], file
