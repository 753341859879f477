"""Conditional rules of shared ACL tags: those of a tag's type."""

from collections.abc import Iterator

from reconciler.kinds.kind import Context, Violation
from reconciler.kinds.shared.acl_rules import check_tag
from reconciler.kinds.shared.checks import Body
from reconciler.model.resource import Resource


def check_acl_tag(resource: Resource, body: Body, _context: Context) -> Iterator[Violation]:
    """What the type of a tag requires and ignores."""
    yield from check_tag(resource.key, body)
