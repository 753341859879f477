"""Nothing leaks: the token and the secrets of bodies in errors, logs, reprs and tracebacks."""

import logging
import traceback
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.emulator import Emulator
from reconciler.errors import ReconcilerError
from reconciler.kinds import kinds
from reconciler.mist.client import MistClient, connect
from reconciler.mist.redact import complaint, for_log, looks_secret, redacted, secret_values
from reconciler.model.hiding import SHOWN
from reconciler.model.shape import Shape
from reconciler.model.values import Secret
from tests.mist.conftest import GROUPS, TOKEN, connection
from tests.mist.raw_server import RawServer, answer, saying

SEALED = 'canary"sealed\\1'
NAMED = "canary-named-2"
BODY: dict[str, Any] = {
    "name": "x",
    "auth": {"type": "psk", "psk": Secret(SEALED, origin="env:PSK")},
    "auth_servers": [{"host": "10.0.0.1", "secret": NAMED}],
    "notes": Secret(SEALED, origin="env:PSK"),
}
FAULTS: list[dict[str, Any]] = [
    {"status": 400, "detail": f"bad value {SEALED} and {NAMED} with {TOKEN}"},
    {"status": 400, "body": '{"auth": {"psk": ["canary\\"sealed\\\\1 is too short"]}}'},
    {"status": 401},
    {"status": 403},
    {"status": 404},
    {"status": 429, "retry_after": 9999},
    {"status": 500, "detail": SEALED},
    {"status": 503, "detail": NAMED},
    {"status": 200, "body": "<html>"},
    {"status": 302, "headers": {"Location": f"https://elsewhere/{TOKEN}"}},
    {"drop": "before"},
    {"drop": "after"},
    {"drop": "body"},
    {"drop": "connect"},
    {"delay_ms": 70000},
]


def leaks(text: str) -> list[str]:
    forms = (TOKEN, SEALED, NAMED, 'canary\\"sealed', "canary")
    return [form for form in forms if form in text.replace(SHOWN, "")]


def all_of(error: BaseException) -> Iterator[BaseException]:
    """The error and everything that it drags along."""
    yield error
    for inner in (error.__cause__, error.__context__):
        if inner is not None:
            yield from all_of(inner)


@pytest.mark.parametrize("fault", FAULTS, ids=str)
@pytest.mark.parametrize("method", ["put", "post"])
def test_no_failing_request_shows_the_token_or_a_secret(
    client: MistClient, emulator: Emulator, fault: dict[str, Any], method: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    emulator.faults.add(fault)
    with pytest.raises(ReconcilerError) as caught:
        getattr(client, method)(GROUPS, BODY)
    for error in all_of(caught.value):
        assert isinstance(error, ReconcilerError), "no exception of a library hangs on"
        shown = "".join(traceback.TracebackException.from_exception(error, capture_locals=False).format())
        assert leaks(f"{error} {error!r} {error.__dict__} {shown}") == []
    assert caplog.text
    assert leaks(caplog.text) == []


def test_the_debug_log_tells_each_request_with_redacted_bodies(
    client: MistClient, emulator: Emulator, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="reconciler.mist")
    emulator.faults.add({"times": 1, "status": 503, "headers": {"X-Request-Id": "req-9"}})
    client.list(GROUPS, query={"a": "b"})
    lines = [record.getMessage() for record in caplog.records if record.name == "reconciler.mist"]
    assert len(lines) == 2
    assert lines[0].startswith(f"GET {GROUPS}?a=b&limit=1000&page=1 -> 503 0 ms req-9 | got ")
    assert lines[1].endswith("| got []")


def test_what_was_sent_is_in_the_debug_log_without_its_secrets(
    client: MistClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="reconciler.mist")
    client.post(GROUPS, BODY)
    assert '"psk": "(secret)"' in caplog.text
    assert '"host": "10.0.0.1"' in caplog.text
    assert leaks(caplog.text) == []


def test_a_debug_log_of_an_answer_that_is_no_json_shows_its_size_only(
    client: MistClient, emulator: Emulator, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="reconciler.mist")
    emulator.faults.add({"status": 400, "body": f"<html>{TOKEN}</html>"})
    with pytest.raises(ReconcilerError):
        client.get("self")
    assert "bytes that are no JSON" in caplog.text
    assert leaks(caplog.text) == []


def test_nothing_is_logged_unless_asked_for(client: MistClient, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    client.get("self")
    assert caplog.text == ""


def test_the_secret_itself_is_what_is_sent(client: MistClient, emulator: Emulator) -> None:
    client.post(GROUPS, BODY)
    assert emulator.calls.log[-1].body["auth"]["psk"] == SEALED


def test_the_real_transport_hides_the_token_in_its_own_debug_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with RawServer(saying(answer(b"{}"))) as server:
        connect(connection(server.url)).get("self")
    assert "urllib3" in caplog.text
    assert leaks(caplog.text) == []


def test_the_token_is_in_no_repr_of_what_is_on_the_stack(
    make_client: Callable[..., MistClient], emulator: Emulator
) -> None:
    emulator.faults.add({"status": 400})
    with pytest.raises(ReconcilerError) as caught:
        make_client().post(GROUPS, BODY)
    captured = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
    ours = [frame for frame in captured.stack if "/reconciler/mist/" in frame.filename]
    assert ours
    assert [frame.name for frame in ours if TOKEN in str(frame.locals) or SEALED in str(frame.locals)] == []


def sensitive(shape: Shape, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The paths of all secret leaves, map keys and list places left out."""
    if shape.secret:
        yield path
    for name, below in shape.fields.items():
        if name not in path:
            yield from sensitive(below, (*path, name))
    if shape.values is not None:
        yield from sensitive(shape.values, path)


def test_every_secret_field_of_every_kind_is_hidden_by_its_name() -> None:
    found = {(kind.name, path) for kind in kinds() for path in sensitive(kind.shape)}
    assert len(found) > 20
    shown = sorted({".".join((kind, *path)) for kind, path in found if not any(map(looks_secret, path))})
    assert shown == []


PLAIN = [
    "name",
    "ssid",
    "type",
    "dynamic_psk",
    "vlan_id",
    "country_code",
    "oauth2_token_url",
    "host",
    "port",
    "enabled",
]


@pytest.mark.parametrize("name", PLAIN)
def test_ordinary_fields_stay_readable(name: str) -> None:
    assert redacted({name: "value"}) == {name: "value"}


REDACTED = [
    ({"psk": "abc"}, {"psk": SHOWN}),
    ({"PSK": 1}, {"PSK": SHOWN}),
    ({"psk": None, "secret": "", "keys": [], "headers": {}}, {"psk": None, "secret": "", "keys": [], "headers": {}}),
    ({"headers": {"X-Auth": "abc"}}, {"headers": SHOWN}),
    ({"dynamic_psk": {"enabled": True, "default_psk": "a"}}, {"dynamic_psk": {"enabled": True, "default_psk": SHOWN}}),
    ({"url": "https://u:p@h/x?sig=1#f"}, {"url": f"https://{SHOWN}@h/x?{SHOWN}#f"}),
    (["a known word", ("b",)], [f"a {SHOWN} word", ["b"]]),
    ({"x": Secret("s", origin="env")}, {"x": SHOWN}),
    (7, 7),
]


@pytest.mark.parametrize(("body", "shown"), REDACTED, ids=str)
def test_bodies_are_redacted_by_name_and_by_known_value(body: Any, shown: Any) -> None:
    assert redacted(body, known=["known"]) == shown


COMPLAINTS = [
    ({"detail": "no"}, "no"),
    ({"detail": "no", "reason": "because"}, "no; because"),
    ({"detail": ["a", "b"]}, "a, b"),
    (["a", {"detail": "b"}], "a; b"),
    ({"vlan_id": ["must be a number"], "auth": {"psk": "short"}}, "vlan_id: must be a number; auth: psk: short"),
    ({"op": "x", "error": ["e1"], "reason": ["r1"]}, "op: x; e1; r1"),
    ({"id": 7}, ""),
    (None, ""),
    ("plain", "plain"),
    ("two\nlines\x1b[31m", "two lines [31m"),
    ([[[[["too deep"]]]]], ""),
]


@pytest.mark.parametrize(("data", "words"), COMPLAINTS)
def test_the_clouds_own_words_are_found_in_every_shape_that_it_uses(data: Any, words: str) -> None:
    assert complaint(data) == words


def test_the_clouds_words_are_bounded_after_secrets_are_out() -> None:
    known = ["s" * 700]
    assert complaint({"detail": "x" * 590 + known[0]}, known=known) == "x" * 590 + SHOWN
    assert len(complaint("y" * 10_000)) == 600


def test_short_guesses_are_not_searched_for_but_known_secrets_are() -> None:
    assert secret_values({"psk": "abc", "secret": "abcd", "x": Secret("z", origin="env")}) == ("abcd", "z")


VISIBLE = st.characters(categories=["L", "N", "P", "S"], exclude_characters="\\")


@given(st.text(VISIBLE, min_size=1, max_size=20), st.text(VISIBLE, max_size=30), st.text(VISIBLE, max_size=30))
def test_no_known_secret_survives_in_what_is_shown(secret: str, before: str, after: str) -> None:
    text = before + secret + after
    for shown in (complaint({"detail": text}, known=[secret]), for_log([text], known=[secret])[2:-2]):
        assert SHOWN in shown
        assert secret not in shown.replace(SHOWN, "\0")
