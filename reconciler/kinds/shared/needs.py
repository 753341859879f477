"""A kind's conditional rules as data: what an object must have one of, what a field requires, what has no effect.

In: names of fields and lines of tables. Out: a `Check`. All are warnings: an object that is there may have by hand
what the inventory leaves out.
"""

from collections.abc import Iterator

from reconciler.kinds.kind import Check, Context, Violation
from reconciler.kinds.shared.checks import Body, Ignored, Needs, Table, When, any_of, check_ignored, check_needs, given
from reconciler.kinds.shared.rules import violation
from reconciler.model.resource import Resource


def needs(
    *choices: str, lines: tuple[Needs, ...] = (), ignored: tuple[Ignored, ...] = (), order: str | None = None
) -> Check:
    """A check of each of `choices` (`a|b`: one of them), of `lines` and `ignored`, and that no two objects beside each
    other have the same number in the field `order`."""
    wanted, unused = Table(*lines), Table(*ignored)

    def check(resource: Resource, body: Body, context: Context) -> Iterator[Violation]:
        for names in (choice.split("|") for choice in choices):
            if not any(given(body.get(name)) for name in names):
                detail = f"To create it the cloud wants {any_of(names)}; an object that is there keeps its own."
                yield violation("required-field", detail)
        yield from check_needs(body, wanted)
        yield from check_ignored(body, unused)
        if order is not None:
            yield from _same_order(resource, body, context, order)

    return check


def when(field: str, value: object, *fields: str, at: str = "") -> Needs:
    """One line: `field` with that value requires each of `fields`."""
    return Needs(rule="required-field", when=When(field=field, values=(value,)), fields=fields, at=at)


def _same_order(resource: Resource, body: Body, context: Context, order: str) -> Iterator[Violation]:
    mine = body.get(order)
    for other in context.children(resource.kind, resource.parent):
        if other is resource or other.address == resource.address:
            return
        if mine is not None and other.body.get(order) == mine:
            detail = f"{other.address} has `{order}: {mine}` too: which of them comes first is left to the cloud."
            yield violation("same-order", detail, (order,))
            return
