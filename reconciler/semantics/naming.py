"""From a name in a reference to the address it means.

A bare name means the object beside the one that refers (same site), then the organisation's, then the only one of
that kind anywhere; a full address is always understood. What stays ambiguous means nothing. A device has its MAC
address in its address, and may be meant by its own name too.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property
from uuid import UUID

from reconciler.kinds import Kinds
from reconciler.model.address import Address, nfc, plain_mac
from reconciler.model.resource import Resource


class Names:
    """An index of addresses, declared and live; `called` are devices by the names that they have besides."""

    def __init__(self, addresses: Iterable[Address], called: Iterable[tuple[str, Address]] = ()) -> None:
        self._addresses = addresses
        self._called: defaultdict[tuple[str, str], dict[Address, None]] = defaultdict(dict)
        self._devices: set[str] = set()
        for name, address in called:
            self._devices.add(address.kind)
            self._called[address.kind, nfc(name)][address] = None

    @cached_property
    def _known(self) -> set[Address]:
        """Made when the first name comes: a run in which nothing is to be done may ask for none."""
        return set(self._addresses)

    @cached_property
    def _by_name(self) -> Mapping[tuple[str, str | None], list[Address]]:
        """Made when the first name comes that means nothing beside who refers: most runs have none."""
        found: defaultdict[tuple[str, str | None], list[Address]] = defaultdict(list)
        for address in sorted(self._known):
            found[address.kind, address.name].append(address)
        return found

    def find(self, kind: str, name: str, scope: Address | None) -> Address | None:
        """The address that `name` means in a reference to `kind` made by an object below `scope`."""
        for parent in (scope, None) if scope else (None,):
            address = Address.of(kind, name, parent=parent)
            if address in self._known:
                return address
        name = nfc(name)
        spelled = Address(name)
        if spelled in self._known and spelled.kind == kind:
            return spelled
        devices = kind in self._devices
        found = self.devices_called(kind, name, scope) if devices else self._by_name.get((kind, name), [])
        return found[0] if len(found) == 1 else None

    def devices_called(self, kind: str, name: str, scope: Address | None) -> list[Address]:
        """The devices that a name or a MAC address, however written, means to an object below `scope`: what lies in a
        site means devices of that site."""
        found = self.devices_anywhere(kind, name)
        return [address for address in found if address.parent == scope] if scope else found

    def devices_anywhere(self, kind: str, name: str) -> list[Address]:
        """All devices of that name or MAC address."""
        if kind not in self._devices:
            return []
        return self._by_name.get((kind, plain_mac(name))) or sorted(self._called.get((kind, nfc(name)), ()))

    def shortest(self, address: Address, scope: Address | None) -> str:
        """How an object below `scope` names `address`: by its bare name where that is clear."""
        name = address.name or address.text
        return name if self.find(address.kind, name, scope) == address else address.text


def with_macs(patterns: Iterable[str], resources: Iterable[Resource], kinds: Kinds) -> tuple[str, ...]:
    """Addresses and globs, with the MAC address in those that name a declared device by its name
    (`site.Paris/ap.lobby-1`). Raises `LookupError` for a name that several devices of that site have."""
    found = list(patterns)
    if not found:
        return ()
    devices: defaultdict[tuple[str, Address | None, str], list[Address]] = defaultdict(list)
    for item in resources:
        if kinds.is_device(item.kind) and isinstance(name := item.body.get("name"), str) and name:
            devices[item.kind, item.parent, nfc(name)].append(item.address)
    for at, pattern in enumerate(found):
        address = Address(nfc(pattern))
        alike = devices.get((address.kind, address.parent, address.name or ""), []) if devices else []
        if len(alike) > 1:
            raise LookupError(f"{pattern} is the name of {alike[0]} and {alike[1]}: write the MAC address")
        if alike:
            found[at] = alike[0].text
    return tuple(found)


def alike(name: str) -> str:
    """The form in which names are equal that people would take for one another."""
    return " ".join(name.casefold().split())


def is_uuid(text: str) -> bool:
    """Whether a name is a raw id."""
    try:
        return str(UUID(text)) == text.lower()
    except ValueError:
        return False
