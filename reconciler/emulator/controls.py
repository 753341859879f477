"""The emulator's own endpoints below /__emulator__/: calls, faults, settings, tokens, state.

In: a request to one of them; no token is needed and the call is not counted.  Out: JSON.  A mistake in the body is
a 400 with `{"detail": ...}`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from reconciler.emulator.errors import EmulatorError
from reconciler.emulator.messages import Reply, Request

if TYPE_CHECKING:
    from reconciler.emulator.core import Emulator

PREFIX = "/__emulator__/"


def answer(emulator: Emulator, request: Request) -> Reply:
    name = request.path.removeprefix(PREFIX).strip("/")
    if name not in _CONTROLS:
        return Reply(404, {"detail": f"Unknown control; known are {', '.join(sorted(_CONTROLS))}"})
    verbs = _CONTROLS[name]
    if request.method not in verbs:
        return Reply(405, {"detail": f"{name} takes {', '.join(verbs)}"})
    try:
        return Reply(200, verbs[request.method](emulator, request.body))
    except EmulatorError as error:
        return Reply(400, {"detail": str(error)})


def _get_calls(emulator: Emulator, _body: Any) -> Any:
    return emulator.calls.as_json()


def _reset_calls(emulator: Emulator, _body: Any) -> Any:
    emulator.calls.reset()
    return emulator.calls.as_json()


def _get_faults(emulator: Emulator, _body: Any) -> Any:
    return emulator.faults.as_json()


def _put_faults(emulator: Emulator, body: Any) -> Any:
    if not isinstance(body, list):
        raise EmulatorError("faults: expected a list")
    emulator.faults.replace(body)
    return emulator.faults.as_json()


def _clear_faults(emulator: Emulator, _body: Any) -> Any:
    emulator.faults.clear()
    return []


def _get_settings(emulator: Emulator, _body: Any) -> Any:
    return emulator.settings.current.as_json()


def _put_settings(emulator: Emulator, body: Any) -> Any:
    return emulator.settings.update(_mapping(body, "settings")).as_json()


def _get_state(emulator: Emulator, _body: Any) -> Any:
    return emulator.state()


def _put_state(emulator: Emulator, body: Any) -> Any:
    emulator.load(_mapping(body, "state"))
    return emulator.state()


def _get_tokens(emulator: Emulator, _body: Any) -> Any:
    return emulator.tokens.raw


def _put_tokens(emulator: Emulator, body: Any) -> Any:
    emulator.tokens.declare(_mapping(body, "tokens"))
    return emulator.tokens.raw


def _mapping(body: Any, name: str) -> Mapping[str, Any]:
    if not isinstance(body, Mapping):
        raise EmulatorError(f"{name}: expected an object")
    return body


_CONTROLS: Mapping[str, Mapping[str, Callable[[Emulator, Any], Any]]] = {
    "calls": {"GET": _get_calls, "DELETE": _reset_calls},
    "faults": {"GET": _get_faults, "PUT": _put_faults, "DELETE": _clear_faults},
    "settings": {"GET": _get_settings, "PUT": _put_settings},
    "state": {"GET": _get_state, "PUT": _put_state},
    "tokens": {"GET": _get_tokens, "PUT": _put_tokens},
}
