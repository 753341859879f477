"""What the entries of several kinds say alike."""

from typing import Final

from reconciler.kinds.kind import Endpoint, Kind

MADE_BY_CLOUD: Final = frozenset({"id", "org_id", "site_id", "for_site", "created_time", "modified_time", "msp_id"})
"""Roots that every object of the cloud may have and nobody writes."""


def lookup_only(name: str, *, plural: str, title: str) -> Kind:
    """A kind of the organisation that is known only so that references to its objects by name can be resolved."""
    endpoint = Endpoint(collection=f"orgs/{{org_id}}/{plural}", item=f"orgs/{{org_id}}/{plural}/{{id}}")
    return Kind(name=name, plural=plural, title=title, endpoints=(endpoint,), lookup_only=True)
