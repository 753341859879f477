"""The fields that a kind's objects can't be without (`Kind.required`): body in, findings out."""

from collections.abc import Iterator, Mapping
from typing import Any

from reconciler.kinds import Kind, Violation
from reconciler.kinds.shared.rules import violation
from reconciler.model.address import Address


def required_findings(kind: Kind, parent: Address | None, body: Mapping[str, Any]) -> Iterator[Violation]:
    """A warning for each that is not written, because an object that is there keeps its own; an error for `null`. What
    is not made, but claimed or at its site already, has its own."""
    endpoint = kind.endpoint(parent.kind if parent else None)
    made = endpoint is None or (endpoint.made and not (kind.assigning and "claim_code" in body))
    for name in kind.required:
        if name not in body and made:
            detail = f"The cloud wants `{name}` to make the object ({kind.title}); one that is there keeps its own."
            yield violation("required-field", detail)
        elif body.get(name, "") is None:
            yield violation(
                "clears-required", f"The object ({kind.title}) can't be without `{name}`: give it a value.", (name,)
            )
