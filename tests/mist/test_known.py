"""Secrets by value: found in every form in which a text repeats them, and in pieces of these."""

import base64
import html
import json
from collections.abc import Callable
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.mist.known import KnownSecrets
from reconciler.mist.redact import for_log, redacted
from reconciler.model.hiding import SHOWN

SECRET = 'Caf\u00e9 & "can<ary>" 100%/+\'7\\x'

ENCODINGS: dict[str, Callable[[str], str]] = {
    "raw": str,
    "json": lambda text: json.dumps(text)[1:-1],
    "json with its letters": lambda text: json.dumps(text, ensure_ascii=False)[1:-1],
    "json twice": lambda text: json.dumps(json.dumps(text)[1:-1])[1:-1],
    "html": html.escape,
    "html with numbers": lambda text: html.escape(text).replace("&#x27;", "&#39;").replace("&quot;", "&#34;"),
    "repr": lambda text: repr(text)[1:-1],
    "repr of bytes": lambda text: repr(text.encode())[2:-1],
    "url": lambda text: quote(text, safe=""),
    "form": quote_plus,
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "base64 of more": lambda text: base64.b64encode(f"user:{text}!".encode()).decode(),
    "hex": lambda text: text.encode().hex(),
    "hex in capitals": lambda text: text.encode().hex().upper(),
    "cut in front": lambda text: text[5:],
    "cut behind": lambda text: text[:-5],
    "cut in a form": lambda text: quote(text, safe="")[3:-4],
}


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("secret", [SECRET, "correct horse battery", "0123456789abcdef"])
def test_a_secret_is_hidden_in_every_form(encoding: str, secret: str) -> None:
    echo = ENCODINGS[encoding](secret)
    shown = KnownSecrets([secret, "something else"]).hide(f"bad value <<{echo}>> here")
    assert shown.startswith("bad value <<")
    assert shown.endswith(">> here")
    rest = shown.removeprefix("bad value <<").removesuffix(">> here").replace(SHOWN, "")
    assert len(rest) < 12, shown


@given(st.text(min_size=8, max_size=40), st.data())
def test_no_piece_of_a_known_secret_survives(secret: str, data: st.DataObject) -> None:
    piece = secret[data.draw(st.integers(0, max(0, len(secret) - 9))) :]
    shown = KnownSecrets([secret]).hide(f"<<{piece}>>")
    if len(piece) >= 9:
        assert piece not in shown.replace(SHOWN, "\0")


@pytest.mark.parametrize(
    ("secret", "text", "shown"),
    [
        ("alarm", "the topic alarm is not known", f"the topic {SHOWN} is not known"),
        ("alarm", "the topic alarms is not known", "the topic alarms is not known"),
        ("abc", "abc", "abc"),
    ],
)
def test_a_short_secret_is_hidden_where_it_stands_alone(secret: str, text: str, shown: str) -> None:
    assert KnownSecrets([secret]).hide(text) == shown


def test_variables_are_in_no_log_and_only_secret_ones_are_kept_from_a_record() -> None:
    body = {"vars": {"vlan": "7", "ROOT_PW": "canary"}}
    assert for_log(body) == '{"vars": {"vlan": "(secret)", "ROOT_PW": "(secret)"}}'
    assert redacted(body) == {"vars": {"vlan": "7", "ROOT_PW": SHOWN}}


def test_a_log_hides_what_stands_in_urls_and_lines_of_cli() -> None:
    body = {"url": "https://hooks.slack.com/services/canary", "cmds": ["set snmp community canary"], "canary-key-1": 1}
    assert "canary" not in for_log(body, known=["canary-key-1"])


def test_thousands_of_secrets_are_looked_for_at_once() -> None:
    known = KnownSecrets(f"passphrase-of-site-{number:05}-{number * 7919:08x}" for number in range(2_000))
    assert "site-01999" not in known.hide("x" * 100_000 + f"passphrase-of-site-01999-{1999 * 7919:08x}")
