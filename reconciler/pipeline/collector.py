"""Garbage collection paused: hundreds of thousands of values that all live on are no garbage to look for."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def paused_collector() -> Iterator[None]:
    """Inside of the block no cyclic garbage is collected; afterwards it is as it was.

    What was made inside counts as old then (frozen and thawed at once): else the very next allocation would start
    a collection that looks at all of it."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            frozen_before = gc.get_freeze_count()
            gc.freeze()
            if not frozen_before:
                gc.unfreeze()
            gc.enable()
