"""A drift report as one page that needs nothing else: a `Drift` and the time in, HTML out. The same in, the same out.

No script, no font, no picture from anywhere: it can be mailed, kept as an artifact of a pipeline, read on a phone and
printed. Everything from outside is escaped by the template engine.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from reconciler.model.address import Address
from reconciler.model.change import NOT_APPLIED, Action, Change, Edit, FieldChange, Note
from reconciler.model.drift import Drift, SitePlace, SiteState
from reconciler.report.diagnostics import message_of
from reconciler.report.differences import members
from reconciler.report.grouping import Group, grouped, site_of
from reconciler.report.html_map import picture
from reconciler.report.values import block, inline, printable
from reconciler.report.wording import (
    compared_sentences,
    drift_sentence,
    listed,
    member_sentences,
    number,
    owned_of_read,
    table_sentence,
)

if TYPE_CHECKING:
    from jinja2 import Template

TEMPLATE = "drift.html.j2"
STATES = (SiteState.DRIFTED, SiteState.UNREAD, SiteState.UNMANAGED, SiteState.IN_SYNC)
_WORDS = {Action.CREATE: "missing in live", Action.UPDATE: "differs", Action.DELETE: "not declared"}
_SHORT = 60


class Value(Struct, frozen=True):
    """One side of a difference: `kind` is `text`, `block`, `none` or `secret`."""

    text: str
    kind: str = "text"


class Row(Struct, frozen=True):
    """One field: its path, both sides, what else there is to say, and who."""

    path: str
    declared: Value
    live: Value
    note: str
    edited: Edit | None


def drift_page(drift: Drift, *, now: datetime) -> str:
    """The whole page; `now` stands in its head and tells how long ago things were."""
    plan = drift.plan
    groups = grouped(plan.changes, tabled=True)
    told_at: dict[str | None, str] = {
        site: f"site-{at}" for at, group in enumerate(groups) for site in sorted(_sites(group))
    }
    anchors = {**told_at, **{group.site: f"site-{at}" for at, group in enumerate(groups)}}
    return _template().render(
        plan=plan,
        drift=drift,
        now=now,
        sentence=drift_sentence(plan, elsewhere=sum(item.made for item in drift.elsewhere)),
        scope=[*compared_sentences(plan), *owned_of_read(drift.shares)],
        noticed=drift.elsewhere,
        also_there=member_sentences(drift),
        groups=[(group, anchors[group.site], _title(group), _tally(group)) for group in groups],
        anchors=anchors,
        picture=picture(drift.sites) if drift.sites else None,
        states=STATES,
        state_counts=Counter(site.state for site in drift.sites),
        tiles=_tiles(drift),
        rows=_rows,
        word=lambda item: _WORDS[item.change.action],
        shared_edit=_shared_edit,
        ago=lambda edit: _ago(now, edit),
        not_applied=NOT_APPLIED,
        moment=lambda edit: datetime.fromtimestamp(edit.timestamp, UTC),
        described=_described,
        table_sentence=lambda table: table_sentence(table, "open it to read them"),
        message_of=message_of,
        exceptions=[item for item in drift.exceptions if item.hides or item.expired],
    )


@cache
def _template() -> "Template":
    from jinja2 import Environment, StrictUndefined

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters["visible"] = lambda text: printable(str(text))
    source = files("reconciler.report").joinpath(TEMPLATE).read_text(encoding="utf-8")
    return environment.from_string(source)


def _tiles(drift: Drift) -> list[tuple[int, str, str]]:
    plan = drift.plan
    hidden = sum(len(item.hides) for item in drift.exceptions)
    return [
        (plan.count(Action.UPDATE), "differ", "drifted"),
        (plan.count(Action.CREATE), "missing in live", "drifted"),
        (len(drift.unmanaged) + len(drift.elsewhere), "not declared", "unmanaged"),
        (hidden, "excepted", "plain"),
        (plan.unchanged, "in line", "in-sync"),
    ]


def _title(group: Group) -> str:
    """`Site DE-0001, and 38 more`: what is told once for many sites stands under the first of them."""
    others = _sites(group) - {group.site}
    return group.title + (f", and {len(others):,} more" if others else "")


def _sites(group: Group) -> set[str]:
    """The sites that are told under another one's heading."""
    sites = {site for item in group.items for site in item.also}
    return sites | {site_of(Address(row[0])) or "" for item in group.items if item.table for row in item.table.rows}


def _tally(group: Group) -> str:
    return number(
        sum(1 + len(item.also) + (len(item.table.rows) if item.table else 0) for item in group.items), "object"
    )


def _rows(change: Change) -> Iterator[Row]:
    """The fields of a change; of an object that is missing, what is declared."""
    for item in change.fields:
        if item.sensitive:
            secret = Value("secret", "secret")
            sides = (secret, Value("not live", "none") if change.action is Action.CREATE else secret)
        else:
            sides = _sides(item)
        yield Row(item.path, *sides, _note(item, change), item.edited)


def _sides(item: FieldChange) -> tuple[Value, Value]:
    found = members(item)
    if found is None:
        return _value(item.after), _value(item.before)
    stay = f" (and {found.stay:,} more in both)" if found.stay else ""
    return (
        Value(f"only here: {', '.join(found.gains)}{stay}" if found.gains else f"nothing else{stay}"),
        Value(f"only here: {', '.join(found.loses)}{stay}" if found.loses else f"nothing else{stay}"),
    )


def _value(value: Any) -> Value:
    if value is None:
        return Value("not set", "none")
    text = inline(value)
    if len(text) <= _SHORT and "\n" not in str(value):
        return Value(text)
    return Value("\n".join(block(value)), "block")


_NOTES = {Note.ORDER: "only the order differs", Note.MERGE: "these elements have to be in it"}


def _note(item: FieldChange, change: Change) -> str:
    if item.sensitive and change.action is Action.UPDATE:
        return "the secret differs; its value is never shown"
    if item.place:
        return f"its place: {item.place}"
    return _NOTES.get(item.note, "") if item.note else ""


def _shared_edit(change: Change) -> Edit | None:
    """The edit that explains every field of a change; None when they have different ones."""
    edits = {item.edited for item in change.fields}
    if len(edits) > 1:
        return None
    return next(iter(edits), None) or change.edited


def _ago(now: datetime, edit: Edit) -> str:
    seconds = max(0, int(now.timestamp() - edit.timestamp))
    for size, noun in ((86400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= size:
            return f"{number(seconds // size, noun)} ago"
    return "just now"


def _described(sites: Sequence[SitePlace]) -> str:
    """The picture in words, for those who can't see it."""
    parts = []
    for state in STATES:
        names = [site.name for site in sites if site.state is state]
        if names:
            told = f": {listed(names, shown=20)}" if state is not SiteState.IN_SYNC else ""
            parts.append(f"{number(len(names), 'site')} {state.value}{told}")
    return "; ".join(parts)
