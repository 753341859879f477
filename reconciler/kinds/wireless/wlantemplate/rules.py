"""Conditional rules of WLAN templates: where they apply."""

from collections.abc import Iterator

from reconciler.kinds.kind import Context, Violation
from reconciler.kinds.shared.checks import Body, as_map, given, texts
from reconciler.kinds.shared.rules import violation
from reconciler.model.resource import Resource


def check_wlantemplate(_resource: Resource, body: Body, _context: Context) -> Iterator[Violation]:
    """What is included and excepted at once, and a template that is declared to reach nothing."""
    applies, exceptions = as_map(body.get("applies")), as_map(body.get("exceptions"))
    for field in ("sites", "sitegroups"):
        included = {name for _, name in texts(applies.get(field))}
        for index, name in texts(exceptions.get(field)):
            if name in included:
                detail = f"{name!r} stands in `applies.{field}` too. The exception wins: drop one of the two."
                yield violation("template-applies-overlap", detail, ("exceptions", field, index))
    listed = [field for field in ("sites", "sitegroups") if given(applies.get(field))]
    if applies.get("org") and listed:
        detail = f"`applies.org` stands for every site, and `applies.{listed[0]}` does not narrow it. Remove one."
        yield violation("template-applies-shadowed", detail, ("applies", listed[0]))
    if body.get("filter_by_deviceprofile") is True and not given(body.get("deviceprofiles")):
        detail = "`filter_by_deviceprofile` limits it to those of `deviceprofiles`, which lists none. List them."
        yield violation("template-filter-empty", detail, ("filter_by_deviceprofile",))
    if isinstance(body.get("applies"), dict) and not any(
        given(value) and value is not False for value in applies.values()
    ):
        detail = (
            "`applies` names no site and no site group, so that its WLANs are on air nowhere (`org: true`: all sites)."
        )
        yield violation("template-applies-nowhere", detail, ("applies",))
