"""From a name in a reference to the address it means.

A bare name means the object beside the one that refers (same site), then the organisation's, then the only one of
that kind anywhere; a full address is always understood. What stays ambiguous means nothing.
"""

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from reconciler.model.address import Address, nfc


class Names:
    """An index of addresses, declared and live."""

    def __init__(self, addresses: Iterable[Address]) -> None:
        self._known: set[Address] = set(addresses)
        self._by_name: defaultdict[tuple[str, str | None], list[Address]] = defaultdict(list)
        for address in sorted(self._known):
            self._by_name[address.kind, address.name].append(address)

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
        found = self._by_name.get((kind, name), [])
        return found[0] if len(found) == 1 else None

    def shortest(self, address: Address, scope: Address | None) -> str:
        """How an object below `scope` names `address`: by its bare name where that is clear."""
        name = address.name or address.text
        return name if self.find(address.kind, name, scope) == address else address.text


def alike(name: str) -> str:
    """The form in which names are equal that people would take for one another."""
    return " ".join(name.casefold().split())


def is_uuid(text: str) -> bool:
    """Whether a name is a raw id."""
    try:
        return str(UUID(text)) == text.lower()
    except ValueError:
        return False
