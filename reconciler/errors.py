"""What stops a run. One tree; `exit_code` is what the command line returns.

    ReconcilerError                 1   something failed; the message says what, where and what to do
    +-- UsageError                 64   the command line or the environment is off (missing token, unknown address)
    +-- InventoryError              3   the inventory can't be used; carries the diagnostics
    +-- GuardRefusal                5   a guard said no (wrong organisation, limits, protected object, read-only token)
    +-- StalePlan                   4   live or inventory is not what the plan was made from
    +-- RecordFailure               1   the run record can't be written: nothing more is sent
    +-- ApiError                    1   the cloud, or the way to it
        +-- Unauthorized                401: the token is not valid on this host
        +-- Forbidden                   403: no privilege, or the site is gone
        +-- NotFound                    404
        +-- BadRequest                  400: the cloud refused the body
        +-- RateLimited                 429, with how long the cloud asks to wait
        +-- ServerFailure               5xx after all retries
        +-- BadAnswer                   a 2xx that is not what the API promises (HTML, cut JSON, a shifting list)
        +-- Unreachable                 no connection, TLS failure, timeout
        +-- AmbiguousWrite              the connection was lost after sending a POST: it may or may not be stored

Library errors are translated where the library lives, with `raise ... from`. No message ever holds a token
or a secret.
"""

from enum import Enum

from reconciler.diagnostics import Diagnostic


class ReconcilerError(Exception):
    """Base of everything that stops a run. `message` says what happened, `remedy` what to do about it."""

    exit_code = 1

    def __init__(self, message: str, *, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message.rstrip('.')}. {self.remedy}" if self.remedy else self.message


class UsageError(ReconcilerError):
    """The command line or the environment is off."""

    exit_code = 64


class InventoryError(ReconcilerError):
    """The inventory can't be used; nothing was written."""

    exit_code = 3

    def __init__(self, message: str, *, diagnostics: tuple[Diagnostic, ...], remedy: str = "") -> None:
        super().__init__(message, remedy=remedy)
        self.diagnostics = diagnostics


class GuardRefusal(ReconcilerError):
    """A guard said no. `remedy` names the setting or flag that allows it."""

    exit_code = 5


class StalePlan(ReconcilerError):
    """Live state or the inventory is no longer what the plan was made from."""

    exit_code = 4


class RecordFailure(ReconcilerError):
    """The record of a run can't be continued; the write that was about to be recorded is not sent."""


class Fate(Enum):
    """What an attempt without success did at the host."""

    BARRED = "nothing was sent, and nothing can be"
    UNSENT = "nothing was sent: no connection was opened"
    HELD = "nothing was sent: the host wants no calls for a while"
    REFUSED = "the host did nothing, and may do it later"
    UNKNOWN = "the host may have done it: the answer is lost, or comes from a server on the way"
    UNREADABLE = "the host says that it did it, and the rest of its answer can't be used"
    SETTLED = "the host has answered, and would answer the same again"

    @property
    def sent(self) -> bool:
        """Whether a request left this machine."""
        return self not in (Fate.BARRED, Fate.UNSENT, Fate.HELD)


class ApiError(ReconcilerError):
    """A call failed. `method` and `path` name it (path without host or query); `status` is 0 without an answer.
    `retry_after` is the seconds that the cloud asks to wait, None when it did not say."""

    fate = Fate.SETTLED
    retry_after: float | None = None

    def __init__(self, message: str, *, remedy: str = "", method: str = "", path: str = "", status: int = 0) -> None:
        super().__init__(message, remedy=remedy)
        self.method = method
        self.path = path
        self.status = status

    @property
    def may_be_done(self) -> bool:
        """Whether a write that failed like this may be stored all the same."""
        return self.fate in (Fate.UNKNOWN, Fate.UNREADABLE) or self.status >= 500


class Unauthorized(ApiError):
    """401: the token is not valid on this host."""


class Forbidden(ApiError):
    """403: the token has no privilege here, or the site is gone."""


class NotFound(ApiError):
    """404."""


class BadRequest(ApiError):
    """400: the cloud refused the body; its own words are in the message."""


class RateLimited(ApiError):
    """429, or a pause that the cloud asked for and that would last too long."""


class ServerFailure(ApiError):
    """5xx that lasted through all retries."""


class BadAnswer(ApiError):
    """An answer that is not what the API promises; never taken as data."""


class Unreachable(ApiError):
    """No connection, TLS failure or timeout before anything was sent, or on a call that may be repeated."""


class AmbiguousWrite(ApiError):
    """A POST whose answer was lost: it may or may not have been stored."""
