"""How much work something is, in calls of functions and not in seconds: the same on every machine, however busy."""

import sys
import threading
from collections.abc import Callable
from types import FrameType
from typing import Any


def steps(work: Callable[[], object], *, without: str = "") -> int:
    """The calls of Python and C functions that `work` makes, in this thread and in those that it starts; not those of
    modules whose name begins with `without`."""
    made = 0

    def count(frame: FrameType, event: str, _argument: Any) -> None:
        nonlocal made
        if event in ("call", "c_call") and not (without and frame.f_globals.get("__name__", "").startswith(without)):
            made += 1

    before = sys.getprofile()
    threading.setprofile(count)
    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(before)
        threading.setprofile(before)
    return made


def grows(work: Callable[[int], Callable[[], object]], *, size: int, times: int = 4) -> float:
    """How many times more steps the work of a size of `times` as much is: `times` where it grows with the size alone,
    its square where it is quadratic. The first run is not counted: caches fill."""
    work(size)()
    return steps(work(size * times)) / steps(work(size))
