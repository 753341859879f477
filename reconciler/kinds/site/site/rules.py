"""Conditional rules of sites."""

from collections.abc import Iterator

from reconciler.kinds.kind import Context, Violation
from reconciler.kinds.shared.checks import Body, as_map, given
from reconciler.kinds.shared.rules import violation
from reconciler.model.resource import Resource


def check_site(resource: Resource, body: Body, _context: Context) -> Iterator[Violation]:
    """A position is a pair; a site that is described at all should say where it is, because the cloud's own guesses
    (a country's radio channels, a time zone for upgrades) are seldom right. A site pinned by `id` exists already, and
    one that has only a name is there for its children."""
    position = as_map(body.get("latlng"))
    if position and not (given(position.get("lat")) and given(position.get("lng"))):
        missing = "lng" if given(position.get("lat")) else "lat"
        yield violation("site-latlng", f"`latlng` has no `{missing}`. Give both, or neither.", ("latlng",))
    described = resource.api_id is None and any(
        given(body.get(root)) for root in ("address", "country_code", "timezone")
    )
    missing_roots = [f"`{root}`" for root in ("country_code", "timezone") if not given(body.get(root))]
    if described and missing_roots:
        detail = f"A new site without {' and '.join(missing_roots)} gets the cloud's default. Add it."
        yield violation("site-incomplete", detail)
