"""What Mist has, by the chapters of its portal: one module (or package) per kind, which the registry finds by itself.

In: nothing. Out: `kinds()`. `shared/` has what several kinds use.
"""

from reconciler.kinds.kind import HANDLING, Check, Context, Endpoint, Kind, Reference, Violation
from reconciler.kinds.registry import Kinds, kinds

__all__ = ["HANDLING", "Check", "Context", "Endpoint", "Kind", "Kinds", "Reference", "Violation", "kinds"]
