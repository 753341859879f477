"""What Mist has: one module (or package) per kind, found by themselves. In: nothing. Out: `kinds()`."""

from reconciler.kinds.kind import Check, Context, Endpoint, Finding, Kind, Reference
from reconciler.kinds.registry import Kinds, kinds

__all__ = ["Check", "Context", "Endpoint", "Finding", "Kind", "Kinds", "Reference", "kinds"]
