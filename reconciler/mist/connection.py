"""Where the cloud is and how to talk to it: a host as a person writes it and a token in, checked settings out."""

import re
from collections.abc import Callable
from urllib.parse import urlsplit

from msgspec import Struct

from reconciler.errors import UsageError
from reconciler.mist.budget import Rules
from reconciler.model.values import Secret
from reconciler.transport.route import is_loopback

API_ROOT = "/api/v1/"
_HOST = re.compile(r"(?:[\w\-]+(?:\.[\w\-]+)*\.?|\[[0-9a-fA-F:.]+\])(?::\d{1,5})?", re.ASCII)
_TOKEN = re.compile(r"[\x21-\x7e]+")
_HOST_REMEDY = "Set MIST_HOST to the API host of your cloud, such as api.mist.com or api.eu.mist.com"


class Exchange(Struct, frozen=True, kw_only=True):
    """One HTTP request that was made, without any content: for run records. `status` is 0 without an answer."""

    method: str
    path: str
    status: int
    milliseconds: int
    request_id: str
    attempt: int


class Connection(Struct, frozen=True, kw_only=True):
    """Where and how. Times are in seconds.

    `host` is a host name or URL. `total_timeout` bounds one request up to its last byte, `retry_budget` the time
    that one call may take with all its waits and repeats, `patience` how long a lost create is looked for, `settle` how
    long a list may take to show what was created.
    `proxy` and `ca_bundle` go before HTTPS_PROXY / NO_PROXY and REQUESTS_CA_BUNDLE / CURL_CA_BUNDLE.
    `more_tokens` are used beside `token`, by their budgets; `budget` are the rules for these, None for no budget.
    `on_request` is told of every request, `on_wait` of the seconds that the cloud asks to wait, `on_hold` of those
    until the next hour's calls, `on_note` a sentence about the budget; all may be called from any thread.
    """

    host: str
    token: Secret
    connect_timeout: float = 10.0
    read_timeout: float = 60.0
    total_timeout: float = 120.0
    threads: int = 16
    max_retries: int = 7
    retry_budget: float = 120.0
    patience: float = 12.0
    settle: float = 30.0
    max_bytes: int = 64 * 1024 * 1024
    ca_bundle: str | None = None
    proxy: str | None = None
    user_agent: str = "mist-reconciler"
    on_request: Callable[[Exchange], None] | None = None
    on_wait: Callable[[float], None] | None = None
    more_tokens: tuple[Secret, ...] = ()
    budget: Rules | None = None
    on_hold: Callable[[float], None] | None = None
    on_note: Callable[[str], None] | None = None

    def __repr__(self) -> str:  # without the proxy, whose URL may hold a password
        return f"Connection({self.host!r})"

    def __post_init__(self) -> None:
        base_url(self.host)
        if not all(_TOKEN.fullmatch(token.reveal()) for token in self.tokens):
            raise UsageError(
                "The API token is empty or holds a blank, a line end or another character that no token has",
                remedy="Set MIST_APITOKEN to the token alone",
            )

    @property
    def tokens(self) -> tuple[Secret, ...]:
        """Every token, each once."""
        return tuple(dict.fromkeys((self.token, *self.more_tokens)))

    @property
    def base(self) -> str:
        """The URL of the host, without a path: `https://api.mist.com`."""
        return base_url(self.host)

    @property
    def host_name(self) -> str:
        """The host as messages name it, with its port."""
        return urlsplit(self.base).netloc


def base_url(host: str) -> str:
    """`api.mist.com`, `https://api.mist.com/` or `http://127.0.0.1:8801` as the URL that paths are appended to.

    Raises UsageError for what is no host, for credentials in a URL, and for plain http to anything but loopback.
    """
    text = host.strip()
    scheme, found, rest = text.partition("://")
    scheme, rest = (scheme.lower(), rest) if found else ("https", text)
    location, _, path = rest.partition("/")
    if scheme not in ("https", "http") or not _HOST.fullmatch(location) or f"/{path}".rstrip("/") not in _KNOWN_PATHS:
        shown = "" if "@" in text else f" {text!r}"
        raise UsageError(f"MIST_HOST{shown} is not a host name or its URL", remedy=_HOST_REMEDY)
    url = f"{scheme}://{location.lower()}"
    if scheme == "http" and not is_loopback(url):
        raise UsageError(
            f"Plain http to {location} would send the API token readable by everybody on the way",
            remedy="Use https; http is for loopback addresses only",
        )
    return url


_KNOWN_PATHS = ("", API_ROOT.rstrip("/"))
