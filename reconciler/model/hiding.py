"""Secrets by place: which part of a text is one, and which names of variables and headers stand for one.

In: a text as it is declared, live, or in a log. Out: the same text with `(secret)` in place of its secret parts. A URL
hides its password, the path tokens of services that are known to use them, and query values with a telling name. A
line of Junos CLI hides passwords, keys and communities, by the words before them; `$9$...` and `$6$...` are hidden
anywhere.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

SHOWN = "(secret)"

_URL = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*://)(?P<rest>[^\s\"'`<>]+)")
_USER = re.compile(r"^[^/?#]*@")
_BARE_USER = re.compile(r"(?P<user>[\w.+-]+):(?P<secret>[^@\s/:]+)(?=@[\w.-]+(?::\d+)?(?:/\S*)?$)", re.ASCII)
_QUERY = re.compile(r"(?<=[?&;])(?P<name>[^=&;#]+)=(?P<secret>[^&;#]+)")
_SERVICES = (
    # host, what of the path is public
    (re.compile(r"^hooks\.slack(?:-gov)?\.com$"), re.compile(r"^/(?:services|workflows|triggers)/")),
    (re.compile(r"^(?:.+\.)?webhook\.office\.com$"), re.compile(r"^/webhookb2/")),
    (re.compile(r"^outlook\.office(?:365)?\.com$"), re.compile(r"^/webhook/")),
    (re.compile(r"^(?:.+\.)?discord(?:app)?\.com$"), re.compile(r"^/api/(?:v\d+/)?webhooks/\d*/?")),
    (re.compile(r"^api\.telegram\.org$"), re.compile(r"^/bot")),
    (re.compile(r"^events\.(?:eu\.)?pagerduty\.com$"), re.compile(r"^/integration/")),
    (re.compile(r"^hooks\.zapier\.com$"), re.compile(r"^/hooks/catch/")),
    (re.compile(r"^(?:hook\.[a-z0-9.]+|hook)\.(?:make|integromat)\.com$"), re.compile(r"^/")),
    (re.compile(r"^maker\.ifttt\.com$"), re.compile(r"^/trigger/[^/]+/(?:json/)?with/key/")),
    (re.compile(r"^webexapis\.com$"), re.compile(r"^/v1/webhooks/incoming/")),
    (re.compile(r"^(?:.+\.)?http-(?:inputs|intake)[a-z0-9.-]*$"), re.compile(r"^/(?:v1/input|api/v2/logs)/")),
)
"""Services whose address is the permission to write there."""

_CLI = re.compile(r"^\s*(?:set|delete|activate|deactivate|edit|insert|rename|replace|annotate|protect)\s", re.MULTILINE)
_TOKEN = re.compile(r'"[^"\n]*"?|[^\s;]+')
_BEFORE_SECRET = frozenset(
    {
        "accounting-secret",
        "ascii-text",
        "auth-token",
        "authentication-key",
        "authentication-password",
        "community-name",
        "encrypted-password",
        "hexadecimal",
        "key",
        "passphrase",
        "passwd",
        "password",
        "plain-text-password",
        "plain-text-password-value",
        "pre-shared-key",
        "privacy-key",
        "privacy-password",
        "psk",
        "secret",
        "shared-key",
        "simple-password",
        "token",
        "wep-key",
    }
)
"""Words of the CLI that a secret follows."""
_HASH = re.compile(r"\$(?:9|1|5|6|8|sha1|2[aby])\$[^\s\"';]+")

_STRONG = frozenset(
    {
        "apikey",
        "credential",
        "credentials",
        "passphrase",
        "passwd",
        "password",
        "passwords",
        "ppsk",
        "psk",
        "psks",
        "pwd",
        "secret",
        "secrets",
    }
)
_WEAK = frozenset(
    {
        "auth",
        "authorization",
        "bearer",
        "community",
        "cookie",
        "key",
        "keys",
        "pass",
        "pin",
        "pw",
        "sig",
        "signature",
        "token",
        "tokens",
    }
)
_NOUNS = frozenset(
    {
        "count",
        "days",
        "enabled",
        "expiry",
        "file",
        "host",
        "id",
        "ids",
        "idx",
        "index",
        "ip",
        "length",
        "mode",
        "name",
        "names",
        "port",
        "role",
        "server",
        "servers",
        "ssid",
        "ssids",
        "subnet",
        "type",
        "url",
        "user",
        "username",
        "vlan",
        "vlans",
    }
)
"""What a name is about when it ends so, whatever stands before: `psk_vlan` is a VLAN."""
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


def shown_text(text: str) -> str:
    """The text without its secret parts; the text itself when it has none."""
    if "://" in text:
        text = _URL.sub(_shown_url, text)
    elif "@" in text:
        text = _BARE_USER.sub(lambda found: f"{found['user']}:{SHOWN}", text)
    if "$" in text:
        text = _HASH.sub(SHOWN, text)
    if _CLI.search(text):
        text = "\n".join(_shown_line(line) for line in text.split("\n"))
    return text


def may_hold_secret(text: str) -> bool:
    """A quick look before `shown_text`: most texts can't hold any."""
    return "://" in text or "@" in text or "$" in text or _CLI.match(text) is not None


@lru_cache(maxsize=4096)
def names_secret(name: str) -> bool:
    """Whether a variable or a header with this name holds a secret: word by word, so that `TURKEY` is no key."""
    words = [word.lower() for word in _words(name)]
    while words and (words[-1].isdigit() or words[-1] in ("value", "old", "new", "text", "plain")):
        words.pop()
    if not words or words[-1] in _NOUNS:
        return False
    return words[-1] in _WEAK or not _STRONG.isdisjoint(words)


def _words(name: str) -> Iterator[str]:
    for part in re.split(r"[^A-Za-z0-9]+", name):
        yield from _WORD.findall(part)


def _shown_url(found: re.Match[str]) -> str:
    rest = found["rest"]
    user = _USER.match(rest)
    if user and not user.group().startswith("{{"):
        name, colon, _ = user.group().partition(":")
        rest = f"{f'{name}:' if colon else ''}{SHOWN}@{rest[user.end() :]}"
    end = min((at for sign in "/?#" if (at := rest.find(sign)) >= 0), default=len(rest))
    host, path = rest[:end].rpartition("@")[2].partition(":")[0].lower(), rest[end:]
    for pattern, public in _SERVICES:
        start = public.match(path) if pattern.match(host) else None
        if start and path[start.end() :]:
            return f"{found['scheme']}{rest[:end]}{start.group()}{SHOWN}"
    path = _QUERY.sub(lambda one: f"{one['name']}={SHOWN}" if _telling(one["name"]) else one.group(), path)
    return f"{found['scheme']}{rest[:end]}{path}"


def _telling(name: str) -> bool:
    return names_secret(name) or name.lower() in ("code", "sv", "x-amz-signature", "access", "hmac")


def _shown_line(line: str) -> str:
    """A line of CLI; what stands in quotes is one word, so that a description may speak of keys."""
    shown, end, before, numbered = "", 0, "", False
    for found in _TOKEN.finditer(line):
        word = found.group()
        follows = before in _BEFORE_SECRET or (numbered and before == "value") or _is_community(line[: found.start()])
        if before == "authentication-key" and word.isdigit():
            follows, numbered = False, True  # `authentication-key 1 type md5 value ...`
        if follows and word not in _BEFORE_SECRET and not word.strip('"').startswith("{{") and word != SHOWN:
            shown, end = f"{shown}{line[end : found.start()]}{SHOWN}", found.end()
        before = word
    return shown + line[end:]


def _is_community(start: str) -> bool:
    return start.split()[-2:] == ["snmp", "community"]
