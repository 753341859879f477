"""The lists that the cloud has, as facts from the vendor's document: kinds in, the same with what no kind models out.

A list that nobody can declare is still worth looking at: something may have been made there by hand.
"""

from typing import Final

from reconciler.kinds.kind import Kind
from reconciler.kinds.registry import Kinds
from reconciler.kinds.shared.entry import lookup_only

ORGANISATION_LISTS: Final = (
    *("aamwprofiles", "alarmtemplates", "apitokens", "aptemplates", "assetfilters", "assets", "avprofiles"),
    *("deviceprofiles", "evpn_topologies", "gatewaytemplates", "idpprofiles", "mxclusters", "mxedges", "mxtunnels"),
    *("nacportals", "nacrules", "nactags", "networks", "networktemplates", "pskportals", "psks", "rftemplates"),
    *("sdktemplates", "secintelprofiles", "secpolicies", "servicepolicies", "services", "sitegroups", "sites"),
    *("sitetemplates", "ssoroles", "ssos", "templates", "vpns", "webhooks", "wlans", "wxrules", "wxtags", "wxtunnels"),
)
"""Collections below an organisation that hold configuration: listed, made and deleted there."""

SITE_LISTS: Final = (
    *("assetfilters", "assets", "beacons", "devices", "evpn_topologies", "maps", "psks", "rssizones", "setting"),
    *("vbeacons", "webhooks", "wlans", "wxrules", "wxtags", "wxtunnels", "zones"),
)
"""What lies below a site."""

_ORGANISATION = "orgs/{org_id}/"
_SITE = "sites/{parent_id}/"


def singular(collection: str) -> str:
    """What one object of a collection is called: `policy` of `policies`."""
    name = collection.rpartition("/")[2]
    return f"{name.removesuffix('ies')}y" if name.endswith("ies") else name.removesuffix("s")


def with_unmodelled(kinds: Kinds) -> Kinds:
    """The kinds, and one that can only be looked at for each list of the organisation that none of them models."""
    modelled = {end.collection for kind in kinds for end in kind.endpoints}
    taken = {word for kind in kinds for word in (kind.name, kind.plural)}
    more = [
        lookup_only(singular(plural), plural=plural, title=singular(plural))
        for plural in ORGANISATION_LISTS
        if f"{_ORGANISATION}{plural}" not in modelled and taken.isdisjoint({plural, singular(plural)})
    ]
    return Kinds([*kinds, *more])


def not_modelled_below_sites(kinds: Kinds) -> tuple[str, ...]:
    """The lists below a site that no kind models."""
    modelled = {end.collection or end.item for kind in kinds for end in kind.endpoints if end.parent == "site"}
    return tuple(name for name in SITE_LISTS if f"{_SITE}{name}" not in modelled)


def keys_of_list(kinds: Kinds, collection: str) -> tuple[str, ...]:
    """The keys in files for the objects of a list that the API calls `collection`, in order."""
    ends = ((kind, end.collection or "") for kind in kinds for end in kind.endpoints)
    return tuple(sorted({kind.file_key for kind, path in ends if path.rpartition("/")[2] == collection}))


def modelled_by(kinds: Kinds, path: str) -> Kind | None:
    """The kind whose objects lie under an API path."""
    return next((kind for kind in kinds for end in kind.endpoints if path in (end.collection, end.item)), None)
