"""What Mist has, by the chapters of its portal: one module (or package) per kind, which the registry finds by itself.

In: nothing. Out: `kinds()`. `shared/` has what several kinds use.
"""

from reconciler.kinds.kind import (
    HANDLING,
    Assigning,
    Check,
    Context,
    Delta,
    Endpoint,
    Kind,
    Owned,
    Reference,
    Violation,
)
from reconciler.kinds.registry import Kinds, kinds

__all__ = [
    "HANDLING",
    "Assigning",
    "Check",
    "Context",
    "Delta",
    "Endpoint",
    "Kind",
    "Kinds",
    "Owned",
    "Reference",
    "Violation",
    "kinds",
]
