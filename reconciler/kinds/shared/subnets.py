"""Subnets that are written with the address of a host in them: bodies in, findings out."""

import ipaddress
from collections.abc import Iterator, Sequence
from functools import lru_cache

from reconciler.kinds.kind import Violation
from reconciler.kinds.shared.checks import Body, each, is_literal, path_text
from reconciler.kinds.shared.rules import violation
from reconciler.model.values import Path


def check_subnets(body: Body, pattern: Sequence[str | int], path: Path = ()) -> Iterator[Violation]:
    """A warning for each subnet that `pattern` reaches and that has bits set behind its length. `path` leads to
    `body`. What is no subnet, or holds a site variable, is left to the field's type."""
    for below, value in each(body, pattern):
        if is_literal(value) and "/" in value and (network := _network_meant(value)):
            where = (*path, *below)
            detail = f"`{path_text(where)}` is {value}, which is an address in {network}. Write {network}."
            yield violation("subnet-host-bits", detail, where)


@lru_cache(maxsize=4096)
def _network_meant(text: str) -> str:
    """The network that an address with a length lies in; nothing where the text is that network, or none."""
    try:
        interface = ipaddress.ip_interface(text)
    except ValueError:
        return ""
    return "" if interface.ip == interface.network.network_address else str(interface.network)
