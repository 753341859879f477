"""What a kind does beyond plain create, read, update, delete: the hooks and their table's type.

In: a call and the objects concerned.  Out: changes to the object about to be stored, or an ApiError.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from reconciler.emulator.world import Call

Json = dict[str, Any]


@dataclass(frozen=True)
class Rules:
    """The hooks of one kind; None does nothing.

    before_write  may refuse or complete an object about to be stored; what was there is None on create
    after_delete  takes along what hangs on the object
    listed        filters and shapes a list
    shown         shapes one object that is answered
    reachable     says whether an item's own path finds it
    """

    before_write: Callable[[Call, Json | None, Json], None] | None = None
    after_delete: Callable[[Call, Json], None] | None = None
    listed: Callable[[Call, list[Json]], list[Json]] | None = None
    shown: Callable[[Call, Json], Json] | None = None
    reachable: Callable[[Call, Json], bool] | None = None
