"""A plan's or a drift's JSON document back as a `Plan`, to be shown: `show FILE` prints what `plan` printed.

Raises KeyError, TypeError, ValueError or AttributeError for a document that is none; nothing here is ever applied.
"""

from collections.abc import Mapping
from typing import Any

from reconciler.diagnostics import Diagnostic, Severity, SourceRange
from reconciler.model.address import Address
from reconciler.model.change import (
    UNKNOWN,
    Action,
    Cause,
    Change,
    Compared,
    Edit,
    FieldChange,
    Note,
    Plan,
    Resulting,
    RootSummary,
    Taken,
)
from reconciler.model.drift import Drift, Elsewhere, Unmanaged
from reconciler.model.listing import Share
from reconciler.model.resource import Resource
from reconciler.model.values import YamlMap


def plan_of(document: Mapping[str, Any]) -> Plan:
    """The plan that a document describes, without the values that only an apply needs."""
    return Plan(
        org_id=str(document["org"]["id"]),
        org_name=str(document["org"]["name"]),
        changes=tuple(_change(item) for item in document["changes"]),
        unchanged=int(document["summary"]["unchanged"]),
        unmanaged=tuple(Address(str(text)) for text in document["unmanaged"]),
        diagnostics=tuple(_diagnostic(item) for item in document["diagnostics"]),
        reads=int(document["calls"]["read"]),
        writes=int(document["calls"]["write"]),
        applying=int(document["calls"].get("apply", 0)),
        compared=_compared(document.get("compared") or {}),
    )


def _compared(item: Mapping[str, Any]) -> Compared:
    return Compared(
        objects=int(item.get("objects", 0)),
        kinds=_texts(item.get("kinds", ())),
        unread=_texts(item.get("unread", ())),
        masked=_texts(item.get("masked", ())),
        missing=_texts(item.get("missing", ())),
        strange=_texts(item.get("strange", ())),
        spared=int(item.get("spared", 0)),
    )


def drift_of(document: Mapping[str, Any]) -> Drift:
    """The drift that a document of `drift --json` describes, with who edited what; its exceptions are left out."""
    edits = document.get("unmanaged_edited") or {}
    return Drift(
        plan=plan_of({**document, "changes": document["drift"]}),
        unmanaged=tuple(
            Unmanaged(address=Address(str(text)), edited=_edit(edits.get(text))) for text in document["unmanaged"]
        ),
        elsewhere=tuple(
            Elsewhere(
                address=Address(str(item["address"])), edited=_edit(item["edited"]) or UNKNOWN, made=bool(item["made"])
            )
            for item in document.get("elsewhere", ())
        ),
        shares={
            str(plural): Share(declared=int(item["declared"]), live=int(item["live"]))
            for plural, item in ((document.get("owned") or {}).get("kinds") or {}).items()
        },
    )


def _change(item: Mapping[str, Any]) -> Change:
    address = Address(str(item["address"]))
    source = item["source"]
    declared = source and Resource(
        address=address,
        kind=address.kind,
        body=YamlMap(),
        source=SourceRange(str(source["file"]), int(source["line"]), int(source["column"])),
    )
    renamed_from, moved_from = item["renamed_from"], item.get("moved_from")
    return Change(
        address=address,
        kind=str(item["kind"]),
        action=Action(item["action"]),
        fields=tuple(_field(part) for part in item["fields"]),
        replaces=_texts(item["replaces"]),
        clears=_texts(item["clears"]),
        deferred=_texts(item["deferred"]),
        roots=tuple(_root(part) for part in item["roots"]),
        depends_on=tuple(Address(text) for text in _texts(item["depends_on"])),
        reaches=_texts(item["reaches"]),
        results=tuple(
            Resulting(path=str(part["path"]), value=part["value"], live=part["from"] == "live")
            for part in item.get("results", ())
        ),
        takes=_taken(item.get("takes", ())),
        releases=_taken(item.get("releases", ())),
        renamed_from=None if renamed_from is None else str(renamed_from),
        moved_from=None if moved_from is None else str(moved_from),
        cause=Cause(item["cause"]) if item.get("cause") else None,
        declared=declared,
        edited=_edit(item.get("edited")),
    )


def _taken(items: Any) -> tuple[Taken, ...]:
    """What goes with it; what every such object has stands under its own kind's name."""
    return tuple(
        Taken(
            kind=str(item["kind"]),
            name=str(item["name"]),
            count=int(item["count"]),
            part=item["name"] == item["kind"],
        )
        for item in items
    )


def _field(item: Mapping[str, Any]) -> FieldChange:
    remark = str(item["note"])
    return FieldChange(
        path=str(item["path"]),
        before=item["before"],
        after=item["after"],
        sensitive=bool(item["sensitive"]),
        note=Note(remark) if remark in set(Note) else None,
        likeness="" if remark in set(Note) else remark,
        cause=Cause(item["cause"]) if item.get("cause") else None,
        edited=_edit(item.get("edited")),
    )


def _edit(item: Mapping[str, Any] | None) -> Edit | None:
    if item is None:
        return None
    return Edit(
        admin=str(item["admin"]),
        timestamp=float(item["timestamp"]),
        message=str(item["message"]),
        address=str(item.get("address", "")),
        shown=bool(item.get("shown")),
    )


def _root(item: Mapping[str, Any]) -> RootSummary:
    return RootSummary(
        root=str(item["root"]),
        before=int(item["before"]),
        after=int(item["after"]),
        gains=_texts(item["gains"]),
        loses=_texts(item["loses"]),
        keeps=int(item["keeps"]),
        drops=_texts(item["drops"]),
    )


def _diagnostic(item: Mapping[str, Any]) -> Diagnostic:
    place = None
    if item["file"] is not None:
        place = SourceRange(str(item["file"]), int(item["line"]), int(item["column"]))
    return Diagnostic(
        severity=Severity(item["severity"]),
        rule=str(item["rule"]),
        summary=str(item["summary"]),
        detail=str(item["detail"]),
        address=None if item["address"] is None else str(item["address"]),
        source=place,
    )


def _texts(items: Any) -> tuple[str, ...]:
    return tuple(str(item) for item in items)
