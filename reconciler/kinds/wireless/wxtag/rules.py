"""Conditional rules of WLAN access tags: what a type requires.

Facts: the vendor's OpenAPI document (`wxlan_tag`).
"""

from collections.abc import Iterator

from reconciler.kinds.kind import Context, Violation
from reconciler.kinds.shared.checks import (
    Body,
    Ignored,
    Needs,
    Table,
    When,
    any_of,
    check_ignored,
    check_needs,
    given,
)
from reconciler.kinds.shared.rules import violation
from reconciler.model.resource import Resource

_FIELDS = {
    "client": ("mac",),
    "match": ("match", "values"),
    "spec": ("specs",),
    "subnet": ("subnet",),
    "vlan": ("vlan_id",),
}

NEEDS = Table(
    *(
        Needs(rule="wxtag-required-field", when=When(field="type", values=(kind,)), fields=fields)
        for kind, fields in _FIELDS.items()
    )
)
IGNORED = Table(
    *(
        Ignored(
            rule="wxtag-unused-field", when=When(field="type", values=(kind, "resource"), other=True), fields=fields
        )
        for kind, fields in _FIELDS.items()
    )
)


def check_wxtag(_resource: Resource, body: Body, _context: Context) -> Iterator[Violation]:
    """What the type of a tag requires and ignores."""
    if not given(body.get("type")):
        yield violation("wxtag-required-field", f"A tag needs a `type`: one of {any_of((*_FIELDS, 'resource'))}.")
    yield from check_needs(body, NEEDS)
    yield from check_ignored(body, IGNORED)
