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
