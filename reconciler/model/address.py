"""Addresses: readable, stable names of objects, such as `site.Paris-HQ/wlan.Guest`.

A `/` or `%` inside a name is percent-encoded; a singleton has a kind and no name (`site.Paris-HQ/setting`).
"""

import re
from unicodedata import normalize

from msgspec import Struct

_ESCAPES = (("%", "%25"), ("/", "%2F"))


def nfc(name: str) -> str:
    """A name in the one form (NFC) in which names are compared: `é` typed as one sign or as two is the same name."""
    return name if name.isascii() else normalize("NFC", name)


_MAC = re.compile(
    "[0-9a-fA-F:.-]*[*][0-9a-fA-F:.*-]*|"  # a pattern of one
    "(?:[0-9a-fA-F]{2}([:-]?)){5}[0-9a-fA-F]{2}|(?:[0-9a-fA-F]{4}\\.){2}[0-9a-fA-F]{4}"
)


_PLAIN_MAC = re.compile("[0-9a-f]{12}")
_DEVICE = "00000000-0000-0000-1000-"


def plain_mac(text: str) -> str:
    """A MAC address in the one form in which they are compared: `4850e0123456`; other texts as they are."""
    return re.sub("[:.-]", "", text).lower() if _MAC.fullmatch(text) else nfc(text)


def device_id(mac: str) -> str:
    """The id of the device with this MAC address (twelve digits)."""
    return f"{_DEVICE}{mac}"


def device_mac(text: str) -> str | None:
    """The MAC address that a text is, or that is in an id of a device."""
    mac = plain_mac(text.removeprefix(_DEVICE))
    return mac if _PLAIN_MAC.fullmatch(mac) else None


def _encode(name: str) -> str:
    if "%" not in name and "/" not in name:
        return name
    for raw, escaped in _ESCAPES:
        name = name.replace(raw, escaped)
    return name


def _decode(name: str) -> str:
    for raw, escaped in reversed(_ESCAPES) if "%" in name else ():
        name = name.replace(escaped, raw)
    return name


class Address(Struct, frozen=True, order=True):
    """An address, held as its text; equal, hashed and ordered by it."""

    text: str

    @classmethod
    def of(cls, kind: str, name: str | None, *, parent: "Address | None" = None) -> "Address":
        """The address of the object `name` of `kind` below `parent`; `name` None for a singleton."""
        segment = kind if name is None else f"{kind}.{_encode(nfc(name))}"
        return cls(f"{parent.text}/{segment}" if parent else segment)

    @property
    def parent(self) -> "Address | None":
        """The address of the object that holds this one, None at organisation level."""
        head, slash, _ = self.text.rpartition("/")
        return Address(head) if slash else None

    @property
    def kind(self) -> str:
        """The kind of the last segment."""
        return self.text.rpartition("/")[2].partition(".")[0]

    @property
    def name(self) -> str | None:
        """The name of the last segment, decoded; None for a singleton."""
        _, dot, name = self.text.rpartition("/")[2].partition(".")
        return _decode(name) if dot else None

    def __str__(self) -> str:
        return self.text


def former_address(alias: str, kind: str) -> Address | None:
    """The address that an alias is, of an object of that kind; None for a name."""
    last = alias.rpartition("/")[2]
    return Address(nfc(alias)) if last.startswith(f"{kind}.") and len(last) > len(kind) + 1 else None
