"""Time that passes only when somebody sleeps."""

from reconciler.transport.pacing import Timing


class FakeTime:
    """A clock that `sleep` moves; `slept` lists the waits."""

    def __init__(self) -> None:
        self.seconds = 1000.0
        self.slept: list[float] = []

    def clock(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.seconds += seconds

    @property
    def timing(self) -> Timing:
        return Timing(clock=self.clock, now=self.clock, sleep=self.sleep, chance=lambda: 1.0)
