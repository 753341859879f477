"""The emulator's own endpoints below /__emulator__/: calls, faults, settings, tokens, state.

In: a request to one of them; no token is needed and the call is not counted.  Out: JSON.  A mistake in the body is
a 400 with `{"detail": ...}`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from reconciler.emulator.calls import CallLog
from reconciler.emulator.errors import EmulatorError
from reconciler.emulator.faults import Faults
from reconciler.emulator.messages import Json, Malformed, Reply, Request
from reconciler.emulator.settings import SettingsControl
from reconciler.emulator.tokens import TokenTable

PREFIX = "/__emulator__/"


@dataclass(frozen=True)
class Controls:
    """What can be looked at and turned from outside."""

    calls: CallLog
    faults: Faults
    settings: SettingsControl
    tokens: TokenTable
    state: Callable[[], Json]
    load: Callable[[Mapping[str, Any]], None]
    file: Callable[[str, str], bytes | None]


def answer(controls: Controls, request: Request) -> Reply:
    name = request.path.removeprefix(PREFIX).strip("/")
    if name.startswith("files/"):
        return _file(controls, request.method, name.split("/")[1:])
    if name not in _CONTROLS:
        return Reply(404, {"detail": f"Unknown control; known are {', '.join(sorted(_CONTROLS))}"})
    verbs = _CONTROLS[name]
    if request.method not in verbs:
        return Reply(405, {"detail": f"{name} takes {', '.join(verbs)}"})
    if isinstance(request.body, Malformed):
        return Reply(400, {"detail": f"{name}: {request.body.detail}"})
    try:
        return Reply(200, verbs[request.method](controls, request.body))
    except EmulatorError as error:
        return Reply(400, {"detail": str(error)})


def _file(controls: Controls, method: str, path: list[str]) -> Reply:
    content = controls.file(path[0], path[1]) if method == "GET" and len(path) == 2 else None
    if content is None:
        return Reply(404, {"detail": "files/OWNER/FIELD: there is no such file"})
    return Reply(200, headers={"Content-Type": "application/octet-stream"}, raw=content)


def _get_calls(controls: Controls, _body: Any) -> Any:
    return controls.calls.as_json()


def _reset_calls(controls: Controls, _body: Any) -> Any:
    controls.calls.reset()
    return controls.calls.as_json()


def _get_faults(controls: Controls, _body: Any) -> Any:
    return controls.faults.as_json()


def _put_faults(controls: Controls, body: Any) -> Any:
    if not isinstance(body, list):
        raise EmulatorError("faults: expected a list")
    controls.faults.replace(body)
    return controls.faults.as_json()


def _clear_faults(controls: Controls, _body: Any) -> Any:
    controls.faults.clear()
    return []


def _get_settings(controls: Controls, _body: Any) -> Any:
    return controls.settings.current.as_json()


def _put_settings(controls: Controls, body: Any) -> Any:
    return controls.settings.update(_mapping(body, "settings")).as_json()


def _get_state(controls: Controls, _body: Any) -> Any:
    return controls.state()


def _put_state(controls: Controls, body: Any) -> Any:
    controls.load(_mapping(body, "state"))
    return controls.state()


def _get_tokens(controls: Controls, _body: Any) -> Any:
    return controls.tokens.raw


def _put_tokens(controls: Controls, body: Any) -> Any:
    controls.tokens.declare(_mapping(body, "tokens"))
    return controls.tokens.raw


def _mapping(body: Any, name: str) -> Mapping[str, Any]:
    if not isinstance(body, Mapping):
        raise EmulatorError(f"{name}: expected an object")
    return body


_CONTROLS: Mapping[str, Mapping[str, Callable[[Controls, Any], Any]]] = {
    "calls": {"GET": _get_calls, "DELETE": _reset_calls},
    "faults": {"GET": _get_faults, "PUT": _put_faults, "DELETE": _clear_faults},
    "settings": {"GET": _get_settings, "PUT": _put_settings},
    "state": {"GET": _get_state, "PUT": _put_state},
    "tokens": {"GET": _get_tokens, "PUT": _put_tokens},
}
