"""What templates can do with values besides Jinja2's own filters: a value in, another value out."""

import ipaddress
import json
import re
import unicodedata
from typing import Any

from jinja2 import Undefined

from reconciler.model.values import SecretRef


class Quoted(str):
    """A value as YAML on one line. As a whole value it is `_value` again; inside of a text it is this text."""

    __slots__ = ("_value",)

    _value: Any


def quote(value: Any) -> Any:
    """A value as YAML on one line: text in double quotes, lists and mappings in flow style."""
    if isinstance(value, SecretRef):
        return value
    if isinstance(value, Undefined):
        return str(value)  # raises: it is a strict one
    text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    quoted = Quoted(re.sub(r"[\x7f-\x9f\u2028\u2029\ufeff]", lambda found: f"\\u{ord(found[0]):04x}", text))
    quoted._value = value
    return quoted


def required(value: Any) -> Any:
    """The value itself; an error where it is empty."""
    if value is None or (isinstance(value, str) and not value.strip()):
        raise ValueError("a value is required here, and this one is empty")
    return value


def cidr_host(network: str, number: int) -> str:
    """The address with that number in a network: `"10.1.0.0/24" | cidr_host(1)` is `10.1.0.1`; -1 is the last."""
    return str(ipaddress.ip_network(network, strict=False)[number])


def subnet(network: str, prefix: int, number: int) -> str:
    """The subnet with that number: `"10.0.0.0/8" | subnet(24, 5)` is `10.0.5.0/24`."""
    whole = ipaddress.ip_network(network, strict=False)
    if not whole.prefixlen <= prefix <= whole.max_prefixlen:
        raise ValueError(f"{network} has no subnets of /{prefix}")
    if not 0 <= number < 2 ** (prefix - whole.prefixlen):
        raise ValueError(f"{network} has no subnet {number} of /{prefix}")
    first = int(whole.network_address) + number * 2 ** (whole.max_prefixlen - prefix)
    return f"{type(whole.network_address)(first)}/{prefix}"


def netmask(network: str) -> str:
    """The mask of a network: `"10.1.0.0/24" | netmask` is `255.255.255.0`."""
    return str(ipaddress.ip_network(network, strict=False).netmask)


def slug(text: str) -> str:
    """Lower-case letters and digits joined by `-`, without accents."""
    plain = unicodedata.normalize("NFKD", str(text)).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


FILTERS = {
    "cidr_host": cidr_host,
    "netmask": netmask,
    "quote": quote,
    "required": required,
    "slug": slug,
    "subnet": subnet,
    "tojson": quote,
}
