"""What an EVPN topology of an inventory can't say: one field of one object in, findings out."""

from collections.abc import Iterator

from reconciler.kinds.kind import Context, Violation
from reconciler.kinds.shared.checks import Body, each
from reconciler.kinds.shared.rules import violation
from reconciler.model.resource import Resource


def check_topology(_resource: Resource, body: Body, _context: Context) -> Iterator[Violation]:
    """A role `none` is a command to the cloud, which nothing that is live can be equal to."""
    for path, role in each(body, ("switches", "[]", "role")):
        if role == "none":
            detail = "`role: none` takes a switch out of the fabric. Leave it out of `switches`: that takes it out too."
            yield violation("bad-value", detail, path)
