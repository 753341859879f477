"""A list of live objects, as lines and as a JSON document; and how much of the whole is declared, as a badge."""

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any

from reconciler.model.listing import Listed, Listing, Share
from reconciler.report.json_report import diagnostic_document, owned_document
from reconciler.report.lines import BOLD, CAUTION, DIM, Line, Part, line
from reconciler.report.wording import moment, number, owned_sentence

_WIDEST = 44


def listing_lines(found: Listing, *, plurals: Mapping[str, str], undeclared: bool = False) -> list[Line]:
    """Every object under its kind, or only those that nothing declares; the last line says how much is declared."""
    shown = [item for item in found.objects if not (undeclared and item.declared)]
    rows: list[Line] = []
    for kind, items in groupby(shown, key=lambda item: item.kind):
        objects = list(items)
        rows.append(line((plurals[kind], BOLD), (f"  {len(objects):,}", DIM)))
        width = min(_WIDEST, max(len(item.address.text) for item in objects))
        rows += [_row(item, width) for item in objects]
    return [*rows, line((f"{number(found.calls, 'call')} read.", DIM)), line(listing_sentence(found))]


def _row(item: Listed, width: int) -> Line:
    parts: list[Part] = [item.address.text.ljust(width)]
    edited = item.edited if item.edited and item.edited.known else None
    when = edited.timestamp if edited else item.modified
    parts.append((f"  {moment(when)[:10] if when else '-'}", DIM))
    parts.append((f"  {edited.admin}" if edited else "", DIM))
    parts.append(("  not declared" if item.declared is False else "", CAUTION))
    return line(*parts, indent=2)


def listing_sentence(found: Listing) -> str:
    """`You own 62 of 310 live objects (20 %): wlans 12/12, psks 0/140.`"""
    if found.whole is None:
        return f"{number(len(found.objects), 'live object')} in {found.org_name}."
    return owned_sentence(found.shares)


def listing_document(found: Listing, *, undeclared: bool = False) -> dict[str, Any]:
    """The same for programs."""
    return {
        "format_version": "1.0",
        "org": {"id": found.org_id, "name": found.org_name},
        "objects": [_object(item) for item in found.objects if not (undeclared and item.declared)],
        "owned": owned_document(found.shares),
        "calls": {"read": found.calls},
        "diagnostics": [diagnostic_document(item) for item in found.diagnostics],
    }


def _object(item: Listed) -> dict[str, Any]:
    edited = item.edited if item.edited and item.edited.known else None
    return {
        "address": item.address.text,
        "kind": item.kind,
        "id": item.id,
        "declared": item.declared,
        "modified_time": item.modified,
        "edited_by": edited.admin if edited else None,
        "edited_time": edited.timestamp if edited else None,
    }


_COLOURS = ((90, "#3fb950"), (50, "#b8860b"), (0, "#c0392b"))


def badge(whole: Share) -> str:
    """`declared 20 %` as a small SVG for a README."""
    text = f"{whole.percent} %"
    colour = next(colour for least, colour in _COLOURS if whole.percent >= least)
    rows = list(_badge(text, colour, f"{whole.declared} of {whole.live} live objects are declared"))
    return "\n".join(rows) + "\n"


def _badge(text: str, colour: str, title: str) -> Iterator[str]:
    yield f'<svg xmlns="http://www.w3.org/2000/svg" width="104" height="20" role="img" aria-label="{title}">'
    yield f"  <title>{title}</title>"
    yield '  <rect width="104" height="20" rx="3" fill="#555"/>'
    yield f'  <path d="M62 0h39a3 3 0 0 1 3 3v14a3 3 0 0 1-3 3H62z" fill="{colour}"/>'
    yield '  <g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11" text-anchor="middle">'
    yield '    <text x="31" y="14">declared</text>'
    yield f'    <text x="83" y="14">{text}</text>'
    yield "  </g>"
    yield "</svg>"
