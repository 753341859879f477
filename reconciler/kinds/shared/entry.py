"""What the entries of several kinds say alike."""

from typing import Final

MADE_BY_CLOUD: Final = frozenset({"id", "org_id", "site_id", "for_site", "created_time", "modified_time", "msp_id"})
"""Roots that every object of the cloud may have and nobody writes."""
