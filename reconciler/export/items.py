"""What the rooms of the export hand to each other."""

from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import Struct, field

from reconciler.diagnostics import Diagnostic, Severity
from reconciler.model.address import Address
from reconciler.model.matching import covers, is_meant
from reconciler.model.values import Path


class Item(Struct, frozen=True, kw_only=True):
    """One live object that is to be declared: `body` holds its fields in inventory form, `pin` its id where its name
    alone would not find it again, `label` what it is called where others have its name."""

    address: Address
    kind: str
    id: str
    body: Mapping[str, Any]
    pin: str | None = None
    label: str | None = None


class Selection(Struct, frozen=True, kw_only=True):
    """What is wanted: kinds by name, sites by a glob of their names, objects by address or glob; nothing means all."""

    kinds: frozenset[str] = frozenset()
    sites: str | None = None
    objects: tuple[str, ...] = ()


EVERYTHING = Selection()
SITE = "site"


class Fault(Struct, frozen=True):
    """What stands in the way of declaring an object, or the field at `path` of it."""

    address: Address
    path: Path
    reason: str


class Draft(Struct, frozen=True, kw_only=True):
    """An export on its way: what is declared, what names it uses that it does not declare, and what was left out."""

    items: tuple[Item, ...] = ()
    external: Mapping[str, frozenset[str]] = field(default_factory=dict)
    diagnostics: tuple[Diagnostic, ...] = ()


def is_wanted(address: Address, selection: Selection) -> bool:
    """Whether a selection means the object at an address."""
    chain = address.text.split("/")
    top = Address(chain[0])
    if selection.sites is not None and top.kind == SITE and not is_meant(top.name or "", selection.sites):
        return False
    if selection.kinds and address.kind not in selection.kinds:
        return False
    return not selection.objects or covers(selection.objects, address)


def left_out(rule: str, summary: str, detail: str, address: Address | None = None) -> Diagnostic:
    """The finding for something live that the export does not have."""
    return Diagnostic(
        severity=Severity.WARNING,
        rule=rule,
        summary=summary,
        detail=detail,
        address=str(address) if address else None,
    )


def within(address: Address, holders: Iterable[Address] | Mapping[Address, Any]) -> bool:
    """Whether an address, or what it lies in, is among others."""
    step: Address | None = address
    while step:
        if step in holders:
            return True
        step = step.parent
    return False
