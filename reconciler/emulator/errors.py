"""What can go wrong: for the user of the emulator, and for a caller of the emulated API."""

from __future__ import annotations

from collections.abc import Mapping


class EmulatorError(Exception):
    """A mistake of the person who runs the emulator (bad seed, port in use, bad control); one clear line."""


class ApiError(Exception):
    """An answer that is not 200; the core turns it into a reply with this status and `{"detail": ...}`."""

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        extra: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.extra = dict(extra or {})
        self.headers = dict(headers or {})


def bad_request(detail: str) -> ApiError:
    return ApiError(400, detail)


def not_found(what: str = "Not found") -> ApiError:
    return ApiError(404, what)
