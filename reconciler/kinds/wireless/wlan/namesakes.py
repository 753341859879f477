"""Two WLANs of one name at one site: access points would announce it twice, and clients land in either.

WLANs of one parent are `validate`'s matter (names are unique there). Two on different bands, or on chosen access
points, are meant; so is one that is off.
"""

from collections.abc import Iterator, Mapping

from reconciler.kinds.kind import Context, Violation
from reconciler.kinds.shared.checks import Body, as_list
from reconciler.kinds.shared.reach import sites_of_template
from reconciler.kinds.shared.rules import violation
from reconciler.model.resource import Resource

Templates = Mapping[str, list[tuple[Resource, frozenset[str]]]]


def check_namesakes(resource: Resource, body: Body, context: Context) -> Iterator[Violation]:
    """A warning on the WLAN of a site, or on the later of two templates' WLANs."""
    ssid, parent = body.get("ssid"), resource.parent
    if not isinstance(ssid, str) or parent is None or not _everywhere(body):
        return
    templates: Templates = context.once("wlan-namesakes", lambda: _by_ssid(context))
    of_site = parent.kind == "site"
    for other, sites in templates.get(ssid, ()):
        if other.address == resource.address:
            return  # later ones tell of it
        mine = frozenset({parent.name or ""}) if of_site else _sites(resource, templates[ssid])
        shared = sorted(mine & sites)
        if shared and not _apart(body, other.body):
            more = f" and {len(shared) - 1} more" if len(shared) > 1 else ""
            detail = (
                f"{other.address} has this name too and reaches {shared[0]}{more}. Remove one, give them "
                "different `bands`, or except the site in the template."
            )
            yield violation("wlan-ssid-twice", detail, ("ssid",))
            return


def _by_ssid(context: Context) -> Templates:
    """The WLANs of templates by their names, each with the names of the declared sites that it reaches."""
    found: dict[str, list[tuple[Resource, frozenset[str]]]] = {}
    for template in context.children("wlantemplate", None):
        sites = frozenset(site.key or "" for site in sites_of_template(template.body, context))
        for wlan in context.children("wlan", template.address):
            ssid = wlan.body.get("ssid")
            if isinstance(ssid, str) and _everywhere(wlan.body):
                found.setdefault(ssid, []).append((wlan, sites))
    return found


def _sites(resource: Resource, listed: list[tuple[Resource, frozenset[str]]]) -> frozenset[str]:
    return next((sites for wlan, sites in listed if wlan.address == resource.address), frozenset())


def _everywhere(body: Body) -> bool:
    return body.get("enabled") is not False and body.get("apply_to") in (None, "site")


def _apart(one: Body, other: Body) -> bool:
    mine, theirs = as_list(one.get("bands")), as_list(other.get("bands"))
    return bool(mine and theirs) and not any(band in theirs for band in mine)
