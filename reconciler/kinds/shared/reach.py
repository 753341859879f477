"""Which declared sites a WLAN template applies to: those that it names, by themselves or by a group, without its
exceptions."""

from collections.abc import Iterator
from typing import Any

from reconciler.kinds.kind import Context
from reconciler.kinds.shared.checks import Body, as_list, as_map
from reconciler.model.address import nfc
from reconciler.model.resource import Resource


def sites_of_template(template: Body, context: Context) -> Iterator[Resource]:
    """The sites, in inventory order."""
    applies, exceptions = as_map(template.get("applies")), as_map(template.get("exceptions"))
    everywhere = bool(applies.get("org"))
    for site in context.children("site", None):
        if (everywhere or _listed(site, applies)) and not _listed(site, exceptions):
            yield site


def _listed(site: Resource, where: Body) -> bool:
    """Whether a site is named, by itself or by one of its groups."""
    if site.key in _names(where.get("sites")):
        return True
    groups = _names(where.get("sitegroups"))
    return bool(groups) and not groups.isdisjoint(_names(site.body.get("sitegroups")))


def _names(value: Any) -> set[str]:
    return {nfc(name) for name in as_list(value) if isinstance(name, str)}
