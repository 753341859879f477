"""What a pattern can't say of a text: a text in, whether it is one out. Knows nothing of models."""

import ipaddress
from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from typing import Any, Final
from urllib.parse import urlsplit

VARIABLE: Final = r"\{\{\s*\w+\s*\}\}"
"""A site variable inside a text."""


def _parses(parse: Callable[[str], Any], text: str) -> bool:
    if "{{" in text:
        return True
    try:
        parse(text)
    except ValueError:
        return False
    return True


@lru_cache(maxsize=4096)
def is_address(text: str) -> bool:
    """Whether it is an IP address, or holds a site variable."""
    return _parses(ipaddress.ip_address, text)


@lru_cache(maxsize=4096)
def is_ipv4(text: str) -> bool:
    """Whether it is an IPv4 address, or holds a site variable."""
    return _parses(ipaddress.IPv4Address, text)


@lru_cache(maxsize=4096)
def is_ipv6(text: str) -> bool:
    """Whether it is an IPv6 address, or holds a site variable."""
    return _parses(ipaddress.IPv6Address, text)


@lru_cache(maxsize=4096)
def is_subnet(text: str) -> bool:
    """Whether it is a subnet, or holds a site variable."""
    return _parses(lambda value: ipaddress.ip_network(value, strict=False), text)


@cache
def time_zones() -> frozenset[str]:
    """Every time zone of the IANA database, read when the first one is checked."""
    from importlib.resources import files

    return frozenset(files("tzdata").joinpath("zones").read_text("utf-8").split())


def is_time_zone(text: str) -> bool:
    """Whether the IANA database has it."""
    return text in time_zones()


def is_whole_url(text: str) -> bool:
    """What a pattern can't say of a URL: brackets that close, a port that there is."""
    if not text.startswith("http") or "{{" in text:
        return True
    try:
        parts = urlsplit(text)
        return bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def is_vlan_range(text: str) -> bool:
    """What a pattern can't say of a range of VLANs: its bounds, and that it does not run backwards."""
    if "{{" in text:
        return True
    ends = [int(part) for part in text.split("-")]
    return ends == sorted(ends) and ends[0] >= 1 and ends[-1] <= 4094


def is_number(text: str, low: int | None, high: int | None) -> bool:
    """Whether a text of digits is a number within bounds, or holds a site variable."""
    if "{{" in text:
        return True
    return (low is None or int(text) >= low) and (high is None or int(text) <= high)


CHECKS: Final[Mapping[str, Callable[..., bool]]] = {
    check.__name__: check
    for check in (
        *(is_address, is_ipv4, is_ipv6, is_subnet, is_time_zone, is_whole_url, is_vlan_range),
        is_number,
    )
}
"""The checks by name."""
