"""What the entries of several kinds say alike."""

from collections.abc import Iterable
from typing import Final

from reconciler.kinds.kind import Endpoint, Kind, Reference

MADE_BY_CLOUD: Final = frozenset({"id", "org_id", "site_id", "for_site", "created_time", "modified_time", "msp_id"})
"""Roots that every object of the cloud may have and nobody writes."""


def of_organisation(plural: str, *, bulk: str = "", bulk_fields: Iterable[str] = ()) -> Endpoint:
    """The collection of that name of the organisation."""
    return Endpoint(
        collection=f"orgs/{{org_id}}/{plural}",
        item=f"orgs/{{org_id}}/{plural}/{{id}}",
        bulk=bulk,
        bulk_fields=frozenset(bulk_fields),
    )


def of_site(plural: str, *, bulk: str = "", bulk_fields: Iterable[str] = ()) -> Endpoint:
    """The collection of that name of each site."""
    return Endpoint(
        collection=f"sites/{{parent_id}}/{plural}",
        item=f"sites/{{parent_id}}/{plural}/{{id}}",
        parent="site",
        bulk=bulk,
        bulk_fields=frozenset(bulk_fields),
    )


def lookup_only(name: str, *, plural: str, title: str) -> Kind:
    """A kind of the organisation that is known only so that references to its objects by name can be resolved."""
    return Kind(name=name, plural=plural, title=title, endpoints=(of_organisation(plural),), lookup_only=True)


def ports_of_ap(*places: str) -> tuple[Reference, ...]:
    """What the ports of an access point name, for each place of a port's configuration: tunnels and RadSec proxies."""
    return tuple(
        item
        for place in places
        for item in (
            Reference(field=f"{place}.mxtunnel", api=f"{place}.mx_tunnel_id", kind="mxtunnel"),
            Reference(field=f"{place}.wxtunnel", api=f"{place}.wxtunnel_id", kind="wxtunnel"),
            proxies_of(f"{place}."),
        )
    )


def proxies_of(prefix: str = "") -> Reference:
    """The clusters of Mist Edges that pass on RadSec, of a WLAN or a port at `prefix`."""
    return Reference(
        field=f"{prefix}radsec.mxclusters", api=f"{prefix}radsec.mxcluster_ids", kind="mxcluster", many=True
    )


def of_wlan(prefix: str = "", *, late: bool = False) -> tuple[Reference, ...]:
    """What a WLAN at `prefix` names. `late`: tags may name WLANs as well."""
    return (
        Reference(field=f"{prefix}aps", api=f"{prefix}ap_ids", kind="ap", many=True),
        Reference(field=f"{prefix}wxtags", api=f"{prefix}wxtag_ids", kind="wxtag", many=True, late=late),
        Reference(
            field=f"{prefix}app_limit.wxtags.{{}}", api=f"{prefix}app_limit.wxtag_ids.{{}}", kind="wxtag", late=late
        ),
        Reference(field=f"{prefix}mxtunnels", api=f"{prefix}mxtunnel_ids", kind="mxtunnel", many=True),
        Reference(field=f"{prefix}mxtunnel", api=f"{prefix}mxtunnel_id", kind="mxtunnel"),
        Reference(field=f"{prefix}wxtunnel", api=f"{prefix}wxtunnel_id", kind="wxtunnel"),
        proxies_of(prefix),
    )


def access_of_edges(prefix: str = "") -> tuple[Reference, ...]:
    """The sites that access assurance on Mist Edges at `prefix` names."""
    clients, caches = f"{prefix}mist_nac.client_ips.*", f"{prefix}mist_nacedge"
    return (
        Reference(field=f"{clients}.site", api=f"{clients}.site_id", kind="site"),
        Reference(field=f"{caches}.caching_sites", api=f"{caches}.caching_site_ids", kind="site", many=True),
    )


def profiles_of_policy(prefix: str = "") -> tuple[Reference, ...]:
    """The security profiles that a service policy at `prefix` names."""
    found = (("idp", "idpprofile"), ("antivirus", "avprofile"), ("secintel", "secintelprofile"))
    return tuple(
        Reference(field=f"{prefix}{root}.{kind}", api=f"{prefix}{root}.{kind}_id", kind=kind) for root, kind in found
    )


def service_policies_at(root: str) -> tuple[Reference, ...]:
    """What the service policies of a WAN edge at `root` name: a policy of the organisation, profiles, services."""
    each = f"{root}.[]."
    return (
        Reference(field=f"{each}servicepolicy", api=f"{each}servicepolicy_id", kind="servicepolicy"),
        *profiles_of_policy(each),
    )
